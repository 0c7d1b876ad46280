"""From files to manifests: kustomize and substitution."""

from flux_cli.diagnosis.rules._model import DECISIVE, GENERIC, SPECIFIC, Example, Rule

KS = ("Kustomization",)
BUILD = (
    "flux build kustomization {name} -n {namespace} --path {path} --dry-run",
    "flux diff kustomization {name} -n {namespace} --path {path}",
    "kustomize build {path}",
)

# fmt: off
RULES = (
    Rule(
        "path-absent", "kustomize-path-not-found",
        (
            "kustomization path not found", "kustomization path … no such file",
            "no such file or directory … spec.path", "path not found in artifact",
        ),
        ("self",),
        "spec.path of {object} is {path}, which is not in the artifact of its source.",
        (
            "kubectl edit kustomization {name} -n {namespace}  # spec.path",
            "flux trace kustomization {name} -n {namespace}", "git ls-tree -r -d --name-only {revision}",
        ),
        (
            Example("Kustomization", "kustomization path not found: stat "
                                  "/tmp/kustomization-3585828077/no/such/dir: no such file or directory", "ArtifactFailed"),
        ),
        captures=("path",), rank=DECISIVE,
    ),
    Rule(
        "artifact-copy", "kustomize-path-not-found",
        ("failed to expand path pattern", "copy … no such file or directory", "alias … not found", "merge failed",
         "copy … does not exist", "no files match pattern", "files matching pattern"),
        ("self",),
        "A copy rule of {object} names a path that its source does not have.",
        ("kubectl edit artifactgenerator {name} -n {namespace}  # spec.artifacts[].copy",),
        (
            Example("ArtifactGenerator",
                "web build failed: failed to expand path pattern '[': syntax error", "BuildFailed"),
        ),
        kinds=("ArtifactGenerator",),
    ),
    Rule(
        "generator-spec", "kustomize-build-error",
        ("duplicate artifact name", "unknown source alias", "duplicate alias", " build failed: "),
        ("self",),
        "{object} cannot build its artifacts from its spec.",
        ("kubectl describe artifactgenerator {name} -n {namespace}",),
        (Example("ArtifactGenerator", "duplicate artifact name", "ValidationFailed"),),
        kinds=("ArtifactGenerator",), reasons=("ValidationFailed", "BuildFailed", "ReconciliationFailed"),
        rank=GENERIC,
    ),
    Rule(
        "inline-patch", "kustomize-build-error",
        (
            "replace operation does not apply", "remove operation does not apply", "add operation does not apply",
            "test operation does not apply", "testing value … failed", "failed to find unique target for patch",
            "unable to parse sm or json patch", "no matches for id … patch", "patch … doc is missing",
            "unable to find target for patch", "trouble configuring builtin patchtransformer", "invalid patch",
            "invalid json patch",
        ),
        ("patch",),
        "A patch does not fit the object that it is meant for.",
        ("kubectl edit kustomization {name} -n {namespace}  # spec.patches", *BUILD),
        (
            Example("Kustomization", "kustomize build failed: replace operation does not apply: doc is "
                                  "missing path: /spec/nope/0: missing value", "BuildFailed"),
            Example("Kustomization", "kustomize build failed: no resource matches strategic merge patch "
                                  '"Deployment.v1.apps/x.[noNs]": no matches for Id '
                                  "Deployment.v1.apps/x.[noNs]; failed to find unique target for patch"),
        ),
        kinds=KS, rank=SPECIFIC + 2,
    ),
    Rule(
        "component-path", "kustomize-build-error",
        ("accumulating components",),
        ("component",),
        "A component of {object} cannot be loaded.",
        ("kubectl edit kustomization {name} -n {namespace}  # spec.components", *BUILD),
        (
            Example("Kustomization", "kustomize build failed: accumulating components: accumulateDirectory: "
                                  '"couldn\'t make target for path \'/tmp/k/c\': unable to find one of '
                                  "'kustomization.yaml'", "BuildFailed"),
        ),
        kinds=KS, rank=SPECIFIC + 1,
    ),
    Rule(
        "manifests", "kustomize-build-error",
        (
            "produces id conflict", "invalid kustomization", "must build at directory", "cycle detected",
            "multiple matches for id", "id conflict", "unable to find one of 'kustomization.yaml'",
            "missing kustomization", "kustomization file not found", "security; file", "file is not in or below",
            "trouble configuring builtin", "field … not found in type", "unknown field", "no such file or directory",
            "kustomize build failed", "failed to decode kubernetes yaml", "malformedyamlerror",
            "accumulating resources", "kustomize create failed", "error converting yaml to json",
            "may not add resource with an already registered id", "missing metadata.name",
            "missing resource metadata", "invalid kustomization", "json: unknown field", "evalsymlink failure",
            "error unmarshaling json", "yaml: line", "kind … must not be empty", "object 'kind' is missing",
            "kustomize build", "failed to decode kubernetes apiversion", "multiple kustomization files",
            "failed to unmarshal kustomization file", "no kustomization file found",
        ),
        ("manifest",),
        "kustomize cannot build the files of {root}: bad YAML, a missing or doubled resource, or a wrong "
        "kustomization.yaml.",
        BUILD,
        (
            Example("Kustomization", "failed to decode Kubernetes YAML from "
                                  "/tmp/kustomization-3902439040/badyaml/a.yaml: MalformedYAMLError: "
                                  "yaml: line 4: did not find expected key", "BuildFailed"),
            Example("Kustomization", 'kustomize build failed: json: unknown field "spec"', "BuildFailed"),
            Example("Kustomization", "kustomize build failed: accumulating resources: accumulation "
                                  "err='accumulating resources from 'gone.yaml': open /tmp/k/gone.yaml: "
                                  "no such file or directory'"),
        ),
        kinds=KS, unless=("post build failed", "decryption failed", "substitut"),
    ),
    Rule(
        "build-reason", "kustomize-build-error",
        (),
        ("manifest",),
        "The files of {root} cannot be built.",
        BUILD,
        (Example("Kustomization", "odd", "BuildFailed"),),
        kinds=KS, reasons=("BuildFailed",), rank=GENERIC,
    ),
    Rule(
        "substitute-source", "postbuild-substitution-error",
        ("substitute from '",),
        ("substitute",),
        "postBuild.substituteFrom of {object} names an object[, {other},] that is absent or unusable.",
        (
            "kubectl get {root_kind_lower} {root_name} -n {root_namespace}",
            "kubectl edit kustomization {name} -n {namespace}  # substituteFrom, or optional: true",
        ),
        (
            Example("Kustomization", "post build failed for 'x': substitute from 'ConfigMap/vars' error: "
                                  'configmaps "vars" not found', "BuildFailed"),
            Example("Kustomization",
                'substitute from \'Secret/vars\' error: secrets "vars" not found', "BuildFailed"),
        ),
        captures=("substitute",), rank=DECISIVE,
    ),
    Rule(
        "substitute-unset", "postbuild-substitution-error",
        ("variable not set", "strict mode"),
        ("self",),
        "A manifest uses the variable {variable}, and postBuild of {object} does not define it.",
        (
            "kubectl edit kustomization {name} -n {namespace}  # postBuild.substitute",
            "kubectl annotate --local -f FILE kustomize.toolkit.fluxcd.io/substitute=disabled -o yaml  # "
            "where ${{…}} is meant literally",
        ),
        (
            Example("Kustomization", "post build failed for 'x': envsubst error: variable substitution "
                                  'failed: variable not set (strict mode): "var"', "BuildFailed"),
        ),
        captures=("variable",), rank=DECISIVE,
    ),
    Rule(
        "substitute-missing", "postbuild-substitution-error",
        (),
        ("self",),
        "{object} applied a ${{variable}} as it stands: it has no spec.postBuild that would fill it in.",
        ("kubectl edit kustomization {name} -n {namespace}  # spec.postBuild.substitute or substituteFrom",),
        (Example("Kustomization", "ConfigMap/apps/s: ${HOST}", state="unsubstituted"),),
        states=("unsubstituted",), rank=GENERIC + 16,
    ),
    Rule(
        "substitute-value", "postbuild-substitution-error",
        ("post build failed … yaml", "post build failed … json", "post build failed … unmarshal"),
        ("substitution-value",),
        "A substituted value breaks the YAML around it.",
        ("kubectl edit {root_kind_lower} {root_name} -n {root_namespace}  # quote the value", *BUILD),
        (
            Example("Kustomization", "post build failed for 'ConfigMap.v1.[noGrp]/s': error converting YAML "
                                  "to JSON: yaml: line 3: mapping values are not allowed", "BuildFailed"),
        ),
        kinds=KS, unless=("envsubst error",), rank=SPECIFIC + 5,
    ),
    Rule(
        "substitute-name", "postbuild-substitution-error",
        ("var name is invalid",),
        ("substitution-value",),
        "postBuild of {object} defines a variable whose name is not one: letters, digits and _ only, no digit first.",
        ("kubectl edit {root_kind_lower} {root_name} -n {root_namespace}  # the name of the variable",),
        (
            Example("Kustomization", "post build failed for 'web': 'my-var' var name is invalid, must match "
                                  "'^[_[:alpha:]][_[:alpha:][:digit:]]*$'", "BuildFailed"),
        ),
        kinds=KS, rank=SPECIFIC + 6,
    ),
    Rule(
        "substitute-syntax", "postbuild-substitution-error",
        (
            "var substitution failed", "yamltojson", "envsubst error", "variable substitution failed",
            "missing closing brace", "bad substitution", "var substitution failed", "post build failed",
            "is invalid … ${", "unable to parse variable name",
        ),
        ("manifest",),
        "A ${{variable}} in the files of {root} cannot be substituted as it is written.",
        ("git grep -n '\\${{'", *BUILD),
        (
            Example("Kustomization", "post build failed for 'ConfigMap.v1.[noGrp]/s': envsubst error: "
                                  "variable substitution failed: missing closing brace", "BuildFailed"),
            Example("Kustomization", "Cluster/default/${CLUSTER_NAME} dry-run failed, reason: Invalid, "
                                  'error: Cluster.cluster.x-k8s.io "${CLUSTER_NAME}" is invalid: '
                                  'metadata.name: Invalid value: "${CLUSTER_NAME}"'),
        ),
        kinds=KS, rank=SPECIFIC + 4,
    ),
)

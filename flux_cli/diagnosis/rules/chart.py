"""From charts to manifests: values, templates, and what the API server calls malformed."""

from flux_cli.diagnosis.rules._model import DECISIVE, GENERIC, SPECIFIC, Example, Rule

HR = ("HelmRelease", "HelmChart")
INSTALL = "Helm install failed for release apps/web with chart web@1.0.0: "

# fmt: off
RULES = (
    Rule(
        "values-reference", "values-invalid",
        (
            "chart values reference", "could not find configmap '", "could not find secret '",
            "unable to merge value", "could not find values key", "missing key '", "unable to read values from key",
            "unsupported valuesreference kind", "could not merge values", "unable to parse values", "failed parsing key", "failed parsing --set",
        ),
        ("values", "self"),
        "What {object} takes values from[, {other},] is absent, lacks the key[ {values_key}], or does not hold usable YAML.",
        (
            "kubectl get {root_kind_lower} {root_name} -n {root_namespace}",
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # valuesFrom: name, valuesKey, targetPath, "
            "optional",
        ),
        (
            Example("HelmRelease", "could not resolve ConfigMap chart values reference 'apps/vals' with "
                                  'key \'values.yaml\': configmaps "vals" not found', "ValuesError"),
            Example("HelmRelease", "could not find Secret 'apps/vals'"),
            Example("HelmRelease", "could not resolve ConfigMap chart values reference 'apps/vals' with "
                                  "key 'values.yaml': error converting YAML to JSON: yaml: line 1: did "
                                  "not find expected ',' or ']'", "ValuesError"),
        ),
        kinds=HR, captures=("values", "values_old"), rank=DECISIVE,
    ),
    Rule(
        "values-schema", "values-invalid",
        (
            "don't meet the specifications", "invalid type. expected", "failed schema validation",
            "values don't meet the specifications of the schema", "values.schema.json",
            "not valid against metaschema", "additional property", "at '/… validation failed",
        ),
        ("release", "self"),
        "The values of {object} do not satisfy the chart's schema.",
        (
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # spec.values",
            "helm show values {chart} --repo {repo} --version {chart_version}",
            "helm show values {artifact} --version {chart_version}", "flux debug helmrelease {release_name} -n {release_namespace} --show-values",
        ),
        (
            Example("HelmRelease", INSTALL + ("values don't meet the specifications of the schema(s) in "
                                  "the following chart(s):\nweb:\n- at '/replicas': got string, "
                                  "want integer"), "InstallFailed"),
        ),
        kinds=HR, rank=DECISIVE,
    ),
    Rule(
        "values-file", "values-invalid",
        ("values files merge error", "no values file found at path", "failed to locate values file"),
        ("release", "self"),
        "{root} names a values file that is not in the chart or its source.",
        ("kubectl edit {root_kind_lower} {root_name} -n {root_namespace}  # spec.chart.spec.valuesFiles",),
        (
            Example("HelmChart", "values files merge error: failed to merge chart values: no values "
                                  "file found at path 'prod.yaml'", "ValuesFilesError"),
        ),
        kinds=HR, rank=SPECIFIC + 6,
    ),
    Rule(
        "values-reason", "values-invalid",
        (),
        ("release", "self"),
        "The values of {object} cannot be put together.",
        ("flux debug helmrelease {release_name} -n {release_namespace} --show-values",),
        (Example("HelmRelease", "odd", "ValuesError"),),
        kinds=HR, reasons=("ValuesError", "ValuesFilesError"), rank=GENERIC,
    ),
    Rule(
        "template", "template-render-error",
        (
            "templates/", 'no template "', "undefined variable", "incompatible types for comparison",
            "error calling include", "yaml: unmarshal errors", "index out of range", "not defined",
            "error converting yaml", "nil pointer evaluating", "execution error at", "error calling", 'executing "',
            "parse error at", "template: ", "error merging manifests", "malformedyamlerror", "yaml parse error",
            'function "', "can't evaluate field", "wrong type for value", "error while running post render",
            "error converting yaml to json", "failed to parse … template", "malformed … templates/", "render error",
            "range can't iterate", "map has no entry for key",
        ),
        ("self",),
        "The chart's templates fail with the values of {object}, or render text that is not YAML.",
        (
            "flux debug helmrelease {release_name} -n {release_namespace} --show-values > values.yaml",
            "helm template {chart} --repo {repo} --version {chart_version} -f values.yaml",
            "helm template {artifact} --version {chart_version} -f values.yaml",
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # spec.values, postRenderers",
        ),
        (
            Example("HelmRelease", INSTALL + ("web/templates/bad.yaml:1:13\n  executing "
                                  '"web/templates/bad.yaml" at <.Values.missing.key>:\n    nil '
                                  "pointer evaluating interface {}.key"), "InstallFailed"),
            Example("HelmRelease", INSTALL + ("error merging manifests: parsing web/templates/bad.yaml: "
                                  "MalformedYAMLError: yaml: mapping values are not allowed in "
                                  "this context")),
            Example("HelmRelease", INSTALL + ("execution error at (web/templates/x.yaml:2:4): image.tag is "
                                  "required")),
            Example("HelmRelease", INSTALL + ("YAML parse error on web/templates/x.yaml: error converting "
                                  "YAML to JSON: yaml: line 8: did not find expected key")),
        ),
        kinds=HR, unless=("chart values reference", "failed pre-", "failed post-"), rank=SPECIFIC,
    ),
    Rule(
        "malformed", "manifest-invalid",
        (
            "failed to create typed patch object", "failed to create typed live object", "error validating data",
            "unknown field", "field not declared in schema", "invalid type for", "strict decoding error",
            "already defined at line", "unable to decode", "cannot unmarshal … into go struct field",
            "is invalid: spec", "is invalid: metadata", "is invalid: data", "required value", "unsupported value",
            "invalid value", "cannot be handled as a", "expected numeric", "name part must consist of",
            "duplicate entries for key", "is invalid: [", "must be no more than 63 characters",
            "json: cannot unmarshal", "exactly one of", "must validate", "failed to parse customresourcedefinitions",
            "does not match the namespace",
        ),
        ("manifest",),
        "The API server refuses a manifest as malformed: a wrong type, an unknown or doubled field, or a "
        "value that is not allowed.",
        (
            "flux build kustomization {name} -n {namespace} --path {path} --dry-run | kubectl apply "
            "--dry-run=server -f -",
            "helm template {chart} -f values.yaml | kubectl apply --dry-run=server -f -", "kubectl explain KIND.spec",
        ),
        (
            Example("HelmRelease", INSTALL + ("server-side apply failed for object apps/bad /v1, "
                                  "Kind=Service: failed to create typed patch object "
                                  "(apps/bad; /v1, Kind=Service): "
                                  '.spec.ports[port="eighty"].port: expected numeric (int or '
                                  "float), got string")),
            Example("Kustomization", "Deployment/apps/x dry-run failed: failed to create typed patch object "
                                  "(apps/x; apps/v1, Kind=Deployment): .spec.replicaz: field not "
                                  "declared in schema", "ReconciliationFailed"),
            Example("HelmRelease", INSTALL + ("unable to build kubernetes objects from release manifest: "
                                  'error validating "": error validating data: '
                                  "ValidationError(Deployment.spec.replicas): invalid type for "
                                  'io.k8s.api.apps.v1.DeploymentSpec.replicas: got "string", '
                                  'expected "integer"')),
            Example("Kustomization", 'Service/apps/x dry-run failed (Invalid): Service "x" is invalid: '
                                  "spec.ports[0].port: Invalid value: 99999: must be between 1 and "
                                  "65535, inclusive"),
            Example("HelmRelease", "Helm install failed: error while running post render on files: "
                                  "map[string]interface {}(nil): yaml: unmarshal errors: line 12: "
                                  'mapping key "release" already defined at line 10'),
        ),
        kinds=("HelmRelease", "Kustomization"),
        unless=(
            "chart values reference", "immutable", "updates to statefulset", "kustomize build failed",
            "storedversions", "chart.metadata", "post build failed", "failed to load index", "kubeconfig",
            "admission", "unable to decode release",
        ),
        captures=("field", "object"), rank=SPECIFIC + 1,
    ),
    Rule(
        "refused", "manifest-invalid",
        (
            "dry-run failed (invalid)", "dry-run failed (badrequest)", "dry-run failed, reason: invalid",
            "dry-run failed, reason: badrequest", "cannot patch \"…with kind", "invalid release name", "exceeds max length of",
        ),
        ("manifest",),
        "The API server, or Helm before it, refuses what {object} brings, in words that are not known here.",
        (
            "flux diff kustomization {name} -n {namespace} --path {path}",
            "helm template {chart} --repo {repo} --version {chart_version} -f values.yaml | kubectl apply --dry-run=server -f -",
            "kubectl describe {kind_lower} {name} -n {namespace}",
        ),
        (
            Example("Kustomization", "Foo/apps/x dry-run failed (BadRequest): a message that nobody has seen", "ReconciliationFailed"),
            Example("HelmRelease", 'Helm upgrade failed for release apps/web with chart web@1: cannot patch "web" with kind '
                                  "Deployment: a message that nobody has seen", "UpgradeFailed"),
        ),
        kinds=("Kustomization", "HelmRelease"), captures=("object",), rank=GENERIC,
    ),
)

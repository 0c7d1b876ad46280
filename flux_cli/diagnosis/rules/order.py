"""Order: what waits for what, what is suspended, what cannot be deleted, what nobody compares."""

from flux_cli.diagnosis.rules._model import DECISIVE, FOLLOWS, GENERIC, SPECIFIC, Example, Rule

# fmt: off
RULES = (
    Rule(
        "dependency", "dependency-not-ready",
        (
            "dependency '…is not ready", "dependencies do not meet ready condition",
            "dependency '…revision is not up to date", "unable to get '…dependency", "dependency '…not found",
            "readyexpr",
        ),
        ("dependency", "self"),
        "{object} waits for a dependency[, {other},] that is not ready.",
        (
            "flux troubleshoot {root_kind_lower} {root_name} -n {root_namespace}", "flux get {verb_kind}s -A",
            "kubectl edit {kind_lower} {name} -n {namespace}  # spec.dependsOn",
        ),
        (
            Example("Kustomization", "dependency 'apps/infra' is not ready", "DependencyNotReady"),
            Example("HelmRelease", "unable to get 'apps/db' dependency: "
                                  'helmreleases.helm.toolkit.fluxcd.io "db" not found', "DependencyNotReady"),
            Example("Kustomization", "dependency 'apps/infra' revision is not up to date"),
            Example("Kustomization", "Dependencies do not meet ready condition, retrying in 30s"),
        ),
        kinds=("Kustomization", "HelmRelease"), captures=("dependency",), walk="dependency", rank=FOLLOWS + 8,
    ),
    Rule(
        "dependency-came", "dependency-not-ready",
        (),
        ("missing",),
        "{object} waited for {missing}, which is ready by now: it goes on at its next try.",
        (
            "flux reconcile {verb_kind} {name} -n {namespace}",
            "flux logs --kind={kind} --name={name} -n {namespace}  # where it stays so",
        ),
        (Example("Kustomization", "dependency 'apps/infra' is not ready", state="ready-now-dependency"),),
        states=("ready-now-dependency",), rank=GENERIC,
    ),
    Rule(
        "source-came", "source-not-found",
        (),
        ("missing",),
        "{object} waited for {missing}, which has an artifact by now: it goes on at its next try.",
        (
            "flux reconcile {verb_kind} {name} -n {namespace}",
            "flux logs --kind={kind} --name={name} -n {namespace}  # where it stays so",
        ),
        (Example("Kustomization", "Source artifact not found, retrying in 30s", state="ready-now-source"),),
        states=("ready-now-source",), rank=GENERIC,
    ),
    Rule(
        "dependency-missing", "dependency-not-ready",
        (),
        ("missing",),
        "{object} depends on {root}, which does not exist.",
        (
            "flux get {verb_kind}s -A | grep {root_name}",
            "kubectl edit {kind_lower} {name} -n {namespace}  # spec.dependsOn: name and namespace",
        ),
        (Example("Kustomization", "Kustomization/apps/infra", state="missing-dependency"),),
        states=("missing-dependency",), rank=SPECIFIC,
    ),
    Rule(
        "dependency-cycle", "dependency-not-ready",
        (),
        ("symptom", "self"),
        "{object} waits for itself: dependsOn goes round in a circle ({cycle}).",
        (
            "kubectl edit {kind_lower} {name} -n {namespace}  # take one dependsOn out of the circle",
            "flux get {verb_kind}s -A",
        ),
        (Example("Kustomization", "a -> b -> a", state="cycle"),),
        states=("cycle",), rank=DECISIVE,
    ),
    Rule(
        "suspended", "object-suspended",
        ("reconciliation is suspended", "is suspended"),
        ("self",),
        "{object} is suspended: nothing that changes in its source is taken over.",
        ("flux resume {verb_kind} {name} -n {namespace}",),
        (Example("Kustomization", "reconciliation is suspended for this object"),),
        unless=("account is suspended",),
    ),
    Rule(
        "suspended-object", "object-suspended",
        (),
        ("self",),
        "{object} is suspended: nothing that changes in Git or in its source is taken over until it is resumed.",
        (
            "flux resume {verb_kind} {name} -n {namespace}",
            "kubectl describe {kind_lower} {name} -n {namespace}  # who suspended it, and why",
        ),
        (Example("HelmRelease", "spec.suspend: true", state="suspended"),),
        states=("suspended",), rank=SPECIFIC,
    ),
    Rule(
        "generator-off", "object-suspended",
        (),
        ("self",),
        "An annotation switches {object} off.",
        ("kubectl annotate artifactgenerator {name} -n {namespace} source.extensions.fluxcd.io/reconcile-",),
        (Example("ArtifactGenerator", "Reconciliation is disabled", "ReconciliationDisabled"),),
        reasons=("ReconciliationDisabled",), rank=SPECIFIC,
    ),
    Rule(
        "source-waits", "source-not-found",
        (
            "source artifact not found", "source is not ready", "no artifact available for", "is not ready: ",
            "does not have an artifact", "latest generation of object has not been reconciled", "' is not ready",
            "source not ready", "no tags in database", "referenced imagerepository … is not ready", "is not ready",
        ),
        ("waited", "awaited", "source", "self"),
        "{object} waits for its source[, {other}], which has nothing to give yet.",
        (
            "flux troubleshoot {root_kind_lower} {root_name} -n {root_namespace}",
            "flux get sources all -n {namespace}",
        ),
        (
            Example("Kustomization", "Source artifact not found, retrying in 30s", "ArtifactFailed"),
            Example("HelmChart", "no artifact available for HelmRepository source 'charts'", "NoSourceArtifact"),
            Example("ArtifactGenerator",
                "get sources failed: source 'GitRepository/a/b' is not ready", "SourceFetchFailed"),
        ),
        kinds=(
            "Kustomization", "HelmRelease", "HelmChart", "ImagePolicy", "ImageUpdateAutomation", "ArtifactGenerator",
            "GitRepository", "ExternalArtifact",
        ),
        unless=("dependency '", "helmrelease/", "expected pods are ready"), captures=("awaited",), walk="source", rank=FOLLOWS,
    ),
    Rule(
        "deleting", "deletion-blocked",
        (),
        ("blocker", "self"),
        "{object} is to be deleted, and a finalizer holds it: whoever has to clean up does not.",
        (
            "kubectl get {kind_lower} {name} -n {namespace} -o jsonpath='{{.metadata.finalizers}}'",
            "kubectl get deployment -n flux-system",
            "kubectl patch {kind_lower} {name} -n {namespace} --type=merge -p "
            '\'{{"metadata":{{"finalizers":null}}}}\'  # leaves behind what it would have removed',
        ),
        (Example("Kustomization", "metadata.deletionTimestamp", state="deleting"),),
        states=("deleting",), rank=SPECIFIC,
    ),
    Rule(
        "prune", "deletion-blocked",
        (
            "status: 'terminating'", "status:'terminating'", "delete failed, errors", "failed to delete object",
            "stuck in terminating", "not found during prune", "remaining objects carry finalizers",
            "failed to wait for object termination", "' terminating", "waiting for termination",
        ),
        ("named-object", "self"),
        "{root} cannot be deleted: a finalizer, a policy or a missing right holds it.",
        (
            "kubectl get {root_kind_lower} {root_name} -n {root_namespace} -o yaml  # finalizers, "
            "deletionTimestamp",
            "kubectl describe kustomization {name} -n {namespace}",
        ),
        (
            Example("Kustomization", "delete failed, errors: ConfigMap/apps/x delete failed: admission "
                                  'webhook "x" denied the request: keep', "PruneFailed"),
            Example("Kustomization",
                "timeout waiting for: [ImagePolicy/e13/x status: 'Terminating']", "HealthCheckFailed"),
            Example("Namespace", "namespace stuck in Terminating; remaining objects carry "
                                  "finalizers.fluxcd.io and no controller is left to clear them"),
        ),
        unless=("is forbidden: user", "failed calling webhook", "immutable field detected"), captures=("object",), rank=DECISIVE + 4,
    ),
    Rule(
        "prune-reason", "deletion-blocked",
        (),
        ("named-object", "self"),
        "{object} cannot delete what is no longer in its source.",
        ("kubectl describe kustomization {name} -n {namespace}",),
        (Example("Kustomization", "odd", "PruneFailed"),),
        kinds=("Kustomization",), reasons=("PruneFailed", "GarbageCollectionFailed"), captures=("object",),
        rank=GENERIC,
    ),
    Rule(
        "drift", "drift-undetected",
        ("manual reconcile did nothing", "deployments absent", "drift … not detected", "helmrelease … still ready"),
        ("self",),
        "The cluster no longer holds what the release installed, and nothing compares the two.",
        (
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # driftDetection.mode: enabled",
            "flux reconcile helmrelease {release_name} -n {release_namespace} --force",
        ),
        (
            Example("Deployment", "set back to an older version by a stale inline manifest and "
                                  "crash-looping; HelmRelease cilium still Ready, manual reconcile did nothing"),
        ),
    ),
    Rule(
        "drift-object", "drift-undetected",
        (),
        ("self",),
        "{missing} is in the inventory of {object} but no longer in the cluster, though it is Ready: "
        "somebody deleted it, and nothing compares.",
        (
            "flux reconcile {verb_kind} {name} -n {namespace}  # a HelmRelease wants --force",
            "kubectl edit {kind_lower} {name} -n {namespace}  # HelmRelease: driftDetection.mode: enabled",
        ),
        (Example("HelmRelease", "Deployment/apps/web", state="inventory-gone"),),
        states=("inventory-gone",), rank=SPECIFIC,
    ),
)

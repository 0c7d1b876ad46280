"""Health checks: the wait itself, and checks that are wrong."""

from flux_cli.diagnosis.rules._model import DECISIVE, FOLLOWS, SPECIFIC, Example, Rule

# fmt: off
RULES = (
    Rule(
        "check-expression", "healthcheck-misjudged",
        (
            "invalid cel expression", "configuration error … healthcheckexprs", "failed to evaluate … expression",
            "failed terminally due to configuration error",
        ),
        ("self",),
        "A CEL expression of {object} (healthCheckExprs or readyExpr) is not valid.",
        ("kubectl edit {kind_lower} {name} -n {namespace}  # spec.healthCheckExprs, dependsOn[].readyExpr",),
        (
            Example("Kustomization", "Reconciliation failed terminally due to configuration error: failed "
                                  "to create custom status evaluators for healthchecks[0]: failed to "
                                  "parse the expression", "InvalidCELExpression"),
        ),
        kinds=("Kustomization", "HelmRelease"), rank=DECISIVE,
    ),
    Rule(
        "check-expression-reason", "healthcheck-misjudged",
        (),
        ("self",),
        "An expression of {object} is not valid.",
        ("kubectl edit {kind_lower} {name} -n {namespace}",),
        (Example("Kustomization", "odd", "InvalidCELExpression"),),
        kinds=("Kustomization", "HelmRelease"), reasons=("InvalidCELExpression",),
    ),
    Rule(
        "check-absent", "healthcheck-misjudged",
        ("status: 'notfound'", "status: notfound"),
        ("self",),
        "The health check of {object} waits for {at_kind}/{at_namespace}/{at_name}, which does not exist.",
        (
            "kubectl edit kustomization {name} -n {namespace}  # spec.healthChecks: kind, name, namespace",
            "flux tree kustomization {name} -n {namespace}",
        ),
        (
            Example("Kustomization", "health check failed after 30s: timeout waiting for: "
                                  "[Deployment/apps/gone status: 'NotFound']", "HealthCheckFailed"),
        ),
        kinds=("Kustomization", "HelmRelease"), unless=("status: 'failed'",), captures=("object",), walk="workloads",
        rank=FOLLOWS + 4,
    ),
    Rule(
        "check-stale", "healthcheck-misjudged",
        (
            "customresourcedefinition/…status: 'unknown'", "[helmrelease/…status: 'inprogress'",
            "helmrelease/…status: 'unknown'",
        ),
        ("self",),
        "The health check of {object} reads the status of an object that never becomes current, though "
        "nothing is wrong with it.",
        (
            "kubectl edit kustomization {name} -n {namespace}  # spec.healthChecks, healthCheckExprs, timeout",
            "flux reconcile helmrelease {at_name} -n {at_namespace}",
        ),
        (
            Example("Kustomization", "Health check failed after 2m0.013489487s, timeout waiting for: "
                                  "[HelmRelease/a/httpbin status: 'InProgress']", "HealthCheckFailed"),
        ),
        kinds=("Kustomization",), captures=("object",), walk="workloads", rank=FOLLOWS + 3,
    ),
    Rule(
        "check-sound", "healthcheck-misjudged",
        (),
        ("self",),
        "The health check of {object} failed, yet everything that it waits for is ready now: it gave up "
        "too early, or misreads a status.",
        (
            "flux reconcile kustomization {name} -n {namespace}",
            "kubectl edit kustomization {name} -n {namespace}  # spec.timeout, healthChecks",
        ),
        (Example("Kustomization", "Deployment/apps/web", state="check-sound"),),
        states=("check-sound",),
    ),
    Rule(
        "check-reference", "healthcheck-misjudged",
        (),
        ("self",),
        "spec.healthChecks of {object} names {missing}, which does not exist and which it does not apply.",
        ("kubectl edit kustomization {name} -n {namespace}  # spec.healthChecks: kind, name, namespace",),
        (Example("Kustomization", "Deployment/apps/gone", state="check-missing"),),
        states=("check-missing",), rank=SPECIFIC,
    ),
    Rule(
        "check-waits", "workload-not-ready",
        (
            "health check failed", "timeout waiting for", "failed early due to stalled resources",
            "running health checks", "status: 'inprogress'", "status: 'failed'", "status: 'unknown'",
            "not ready … status: 'current'", "new reconciliation triggered by",
        ),
        ("named-object", "self"),
        "{object} applied its manifests and waits for a workload that does not become ready.",
        ("flux tree kustomization {name} -n {namespace}", "kubectl get pods,events -n {namespace}"),
        (
            Example("Kustomization", "health check failed after 30.03s: timeout waiting for: "
                                  "[Deployment/apps/web status: 'InProgress']", "HealthCheckFailed"),
            Example("Kustomization",
                "Running health checks for revision main@sha1:1 with a timeout of 30s", "Progressing"),
            Example("Kustomization", "health check failed after 44.855714ms: failed early due to stalled "
                                  "resources: [Deployment/namespace/service-1 status: 'Failed']\nhealth "
                                  "check failed after 9m30s: timeout waiting for: "
                                  "[Deployment/namespace/service-4 status: 'NotFound']"),
        ),
        kinds=("Kustomization",), unless=("accessor error",), captures=("object",), walk="workloads", rank=FOLLOWS,
    ),
)

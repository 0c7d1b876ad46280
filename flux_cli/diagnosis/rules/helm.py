"""Helm's own state: locked or lost releases, used-up retries, hooks and tests."""

from flux_cli.diagnosis.rules._model import FOLLOWS, GENERIC, SPECIFIC, Example, Rule
from flux_cli.diagnosis.rules.chart import INSTALL

HR = ("HelmRelease", "Kustomization")
RESET = "flux reconcile helmrelease {release_name} -n {release_namespace} --reset --force"

# fmt: off
RULES = (
    Rule(
        "release-locked", "helm-release-state",
        (
            "release is in an invalid state", "pending-install", "pending-upgrade", "pending-rollback",
            "another operation is in progress", "no release found", "release name in use", "cannot reuse",
            "failed to get last release revision", "release has no",
            "another operation (install/upgrade/rollback) is in progress", "has no deployed releases",
            "cannot re-use a name that is still in use", "in pending-", "release: not found",
            "no revision for release", "release: already exists", "unlock of helm release",
            "failed to decode release", "failed to read release", "unable to decode release", "cannot verify release",
            "unable to determine state for release", 'with the name "…" found',
        ),
        ("self",),
        "The record of this release is locked, lost or damaged, so Helm cannot go on from it.",
        (
            "helm history {release_name} -n {release_namespace}", "kubectl get secrets -n {namespace} -l owner=helm,name={name}",
            "helm rollback {release_name} -n {release_namespace}", RESET,
        ),
        (
            Example("HelmRelease", "Helm upgrade failed for release a/b with chart c@1: another operation "
                                  "(install/upgrade/rollback) is in progress", "UpgradeFailed"),
            Example("HelmRelease", 'Helm upgrade failed: "b" has no deployed releases'),
            Example("HelmRelease", INSTALL + "cannot re-use a name that is still in use"),
        ),
        kinds=HR, rank=SPECIFIC,
    ),
    Rule(
        "no-rollback-target", "helm-release-state",
        ("missing target release for rollback",),
        ("self",),
        "The last release failed, and there is no earlier good one to go back to.",
        (RESET, "helm history {release_name} -n {release_namespace}"),
        (
            Example("HelmRelease", "Failed to perform remediation: missing target release for rollback: "
                                  "cannot remediate failed release", "MissingRollbackTarget"),
        ),
        kinds=HR, rank=FOLLOWS + 14,
    ),
    Rule(
        "state-unknown", "helm-release-state",
        ("could not determine release state",),
        ("self",),
        "helm-controller cannot find out what state the release is in.",
        ("helm history {release_name} -n {release_namespace}", RESET),
        (Example("HelmRelease", "Could not determine release state: odd", "StateError"),),
        kinds=HR, reasons=("StateError", "PendingRelease"), rank=GENERIC,
    ),
    Rule(
        "retries-used", "helm-remediation-exhausted",
        (
            "retries exhausted", "failed to install after", "failed to upgrade after", "retriesexceeded",
            "release attempt remediation failed", "exceeded maximum retries", "cannot remediate failed release", "not-ready (reason rollbacksucceeded", "stalled with reason", "helm rollback to previous release",
            "helm uninstall remediation",
        ),
        ("self",),
        "The retries are used up (or the remediation is done); {object} stays as it is until somebody "
        "changes or resets it.",
        (
            RESET, "helm history {release_name} -n {release_namespace}",
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # install/upgrade.remediation.retries, or "
            "strategy RetryOnFailure",
        ),
        (
            Example("HelmRelease", "Failed to install after 1 attempt(s)", "RetriesExceeded"),
            Example("HelmRelease", "install retries exhausted"),
            Example("HelmRelease",
                "Helm rollback to previous release a/b.v1 with chart c@1 succeeded", "RollbackSucceeded"),
            Example("HelmRelease",
                "Helm uninstall remediation for release a/b.v1 with chart c@1 succeeded", "UninstallSucceeded"),
        ),
        kinds=HR, rank=FOLLOWS + 12,
    ),
    Rule(
        "hook", "hook-failed",
        (
            "failed pre-install", "failed post-install", "failed pre-upgrade", "failed post-upgrade",
            "failed pre-delete", "failed post-delete", "failed pre-rollback", "failed post-rollback", "hooks failed", "hook pre-", "hook post-",
            "pre-upgrade hooks failed", "job failed: backofflimitexceeded", "backofflimitexceeded",
            "job failed: deadlineexceeded", "hook failed", "crds-upgrade", 'conflicts with "helm-controller" using',
            "test hooks are not respected", "helm test hooks",
        ),
        ("hook", "self"),
        "A hook of the chart fails: {root}. Its log says why; the release waits for it.",
        (
            "kubectl logs -n {root_namespace} {root_kind_lower}/{root_name}",
            "kubectl describe {root_kind_lower} {root_name} -n {root_namespace}", RESET,
        ),
        (
            Example("HelmRelease", INSTALL + ("failed pre-install: failed early due to stalled resources: "
                                  "[Job/apps/web-migrate status: 'Failed']")),
            Example("HelmRelease", "Helm upgrade failed: post-upgrade hooks failed: job failed: "
                                  "BackoffLimitExceeded"),
            Example("HelmRelease", INSTALL + ("failed post-install: 1 error occurred:\n\t* job web-init "
                                  "failed: BackoffLimitExceeded")),
            Example("HelmRelease", INSTALL + "failed pre-install: timed out waiting for the condition"),
        ),
        kinds=HR, unless=("admission webhook", "exceeded quota"), captures=("job", "pod"), rank=SPECIFIC + 8,
    ),
    Rule(
        "hook-job", "hook-failed",
        (),
        ("self",),
        "The hook {object} of the chart does not succeed.",
        ("kubectl logs -n {namespace} {kind_lower}/{name}", "kubectl describe {kind_lower} {name} -n {namespace}"),
        (Example("Job", "BackoffLimitExceeded: Job has reached the specified backoff limit", state="hook"),),
        kinds=("Job", "Pod"), states=("hook",), rank=SPECIFIC,
    ),
    Rule(
        "test", "hook-failed",
        ("helm test failed", "tests failed"),
        ("test", "self"),
        "The chart's own test fails after the installation.",
        (
            "kubectl logs -n {root_namespace} {root_kind_lower}/{root_name}",
            "helm test {release_name} -n {release_namespace} --logs",
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # test.ignoreFailures",
        ),
        (
            Example("HelmRelease", "Helm test failed for release apps/web.v1 with chart web@1.0.0: pod "
                                  "web-test failed", "TestFailed"),
        ),
        kinds=HR, captures=("job", "pod"), rank=SPECIFIC + 2,
    ),
    Rule(
        "test-reason", "hook-failed",
        (),
        ("test", "self"),
        "The chart's own test fails after the installation.",
        ("helm test {release_name} -n {release_namespace} --logs",),
        (Example("HelmRelease", "odd", "TestFailed"),),
        kinds=("HelmRelease",), reasons=("TestFailed",), captures=("pod", "job"), rank=SPECIFIC,
    ),
    Rule(
        "release-waits", "workload-not-ready",
        (
            "context deadline exceeded", "timed out waiting for the condition",
            "client rate limiter wait returned an error", "timeout waiting for:",
            "failed early due to stalled resources", "resource not ready", "resources not ready",
            "running 'install' action", "running 'upgrade' action", "would exceed context deadline",
            "release … failed, and has been uninstalled", "resource … not ready", "expected pods are ready",
        ),
        ("named-object", "self"),
        "Helm waited for the workloads of {object} and they did not become ready.",
        (
            "kubectl get pods,events -n {namespace}",
            "kubectl get all -n {namespace} -l helm.toolkit.fluxcd.io/name={release_name}", RESET,
        ),
        (
            Example("HelmRelease", INSTALL + "context deadline exceeded", "InstallFailed"),
            Example("HelmRelease", "Helm upgrade failed: timed out waiting for the condition"),
            Example("HelmRelease", INSTALL + ("failed early due to stalled resources: [Deployment/apps/web "
                                  "status: 'Failed']")),
        ),
        kinds=("HelmRelease",),
        unless=("failed pre-", "failed post-", "kubeconfig", "failed to download", "source-controller", "health check failed"),
        captures=("object",), walk="workloads", rank=GENERIC,
    ),
    Rule(
        "uninstall", "deletion-blocked",
        ("helm uninstall failed", "helm uninstall remediation … failed"),
        ("self",),
        "Helm cannot uninstall the release, so {object} stays.",
        ("helm uninstall {release_name} -n {release_namespace} --wait=false", "flux suspend helmrelease {release_name} -n {release_namespace}"),
        (
            Example("HelmRelease",
                "Helm uninstall failed for release a/b.v1 with chart c@1: odd", "UninstallFailed"),
        ),
        kinds=("HelmRelease",), reasons=("UninstallFailed",),
    ),
    Rule(
        "release-unknown", "helm-remediation-exhausted",
        ("reason rollbacksucceeded", "reason uninstallsucceeded"),
        ("self",),
        "{object} was rolled back or removed after a failure and waits.",
        (RESET,),
        (
            Example("Kustomization", "HelmRelease monitoring/x has been not-Ready (reason "
                                  "RollbackSucceeded) for more than an hour."),
        ),
        rank=GENERIC,
    ),
)

"""Image automation: policies that match nothing, pushes that are refused."""

from flux_cli.diagnosis.rules._model import DECISIVE, FOLLOWS, GENERIC, SPECIFIC, Example, Rule

AUTOMATION = ("ImageUpdateAutomation",)

# fmt: off
RULES = (
    Rule(
        "policy-no-match", "image-policy-no-match",
        (
            "unable to determine latest version", "version list argument cannot be empty", "no image found",
            "cannot determine latest tag", "no tag matches", "failed to filter tags", "invalid policy",
            "invalid semver", "error parsing regexp", "no valid versions", "improper constraint",
            "failed to determine the latest",
        ),
        ("self",),
        "No tag of the scanned image satisfies the filter or the range of {object}.",
        (
            "kubectl get imagerepository -n {namespace} -o jsonpath='{{..lastScanResult.latestTags}}'",
            "kubectl edit imagepolicy {name} -n {namespace}  # filterTags, policy",
        ),
        (
            Example("ImagePolicy", "version list argument cannot be empty", "Failure"),
            Example("ImagePolicy", "unable to determine latest version from provided list", "Failure"),
            Example("ImagePolicy", "invalid policy: improper constraint: >=x", "InvalidPolicy"),
            Example("ImagePolicy", "Cannot determine latest tag for policy: version list argument cannot "
                                  "be empty"),
        ),
        kinds=("ImagePolicy", "ImageRepository"), rank=SPECIFIC,
    ),
    Rule(
        "image-spec", "image-scan-failed",
        ("url validation failed", "should not start with url scheme", "should not contain a tag", "failed to compile regex"),
        ("self",),
        "The image or an expression in exclusionList of {object} is not written as a scan takes it: no scheme, no tag.",
        (
            "kubectl edit imagerepository {name} -n {namespace}  # spec.image, spec.exclusionList",
            "flux reconcile image repository {name} -n {namespace}",
        ),
        (
            Example("ImageRepository", "URL validation failed: image URL 'https://r.example.com/web' should not start with URL "
                                  "scheme; remove 'https://'", "URLInvalid"),
        ),
        kinds=("ImageRepository",), rank=DECISIVE,
    ),
    Rule(
        "policy-no-tags", "image-policy-no-match",
        ("no tags in database", "has not been scanned yet"),
        ("self",),
        "There are no scanned tags for {object} yet, or the tag database was lost.",
        ("flux reconcile image repository {name} -n {namespace}", "flux get images repository -n {namespace}"),
        (Example("ImagePolicy", "retrying in 30s error: no tags in database", "DependencyNotReady"),),
        kinds=("ImagePolicy",), unless=("successful scan",), walk="source", rank=FOLLOWS + 5,
    ),
    Rule(
        "policy-reason", "image-policy-no-match",
        (),
        ("self",),
        "The policy of {object} cannot choose a tag.",
        ("kubectl describe imagepolicy {name} -n {namespace}",),
        (Example("ImagePolicy", "odd", "InvalidPolicy"),),
        kinds=("ImagePolicy",), reasons=("InvalidPolicy", "Failure", "IntervalNotConfigured"), rank=GENERIC,
    ),
    Rule(
        "push", "image-push-denied",
        (
            "push … denied", "unable to push", "push declined", "you can't push", "gh006", "gh013",
            "remote rejected", "cannot lock ref", "command error on refs/", "failed to push", "protected branch",
            "write access to repository not granted", "non-fast-forward", "pre-receive hook declined",
            "the key you are authenticating with has been marked as read only", "deploy key does not have",
            "not allowed to push", "command error on refs/heads", "authorization failed", "push rejected",
            "permission to … denied", "you are not allowed", "branch … protected",
        ),
        ("git-secret", "git-source"),
        "{object} may not push its commit: its login[, that of {other},] may only read, or the branch is protected.",
        (
            "kubectl edit imageupdateautomation {name} -n {namespace}  # git.push.branch",
            "flux create secret git {root_name} -n {root_namespace} --url={url} --username=git "
            "--password=TOKEN  # with write access",
            "GitRepository| kubectl edit gitrepository {git_name} -n {git_namespace}  # secretRef: {{name: {git_name}}}",
        ),
        (
            Example("ImageUpdateAutomation",
                "failed to update source: failed to push to remote: authorization failed", "GitOperationFailed"),
            Example("ImageUpdateAutomation", "command error on refs/heads/main: protected branch hook declined"),
            Example("ImageUpdateAutomation", "authorization failed"),
        ),
        kinds=AUTOMATION, unless=("unable to clone", "failed to checkout"), rank=SPECIFIC + 9,
    ),
    Rule(
        "automation-files", "kustomize-build-error",
        ("failed to apply policies",),
        ("git-source", "self"),
        "A file below spec.update.path of {object} cannot be read or changed.",
        ("kubectl edit imageupdateautomation {name} -n {namespace}  # spec.update.path",),
        (
            Example("ImageUpdateAutomation",
                "failed to apply policies: yaml: line 3: did not find expected key", "UpdateFailed"),
        ),
        kinds=AUTOMATION, rank=SPECIFIC + 1,
    ),
    Rule(
        "automation-spec", "image-push-denied",
        (
            "invalid source configuration", "no update strategy", "unsupported update strategy", "no branch … push",
            "failed to parse policy selector", "template from spec",
        ),
        ("self",),
        "The spec of {object} does not say where to push, or what to update.",
        (
            "kubectl edit imageupdateautomation {name} -n {namespace}  # spec.git.push.branch, "
            "spec.git.commit, spec.update",
        ),
        (
            Example("ImageUpdateAutomation", "invalid source configuration: failed to determine push branch: no "
                                  "branch to push to", "InvalidSourceConfiguration"),
        ),
        kinds=AUTOMATION, rank=DECISIVE,
    ),
    Rule(
        "automation-reason", "image-push-denied",
        (),
        ("self",),
        "{object} is not set up so that it can commit.",
        ("kubectl describe imageupdateautomation {name} -n {namespace}",),
        (Example("ImageUpdateAutomation", "odd", "InvalidUpdateStrategy"),),
        kinds=AUTOMATION, reasons=("InvalidUpdateStrategy", "InvalidSourceConfiguration", "InvalidPolicySelector"),
        rank=GENERIC,
    ),
)

"""Notifications: alerts, providers, receivers."""

from flux_cli.diagnosis.rules._model import DECISIVE, GENERIC, SPECIFIC, Example, Rule

ALERTS = ("Alert", "Provider")

# fmt: off
RULES = (
    Rule(
        "provider-absent", "notification-provider-error",
        ("failed to read provider", "provider.notification.toolkit.fluxcd.io … not found"),
        ("provider",),
        "{object} sends to a provider[, {other},] that does not exist in its namespace.",
        ("flux get alert-providers -n {namespace}", "kubectl edit alert {name} -n {namespace}  # spec.providerRef"),
        (
            Example("Alert", "failed to dispatch notification for GitRepository/apps/apps: failed "
                                  'to read provider: Provider.notification.toolkit.fluxcd.io "nope" not found', "NotificationDispatchFailed"),
        ),
        captures=("provider",), rank=DECISIVE,
    ),
    Rule(
        "provider-object-missing", "notification-provider-error",
        (),
        ("missing",),
        "{object} sends to {root}, which does not exist in its namespace.",
        ("flux get alert-providers -n {namespace}", "kubectl edit alert {name} -n {namespace}  # spec.providerRef"),
        (Example("Alert", "Provider/apps/nope", state="missing-provider"),),
        states=("missing-provider",), rank=SPECIFIC,
    ),
    Rule(
        "provider-secret", "notification-provider-error",
        (
            "failed to initialize notifier", "failed to read secret", "failed to create notifier", "expects the key",
            "secret … has username/password only", "notifier … not supported", "failed to initialize provider",
        ),
        ("provider-secret", "provider", "self"),
        "The provider's Secret {root} is absent or lacks what the provider needs (token, address).",
        (
            "kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys",
            "kubectl create secret generic {root_name} -n {root_namespace} --from-literal=token=TOKEN",
        ),
        (
            Example("Alert", "failed to dispatch notification for Kustomization/a/b: failed to "
                                  'initialize notifier for provider \'slack\': secrets "slack" not found', "NotificationDispatchFailed"),
            Example("Provider", 'failed to read secret, error: secrets "slack" not found'),
        ),
        kinds=ALERTS, captures=("secret",), rank=SPECIFIC + 13,
    ),
    Rule(
        "provider-secret-missing", "notification-provider-error",
        (),
        ("missing",),
        "{object} needs {root}, which does not exist in its namespace.",
        ("kubectl create secret generic {root_name} -n {root_namespace} --from-literal=token=TOKEN",),
        (Example("Provider", "Secret/apps/slack", state="missing-provider-secret"),),
        states=("missing-provider-secret",), rank=SPECIFIC,
    ),
    Rule(
        "dispatch", "notification-provider-error",
        (
            "failed to post", "webhook … status code", "unexpected status … notification", "channel_not_found",
            "not_authed", "invalid_auth", "no_service", "invalid_payload", "failed to create commit status",
            "could not list commit statuses", "failed to send notification", "failed to dispatch notification",
            "postmessage failed", "request failed with status code", "missed timestamp", "discarding event",
        ),
        ("provider", "self"),
        "The service behind {root} does not take the notifications: wrong address, channel or token, or "
        "it is down.",
        (
            "kubectl describe alert {name} -n {namespace}",
            "kubectl edit provider {root_name} -n {root_namespace}  # address, channel, secretRef",
        ),
        (
            Example("Alert", "failed to send notification for "
                                  "Kustomization/flux-system/flux-system: postMessage failed: request "
                                  "failed: request failed with status code 400, Missed timestamp", "NotificationDispatchFailed"),
            Example("Alert", "failed to send notification for Kustomization/a/b: postMessage "
                                  'failed: failed to execute request: Post "http://127.0.0.1:9/": dial '
                                  "tcp 127.0.0.1:9: connect: connection refused"),
        ),
        kinds=("Alert", "Provider", "Kustomization"), unless=("revision string",), rank=SPECIFIC + 2,
    ),
    Rule(
        "alert-filter", "notification-provider-error",
        ("failed to compile inclusion regex", "failed to compile exclusion regex"),
        ("self",),
        "An expression in inclusionList or exclusionList of {object} is not valid.",
        ("kubectl edit alert {name} -n {namespace}",),
        (
            Example("Alert", "failed to compile inclusion regex: [: error parsing regexp: missing "
                                  "closing ]"),
        ),
        rank=DECISIVE,
    ),
    Rule(
        "alert-source", "notification-provider-error",
        (),
        ("self",),
        "{object} listens to {missing}, which does not exist.",
        ("kubectl edit alert {name} -n {namespace}  # spec.eventSources",),
        (Example("Alert", "Kustomization/apps/nope", state="missing-target"),),
        kinds=("Alert",), states=("missing-target",),
    ),
    Rule(
        "dispatch-reason", "notification-provider-error",
        (),
        ("provider", "self"),
        "{object} cannot deliver its notifications.",
        ("kubectl describe alert {name} -n {namespace}",),
        (Example("Alert", "odd", "NotificationDispatchFailed"),),
        kinds=ALERTS, reasons=("NotificationDispatchFailed",), rank=GENERIC,
    ),
    Rule(
        "receiver-payload", "receiver-misconfigured",
        (
            "unable to validate payload", "unable to create resource filters", "unable to request reconciliation",
            "hmac", "unable to find receiver", "receiver is not ready", "invalid resourcefilter",
            "invalid filter expression", "invalid token", "x-gitlab-token",
        ),
        ("self",),
        "The webhook that arrives does not fit {object}: token, type, events or path differ between the "
        "sender and the cluster.",
        (
            "kubectl get receiver {name} -n {namespace} -o jsonpath='{{.status.webhookPath}}'",
            "kubectl edit receiver {name} -n {namespace}",
        ),
        (
            Example("Receiver", "unable to validate payload: the X-Gitlab-Token header value does not "
                                  "match the receiver secret token"),
            Example("Receiver", "Reconciliation failed terminally due to configuration error: invalid "
                                  "resourceFilter expression: undeclared reference", "InvalidCELExpression"),
        ),
        kinds=("Receiver",), rank=SPECIFIC,
    ),
    Rule(
        "receiver-target", "receiver-misconfigured",
        (),
        ("self",),
        "{object} is to reconcile {missing}, which does not exist.",
        ("kubectl edit receiver {name} -n {namespace}  # spec.resources",),
        (Example("Receiver", "GitRepository/apps/nope", state="missing-target"),),
        kinds=("Receiver",), states=("missing-target",),
    ),
    Rule(
        "receiver-reason", "receiver-misconfigured",
        (),
        ("self",),
        "The spec of {object} is not valid.",
        ("kubectl describe receiver {name} -n {namespace}",),
        (Example("Receiver", "odd", "ValidationFailed"),),
        kinds=("Receiver",), reasons=("ValidationFailed", "InvalidCELExpression"), rank=GENERIC,
    ),
)

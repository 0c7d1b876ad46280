"""Sizes and quotas that the API server keeps to."""

from flux_cli.diagnosis.rules._model import DECISIVE, Example, Rule
from flux_cli.diagnosis.rules.chart import INSTALL

# fmt: off
RULES = (
    Rule(
        "too-large", "object-too-large",
        (
            "too long: must have at most", "request is too large", "etcdserver: request is too large",
            "metadata.annotations: too long", "rpc error: code = resourceexhausted … message larger",
            "limit is 3145728", "too long: may not be more than", "request entity too large",
            "message larger than max",
        ),
        ("manifest",),
        "An object, a release record or an annotation is larger than Kubernetes stores.",
        (
            "helm show all {chart} | wc -c  # keep big files out of the chart with .helmignore",
            "kubectl edit {kind_lower} {name} -n {namespace}",
        ),
        (
            Example("HelmRelease", INSTALL + ("create: failed to create: Secret "
                                  '"sh.helm.release.v1.web.v9" is invalid: data: Too long: '
                                  "must have at most 1048576 bytes")),
            Example("Kustomization", 'ConfigMap/apps/big dry-run failed (Invalid): ConfigMap "big" is '
                                  "invalid: []: Too long: must have at most 1048576 bytes"),
            Example("Kustomization", "CustomResourceDefinition/x dry-run failed: metadata.annotations: Too "
                                  "long: must have at most 262144 bytes"),
        ),
        rank=DECISIVE + 1,
    ),
    Rule(
        "quota", "quota-exceeded",
        ("exceeded quota:", "failed quota:", "insufficient quota", "quota … must specify"),
        ("quota",),
        "A quota of the namespace[, {other},] leaves no room for what {object} wants to create.",
        (
            "kubectl describe resourcequota {root_name} -n {root_namespace}",
            "kubectl edit resourcequota {root_name} -n {root_namespace}",
            "flux reconcile {verb_kind} {name} -n {namespace}",
        ),
        (
            Example("Kustomization", 'ConfigMap/apps/one dry-run failed (Forbidden): configmaps "one" is '
                                  "forbidden: exceeded quota: tight, requested: configmaps=1, used: "
                                  "configmaps=1, limited: configmaps=0", "ReconciliationFailed"),
            Example("Deployment", 'FailedCreate: Error creating: pods "web-1" is forbidden: exceeded '
                                  "quota: compute, requested: pods=1, used: pods=0, limited: pods=0"),
            Example("ReplicaSet", 'FailedCreate: Error creating: pods "web-1" is forbidden: failed '
                                  "quota: compute: must specify limits.cpu for: web"),
        ),
        captures=("quota", "object"), rank=DECISIVE + 2,
    ),
    Rule(
        "limit-range", "quota-exceeded",
        (
            "usage per container is", "usage per pod is", "usage per persistentvolumeclaim is",
            "limit to request ratio",
        ),
        ("limit-range", "manifest"),
        "A LimitRange of the namespace refuses the resources that are asked for.",
        ("kubectl get limitrange -n {namespace} -o yaml",),
        (
            Example("ReplicaSet", 'FailedCreate: Error creating: pods "web-1" is forbidden: maximum cpu '
                                  "usage per Container is 1, but limit is 2"),
        ),
        rank=DECISIVE + 2,
    ),
)

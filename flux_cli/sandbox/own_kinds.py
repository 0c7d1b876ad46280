"""Facts of the API server's own kinds that no schema tells."""

# Kinds whose metadata.generation counts changes of the spec.
COUNTED = {
    ("", "pods"),
    ("", "replicationcontrollers"),
    ("apps", "deployments"),
    ("apps", "daemonsets"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
    ("networking.k8s.io", "ingresses"),
    ("networking.k8s.io", "ingressclasses"),
    ("networking.k8s.io", "networkpolicies"),
    ("policy", "poddisruptionbudgets"),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("discovery.k8s.io", "endpointslices"),
    ("admissionregistration.k8s.io", "validatingadmissionpolicies"),
    ("admissionregistration.k8s.io", "validatingadmissionpolicybindings"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
    ("flowcontrol.apiserver.k8s.io", "flowschemas"),
    ("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations"),
    ("scheduling.k8s.io", "priorityclasses"),
}

# Kinds that are on their way out, and what the server says of them.
DEPRECATED = {
    ("", "componentstatuses"): ["v1 ComponentStatus is deprecated in v1.19+"],
    ("", "endpoints"): ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
}

# Kinds that DELETE answers with the object itself, not with a Status.
SHOWN_WHEN_DELETED = {
    *(("", plural) for plural in ("persistentvolumeclaims", "persistentvolumes", "pods", "podtemplates", "resourcequotas")),
    *(("", plural) for plural in ("serviceaccounts", "services")),
    *(("resource.k8s.io", plural) for plural in ("deviceclasses", "resourceclaims", "resourceclaimtemplates", "resourceslices")),
    *(("storage.k8s.io", plural) for plural in ("csidrivers", "csinodes", "storageclasses")),
    *(("storage.k8s.io", plural) for plural in ("volumeattachments", "volumeattributesclasses")),
}

"""The columns of the API server's own kinds that clusters have beside workloads: networks, storage, classes, leases."""

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox.cells import MODES, pairs
from flux_cli.sandbox.columns import AGE, NAME, Column, subjects


def _text(name: str, path: str, missing: str = "") -> Column:
    return Column(name, lambda obj: text(obj, path) or missing)


def _flag(name: str, path: str) -> Column:
    return Column(name, lambda obj: dig(obj, path) is True, type="boolean")


def _count(name: str, path: str) -> Column:
    return Column(name, lambda obj: len(items(obj, path)), type="integer")


def _few(found: list[str], most: int = 3) -> str:
    """The first of a list, and how many more there are."""
    more = f" + {len(found) - most} more..." if len(found) > most else ""
    return ",".join(found[:most]) + more if found else "<none>"


def _endpoints(obj: Object) -> str:
    found = []
    for subset in items(obj, "subsets"):
        for address in items(subset, "addresses"):
            ip = text(address, "ip")
            found += [f"{ip}:{port.get('port')}" for port in items(subset, "ports")] or [ip]
    return _few(found)


def _slice_endpoints(obj: Object) -> str:
    return _few([address for endpoint in items(obj, "endpoints") for address in items(endpoint, "addresses")]).replace(
        "<none>", "<unset>"
    )


def _slice_ports(obj: Object) -> str:
    return _few([str(port.get("port", "*")) for port in items(obj, "ports")]).replace("<none>", "<unset>")


def _claim(obj: Object) -> str:
    claim = dig(obj, "spec.claimRef")
    return f"{text(claim, 'namespace')}/{text(claim, 'name')}" if claim else ""


def _class_name(obj: Object) -> str:
    default = dig(obj, "metadata.annotations", {}).get("storageclass.kubernetes.io/is-default-class") == "true"
    return text(obj, "metadata.name") + (" (default)" if default else "")


def _parameters(obj: Object) -> str:
    found = dig(obj, "spec.parameters")
    if not isinstance(found, dict):
        return "<none>"
    kind = f"{text(found, 'kind')}.{text(found, 'apiGroup')}" if text(found, "apiGroup") else text(found, "kind")
    return f"{kind}/{text(found, 'name')}"


COLUMNS: dict[tuple[str, str], list[Column]] = {
    ("", "endpoints"): [NAME, Column("Endpoints", _endpoints), AGE],
    ("", "persistentvolumes"): [
        NAME,
        _text("Capacity", "spec.capacity.storage"),
        Column("Access Modes", lambda obj: ",".join(MODES.get(mode, str(mode)) for mode in items(obj, "spec.accessModes"))),
        _text("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"),
        _text("Status", "status.phase"),
        Column("Claim", _claim),
        _text("StorageClass", "spec.storageClassName"),
        _text("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"),
        _text("Reason", "status.reason"),
        AGE,
        _text("VolumeMode", "spec.volumeMode", "<unset>")._replace(priority=1),
    ],
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"): [NAME, _count("Webhooks", "webhooks"), AGE],
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"): [NAME, _count("Webhooks", "webhooks"), AGE],
    ("coordination.k8s.io", "leases"): [NAME, _text("Holder", "spec.holderIdentity"), AGE],
    ("discovery.k8s.io", "endpointslices"): [
        NAME,
        _text("AddressType", "addressType"),
        Column("Ports", _slice_ports),
        Column("Endpoints", _slice_endpoints),
        AGE,
    ],
    ("networking.k8s.io", "ingressclasses"): [
        NAME,
        _text("Controller", "spec.controller"),
        Column("Parameters", _parameters),
        AGE,
    ],
    ("networking.k8s.io", "networkpolicies"): [
        NAME,
        Column("Pod-Selector", lambda obj: pairs(obj, "spec.podSelector.matchLabels")),
        AGE,
    ],
    ("node.k8s.io", "runtimeclasses"): [NAME, _text("Handler", "handler"), AGE],
    ("rbac.authorization.k8s.io", "clusterrolebindings"): [
        NAME,
        Column("Role", lambda obj: f"{text(obj, 'roleRef.kind')}/{text(obj, 'roleRef.name')}"),
        AGE,
        *map(subjects, ("User", "Group", "ServiceAccount")),
    ],
    ("scheduling.k8s.io", "priorityclasses"): [
        NAME,
        Column("Value", lambda obj: dig(obj, "value", 0), type="integer"),
        _flag("Global-Default", "globalDefault"),
        AGE,
        _text("PreemptionPolicy", "preemptionPolicy"),
    ],
    ("storage.k8s.io", "storageclasses"): [
        NAME._replace(value=_class_name),
        _text("Provisioner", "provisioner"),
        _text("ReclaimPolicy", "reclaimPolicy"),
        _text("VolumeBindingMode", "volumeBindingMode"),
        Column("AllowVolumeExpansion", lambda obj: obj.get("allowVolumeExpansion") is True),
        AGE,
    ],
}

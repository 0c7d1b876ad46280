"""Which lists of Kubernetes' own kinds are merged, and by which keys: facts of its API, by the name of the field."""

from typing import Any

SETS = frozenset({"finalizers"})  # lists of plain values that are merged

# For server-side apply: the keys of an entry. For strategic merge the first key alone counts, but for a Service's ports.
KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "ports": ("containerPort", "protocol"),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "conditions": ("type",),
    "ownerReferences": ("uid",),
    "secrets": ("name",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "podIPs": ("ip",),
    "hostIPs": ("ip",),
    "addresses": ("type",),
    "resourceClaims": ("name",),
    "webhooks": ("name",),
    "validations": ("expression",),
    "matchConditions": ("name",),
    "schedulingGates": ("name",),
    "variables": ("name",),
    "claims": ("name",),
    "drivers": ("name",),
    "managedFields": (),
}


def strategic(field: str, entries: list[Any]) -> str:
    """The key by which a strategic merge patch joins the entries of this list; empty where the list is replaced."""
    keys = KEYS.get(field, ())
    if field == "ports" and any(isinstance(e, dict) and "port" in e for e in entries):
        keys = ("port",)
    return keys[0] if keys and all(isinstance(e, dict) for e in entries) else ""


def apply_keys(field: str, entries: list[Any]) -> tuple[str, ...]:
    """The keys of an entry; empty where the list is one value that is owned whole."""
    keys = KEYS.get(field, ())
    if field == "ports" and any(isinstance(e, dict) and "containerPort" not in e for e in entries):
        keys = ("port", "protocol")
    return (
        keys
        if entries
        and all((isinstance(e, dict) and keys and keys[0] in e) or (isinstance(e, dict) and "$patch" in e) for e in entries)
        else ()
    )

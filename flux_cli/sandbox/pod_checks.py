"""What the API server refuses in pods and pod templates."""

from typing import Any

from flux_cli.core import kubenames
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.core.text import go_quote
from flux_cli.sandbox.pod_defaults import TEMPLATES
from flux_cli.sandbox.quantities import amount
from flux_cli.sandbox.refusal import Cause

PROTOCOLS = ("SCTP", "TCP", "UDP")
PULLS = ("Always", "IfNotPresent", "Never")
RESTARTS = ("Always", "OnFailure", "Never")
JOBS = ("OnFailure", "Never")
PARTS = ("initContainers", "containers", "ephemeralContainers")
CHANGEABLE = ("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "ephemeralContainers")
FIXED = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def problems(obj: Object, before: Object | None, key: tuple[str, str]) -> list[Cause]:
    path = TEMPLATES.get(key)
    if not path:
        return []
    spec = dig(obj, path, {})
    found = _containers(spec, path)
    restarts = JOBS if key[0] == "batch" else RESTARTS
    if text(spec, "restartPolicy") not in ("", *restarts):
        found.append(_restart(text(spec, "restartPolicy"), restarts, f"{path}.restartPolicy"))
    if key == ("", "pods") and before is not None and _fixed(spec) != _fixed(before["spec"]):
        found.append(Cause("FieldValueForbidden", "spec", f"Forbidden: {FIXED}"))
    return found


def _containers(spec: Object, path: str) -> list[Cause]:
    volumes = {text(v, "name") for v in items(spec, "volumes")}
    found, names = _volumes(spec, path), set()
    if not items(spec, "containers"):
        found.append(_required(f"{path}.containers"))
    for part in PARTS:
        for index, container in enumerate(items(spec, part)):
            where, name = f"{path}.{part}[{index}]", text(container, "name")
            if name and name in names:
                found.append(Cause("FieldValueDuplicate", f"{where}.name", f"Duplicate value: {go_quote(name)}"))
            names.add(name)
            found += _container(container, where, volumes)
    return found


def _container(container: Object, where: str, volumes: set[str]) -> list[Cause]:
    name = text(container, "name")
    found = (
        [_invalid(f"{where}.name", go_quote(name), why) for why in kubenames.label(name)]
        if name
        else [_required(f"{where}.name")]
    )
    if not text(container, "image"):
        found.append(_required(f"{where}.image"))
    for index, port in enumerate(items(container, "ports")):
        found += _port(port, f"{where}.ports[{index}]")
    for index, entry in enumerate(items(container, "env")):
        if not text(entry, "name"):
            found.append(_required(f"{where}.env[{index}].name"))
    for index, mount in enumerate(items(container, "volumeMounts")):
        if text(mount, "name") not in volumes:
            missing = f"Not found: {go_quote(text(mount, 'name'))}"
            found.append(Cause("FieldValueNotFound", f"{where}.volumeMounts[{index}].name", missing))
    pull = text(container, "imagePullPolicy")
    if pull not in PULLS:
        found.append(_unsupported(f"{where}.imagePullPolicy", pull, PULLS))
    return found + _resources(container, where)


def _port(port: Object, where: str) -> list[Cause]:
    found, number = [], port.get("containerPort") or 0
    if not number:
        found.append(_required(f"{where}.containerPort"))
    elif not 0 < number < 65536:
        found.append(_invalid(f"{where}.containerPort", str(number), "must be between 1 and 65535, inclusive"))
    if text(port, "protocol") not in PROTOCOLS:
        found.append(_unsupported(f"{where}.protocol", text(port, "protocol"), PROTOCOLS))
    return found


def _resources(container: Object, where: str) -> list[Cause]:
    limits, asked = (dig(container, f"resources.{part}", {}) or {} for part in ("limits", "requests"))
    found = []
    for name, value in asked.items():
        if name in limits and amount(value) > amount(limits[name]):
            why = f"must be less than or equal to {name} limit of {limits[name]}"
            found.append(_invalid(f"{where}.resources.requests", go_quote(str(value)), why))
    return found


def _volumes(spec: Object, path: str) -> list[Cause]:
    found = []
    for index, volume in enumerate(items(spec, "volumes")):
        for kind in [k for k in volume if k != "name"][1:]:
            why = "Forbidden: may not specify more than 1 volume type"
            found.append(Cause("FieldValueForbidden", f"{path}.volumes[{index}].{kind}", why))
    return found


def _fixed(spec: Object) -> Any:
    """What of a pod stays as it was made."""
    kept = {k: v for k, v in spec.items() if k not in CHANGEABLE}
    for part in ("containers", "initContainers"):
        if part in kept:
            kept[part] = [{k: v for k, v in c.items() if k not in ("image", "resources")} for c in kept[part]]
    return kept


def _restart(policy: str, known: tuple[str, ...], where: str) -> Cause:
    if known is JOBS and policy == "Always":  # what is filled in where nothing is said
        return Cause("FieldValueRequired", where, 'Required value: valid values: "OnFailure", "Never"')
    return _unsupported(where, policy, known)


def _required(field: str) -> Cause:
    return Cause("FieldValueRequired", field, "Required value")


def _invalid(field: str, value: str, why: str) -> Cause:
    return Cause("FieldValueInvalid", field, f"Invalid value: {value}: {why}")


def _unsupported(field: str, value: str, known: tuple[str, ...]) -> Cause:
    listed = ", ".join(f'"{one}"' for one in known)
    return Cause("FieldValueNotSupported", field, f"Unsupported value: {go_quote(value)}: supported values: {listed}")

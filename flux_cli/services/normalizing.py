"""Objects as Go's typed clients write them: what an apply sends is the same whichever of the two command lines sent it.

The Go CLI turns built-in kinds into their Go types and back before it applies them. That fills in empty structures, gives ports
their protocol and writes quantities in their canonical form; field ownership on the server depends on it.
"""

import copy
import re
from typing import Any

from flux_cli.core.objects import Object, dig, items, text

_QUANTITY = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|)\Z")
_DECIMAL = ("", "k", "M", "G", "T", "P", "E")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_TEMPLATES = {"Deployment": "spec.template.spec", "StatefulSet": "spec.template.spec", "DaemonSet": "spec.template.spec",
              "ReplicaSet": "spec.template.spec", "Job": "spec.template.spec", "CronJob": "spec.jobTemplate.spec.template.spec",
              "Pod": "spec"}  # fmt: skip


def normalized(obj: Object) -> Object:
    """A copy in the form in which it is applied; the status is left out, and so is a CA that is no certificate."""
    made = copy.deepcopy({key: value for key, value in obj.items() if key != "status"})
    kind = text(made, "kind")
    if kind == "Namespace":
        made["spec"] = dig(made, "spec", {})
    elif kind == "ResourceQuota":
        _quantities(dig(made, "spec.hard"))
    elif kind == "Service":
        _protocols(items(made, "spec.ports"))
        for port in items(made, "spec.ports"):
            if isinstance(port, dict):
                port.setdefault("targetPort", 0)  # Go's zero value; the server takes it for the port itself
    elif kind == "Secret":
        _plain_data(made)
    elif kind == "CustomResourceDefinition":
        _authority(made)
    if kind == "Deployment" and isinstance(made.get("spec"), dict):
        made["spec"].setdefault("strategy", {})
    pod = dig(made, _TEMPLATES[kind]) if kind in _TEMPLATES else None
    for container in items(pod, "containers") + items(pod, "initContainers"):
        if isinstance(container, dict):
            _container(container)
    return made


def _container(container: dict[str, Any]) -> None:
    _protocols(items(container, "ports"))
    resources = container.setdefault("resources", {})
    for part in ("limits", "requests"):
        _quantities(dig(resources, part))
    for variable in items(container, "env"):
        ref = dig(variable, "valueFrom.resourceFieldRef")
        if isinstance(ref, dict):
            ref.setdefault("divisor", "0")


def _protocols(ports: list[Any]) -> None:
    for port in ports:
        if isinstance(port, dict):
            port.setdefault("protocol", "TCP")


def _quantities(amounts: Any) -> None:
    if isinstance(amounts, dict):
        for name, amount in amounts.items():
            amounts[name] = quantity(str(amount))


def quantity(amount: str) -> str:
    """The canonical form: ``1000m`` is ``1``, ``1000`` is ``1k``, ``1024Mi`` is ``1Gi``. What is no quantity stays as it is."""
    from fractions import Fraction

    found = _QUANTITY.match(amount)
    if not found:
        return amount
    number, suffix = Fraction(found[1]), found[2]
    binary = suffix in _BINARY and suffix != ""
    base, units = (1024, _BINARY) if binary else (1000, _DECIMAL)
    value = number / 1000 if suffix == "m" else number * base ** units.index(suffix)
    if value == 0:
        return "0"
    if value.denominator != 1:
        return f"{-((-value * 1000) // 1)}m"  # rounded up, as Go does below a thousandth
    power = 0
    while power + 1 < len(units) and value % base == 0:
        value, power = value / base, power + 1
    return f"{value.numerator}{units[power]}"


def _plain_data(secret: Object) -> None:
    """``stringData`` becomes ``data``: applied as it is, the server would drop it and never own it."""
    import base64

    plain = secret.pop("stringData", None)
    if isinstance(plain, dict):
        data = secret.setdefault("data", {})
        data |= {key: base64.b64encode(str(value).encode()).decode() for key, value in plain.items()}


def _authority(crd: Object) -> None:
    """A conversion webhook whose CA is a placeholder: the server would refuse the whole definition."""
    import base64
    import binascii

    client = dig(crd, "spec.conversion.webhook.clientConfig")
    if isinstance(client, dict) and "caBundle" in client:
        try:
            valid = b"-----BEGIN CERTIFICATE-----" in base64.b64decode(str(client["caBundle"]), validate=True)
        except (binascii.Error, ValueError):
            valid = False
        if not valid:
            del client["caBundle"]

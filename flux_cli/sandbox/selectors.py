"""Label and field selectors, in the grammar and with the messages of the API server."""

import re
from collections.abc import Callable

from flux_cli.core import labelselectors
from flux_cli.core.objects import Object, dig, labels, text
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.refusal import bad_request

_FIELD_TERM = re.compile(r"(?:\\.|[^,\\]|\\\Z)+", re.DOTALL)
_OPERATOR = re.compile(r"!=|==|=")
Test = Callable[[Object], bool]


def by_labels(selector: str) -> Test | None:
    """A test for objects, or None where everything matches. Raises 400 on a selector that cannot be read."""
    try:
        requirements = labelselectors.parse(selector)
    except ValueError as err:
        raise bad_request(str(err)) from None
    if not requirements:
        return None
    return lambda obj: all(r.holds(labels(obj)) for r in requirements)


EVENT_FIELDS = {
    f"involvedObject.{f}": f"involvedObject.{f}"
    for f in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
} | {
    "reason": "reason",
    "reportingComponent": "reportingComponent",
    "source": "source.component",
    "type": "type",
}
REGARDING_FIELDS = {f"regarding.{k.split('.', 1)[1]}": k for k in EVENT_FIELDS if k.startswith("involvedObject.")} | {
    "reason": "reason",
    "reportingController": "reportingComponent",
    "type": "type",
}
FLAGS = ("spec.hostNetwork", "spec.unschedulable")  # where missing, they are false
OTHER_FIELDS = {
    ("", "pods"): (
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.podIPs",
        "status.nominatedNodeName",
    ),
    ("", "secrets"): ("type",),
    ("", "namespaces"): ("status.phase",),
    ("", "nodes"): ("spec.unschedulable",),
    ("", "services"): ("spec.clusterIP", "spec.type"),
    ("batch", "jobs"): ("status.successful",),
    ("", "replicationcontrollers"): ("status.replicas",),
    ("certificates.k8s.io", "certificatesigningrequests"): ("spec.signerName",),
}


def by_fields(selector: str, served: Served) -> Test | None:
    """``metadata.name=x,type!=Normal``: only the fields that the API server supports for this resource, 400 on others."""
    tests = []
    known = _fields(*served.key)
    for part in _FIELD_TERM.findall(selector):
        operator = _OPERATOR.search(part)
        if not operator:
            raise bad_request(f"invalid selector: '{selector}'; can't understand '{part}'")
        field = part[: operator.start()]
        if field not in known:
            raise bad_request(_unknown(field, served))
        tests.append((known[field], operator[0] != "!=", _meant(part[operator.end() :])))
    if not tests:
        return None
    return lambda obj: all((_value(obj, path) == value) is same for path, same, value in tests)


def _meant(value: str) -> str:
    """The value of a term without its backslashes."""
    out, rest = [], iter(value)
    for char in rest:
        if char == "\\":
            char = next(rest, "")
            if not char or char not in "\\,=":
                raise bad_request(f"invalid field selector: invalid escape sequence: \\{char}")
        elif char == "=":
            raise bad_request(f"invalid field selector: unescaped character in value: {ord(char)}")
        out.append(char)
    return "".join(out)


def _unknown(field: str, served: Served) -> str:
    """Kinds of whose fields the server knows more say it in other words."""
    if served.custom or served.plural == "events" or served.key in OTHER_FIELDS:
        return f"field label not supported: {field}"
    return f'"{field}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def _value(obj: Object, path: str) -> str:
    found = dig(obj, path)
    if path in FLAGS:
        return "true" if found is True else "false"
    value = text(obj, path)
    if not value and path == "source.component":
        return text(obj, "reportingComponent")
    return value


def _fields(group: str, plural: str) -> dict[str, str]:
    known = {"metadata.name": "metadata.name", "metadata.namespace": "metadata.namespace"}
    if plural == "events":
        return known | (EVENT_FIELDS if not group else REGARDING_FIELDS)
    return known | {f: f for f in OTHER_FIELDS.get((group, plural), ())}

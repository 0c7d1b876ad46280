"""Label and field selectors, in the grammar and with the messages of the API server."""

import re
from collections.abc import Callable
from typing import NamedTuple

from flux_cli.core.objects import Object, labels, text
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.refusal import bad_request

_FIELD_TERM = re.compile(r"(?:\\.|[^,\\]|\\\Z)+", re.DOTALL)
_OPERATOR = re.compile(r"!=|==|=")
_TOKEN = re.compile(r"\s*(==|!=|=|!|,|\(|\)|>|<|[^\s=!,()<>]+)")
Test = Callable[[Object], bool]


class Requirement(NamedTuple):
    """One condition of a label selector."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, found: dict[str, str]) -> bool:
        value = found.get(self.key)
        match self.operator:
            case "in":
                return value in self.values
            case "notin":
                return value not in self.values
            case "exists":
                return value is not None
            case "absent":
                return value is None
        if value is None or not re.fullmatch(r"-?\d+", value):
            return False
        return int(value) > int(self.values[0]) if self.operator == ">" else int(value) < int(self.values[0])


def by_labels(selector: str) -> Test | None:
    """A test for objects, or None where everything matches. Raises 400 on a selector that cannot be read."""
    requirements = parse_labels(selector)
    if not requirements:
        return None
    return lambda obj: all(r.holds(labels(obj)) for r in requirements)


def parse_labels(selector: str) -> list[Requirement]:
    """``a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1``."""
    if not selector.strip():
        return []
    tokens: list[str] = _TOKEN.findall(selector)
    found, position = [], 0
    while position < len(tokens):
        requirement, position = _requirement(tokens, position)
        found.append(requirement)
        if position < len(tokens) and tokens[position] != ",":
            raise _unreadable(tokens[position], "',' or 'end of string'")
        position += 1
    return found


def _requirement(tokens: list[str], at: int) -> tuple[Requirement, int]:
    def peek(index: int) -> str:
        return tokens[index] if index < len(tokens) else ""

    if peek(at) == "!":
        return Requirement(_key(peek(at + 1)), "absent"), at + 2
    key, operator = _key(peek(at)), peek(at + 1)
    if operator in ("", ","):
        return Requirement(key, "exists"), at + 1
    if operator in ("=", "==", "!="):
        if peek(at + 2) in ("=", "==", "!=", "!", "(", ")"):
            raise _unreadable(peek(at + 2), "identifier")
        value, after = (peek(at + 2), at + 3) if peek(at + 2) not in ("", ",") else ("", at + 2)
        return Requirement(key, "notin" if operator == "!=" else "in", (value,)), after
    if operator in (">", "<"):
        return Requirement(key, operator, (peek(at + 2),)), at + 3
    if operator in ("in", "notin"):
        values, after = _values(tokens, at + 2)
        return Requirement(key, operator, values), after
    raise _unreadable(operator, "in, notin, =, ==, !=, gt, lt")


def _values(tokens: list[str], at: int) -> tuple[tuple[str, ...], int]:
    if at >= len(tokens) or tokens[at] != "(":
        raise _unreadable(tokens[at] if at < len(tokens) else "", "'('")
    values: list[str] = []
    expected = True
    for index in range(at + 1, len(tokens)):
        token = tokens[index]
        if token == ")":
            return tuple(values + ([""] if expected else [])), index + 1
        if token == ",":
            if expected:
                values.append("")
            expected = True
        else:
            values.append(token)
            expected = False
    raise _unreadable("", "',', ')' or identifier" if expected else "',' or ')'")


def _key(token: str) -> str:
    if not token or not re.fullmatch(r"[A-Za-z0-9./_-]+", token):
        raise bad_request(f"found '{token}', expected: !, identifier, or 'end of string'")
    return token


def _unreadable(token: str, expected: str) -> Exception:
    return bad_request(f"unable to parse requirement: found '{token}', expected: {expected}")


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
    "type": "type",
}
OTHER_FIELDS = {
    ("", "pods"): (
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.nominatedNodeName",
    ),
    ("", "secrets"): ("type",),
    ("", "namespaces"): ("status.phase",),
    ("", "nodes"): ("spec.unschedulable",),
    ("", "services"): ("spec.clusterIP", "spec.type"),
    ("batch", "jobs"): ("status.successful",),
    ("apps", "replicasets"): ("status.replicas",),
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


CONVERTED = {
    *(("", plural) for plural in ("events", "pods", "nodes", "namespaces", "secrets", "services")),
    *(("apps", plural) for plural in ("replicasets", "deployments", "statefulsets", "daemonsets")),
    ("batch", "jobs"),
}


def _unknown(field: str, served: Served) -> str:
    """Kinds of whose fields the server knows more say it in other words."""
    if served.custom or served.key in CONVERTED:
        return f"field label not supported: {field}"
    return f'"{field}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def _value(obj: Object, path: str) -> str:
    value = text(obj, path)
    if not value and path == "source.component":
        return text(obj, "reportingComponent")
    return value


def _fields(group: str, plural: str) -> dict[str, str]:
    known = {"metadata.name": "metadata.name", "metadata.namespace": "metadata.namespace"}
    if plural == "events":
        return known | (EVENT_FIELDS if not group else REGARDING_FIELDS)
    return known | {f: f for f in OTHER_FIELDS.get((group, plural), ())}

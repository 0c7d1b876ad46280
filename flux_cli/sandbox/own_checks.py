"""What the API server refuses in its own kinds beyond any schema: what people get wrong most."""

import json
import re
from typing import Any

from flux_cli.core import gojson
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.core.text import go_quote
from flux_cli.sandbox import pod_checks, services
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.refusal import Cause

WORKLOADS = {("apps", plural) for plural in ("deployments", "statefulsets", "daemonsets", "replicasets")}
SET_FIELDS = (
    "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
)  # fmt: skip
KEY_RULE = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
    "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)
# Keys that a Secret of a type has.
SECRET_KEYS = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


def problems(obj: Object, before: Object | None, served: Served) -> list[Cause]:
    match served.key:
        case ("", "secrets"):
            return _data(obj) + _secret(obj) + _kept(obj, before, "type")
        case ("", "configmaps"):
            return _data(obj) + _kept(obj, before)
        case ("", "services"):
            return services.problems(obj)
        case key if key in WORKLOADS:
            return _workload(obj, before, served) + pod_checks.problems(obj, before, key)
        case ("batch", "cronjobs"):
            return _schedule(obj) + pod_checks.problems(obj, before, served.key)
        case ("rbac.authorization.k8s.io", "roles" | "clusterroles"):
            return _rules(obj)
        case ("rbac.authorization.k8s.io", "rolebindings" | "clusterrolebindings"):
            return _binding(obj, before)
        case ("networking.k8s.io", "ingresses"):
            return _ingress(obj)
    return pod_checks.problems(obj, before, served.key)


def _required(field: str, why: str = "") -> Cause:
    return Cause("FieldValueRequired", field, f"Required value: {why}" if why else "Required value")


def _data(obj: Object) -> list[Cause]:
    found = []
    for field in ("data", "binaryData"):
        for key in obj.get(field) or {}:
            if not re.fullmatch(r"[-._a-zA-Z0-9]+", key):
                found.append(Cause("FieldValueInvalid", f"{field}[{key}]", f"Invalid value: {go_quote(key)}: {KEY_RULE}"))
            elif field == "data" and key in (obj.get("binaryData") or {}):
                why = f"Invalid value: {go_quote(key)}: duplicate of key present in binaryData"
                found.append(Cause("FieldValueInvalid", f"data[{key}]", why))
    return found


def _secret(obj: Object) -> list[Cause]:
    import base64

    kind, data = text(obj, "type"), obj.get("data") or {}
    found = [_required(f"data[{key}]") for key in SECRET_KEYS.get(kind, ()) if key not in data]
    if kind == "kubernetes.io/basic-auth" and not {"username", "password"} & set(data):
        found += [_required("data[username]"), _required("data[password]")]
    for key in (".dockerconfigjson", ".dockercfg"):
        if key in data and kind == f"kubernetes.io/{key[1:]}":
            content = base64.b64decode(data[key]).decode("utf-8", "replace")
            try:
                json.loads(content)
            except ValueError:
                why = f'Invalid value: "<secret contents redacted>": {gojson.unreadable(content)}'
                found.append(Cause("FieldValueInvalid", f"data[{key}]", why))
    return found


def _kept(obj: Object, before: Object | None, *fields: str) -> list[Cause]:
    """What may not change, and for what is marked immutable nothing of the data."""
    if before is None:
        return []
    if before.get("immutable") and (obj.get("data"), obj.get("binaryData")) != (before.get("data"), before.get("binaryData")):
        return [Cause("FieldValueForbidden", "data", "Forbidden: field is immutable when `immutable` is set")]
    changed = [field for field in fields if obj.get(field) != before.get(field)]
    return [Cause("FieldValueInvalid", f, f'Invalid value: "{obj.get(f)}": field is immutable') for f in changed]


def _workload(obj: Object, before: Object | None, served: Served) -> list[Cause]:
    replicas, found = dig(obj, "spec.replicas", 0), []
    if isinstance(replicas, int) and replicas < 0:
        why = f"Invalid value: {replicas}: must be greater than or equal to 0"
        found.append(Cause("FieldValueInvalid", "spec.replicas", why))
    if before is not None and served.plural == "statefulsets":
        old, new = ({k: v for k, v in o["spec"].items() if k not in SET_FIELDS} for o in (before, obj))
        if old != new:
            *most, last = (f"'{field}'" for field in SET_FIELDS)
            why = f"updates to statefulset spec for fields other than {', '.join(most)} and {last} are forbidden"
            return [Cause("FieldValueForbidden", "spec", f"Forbidden: {why}")]
    return found + _selector(obj, before) + (_strategy(obj) if served.plural == "deployments" else [])


def _strategy(obj: Object) -> list[Cause]:
    kind = text(obj, "spec.strategy.type")
    if kind not in ("Recreate", "RollingUpdate"):
        shown = f'{{"Type":{json.dumps(kind)},"RollingUpdate":null}}'
        why = f'Unsupported value: {shown}: supported values: "Recreate", "RollingUpdate"'
        return [Cause("FieldValueNotSupported", "spec.strategy", why)]
    if kind == "Recreate" and dig(obj, "spec.strategy.rollingUpdate") is not None:
        why = "Forbidden: may not be specified when strategy `type` is 'Recreate'"
        return [Cause("FieldValueForbidden", "spec.strategy.rollingUpdate", why)]
    return []


def _selector(obj: Object, before: Object | None) -> list[Cause]:
    selector, labels = dig(obj, "spec.selector"), dig(obj, "spec.template.metadata.labels")
    found = []
    if selector is None:
        found.append(_required("spec.selector"))
    wanted = dig(selector, "matchLabels", {})
    if selector is None or any((labels or {}).get(key) != value for key, value in wanted.items()):
        said = f"Invalid value: {_shown(labels)}: `selector` does not match template `labels`"
        found.append(Cause("FieldValueInvalid", "spec.template.metadata.labels", said))
    if before is not None and selector != dig(before, "spec.selector"):
        found.append(Cause("FieldValueInvalid", "spec.selector", f"Invalid value: {_shown(selector)}: field is immutable"))
    return found


def _shown(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _schedule(obj: Object) -> list[Cause]:
    schedule = text(obj, "spec.schedule")
    if not schedule:
        return [_required("spec.schedule")]
    fields = schedule.removeprefix(schedule.split(" ")[0] + " ").split() if "TZ=" in schedule else schedule.split()
    if schedule.startswith("@") or len(fields) == 5:
        return []
    why = f"Invalid value: {go_quote(schedule)}: expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]"
    return [Cause("FieldValueInvalid", "spec.schedule", why)]


def _rules(obj: Object) -> list[Cause]:
    found = []
    for index, rule in enumerate(items(obj, "rules")):
        if not items(rule, "verbs"):
            found.append(_required(f"rules[{index}].verbs", "verbs must contain at least one value"))
        if items(rule, "nonResourceURLs"):
            continue
        if not items(rule, "apiGroups"):
            found.append(_required(f"rules[{index}].apiGroups", "resource rules must supply at least one api group"))
        if not items(rule, "resources"):
            found.append(_required(f"rules[{index}].resources", "resource rules must supply at least one resource"))
    return found


def _binding(obj: Object, before: Object | None) -> list[Cause]:
    if before is not None and obj.get("roleRef") != before.get("roleRef"):
        ref = obj.get("roleRef") or {}
        shown = _shown({go: text(ref, field) for go, field in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name"))})
        return [Cause("FieldValueInvalid", "roleRef", f"Invalid value: {shown}: cannot change roleRef")]
    return [] if text(obj, "roleRef.name") else [_required("roleRef.name")]


def _ingress(obj: Object) -> list[Cause]:
    if not items(obj, "spec.rules") and dig(obj, "spec.defaultBackend") is None:
        why = "Invalid value: []: either `defaultBackend` or `rules` must be specified"
        return [Cause("FieldValueInvalid", "spec", why)]
    return []

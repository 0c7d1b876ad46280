"""What the API server knows of its own kinds beyond any schema: defaults that clients rely on, and a few refusals."""

import base64

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox import pod_defaults
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.refusal import Cause
from flux_cli.sandbox.stamps import now

# Kinds whose metadata.generation counts changes of the spec.
COUNTED = {
    ("", "pods"),
    ("", "replicationcontrollers"),
    ("apps", "deployments"),
    ("apps", "daemonsets"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("autoscaling", "horizontalpodautoscalers"),
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


def fill(obj: Object, served: Served, before: Object | None = None) -> None:
    """Defaults of a few kinds. Those of pods and of most other kinds are not filled in."""
    match (served.group, served.plural):
        case ("", "namespaces"):
            _namespace(obj, before)
        case ("", "secrets"):
            _secret(obj)
            _no_empty(obj)
        case ("", "configmaps"):
            _no_empty(obj)
        case ("", "services"):
            _service(obj, before)
        case ("apps", "deployments"):
            _deployment(obj)
        case ("apiextensions.k8s.io", "customresourcedefinitions"):
            _definition(obj)
    pod_defaults.fill(obj, served.key)
    if before is None and not served.custom and "status" in served.subresources and served.plural not in ("namespaces", "nodes"):
        obj.setdefault("status", {})


def _namespace(obj: Object, before: Object | None) -> None:
    labels = obj["metadata"].get("labels") or {}
    obj["metadata"]["labels"] = labels | {"kubernetes.io/metadata.name": obj["metadata"]["name"]}
    obj.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])
    if before is None:
        obj["status"] = {"phase": "Active"}


def _no_empty(obj: Object) -> None:
    for field in ("data", "binaryData"):
        if field in obj and not obj[field]:
            del obj[field]


def _secret(obj: Object) -> None:
    plain = obj.pop("stringData", None)
    if isinstance(plain, dict):
        obj["data"] = (obj.get("data") or {}) | {k: base64.b64encode(str(v).encode()).decode() for k, v in plain.items()}
    obj.setdefault("type", "Opaque")


def _service(obj: Object, before: Object | None) -> None:
    spec = obj["spec"] = dict(obj.get("spec") or {})
    spec.setdefault("type", "ClusterIP")
    spec.setdefault("sessionAffinity", "None")
    spec.setdefault("internalTrafficPolicy", "Cluster")
    if before is not None:
        for key in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
            if key not in spec and key in before.get("spec", {}):
                spec[key] = before["spec"][key]
    if spec["type"] != "ExternalName" and "clusterIP" not in spec:
        number = sum(map(ord, obj["metadata"]["uid"])) * 7
        spec["clusterIP"] = f"10.0.{number // 250 % 250}.{number % 250 + 1}"
        spec.setdefault("clusterIPs", [spec["clusterIP"]])
        spec.setdefault("ipFamilies", ["IPv4"])
        spec.setdefault("ipFamilyPolicy", "SingleStack")
    if before is None:
        obj.setdefault("status", {"loadBalancer": {}})
    if spec.get("ports"):
        spec["ports"] = [_port(port) for port in spec["ports"]]


def _port(port: Object) -> Object:
    """A target port of zero, as typed clients write what they leave out, is none."""
    given = {k: v for k, v in port.items() if k != "targetPort" or v not in (0, "")}
    return {"protocol": "TCP", "targetPort": port.get("port")} | given


def _deployment(obj: Object) -> None:
    spec = obj["spec"] = dict(obj.get("spec") or {})
    for key, value in (("replicas", 1), ("revisionHistoryLimit", 10), ("progressDeadlineSeconds", 600)):
        spec.setdefault(key, value)
    strategy = spec["strategy"] = dict(spec.get("strategy") or {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        strategy.setdefault("rollingUpdate", {"maxUnavailable": "25%", "maxSurge": "25%"})


def _definition(obj: Object) -> None:
    """A definition is served at once, and says so in its status."""
    names = dig(obj, "spec.names", {})
    if isinstance(names, dict) and text(names, "kind"):
        names.setdefault("listKind", f"{names['kind']}List")
        names.setdefault("singular", names["kind"].lower())
    obj.setdefault("spec", {}).setdefault("conversion", {"strategy": "None"})
    stored = [v.get("name") for v in dig(obj, "spec.versions", []) if v.get("storage")]
    at = now()
    said = (
        ("NamesAccepted", "NoConflicts", "no conflicts found"),
        ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    )
    conditions = [{"type": t, "status": "True", "lastTransitionTime": at, "reason": r, "message": m} for t, r, m in said]
    obj.setdefault("status", {"conditions": conditions, "acceptedNames": names, "storedVersions": stored})


def problems(obj: Object, before: Object | None, served: Served) -> list[Cause]:
    match (served.group, served.plural):
        case ("", "secrets") | ("", "configmaps") if before is not None and before.get("immutable"):
            if (obj.get("data"), obj.get("binaryData")) != (before.get("data"), before.get("binaryData")):
                return [Cause("FieldValueForbidden", "data", "Forbidden: field is immutable when `immutable` is set")]
        case ("", "secrets") if before is not None and obj.get("type") != before.get("type"):
            return [Cause("FieldValueInvalid", "type", f'Invalid value: "{obj.get("type")}": field is immutable')]
        case ("apps", "deployments") | ("apps", "statefulsets") | ("apps", "daemonsets"):
            return _selector(obj, before) + pod_defaults.problems(obj, served.key)
        case ("", "services"):
            return _ports(obj)
    return pod_defaults.problems(obj, served.key)


def _ports(obj: Object) -> list[Cause]:
    """Several ports need names."""
    ports = items(obj, "spec.ports")
    if not ports and text(obj, "spec.type") != "ExternalName" and text(obj, "spec.clusterIP") != "None":
        return [Cause("FieldValueRequired", "spec.ports", "Required value")]
    unnamed = [index for index, port in enumerate(ports) if not text(port, "name")] if len(ports) > 1 else []
    return [Cause("FieldValueRequired", f"spec.ports[{index}].name", "Required value") for index in unnamed]


def _selector(obj: Object, before: Object | None) -> list[Cause]:
    selector, labels = dig(obj, "spec.selector"), dig(obj, "spec.template.metadata.labels")
    found = []
    if selector is None:
        found.append(Cause("FieldValueRequired", "spec.selector", "Required value"))
    wanted = dig(selector, "matchLabels", {})
    if selector is None or any((labels or {}).get(key) != value for key, value in wanted.items()):
        said = f"Invalid value: {_shown(labels)}: `selector` does not match template `labels`"
        found.append(Cause("FieldValueInvalid", "spec.template.metadata.labels", said))
    if before is not None and selector != dig(before, "spec.selector"):
        found.append(Cause("FieldValueInvalid", "spec.selector", f"Invalid value: {_shown(selector)}: field is immutable"))
    return found


def _shown(value: object) -> str:
    import json

    return json.dumps(value, separators=(",", ":"))

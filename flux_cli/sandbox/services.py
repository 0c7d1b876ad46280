"""Services: addresses and ports that the server gives them, and what it refuses."""

import zlib

from flux_cli.core.objects import Object, items, text
from flux_cli.sandbox.refusal import Cause

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
OUTSIDE = ("NodePort", "LoadBalancer")  # reached from outside the cluster by a port of every node
ADDRESSES = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")
FIRST_NODE_PORT, NODE_PORTS = 30000, 2768


def fill(obj: Object, before: Object | None) -> None:
    """A target port of zero, as typed clients write what they leave out, is none."""
    spec = obj["spec"] = dict(obj.get("spec") or {})
    spec.setdefault("type", "ClusterIP")
    spec.setdefault("sessionAffinity", "None")
    ports = [{k: v for k, v in port.items() if k != "targetPort" or v not in (0, "")} for port in items(obj, "spec.ports")]
    if ports:
        spec["ports"] = [{"protocol": "TCP", "targetPort": port.get("port")} | port for port in ports]
    if spec["type"] == "ExternalName":
        return
    spec.setdefault("internalTrafficPolicy", "Cluster")
    if spec["type"] in OUTSIDE:
        spec.setdefault("externalTrafficPolicy", "Cluster")
        if spec["type"] == "LoadBalancer":
            spec.setdefault("allocateLoadBalancerNodePorts", True)
    if before is not None:
        place(obj, before)


def place(obj: Object, before: Object | None = None) -> None:
    """Give a Service its addresses, and ports of the nodes where it is to be reached from outside."""
    kind = obj["spec"]["type"]
    if kind != "ExternalName":
        _address(obj, before)
    if kind in OUTSIDE:
        _open(obj, before)


def _address(obj: Object, before: Object | None) -> None:
    spec = obj["spec"]
    for key in ADDRESSES:
        if before is not None and key not in spec and key in before.get("spec", {}):
            spec[key] = before["spec"][key]
    if "clusterIP" not in spec:
        number = sum(map(ord, obj["metadata"]["uid"])) * 7
        spec["clusterIP"] = f"10.0.{number // 250 % 250}.{number % 250 + 1}"
    spec.setdefault("clusterIPs", [spec["clusterIP"]])
    spec.setdefault("ipFamilies", ["IPv4"])
    spec.setdefault("ipFamilyPolicy", "SingleStack")


def _open(obj: Object, before: Object | None) -> None:
    """Ports of the nodes: those that the Service had, and others by its uid."""
    known = {port.get("port"): port.get("nodePort") for port in items(before or {}, "spec.ports")}
    for port in obj["spec"].get("ports") or ():
        made = FIRST_NODE_PORT + zlib.crc32(f"{obj['metadata']['uid']}/{port.get('port')}".encode()) % NODE_PORTS
        port.setdefault("nodePort", known.get(port.get("port")) or made)


def problems(obj: Object) -> list[Cause]:
    kind, ports = text(obj, "spec.type"), items(obj, "spec.ports")
    if kind not in TYPES:
        known = ", ".join(f'"{one}"' for one in TYPES)
        return [Cause("FieldValueNotSupported", "spec.type", f'Unsupported value: "{kind}": supported values: {known}')]
    if kind == "ExternalName":
        return [] if text(obj, "spec.externalName") else [Cause("FieldValueRequired", "spec.externalName", "Required value")]
    if not ports and text(obj, "spec.clusterIP") != "None":
        return [Cause("FieldValueRequired", "spec.ports", "Required value")]
    found = []
    for index, port in enumerate(ports):
        if len(ports) > 1 and not text(port, "name"):
            found.append(Cause("FieldValueRequired", f"spec.ports[{index}].name", "Required value"))
        for field in ("port", "targetPort"):
            number = port.get(field) or 0
            if isinstance(number, int) and not 0 < number < 65536:
                why = f"Invalid value: {number}: must be between 1 and 65535, inclusive"
                found.append(Cause("FieldValueInvalid", f"spec.ports[{index}].{field}", why))
    return found

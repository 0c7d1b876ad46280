"""What is done to a pod by a subresource: bound to a node, evicted, or connected to, which a pod without containers refuses."""

from flux_cli.core.objects import Object, dig, text
from flux_cli.sandbox import deleting
from flux_cli.sandbox.call import Answer, Call, answer, decode
from flux_cli.sandbox.catalog import CONNECTIONS, Catalog
from flux_cli.sandbox.refusal import Refusal, bad_request, changed, not_found
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.store import Store

DONE: Object = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
WORDS = {"exec": "run a command in", "attach": "attach to", "portforward": "forward ports to", "proxy": "proxy to"}


def respond(store: Store, catalog: Catalog, call: Call) -> Answer:
    """Raises 404, 409 and, for connections, 501."""
    name, act = call.target.name, call.target.subresource
    found = store.get(call.served.key, (call.target.namespace, name))
    if found is None:
        raise not_found(call.served.group, call.served.plural, name)
    if act == "proxy" or act in CONNECTIONS:
        raise unconnected(call)
    with store.lock:
        if act == "eviction":
            return _evict(store, catalog, call)
        return _bind(store, call, found)


def unconnected(call: Call) -> Refusal:
    """501: says what this cluster is, and what it has instead."""
    served, name = call.served, call.target.name
    why = "flux sandbox keeps objects and runs no containers"
    instead = " (kubectl logs shows what there is of a log)" if served.plural == "pods" else ""
    message = f"cannot {WORDS[call.target.subresource]} {served.kind.lower()} {name}: {why}{instead}"
    return Refusal(501, message, reason="NotImplemented", details={"name": name, "kind": served.plural})


def _evict(store: Store, catalog: Catalog, call: Call) -> Answer:
    """Budgets are not counted: nobody works out how many disruptions they allow."""
    asked = decode(call.request.body, call.content_type())
    if not isinstance(asked, dict):
        raise bad_request("couldn't get version/kind; json parse error")
    if not call.dry_run and not dig(asked, "deleteOptions.dryRun"):
        place = (call.target.namespace, call.target.name)
        deleting.remove(store, catalog, call.served.key, place, text(asked, "deleteOptions.propagationPolicy"))
    return answer(DONE, 201)


def _bind(store: Store, call: Call, pod: Object) -> Answer:
    asked, name = decode(call.request.body, call.content_type()), call.target.name
    node = text(asked, "target.name") if isinstance(asked, dict) else ""
    if not node:
        raise bad_request("target.name is required")
    there = text(pod, "spec.nodeName")
    if there:
        raise changed("", "pods/binding", name, f'pod {name} is already assigned to node "{there}"')
    if pod["metadata"].get("deletionTimestamp"):
        raise changed("", "pods/binding", name, f"pod {name} is being deleted, cannot be assigned to a host")
    scheduled = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": now()}
    status = pod.get("status") or {}
    conditions = [c for c in status.get("conditions") or [] if c.get("type") != "PodScheduled"]
    after = pod | {"spec": pod["spec"] | {"nodeName": node}, "status": status | {"conditions": [*conditions, scheduled]}}
    if not call.dry_run:
        store.put(call.served.key, (call.target.namespace, name), after)
    return answer(DONE, 201)

"""``/scale``: how many replicas a workload has and shall have, in the one shape that all workloads share."""

import json

from flux_cli.core.api import MERGE
from flux_cli.core.objects import Object, dig
from flux_cli.sandbox import patches, writing
from flux_cli.sandbox.call import Answer, Call, answer, decode
from flux_cli.sandbox.catalog import Catalog, Served
from flux_cli.sandbox.refusal import Cause, bad_request, invalid, not_found
from flux_cli.sandbox.shapes import one
from flux_cli.sandbox.store import Store

SCALE = Served("autoscaling", "v1", "scales", "Scale", True)


def respond(store: Store, catalog: Catalog, call: Call, verb: str) -> Answer:
    """get, update and patch of a Scale; a change becomes one of the workload's ``spec.replicas``."""
    place = (call.target.namespace, call.target.name)
    obj = store.get(call.served.key, place)
    if obj is None:
        raise not_found(call.served.group, call.served.plural, place[1])
    if verb == "get":
        return answer(one(_view(obj), call._replace(target=call.target._replace(served=SCALE))))
    sent = decode(call.request.body, call.content_type() if verb == "update" else "application/json")
    wanted = sent if verb == "update" else patches.patched(_view(obj), sent, call.content_type())
    replicas = dig(wanted, "spec.replicas", 0)
    if not isinstance(replicas, int):
        raise bad_request("spec.replicas must be a number")
    if replicas < 0:
        why = f"Invalid value: {replicas}: must be greater than or equal to 0"
        raise invalid("autoscaling", "Scale", place[1], [Cause("FieldValueInvalid", "spec.replicas", why)])
    headers = dict(call.request.headers) | {"content-type": MERGE, "accept": "application/json"}
    request = call.request._replace(method="PATCH", body=json.dumps({"spec": {"replicas": replicas}}).encode(), headers=headers)
    workload = call._replace(request=request, target=call.target._replace(subresource=""), through="scale")
    changed = writing.write(store, catalog, workload, "patch")
    assert isinstance(changed.body, bytes)
    return answer(_view(json.loads(changed.body)))


def _view(obj: Object) -> Object:
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    selector = ",".join(f"{k}={v}" for k, v in sorted(dig(obj, "spec.selector.matchLabels", {}).items()))
    status: Object = {"replicas": dig(obj, "status.replicas", 0)}
    if selector:
        status["selector"] = selector
    spec = {"replicas": obj["spec"]["replicas"]} if dig(obj, "spec.replicas") else {}
    metadata = {k: v for k, v in obj["metadata"].items() if k in kept}
    return {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec, "status": status}

"""``/flux-sandbox/``: what only the masters reach: faults on demand, forced compaction, dropped watches."""

from flux_cli.core.api import Request
from flux_cli.sandbox.call import Answer, decode, encode
from flux_cli.sandbox.faults import Fault, Faults
from flux_cli.sandbox.refusal import Unserved, bad_request
from flux_cli.sandbox.store import Store

DONE = Answer(200, {"content-type": "application/json"}, encode({"done": True}))


def switch(faults: Faults, store: Store, request: Request) -> Answer:
    """POST faults | compact | drop-watches; DELETE faults."""
    action = request.path.rstrip("/").rpartition("/")[2]
    body = decode(request.body, "application/json") if request.body else {}
    match request.method, action:
        case "POST", "faults":
            if not isinstance(body, dict) or set(body) - set(Fault._fields):
                raise bad_request(f"a fault has the fields {', '.join(Fault._fields)}")
            faults.add(Fault(**body))
        case "DELETE", "faults":
            faults.clear()
        case "POST", "compact":
            store.compact()
        case "POST", "drop-watches":
            faults.drops += 1
            store.wake()
        case _:
            raise Unserved
    return DONE

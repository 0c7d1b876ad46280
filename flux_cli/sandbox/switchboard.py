"""``/flux-sandbox/``: what only the masters reach: faults on demand, forced compaction, dropped watches, log lines."""

from flux_cli.core.api import Request
from flux_cli.core.objects import text
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.call import Answer, decode, encode
from flux_cli.sandbox.faults import Fault
from flux_cli.sandbox.refusal import Unserved, bad_request

DONE = Answer(200, {"content-type": "application/json"}, encode({"done": True}))


def switch(sandbox: Sandbox, request: Request) -> Answer:
    """POST faults | compact | drop-watches | logs | objects; DELETE faults."""
    action = request.path.rstrip("/").rpartition("/")[2]
    body = decode(request.body, "application/json") if request.body else {}
    match request.method, action:
        case "POST", "faults":
            if not isinstance(body, dict) or set(body) - set(Fault._fields):
                raise bad_request(f"a fault has the fields {', '.join(Fault._fields)}")
            sandbox.faults.add(Fault(**body))
        case "DELETE", "faults":
            sandbox.faults.clear()
        case "POST", "compact":
            sandbox.store.compact()
        case "POST", "drop-watches":
            sandbox.faults.drops += 1
            sandbox.store.wake()
        case "POST", "logs":
            lines = body.get("lines") or []
            sandbox.logs.write(
                text(body, "namespace"), text(body, "pod"), *map(str, lines), previous=body.get("previous") is True
            )
        case _:
            raise Unserved
    return DONE

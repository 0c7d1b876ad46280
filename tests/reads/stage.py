"""A cluster in memory with the front door on it, whose requests are kept; and objects to put in."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from front_door import Flux

from flux_cli.core.api import NAMESPACE, Request, Response, Transport
from flux_cli.core.app import Settings
from flux_cli.kinds import every
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.access import Caller
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.faults import Fault
from flux_cli.sandbox.transport import SandboxTransport
from flux_cli.sandbox.world import World

Object = dict[str, Any]
REVISION = "main@sha1:77e95a8aef7b32e591f060c31963210c517292b0"
VERSIONS = {kind.kind: kind.resource.api_version for kind in every()}


class Sent(NamedTuple):
    """A request as it went out; ``path`` with its query."""

    method: str
    path: str
    type: str
    body: Any


class Wire:
    """Notes every request. ``before``: called with each request, may change the cluster meanwhile; ``answer``: may answer in
    its place."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.server = inner.server
        self.sent: list[Sent] = []
        self.before: Callable[[Request], None] = lambda request: None
        self.answer: Callable[[Request], Response | None] = lambda request: None

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> Response:
        body = json.loads(request.body) if request.body else None
        query = "&".join(f"{key}={value}" for key, value in request.query)
        path = request.path + (f"?{query}" if query else "")
        self.sent.append(Sent(request.method, path, request.headers.get("content-type", ""), body))
        self.before(request)
        return self.answer(request) or self._inner.send(request, timeout=timeout, stream=stream)

    def together(self, requests: Sequence[Request], *, timeout: float | None = None) -> Iterator[None]:
        return iter([None] * len(requests))

    def close(self) -> None:
        pass

    def writes(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.method != "GET"]


class Staffed:
    """``flux`` is the front door, ``kube`` acts behind its back, ``wire`` has what was asked, ``world`` is what controllers find."""

    def __init__(self, home: str, front: Transport, back: Transport) -> None:
        self.kube = KubeClient(back)
        self.wire = Wire(front)
        self.world = World()
        self.flux = Flux(home, self._connect)

    def _connect(self, _settings: Settings, _environ: Mapping[str, str]) -> KubeClient:
        return KubeClient(self.wire)


class Cluster(Staffed):
    """The embedded one, which also takes objects as they are and plays faults."""

    def __init__(self, home: str) -> None:
        self.sandbox = Sandbox()
        super().__init__(home, SandboxTransport(self.sandbox), SandboxTransport(self.sandbox))
        for name in ("apps", "live"):
            self.kube.create(NAMESPACE, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def keep(self, *objects: Object) -> None:
        """Take objects as they are, status and all."""
        for obj in objects:
            self.sandbox.keep(obj)

    def fault(self, **fields: Any) -> None:
        self.sandbox.faults.add(Fault(**fields))

    def viewer(self) -> None:
        """From now on the front door is used by somebody without any rights."""
        self.wire = Wire(SandboxTransport(self.sandbox, Caller("viewer", ("viewers", "system:authenticated"))))


def made(kind: str, name: str, namespace: str = "flux-system", **fields: Any) -> Object:
    """An object; ``metadata`` is merged, everything else taken as it is."""
    metadata = {"name": name, "namespace": namespace, "generation": 1, "creationTimestamp": "2026-03-01T08:00:00Z"}
    metadata |= fields.pop("metadata", {})
    version = fields.pop("api_version", VERSIONS.get(kind, "v1"))
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}


def condition(status: str, message: str = "fine", type_: str = "Ready", **more: Any) -> Object:
    return {
        "type": type_,
        "status": status,
        "reason": "Tested",
        "message": message,
        "lastTransitionTime": "2026-03-01T09:00:00Z",
    } | more


def in_state(kind: str, name: str, status: str, message: str, namespace: str = "flux-system", **fields: Any) -> Object:
    """An object whose controller has seen it and set Ready."""
    state = {"observedGeneration": 1, "conditions": [condition(status, message)]} | fields.pop("also", {})
    return made(kind, name, namespace, status=state, **fields)

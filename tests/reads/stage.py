"""A cluster in memory with the front door on it, whose requests are kept; and objects to put in."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from front_door import Flux

from flux_cli.core.api import NAMESPACE, Request
from flux_cli.core.app import Settings
from flux_cli.kinds import every
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.access import Caller
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.faults import Fault
from flux_cli.sandbox.transport import SandboxResponse, SandboxTransport
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
    """Notes every request. ``before``: called with each request, may change the cluster meanwhile."""

    def __init__(self, sandbox: Sandbox, caller: Caller | None = None) -> None:
        self._inner = SandboxTransport(sandbox, caller) if caller else SandboxTransport(sandbox)
        self.server = self._inner.server
        self.sent: list[Sent] = []
        self.before: Callable[[Request], None] = lambda request: None

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> SandboxResponse:
        body = json.loads(request.body) if request.body else None
        query = "&".join(f"{key}={value}" for key, value in request.query)
        path = request.path + (f"?{query}" if query else "")
        self.sent.append(Sent(request.method, path, request.headers.get("content-type", ""), body))
        self.before(request)
        return self._inner.send(request, timeout=timeout, stream=stream)

    def close(self) -> None:
        pass

    def writes(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.method != "GET"]


class Cluster:
    """``flux`` is the front door, ``kube`` acts behind its back, ``wire`` has what was asked."""

    def __init__(self, home: str) -> None:
        self.sandbox = Sandbox()
        self.kube = KubeClient(SandboxTransport(self.sandbox))
        self.wire = Wire(self.sandbox)
        self.world = World()
        self.flux = Flux(home, self._connect)
        for name in ("apps", "live"):
            self.kube.create(NAMESPACE, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def _connect(self, _settings: Settings, _environ: Mapping[str, str]) -> KubeClient:
        return KubeClient(self.wire)

    def keep(self, *objects: Object) -> None:
        """Take objects as they are, status and all."""
        for obj in objects:
            self.sandbox.keep(obj)

    def fault(self, **fields: Any) -> None:
        self.sandbox.faults.add(Fault(**fields))

    def viewer(self) -> None:
        """From now on the front door is used by somebody without any rights."""
        self.wire = Wire(self.sandbox, Caller("viewer", ("viewers", "system:authenticated")))


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

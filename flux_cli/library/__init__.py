"""Flux for programs: the reads and waits of the command line as objects, and the official client set up from the same settings.

    import flux_cli

    with flux_cli.connect(context="staging") as flux:
        for release in flux.list("hr", namespace="apps"):
            print(release.name, release.ready, release.message)
        flux.wait("ks", "apps", timeout=120)

Everything here raises the family of ``flux_cli.core.errors``; nothing prints, exits or touches the process.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from flux_cli import kinds
from flux_cli.core import objects
from flux_cli.core.api import ALL, Cluster
from flux_cli.core.app import Settings
from flux_cli.core.errors import FluxError, Gone, UsageError
from flux_cli.core.fieldselectors import named
from flux_cli.core.objects import Object
from flux_cli.kinds import Kind
from flux_cli.kube.client import KubeClient

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

    from flux_cli.diagnosis.result import Diagnosis, Triage

__all__ = ["ALL", "Change", "Flux", "FluxObject", "connect", "diagnose"]


class FluxObject:
    """One object of a Flux kind. ``raw`` is the whole of it, as the API server sent it."""

    __slots__ = ("_kind", "raw")

    def __init__(self, kind: Kind, raw: Object) -> None:
        self._kind = kind
        self.raw = raw

    @property
    def kind(self) -> str:
        """``HelmRelease`` and the like."""
        return self._kind.kind

    @property
    def name(self) -> str:
        return objects.name_of(self.raw)

    @property
    def namespace(self) -> str:
        return objects.namespace_of(self.raw)

    @property
    def ready(self) -> bool | None:
        """The Ready condition: True, False, or None where it is unknown or not there. Kinds without a status are ready."""
        if self._kind.static(self.raw):
            return True
        found = objects.condition(self.raw)
        return {"True": True, "False": False}.get(objects.text(found, "status"))

    @property
    def reason(self) -> str:
        """The Ready condition's reason, empty where there is none."""
        return objects.text(objects.condition(self.raw), "reason")

    @property
    def message(self) -> str:
        """What its controller says about it."""
        return objects.text(objects.condition(self.raw), "message")

    @property
    def revision(self) -> str:
        """The revision at which it stands, whole."""
        return self._kind.revision(self.raw)

    @property
    def suspended(self) -> bool:
        return self._kind.suspended(self.raw)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.namespace}/{self.name} ready={self.ready}>"


class Change(NamedTuple):
    """What a watch tells: ADDED, MODIFIED or DELETED, and the object as it is then."""

    type: str
    object: FluxObject


class Flux:
    """A cluster with Flux on it. ``kube`` is the plain Kubernetes API, for everything that is no Flux kind.

    Kinds are named as on the command line: ``kustomization``, ``ks``, ``HelmRelease``, ``hr``. Where no namespace is given
    it is ``namespace``; ``flux_cli.library.ALL`` means every namespace. Safe to use from several threads.
    """

    def __init__(self, kube: Cluster, namespace: str, timeout: float) -> None:
        self.kube = kube
        self.namespace = namespace
        self.timeout = timeout

    def get(self, kind: str, name: str, namespace: str | None = None) -> FluxObject:
        """Raises NotFound, NoMatch (Flux is not installed there), Forbidden and the rest of the ApiError family."""
        model = _kind(kind)
        return FluxObject(model, self._now().get(model.resource, self._in(namespace), name))

    def list(self, kind: str, namespace: str | None = None, *, labels: str = "") -> Sequence[FluxObject]:
        """In the server's order. ``labels`` is a selector: ``team=a,tier!=db``."""
        model = _kind(kind)
        found = self._now().list(model.resource, self._in(namespace), labels=labels)
        return [FluxObject(model, raw) for raw in found.items]

    def watch(
        self, kind: str, namespace: str | None = None, *, name: str = "", labels: str = "", timeout: float | None = None
    ) -> Iterator[Change]:
        """What exists, as ADDED, then every change, until ``timeout`` seconds have passed (for ever without).

        Where the server has lost track, what exists is told once more as ADDED.
        """
        model = _kind(kind)
        fields = named(name or None)
        end = None if timeout is None else time.monotonic() + timeout
        version = ""
        while True:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return
            try:
                for event in self.kube.watch(
                    model.resource, self._in(namespace), labels=labels, fields=fields, resource_version=version, timeout=left
                ):
                    version = objects.text(event.object, "metadata.resourceVersion") or version
                    if event.type != "BOOKMARK":
                        yield Change(event.type, FluxObject(model, event.object))
            except Gone:
                version = ""

    def wait(self, kind: str, name: str, namespace: str | None = None, *, timeout: float | None = None) -> FluxObject:
        """The object once its controller has seen it as it is now and made it ready.

        Raises NotReady with the controller's words where it gave up, Timeout after ``timeout`` seconds (else the connection's).
        """
        from flux_cli.services import waiting

        model = _kind(kind)
        kube = self.kube.within(self.timeout if timeout is None else timeout)
        obj = kube.get(model.resource, self._in(namespace), name)
        return FluxObject(model, waiting.until(kube, model.resource, obj, waiting.resumed(model)))

    def diagnose(self, kind: str, name: str, namespace: str | None = None) -> "Diagnosis":
        """Why this object is not as it should be: one cause, the object to change, evidence, commands. Reads only.

        ``kind`` may also be a workload's (``deploy``, ``pod``). Raises NotFound, with near names as its hint.
        """
        from flux_cli.services import diagnosing

        return diagnosing.diagnose(self._now(), kind, self._in(namespace), name)

    def triage(self, namespace: str = ALL, *, labels: str = "") -> "Triage":
        """What fails in the cluster, or in one namespace, grouped by cause, the worst first. Reads only."""
        from flux_cli.services import diagnosing

        return diagnosing.triage(self._now(), namespace, labels)

    def api_client(self) -> "ApiClient":
        """The official ``kubernetes`` package's ApiClient for this cluster, with its login, proxy and certificates.

        It asks the same credential plugin, so tokens and client certificates that expire are renewed for it too. Raises
        FluxError where the cluster is not behind a network (``from_path``).
        """
        from flux_cli.kube.wire import Wire

        transport = self.kube.transport if isinstance(self.kube, KubeClient) else None
        if not isinstance(transport, Wire):
            raise FluxError("a cluster that was read from files has no address that another client could use")
        from flux_cli.library.bridge import api_client

        return api_client(transport)

    def close(self) -> None:
        """End the connections."""
        if isinstance(self.kube, KubeClient):
            self.kube.close()

    def __enter__(self) -> "Flux":
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _in(self, namespace: str | None) -> str:
        return self.namespace if namespace is None else namespace

    def _now(self) -> Cluster:
        return self.kube.within(self.timeout)


def connect(
    *,
    kubeconfig: str = "",
    context: str = "",
    namespace: str = "",
    cluster: str = "",
    user: str = "",
    server: str = "",
    token: str = "",
    as_user: str = "",
    as_group: Sequence[str] = (),
    timeout: float = 300.0,
    from_path: str = "",
    environ: Mapping[str, str] | None = None,
) -> Flux:
    """A cluster, found as the command line finds it: each argument is the flag of the same name. Nothing is sent yet.

    ``timeout``: seconds for each read. ``from_path``: read manifests from there instead. ``environ`` replaces ``os.environ``.
    Raises ConfigError.
    """
    env = os.environ if environ is None else environ
    settings = Settings(
        namespace=namespace or env.get("FLUX_SYSTEM_NAMESPACE", "") or Settings().namespace,
        timeout=timeout,
        kubeconfig=kubeconfig,
        context=context,
        cluster=cluster,
        user=user,
        server=server,
        token=token,
        as_user=as_user,
        as_group=tuple(as_group),
        from_path=from_path,
    )
    return Flux(_kube(settings, env), settings.namespace, timeout)


def diagnose(kind: str, name: str, namespace: str = "", **connection: Any) -> "Diagnosis":
    """``connect(...).diagnose(...)`` in one call; ``connection`` takes the arguments of ``connect``.

    found = flux_cli.diagnose("hr", "my-app", "apps", from_path="snapshot.tar.gz")
    print(found.healthy, found.causes[0].code, found.causes[0].object)
    """
    with connect(namespace=namespace, **connection) as flux:
        return flux.diagnose(kind, name)


def _kube(settings: Settings, environ: Mapping[str, str]) -> KubeClient:
    if settings.from_path:
        from flux_cli.sandbox.snapshot import open_path

        return KubeClient(open_path(settings.from_path), known=kinds.served_as)
    from flux_cli.kube.session import connect as over_the_wire

    return over_the_wire(settings, environ, known=kinds.served_as)


def _kind(word: str) -> Kind:
    found = kinds.find(word)
    if found is None:
        raise UsageError(f'"{word}" is not a Flux kind', hint=f"The kinds are {', '.join(kinds.NAMES)}.")
    return found

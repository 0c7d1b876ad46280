"""The two seams to a cluster: bytes (``Transport``) and objects (``Cluster``).

``kube.wire`` and ``sandbox.transport`` are the transports, ``kube.client`` is the cluster over either of them.
Services, diagnosis and the stand-in controllers know only the protocols of this page.
"""

from __future__ import annotations

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object
from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, Protocol

    Found = list[list[Any] | Exception]  # of each kind: its objects, or why they could not be read
else:
    Protocol = object

ALL = ""  # every namespace

MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"


class Resource(Record):
    """A kind as the API server knows it. ``older`` are versions to fall back to on 404, newest first."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    older: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def name(self) -> str:
        """``plural.group``, as error messages and CRDs are named."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(self, namespace: str = ALL, name: str = "", subresource: str = "") -> str:
        """The URL path, unescaped: names come from users and are quoted by the client.

        Raises FluxError for a name that is no single segment, in client-go's words: ``a/status`` would be another resource.
        """
        if name in (".", "..") or "/" in name or "%" in name:
            wrong = [f"may not be '{name}'"] if name in (".", "..") else [f"may not contain '{c}'" for c in "/%" if c in name]
            from flux_cli.core.text import go_quote

            raise FluxError(f"invalid resource name {go_quote(name)}: [{' '.join(wrong)}]")
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        scope = f"/namespaces/{namespace}" if namespace and self.namespaced else ""
        tail = "".join(f"/{part}" for part in (name, subresource) if part)
        return f"{root}{scope}/{self.plural}{tail}"


SECRET = Resource("", "v1", "secrets", "Secret")
CONFIG_MAP = Resource("", "v1", "configmaps", "ConfigMap")
SERVICE = Resource("", "v1", "services", "Service")
SERVICE_ACCOUNT = Resource("", "v1", "serviceaccounts", "ServiceAccount")
NAMESPACE = Resource("", "v1", "namespaces", "Namespace", namespaced=False)
NODE = Resource("", "v1", "nodes", "Node", namespaced=False)
POD = Resource("", "v1", "pods", "Pod")
EVENT = Resource("", "v1", "events", "Event")
PVC = Resource("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim")
QUOTA = Resource("", "v1", "resourcequotas", "ResourceQuota")
DEPLOYMENT = Resource("apps", "v1", "deployments", "Deployment")
STATEFUL_SET = Resource("apps", "v1", "statefulsets", "StatefulSet")
DAEMON_SET = Resource("apps", "v1", "daemonsets", "DaemonSet")
REPLICA_SET = Resource("apps", "v1", "replicasets", "ReplicaSet")
JOB = Resource("batch", "v1", "jobs", "Job")
CRD = Resource("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", namespaced=False)


class Request(Record):
    """One HTTP request. ``path`` is escaped already, ``query`` is not; header names are in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = {}
    body: bytes | None = None


class Response(Protocol):
    """An answer whose body is read once: whole (``read``), in pieces as they come, or line by line; then it is closed.

    Reading raises ``Unreachable`` and ``Timeout``; of ``lines`` it ends the lines.
    """

    status: int
    headers: Mapping[str, str]

    def read(self) -> bytes: ...
    def pieces(self) -> Iterator[bytes]: ...
    def lines(self) -> Iterator[bytes]: ...
    def close(self) -> None: ...


class Transport(Protocol):
    """Carries requests to one API server; safe to call from several threads at once.

    ``timeout``: seconds until the answer must be whole (``stream``: until its head is there).
    Raises ``Unreachable`` and ``Timeout``.
    """

    server: str

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> Response: ...

    def together(self, requests: Sequence[Request], *, timeout: float | None = None) -> Iterator[Response | FluxError | None]:
        """Answers to reads, in their order and one round trip deep; each is read to its end before the next.

        An error where the read fails; None where no answer came this way, or it has to be asked for again, with the patience
        that ``send`` has.
        """

    def close(self) -> None: ...


class ObjectList(Record):
    """A list and the resource version from which a watch continues it."""

    items: list[Object]
    resource_version: str


class Event(Record):
    """One line of a watch: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR (``object`` is then a Status)."""

    type: str
    object: Object


class Cluster(Protocol):
    """The Kubernetes API as verbs over (resource, namespace, name); objects are dicts.

    Every call raises the ``ApiError`` family, ``Unreachable`` or ``Timeout`` of ``core.errors``.
    All are safe to call from several threads at once.
    """

    server: str

    def get(self, resource: Resource, namespace: str, name: str, *, metadata_only: bool = False) -> Object: ...

    def list(
        self,
        resource: Resource,
        namespace: str = ALL,
        *,
        labels: str = "",
        fields: str = "",
        limit: int = 0,
        metadata_only: bool = False,
        keep: Callable[[Object], Any] | None = None,
    ) -> ObjectList:
        """``limit``: the size of the pages it is read in. ``keep`` is called with each object as it comes in, and what it
        makes of it takes its place in the list: what is not kept takes no memory."""

    def list_each(
        self,
        resources: Sequence[Resource],
        namespace: str = ALL,
        *,
        labels: str = "",
        fields: str = "",
        keeps: Sequence[Callable[[Object], Any] | None] = (),
    ) -> Found:
        """The lists of several kinds, one round trip deep; the exception in its place where one cannot be read.

        ``keeps``: what ``keep`` is to ``list``, for each of them or for none.
        """

    def watch(
        self,
        resource: Resource,
        namespace: str = ALL,
        *,
        labels: str = "",
        fields: str = "",
        resource_version: str = "",
        timeout: float | None = None,
    ) -> Iterator[Event]:
        """Events until the server closes the watch or ``timeout`` seconds passed (then the iterator just ends).

        Without ``resource_version`` the server first sends ADDED for all that exists.
        """

    def create(
        self,
        resource: Resource,
        namespace: str,
        obj: Object,
        *,
        dry_run: bool = False,
        field_manager: str = "",
        strict: bool = False,
    ) -> Object: ...

    def update(
        self,
        resource: Resource,
        namespace: str,
        obj: Object,
        *,
        dry_run: bool = False,
        field_manager: str = "",
        subresource: str = "",
    ) -> Object: ...

    def patch(
        self,
        resource: Resource,
        namespace: str,
        name: str,
        patch: Any,
        *,
        content_type: str = MERGE,
        dry_run: bool = False,
        field_manager: str = "",
        subresource: str = "",
    ) -> Object: ...

    def apply(
        self, resource: Resource, namespace: str, obj: Object, *, field_manager: str, force: bool = False, dry_run: bool = False
    ) -> Object: ...

    def delete(
        self, resource: Resource, namespace: str, name: str, *, dry_run: bool = False, propagation: str = ""
    ) -> Object: ...

    def logs(
        self,
        namespace: str,
        pod: str,
        *,
        container: str = "",
        follow: bool = False,
        tail: int | None = None,
        since_seconds: int | None = None,
        since_time: str = "",
        previous: bool = False,
        timestamps: bool = False,
    ) -> Iterator[bytes]:
        """Log lines without their newline. A line that does not end yet is not yielded before it does, or the stream ends."""

    def resolve(self, api_version: str, kind: str) -> Resource:
        """Which resource serves this kind; by discovery where the registry and the core kinds do not know it. Raises NoMatch."""

    def named(self, word: str) -> Resource:
        """The resource that a person means by ``word``: plural, singular, short name or kind. Raises NoMatch."""

    def category(self, word: str) -> Sequence[Resource]:
        """The resources of a category such as ``all``; empty where the word is none."""

    def resources(self) -> Sequence[Resource]:
        """All that the cluster serves, preferred versions first (aggregated discovery, cached)."""

    def raw(self, path: str) -> Any:
        """The JSON of a GET on a literal path, such as ``/version``."""

    def content(self, path: str) -> bytes:
        """The body of a GET on a literal path as it is, such as what a service answers through its proxy."""

    def within(self, seconds: float) -> Cluster:
        """The same cluster, all of whose calls share one deadline from now on (``--timeout``); none where it is infinite."""

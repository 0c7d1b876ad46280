"""The Kubernetes API as verbs over (resource, namespace, name), on any transport; objects are dicts."""

from __future__ import annotations

import time

from flux_cli.core.api import ALL, APPLY, MERGE, POD, Event, ObjectList, Resource, Response, Transport
from flux_cli.core.errors import ApiError
from flux_cli.core.objects import Object, name_of, namespace_of
from flux_cli.kube import decoding
from flux_cli.kube.calls import JSON, Calls, Sent, left
from flux_cli.kube.lists import Lists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from flux_cli.core.api import Found
    from flux_cli.kube.calls import Known, Query

METADATA = f"{JSON};as=PartialObjectMetadata;g=meta.k8s.io;v=v1,{JSON}"
METADATA_LIST = f"{JSON};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,{JSON}"


class KubeClient:
    """``core.api.Cluster`` over any transport.

    ``known(api_version, kind)`` answers for kinds that need no discovery; ``cache_dir`` keeps discovery between runs.
    """

    def __init__(self, transport: Transport, *, known: Known | None = None, cache_dir: str = "", refused: str = "") -> None:
        self.server = transport.server
        self._calls = Calls(transport, known, cache_dir, refused)
        self._until: float | None = None

    def within(self, seconds: float) -> KubeClient:
        other = KubeClient.__new__(KubeClient)
        other.server, other._calls = self.server, self._calls
        other._until = None if seconds == float("inf") else time.monotonic() + seconds
        return other

    @property
    def transport(self) -> Transport:
        """What carries the requests."""
        return self._calls.transport

    def close(self) -> None:
        """End the connections; the client is of no use afterwards."""
        self._calls.transport.close()

    # -- reading

    def get(self, resource: Resource, namespace: str, name: str, *, metadata_only: bool = False) -> Object:
        if not name:  # without it the address is that of the list
            raise ApiError("resource name may not be empty")
        accept = METADATA if metadata_only else JSON

        def call(served: Resource) -> Object:
            sent = Sent("GET", served.path(namespace, name), accept=accept, subject=f"{served.name} {name}")
            obj: Object = self._calls.json(sent, self._until)
            return obj | {"apiVersion": served.api_version, "kind": served.kind} if metadata_only else obj

        return self._calls.on_served(resource, self._until, call)

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
        """All items; ``limit`` is the size of the pages in which they are fetched. ``managedFields`` are left out."""
        lists = Lists(self._calls, self._until, namespace, _given(fieldSelector=fields, labelSelector=labels))
        return lists.one(resource, keep, limit=limit, accept=METADATA_LIST if metadata_only else JSON)

    def list_each(
        self,
        resources: Sequence[Resource],
        namespace: str = ALL,
        *,
        labels: str = "",
        fields: str = "",
        keeps: Sequence[Callable[[Object], Any] | None] = (),
    ) -> Found:
        lists = Lists(self._calls, self._until, namespace, _given(fieldSelector=fields, labelSelector=labels))
        return lists.each(resources, keeps or [None] * len(resources))

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
        from flux_cli.kube.streaming import events

        there: list[Object] = []
        if not resource_version:  # the server's own "start with what exists" needs a feature that old etcd lacks
            there, resource_version = self.list(resource, namespace, labels=labels, fields=fields)
        seconds = left(self._until, timeout)
        query = _given(
            fieldSelector=fields,
            labelSelector=labels,
            watch="true",
            allowWatchBookmarks="true",
            resourceVersion=resource_version,
            timeoutSeconds="" if seconds is None else str(int(seconds) + 1),
        )

        def call(served: Resource) -> Response:
            return self._calls.send(Sent("GET", served.path(namespace), query, subject=served.name), self._until, stream=True)

        response = self._calls.on_served(resource, self._until, call)
        return events(there, response, seconds, ends_quietly=timeout is not None and seconds == timeout)

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
        from flux_cli.kube.streaming import log_lines

        query = _given(
            container=container,
            follow="true" if follow else "",
            previous="true" if previous else "",
            sinceSeconds="" if since_seconds is None else str(since_seconds),
            sinceTime=since_time,
            tailLines="" if tail is None else str(tail),
            timestamps="true" if timestamps else "",
        )
        sent = Sent("GET", POD.path(namespace, pod, "log"), query, accept="text/plain, */*", subject=f"pods {pod}")
        return log_lines(self._calls.send(sent, self._until, stream=True), left(self._until))

    def raw(self, path: str) -> Any:
        target, _, query = path.partition("?")
        pairs = tuple((key, value) for key, _, value in (part.partition("=") for part in query.split("&") if part))
        return self._calls.json(Sent("GET", target, pairs), self._until)

    def content(self, path: str) -> bytes:
        answer = self._calls.send(Sent("GET", path, accept="*/*"), self._until)
        try:
            return answer.read()
        finally:
            answer.close()

    # -- writing

    def create(
        self,
        resource: Resource,
        namespace: str,
        obj: Object,
        *,
        dry_run: bool = False,
        field_manager: str = "",
        strict: bool = False,
    ) -> Object:
        query = _given(dryRun="All" if dry_run else "", fieldManager=field_manager, fieldValidation="Strict" if strict else "")
        return self._write("POST", resource, namespace or namespace_of(obj), "", "", query, obj)

    def update(
        self,
        resource: Resource,
        namespace: str,
        obj: Object,
        *,
        dry_run: bool = False,
        field_manager: str = "",
        subresource: str = "",
    ) -> Object:
        query = _given(dryRun="All" if dry_run else "", fieldManager=field_manager)
        return self._write("PUT", resource, namespace or namespace_of(obj), name_of(obj), subresource, query, obj)

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
    ) -> Object:
        query = _given(dryRun="All" if dry_run else "", fieldManager=field_manager)
        return self._write("PATCH", resource, namespace, name, subresource, query, patch, content_type)

    def apply(
        self, resource: Resource, namespace: str, obj: Object, *, field_manager: str, force: bool = False, dry_run: bool = False
    ) -> Object:
        query = _given(dryRun="All" if dry_run else "", fieldManager=field_manager, force="true" if force else "")
        return self._write("PATCH", resource, namespace or namespace_of(obj), name_of(obj), "", query, obj, APPLY)

    def delete(self, resource: Resource, namespace: str, name: str, *, dry_run: bool = False, propagation: str = "") -> Object:
        options: Object = {"kind": "DeleteOptions", "apiVersion": resource.api_version}
        options |= {"propagationPolicy": propagation} if propagation else {}
        options |= {"dryRun": ["All"]} if dry_run else {}  # in the body, as client-go has it
        return self._write("DELETE", resource, namespace, name, "", (), options)

    # -- which kinds there are

    def resolve(self, api_version: str, kind: str) -> Resource:
        from flux_cli.kube.discovery import constant

        known = self._calls.known
        sure = (known and known(api_version, kind)) or constant(api_version, kind)
        return sure or self._calls.discovery(self._until).resolve(api_version, kind)

    def resources(self) -> Sequence[Resource]:
        return self._calls.discovery(self._until).resources()

    def named(self, word: str) -> Resource:
        """The resource that a person means by ``word``: plural, singular, short name or kind. Raises NoMatch."""
        return self._calls.discovery(self._until).named(word)

    def category(self, word: str) -> Sequence[Resource]:
        return self._calls.discovery(self._until).category(word)

    # -- below the verbs

    def _write(
        self,
        method: str,
        resource: Resource,
        namespace: str,
        name: str,
        subresource: str,
        query: Query,
        body: Any,
        content_type: str = JSON,
    ) -> Object:
        def call(served: Resource) -> Object:
            sent = body
            if served is not resource and isinstance(body, dict) and body.get("apiVersion") == resource.api_version:
                sent = body | {"apiVersion": served.api_version}
            path = served.path(namespace, name, subresource)
            subject = f"{served.name} {name}".strip()
            data = None if sent is None else decoding.encode(sent)
            answer: Object = self._calls.json(Sent(method, path, query, JSON, subject, data, content_type), self._until)
            return answer

        return self._calls.on_served(resource, self._until, call)


def _given(**pairs: str) -> Query:
    """The query's pairs that have a value, in alphabetical order as Go writes them."""
    return tuple(sorted(pair for pair in pairs.items() if pair[1]))

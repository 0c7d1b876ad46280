"""The Kubernetes API as verbs over (resource, namespace, name), on any transport; objects are dicts."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from flux_cli.core.api import ALL, APPLY, MERGE, Event, ObjectList, Request, Resource, Response, Transport
from flux_cli.core.errors import FluxError, Gone, NoMatch, Timeout, Unauthorized
from flux_cli.core.objects import Object, name_of, namespace_of
from flux_cli.kube import decoding, status
from flux_cli.kube.address import escape

JSON = "application/json"
METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"

T = TypeVar("T")
Known = Callable[[str, str], Resource | None]


class Shared:
    """What all clients over one connection remember: versions that answered, the first kind asked for, discovery."""

    def __init__(self, transport: Transport, known: Known | None, cache_dir: str, refused: str) -> None:
        self.transport = transport
        self.known = known
        self.cache_dir = cache_dir
        self.refused = refused  # what to do about a 401, from who knows where the credentials came from
        self.served: dict[Resource, Resource] = {}
        self.first: Resource | None = None


class KubeClient:
    """``core.api.Cluster`` over any transport.

    ``known(api_version, kind)`` answers for kinds that need no discovery; ``cache_dir`` keeps discovery between runs.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        known: Known | None = None,
        cache_dir: str = "",
        refused: str = "",
        until: float | None = None,
    ) -> None:
        self.server = transport.server
        self._shared = Shared(transport, known, cache_dir, refused)
        self._until = until

    def within(self, seconds: float) -> "KubeClient":
        other = KubeClient.__new__(KubeClient)
        other.server, other._shared = self.server, self._shared
        other._until = time.monotonic() + seconds
        return other

    # -- reading

    def get(self, resource: Resource, namespace: str, name: str, *, metadata_only: bool = False) -> Object:
        accept = METADATA if metadata_only else JSON

        def call(served: Resource) -> Object:
            return self._object("GET", served, namespace, name, accept=accept)

        return self._on_served(resource, call)

    def list(
        self,
        resource: Resource,
        namespace: str = ALL,
        *,
        labels: str = "",
        fields: str = "",
        limit: int = 0,
        metadata_only: bool = False,
    ) -> ObjectList:
        """All items; ``limit`` is the size of the pages in which they are fetched. ``managedFields`` are left out."""
        query = _selectors(labels, fields)
        accept = METADATA_LIST if metadata_only else JSON
        return self._on_served(resource, lambda served: self._pages(served, namespace, query, limit, accept))

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
        left = self._left(timeout)
        query = (*_selectors(labels, fields), ("watch", "true"), ("allowWatchBookmarks", "true"))
        query += (("resourceVersion", resource_version),)
        if left is not None:
            query += (("timeoutSeconds", str(max(1, int(left) + 1))),)

        def call(served: Resource) -> Response:
            return self._send("GET", served.path(namespace), query, {"accept": JSON}, subject=served.name, stream=True)

        response = self._on_served(resource, call)
        return events(there, response, left, ends_quietly=timeout is not None and left == timeout)

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
        from flux_cli.core.api import POD
        from flux_cli.kube.streaming import log_lines

        wanted = {
            "container": container,
            "follow": "true" if follow else "",
            "previous": "true" if previous else "",
            "sinceSeconds": "" if since_seconds is None else str(since_seconds),
            "sinceTime": since_time,
            "tailLines": "" if tail is None else str(tail),
            "timestamps": "true" if timestamps else "",
        }
        query = tuple((key, value) for key, value in wanted.items() if value)
        path = POD.path(namespace, pod, "log")
        response = self._send("GET", path, query, {"accept": "text/plain, */*"}, subject=f"pods {pod}", stream=True)
        return log_lines(response, self._left(None))

    def raw(self, path: str) -> Any:
        target, _, query = path.partition("?")
        pairs = tuple((key, value) for key, _, value in (part.partition("=") for part in query.split("&") if part))
        response = self._send("GET", target, pairs, {"accept": JSON}, subject="")
        return decoding.decode(response.read(), response, self.server)

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
        query = (*_writing(dry_run, field_manager), *((("fieldValidation", "Strict"),) if strict else ()))
        return self._write("POST", resource, namespace, "", query=query, body=obj)

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
        query = _writing(dry_run, field_manager)
        return self._write("PUT", resource, namespace, name_of(obj), subresource, query=query, body=obj)

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
        query = _writing(dry_run, field_manager)
        return self._write("PATCH", resource, namespace, name, subresource, query=query, body=patch, content_type=content_type)

    def apply(
        self, resource: Resource, namespace: str, obj: Object, *, field_manager: str, force: bool = False, dry_run: bool = False
    ) -> Object:
        query = (*_writing(dry_run, field_manager), *((("force", "true"),) if force else ()))
        return self._write("PATCH", resource, namespace, name_of(obj), query=query, body=obj, content_type=APPLY)

    def delete(self, resource: Resource, namespace: str, name: str, *, dry_run: bool = False, propagation: str = "") -> Object:
        body = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": propagation} if propagation else None
        return self._write("DELETE", resource, namespace, name, query=_writing(dry_run, ""), body=body)

    # -- which kinds there are

    def resolve(self, api_version: str, kind: str) -> Resource:
        from flux_cli.kube.discovery import resolve

        return resolve(self, api_version, kind, self._shared)

    def resources(self) -> Sequence[Resource]:
        from flux_cli.kube.discovery import resources

        return resources(self, self._shared)

    def close(self) -> None:
        """End the connections; the client is of no use afterwards."""
        self._shared.transport.close()

    # -- below the verbs

    def _pages(
        self, resource: Resource, namespace: str, query: tuple[tuple[str, str], ...], limit: int, accept: str
    ) -> ObjectList:
        items: list[Object] = []
        token = ""
        while True:
            paging = ((("limit", str(limit)),) if limit else ()) + ((("continue", token),) if token else ())
            try:
                response = self._send("GET", resource.path(namespace), query + paging, {"accept": accept}, subject=resource.name)
            except Gone:
                if not token:
                    raise
                return self._pages(resource, namespace, query, 0, accept)  # the pages expired: once more in one piece
            version, token = decoding.decode_list(response, self.server, resource, items)
            if not token:
                return ObjectList(items, version)

    def _object(self, method: str, resource: Resource, namespace: str, name: str, *, accept: str) -> Object:
        response = self._send(method, resource.path(namespace, name), (), {"accept": accept}, subject=f"{resource.name} {name}")
        obj = decoding.decode(response.read(), response, self.server)
        if obj.get("kind") == "PartialObjectMetadata":
            obj["apiVersion"], obj["kind"] = resource.api_version, resource.kind
        return obj

    def _write(
        self,
        method: str,
        resource: Resource,
        namespace: str,
        name: str,
        subresource: str = "",
        *,
        query: tuple[tuple[str, str], ...],
        body: Any,
        content_type: str = JSON,
    ) -> Object:
        import json

        def call(served: Resource) -> Object:
            path = served.path(namespace or namespace_of(body) if isinstance(body, dict) else namespace, name, subresource)
            sent = (
                body | {"apiVersion": served.api_version}
                if isinstance(body, dict) and served is not resource and "kind" in body
                else body
            )
            data = None if sent is None else json.dumps(sent, separators=(",", ":")).encode()
            headers = {"accept": JSON} | ({"content-type": content_type} if data is not None else {})
            response = self._send(method, path, query, headers, data, subject=f"{served.name} {name}".strip())
            return decoding.decode(response.read(), response, self.server)

        return self._on_served(resource, call)

    def _on_served(self, resource: Resource, call: Callable[[Resource], T]) -> T:
        """Call with the version that this cluster serves: the resource's own, else the older ones; remembered afterwards."""
        shared = self._shared
        shared.first = shared.first or resource
        try:
            return call(shared.served.get(resource, resource))
        except NoMatch:
            if resource in shared.served:
                raise
        for version in resource.older:
            try:
                older = resource._replace(version=version)
                result = call(older)
            except NoMatch:
                continue
            shared.served[resource] = older
            return result
        raise self._absent(resource)

    def _absent(self, resource: Resource) -> NoMatch:
        """Which of client-go's two texts: is the version unknown, or the kind within it?"""
        if self._shared.first != resource or not resource.group:
            return status.kind_absent(resource)
        try:
            self.raw(f"/apis/{resource.api_version}")
        except NoMatch:
            return status.version_absent(resource)
        except FluxError:
            pass  # whatever this is, the kind is not there
        return status.kind_absent(resource)

    def _send(
        self,
        method: str,
        path: str,
        query: tuple[tuple[str, str], ...],
        headers: dict[str, str],
        body: bytes | None = None,
        *,
        subject: str,
        stream: bool = False,
    ) -> Response:
        request = Request(method, escape(path, path=True), query, headers, body)
        response = self._shared.transport.send(request, timeout=self._left(None), stream=stream)
        if response.status < 300:
            return response
        try:
            data = response.read()
        finally:
            response.close()
        error = status.from_answer(response.status, response.headers, data, server=self.server, verb=method, subject=subject)
        if isinstance(error, Unauthorized):
            error.hint = self._shared.refused
        raise error

    def _left(self, seconds: float | None) -> float | None:
        """Seconds that are left, the smaller of ``seconds`` and the deadline; raises where the deadline has passed."""
        if self._until is None:
            return seconds
        left = self._until - time.monotonic()
        if left <= 0:
            raise Timeout("context deadline exceeded")
        return left if seconds is None else min(left, seconds)


def _selectors(labels: str, fields: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in (("fieldSelector", fields), ("labelSelector", labels)) if pair[1])


def _writing(dry_run: bool, field_manager: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in (("dryRun", "All" if dry_run else ""), ("fieldManager", field_manager)) if pair[1])

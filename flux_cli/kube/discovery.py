"""Which kinds a cluster serves. Two requests (aggregated discovery), kept on disk for six hours where kubectl keeps its own.

Only for kinds that neither the registry nor ``core.api`` knows: the hot commands never come here.
"""

import json
import os
import re
import time
from _thread import allocate_lock as Lock
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from flux_cli.core import api
from flux_cli.core.api import Resource
from flux_cli.core.errors import NoMatch
from flux_cli.core.objects import items, text
from flux_cli.core.parallel import later, side_by_side
from flux_cli.kube import served as words
from flux_cli.kube.served import Served
from flux_cli.kube.status import kind_absent

LIFETIME = 6 * 3600  # seconds, as kubectl
ACCEPT = ",".join(f"application/json;g=apidiscovery.k8s.io;v={v};as=APIGroupDiscoveryList" for v in ("v2", "v2beta1"))

T = TypeVar("T")
Fetch = Callable[[str, str], Any]  # (path, accept) -> JSON


class Discovery:
    """What one cluster serves, asked for once, however many threads ask. ``cache`` is a file name, empty for none."""

    def __init__(self, fetch: Fetch, cache: str) -> None:
        self._fetch = fetch
        self._cache = cache
        self._served: list[Served] = []
        self._fresh = False
        self._lock = Lock()

    def resources(self) -> list[Resource]:
        with self._lock:
            return [served.resource for served in self._all()]

    def resolve(self, api_version: str, kind: str) -> Resource:
        """Raises NoMatch, after a look past what is kept on disk."""
        found = self._look(lambda all_: next((s.resource for s in all_ if _is(s.resource, api_version, kind)), None))
        if found:
            return found
        group, _, version = api_version.rpartition("/")
        raise kind_absent(Resource(group, version, "", kind))

    def named(self, word: str) -> Resource:
        """What ``served.by_word`` finds. Raises NoMatch, after a look past what is kept on disk."""
        found = self._look(lambda all_: words.by_word(all_, word))
        if found:
            return found
        name = word.partition(".")[0]
        raise NoMatch(f'the server doesn\'t have a resource type "{name}"', status=404, reason="NoMatch")

    def category(self, word: str) -> list[Resource]:
        return self._look(lambda all_: words.in_category(all_, word)) or []

    def _look(self, find: Callable[[list[Served]], T | None]) -> T | None:
        with self._lock:  # who looked at what the disk keeps must not take another's fresh look for its own
            found = find(self._all())
            if not found and not self._fresh:
                self._refresh()
                found = find(self._served)
        return found

    def _all(self) -> list[Served]:
        if not self._served:
            self._served = _kept(self._cache)
        if not self._served:
            self._refresh()
        return self._served

    def _refresh(self) -> None:
        self._served = discover(self._fetch)
        self._fresh = True
        _keep(self._cache, self._served)


def _is(resource: Resource, api_version: str, kind: str) -> bool:
    return resource.kind == kind and resource.api_version == api_version


def constant(api_version: str, kind: str) -> Resource | None:
    """The kinds of ``core.api``, which every cluster serves."""
    for value in vars(api).values():
        if isinstance(value, Resource) and value.kind == kind and value.api_version == api_version:
            return value
    return None


def cache_file(folder: str, server: str) -> str:
    """Beside kubectl's files for the same server, so that who clears those clears this too."""
    host = re.sub(r"[^(\w/.)]", "_", server.partition("://")[2])
    return os.path.join(folder, "discovery", host, "flux-resources.json") if folder else ""


def discover(fetch: Fetch) -> list[Served]:
    """Ask the cluster: two requests where it aggregates, one more for each group and version where it does not."""
    answers = side_by_side([later(fetch, path, f"{ACCEPT},application/json") for path in ("/api", "/apis")])
    found: list[Served] = []
    older: list[str] = []
    for path, answer in zip(("/api", "/apis"), answers, strict=True):
        if isinstance(answer, Exception):
            raise answer
        if text(answer, "kind") == "APIGroupDiscoveryList":
            found += [served for group in items(answer, "items") for served in _aggregated(group)]
        else:
            older += [f"{path}/{version}" for version in _versions(answer)]
    for page in side_by_side([later(fetch, path, "application/json") for path in older]):
        if not isinstance(page, Exception):  # a group whose own server is down: the rest is still worth having
            found += _listed(page)
    return found


def _aggregated(group: Any) -> Iterable[Served]:
    name = text(group, "metadata.name")
    for version in items(group, "versions"):
        for entry in items(version, "resources"):
            kind = text(entry, "responseKind.kind")
            if kind:
                resource = Resource(
                    name, text(version, "version"), text(entry, "resource"), kind, text(entry, "scope") != "Cluster"
                )
                yield _served(resource, entry, "singularResource")


def _versions(answer: Any) -> list[str]:
    """Paths below /api or /apis, the preferred version of each group first."""
    if text(answer, "kind") == "APIVersions":
        return [str(version) for version in items(answer, "versions")]
    found = []
    for group in items(answer, "groups"):
        versions = [text(version, "groupVersion") for version in items(group, "versions")]
        preferred = text(group, "preferredVersion.groupVersion")
        found += sorted(versions, key=lambda version: version != preferred)
    return found


def _listed(page: Any) -> Iterable[Served]:
    group, _, version = text(page, "groupVersion").rpartition("/")
    for entry in items(page, "resources"):
        if "/" not in text(entry, "name"):
            resource = Resource(group, version, text(entry, "name"), text(entry, "kind"), entry.get("namespaced") is True)
            yield _served(resource, entry, "singularName")


def _served(resource: Resource, entry: Mapping[str, Any], singular: str) -> Served:
    """Old servers name no singular for their own kinds: it is the kind in lower case."""
    short, categories = (tuple(map(str, items(entry, field))) for field in ("shortNames", "categories"))
    return Served(resource, text(entry, singular) or resource.kind.lower(), short, categories)


def _kept(path: str) -> list[Served]:
    """What the last run learned; nothing where it is too old or unreadable."""
    try:
        if not path or time.time() - os.stat(path).st_mtime > LIFETIME:
            return []
        with open(path, encoding="utf-8") as file:
            return [_row(*row) for row in json.load(file)]
    except (OSError, ValueError, TypeError):
        return []


def _row(group: str, version: str, plural: str, kind: str, namespaced: bool, singular: str, *lists: list[str]) -> Served:
    resource = Resource(str(group), str(version), str(plural), str(kind), bool(namespaced))
    short, categories = (tuple(map(str, names)) for names in lists)
    return Served(resource, str(singular), short, categories)


def _keep(path: str, served: list[Served]) -> None:
    """Write for the next run, whole or not at all; a disk that does not want it is no failure."""
    if not path:
        return
    part = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o750, exist_ok=True)
        with open(part, "w", encoding="utf-8") as file:
            json.dump([(*entry.resource[:5], *entry[1:]) for entry in served], file)
        os.replace(part, path)
    except OSError:
        pass

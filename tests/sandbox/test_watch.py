"""watch: bookmarks, forgotten versions, dropped streams; and pages that outlive changes."""

import json
import threading

import pytest

from flux_cli.core.api import CONFIG_MAP, Request
from flux_cli.core.errors import Gone
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.transport import SandboxTransport

from .manifests import config

PATH = "/api/v1/namespaces/default/configmaps"


def events(sandbox: Sandbox, **query: str) -> list[tuple[str, str]]:
    """(type, name or code) of what a watch of one second says."""
    asked = {"watch": "1", "timeoutSeconds": "1"} | query
    response = SandboxTransport(sandbox).send(Request("GET", PATH, tuple(asked.items())), stream=True)
    found = [json.loads(line) for line in response.lines()]
    return [(e["type"], e["object"]["metadata"].get("name") or str(e["object"].get("code", ""))) for e in found]


def test_initial_events_end_with_a_bookmark(sandbox: Sandbox, kube: KubeClient) -> None:
    kube.create(CONFIG_MAP, "default", config("a"))
    said = events(sandbox, sendInitialEvents="true", resourceVersionMatch="NotOlderThan", allowWatchBookmarks="true")
    assert said == [("ADDED", "a"), ("BOOKMARK", "")]


def test_a_bookmark_tells_of_changes_elsewhere(sandbox: Sandbox, kube: KubeClient) -> None:
    version = kube.list(CONFIG_MAP, "default").resource_version
    kube.create(CONFIG_MAP, "kube-system", config("elsewhere", "kube-system"))
    assert events(sandbox, resourceVersion=version, allowWatchBookmarks="true") == [("BOOKMARK", "")]
    assert events(sandbox, resourceVersion=version) == []


def test_a_version_from_before_a_compaction_is_gone(sandbox: Sandbox, kube: KubeClient) -> None:
    version = kube.list(CONFIG_MAP, "default").resource_version
    kube.create(CONFIG_MAP, "default", config("a"))
    sandbox.store.compact()
    assert events(sandbox, resourceVersion=version) == [("ERROR", "410")]
    with pytest.raises(Gone):
        list(kube.watch(CONFIG_MAP, "default", resource_version=version, timeout=1))


def test_a_watch_follows_what_comes_until_it_is_dropped(sandbox: Sandbox, kube: KubeClient) -> None:
    kube.create(CONFIG_MAP, "default", config("a"))
    lines = SandboxTransport(sandbox).send(Request("GET", PATH, (("watch", "1"),)), stream=True).lines()
    assert json.loads(next(lines))["object"]["metadata"]["name"] == "a"
    threading.Timer(0.05, kube.create, (CONFIG_MAP, "default", config("b"))).start()
    assert json.loads(next(lines))["object"]["metadata"]["name"] == "b"
    threading.Timer(0.05, SandboxTransport(sandbox).send, (Request("POST", "/flux-sandbox/drop-watches"),)).start()
    assert list(lines) == []


def test_a_stream_ends_when_its_reader_closes_it(sandbox: Sandbox) -> None:
    response = SandboxTransport(sandbox).send(Request("GET", PATH, (("watch", "1"),)), stream=True)
    threading.Timer(0.05, response.close).start()
    assert list(response.lines()) == []


def test_pages_show_the_state_of_the_first_page(sandbox: Sandbox, kube: KubeClient) -> None:
    for name in "abcd":
        kube.create(CONFIG_MAP, "default", config(name))

    def page(**query: str) -> tuple[list[str], dict[str, str], int]:
        response = SandboxTransport(sandbox).send(Request("GET", PATH, (("limit", "2"), *query.items())))
        body = json.loads(response.read())
        return [o["metadata"]["name"] for o in body.get("items", ())], body["metadata"], response.status

    first, metadata, _ = page()
    kube.delete(CONFIG_MAP, "default", "c")
    kube.create(CONFIG_MAP, "default", config("e"))
    second, after, _ = page(**{"continue": metadata["continue"]})
    assert (first, second, after) == (["a", "b"], ["c", "d"], {"resourceVersion": metadata["resourceVersion"]})
    sandbox.store.compact()
    _, gone, status = page(**{"continue": metadata["continue"]})
    assert status == 410
    assert page(**{"continue": gone["continue"]})[0] == ["d", "e"]

"""The recorded runs of ``bootstrap`` against real controllers, played again: the same lines, the same writes."""

import json
import pathlib
import re
from typing import Any

import pytest
from bootstrap.conftest import Place
from bootstrap.git_servers import Bare, HttpServer
from bootstrap.stand_in import Controllers

from flux_cli.core.api import NAMESPACE
from flux_cli.kinds import named

EXTRA = "--components-extra image-reflector-controller,image-automation-controller,source-watcher"
RECORDED = "http://127.0.0.1:8081/fleet.git"


@pytest.fixture
def manifests(whole_release: pathlib.Path) -> pathlib.Path:
    return whole_release


@pytest.fixture(scope="module")
def runs(shared: pathlib.Path) -> list[dict[str, Any]]:
    """The recorded bootstraps, in their order."""
    lines = (shared / "conformance" / "live.jsonl").read_text().splitlines()
    found = [run for run in map(json.loads, lines) if run["args"].startswith("bootstrap")]
    assert len(found) == 3
    return found


@pytest.fixture
def server(bare: Bare, controllers: Controllers, http_server: Any) -> HttpServer:
    """Takes any login, as the recorded one did."""
    made: HttpServer = http_server()
    return made


def lines(text: str, url: str) -> list[str]:
    return re.sub(r"\b[0-9a-f]{40}\b", "SHA", text.replace(url, RECORDED)).splitlines()


def writes(recorded: list[Any]) -> dict[str, Any]:
    """ "METHOD path" → body, None where it is not readable; what was left out of the recording is left out."""
    found = {}
    for request in recorded:
        if isinstance(request, dict):
            body = None if request["body"].startswith("(") or "…" in request["body"] else meaning(json.loads(request["body"]))
            found[f"{request['method']} {request['path']}"] = body
    return found


def meaning(obj: Any) -> Any:
    """A body without what the recording's rules leave out."""
    if not isinstance(obj, dict):
        return obj
    drop = {"uid", "resourceVersion", "generation", "managedFields", "creationTimestamp"}
    metadata = {key: value for key, value in obj.get("metadata", {}).items() if key not in drop}
    made = obj | {"metadata": metadata}
    if not made.get("status"):
        made.pop("status", None)
    template = made.get("spec", {}).get("template") if isinstance(made.get("spec"), dict) else None
    if isinstance(template, dict):
        template["metadata"].pop("creationTimestamp", None)
    return made


def test_plain_http_is_refused(place: Place, server: HttpServer, runs: list[dict[str, Any]]) -> None:
    run = runs[0]
    code, out, err = place.flux(run["args"].replace(RECORDED, server.url))
    assert (code, out, lines(err, server.url)) == (run["code"], run["stdout"], lines(run["stderr"], RECORDED))
    assert place.recorder.writes == []


def test_a_first_and_a_second_bootstrap(place: Place, server: HttpServer, runs: list[dict[str, Any]]) -> None:
    """On a cluster that has Flux, as the recorded one had."""
    assert place.flux(f"install {EXTRA}").code == 0
    for run in runs[1:]:
        place.recorder.writes.clear()
        code, out, err = place.flux(run["args"].replace(RECORDED, server.url))
        assert (code, out, lines(err, server.url)) == (run["code"], run["stdout"], lines(run["stderr"], RECORDED))
        sent = {f"{method} {path}": meaning(body) for method, path, body in place.recorder.writes}
        for key, body in writes(run["requests"]).items():
            assert key in sent
            if body is not None:
                assert sent[key] == body, key
        total = int(re.search(r"\d+", run["requests"][-1])[0])  # type: ignore[index]
        assert len(place.recorder.writes) == total
        assert len(place.recorder.real()) == (3 if run is runs[1] else 1)


def test_uninstall_asks_for_the_same(place: Place, shared: pathlib.Path) -> None:
    """The recorded dry run on a cluster with other objects: the parts that both have."""
    recording = (shared / "conformance" / "live.jsonl").read_text().splitlines()
    run = next(run for run in map(json.loads, recording) if run["args"] == "uninstall --dry-run")
    stand = Controllers(place.watcher)
    assert place.flux(f"install {EXTRA}").code == 0
    stand.stop()
    source = {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": "apps", "namespace": "git-tls"},
    }
    place.watcher.create(NAMESPACE, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "git-tls"}})
    spec = {"interval": "1m0s", "url": "https://example.com/r"}
    place.watcher.create(named("GitRepository").resource, "git-tls", source | {"spec": spec})
    place.recorder.writes.clear()
    err = place.flux(run["args"]).err
    recorded = run["stderr"].splitlines()
    head = recorded.index("► deleting toolkit.fluxcd.io finalizers in all namespaces") + 1
    assert err.splitlines()[:head] == recorded[:head]
    assert err.splitlines()[head] in recorded
    sent = [f"{method} {path}" for method, path, _ in place.recorder.writes]
    wanted = [f"{request['method']} {request['path']}" for request in run["requests"] if isinstance(request, dict)]
    assert sent[: len(wanted) - len([w for w in wanted if w.startswith("PUT")])] == [w for w in wanted if w.startswith("DELETE")]
    assert [w for w in sent if w.startswith("PUT")] == [w for w in wanted if w.startswith("PUT") and "/git-tls/" in w]

"""The flows that were recorded against real controllers, on the embedded cluster with its stand-ins: same lines, same writes."""

import contextlib
import http.server
import json
import pathlib
import re
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import trustme
from front_door import Flux

from flux_cli.kinds import named
from flux_cli.sandbox.populate import load_paths
from flux_cli.sandbox.world import Play
from tests.writes.conftest import Cluster, Write

MASKS = ((re.compile(r"(revision:?) \S+"), r"\1 …"),)
SERVERS_OWN = ("uid", "resourceVersion", "generation", "managedFields", "creationTimestamp", "finalizers")
FAILING = (  # what could not be fetched or found when the flows were recorded
    ("HelmRelease", "bad"), ("HelmRepository", "gone"), ("GitRepository", "bad"), ("Kustomization", "bad"), ("ImageRepository", "img"),
    ("ImagePolicy", "img"), ("Bucket", "b1"),
)  # fmt: skip
LINE = re.compile(r"(create|delete) ")


def masked(text: str) -> list[str]:
    """Lines without what differs from run to run, and without our hint below a deadline."""
    lines = []
    for line in text.splitlines():
        for pattern, shown in MASKS:
            line = pattern.sub(shown, line)
        lines.append(line)
    if "✗ context deadline exceeded" in lines:
        lines = lines[: lines.index("✗ context deadline exceeded") + 1]
    return lines


def meaning(body: Any) -> Any:
    """A body without what the server keeps for itself."""
    if not isinstance(body, dict):
        return body
    kept = {key: value for key, value in body.items() if key != "status"}
    if isinstance(kept.get("metadata"), dict):
        kept["metadata"] = {key: value for key, value in kept["metadata"].items() if key not in SERVERS_OWN}
    return kept


def same_write(recorded: dict[str, Any], ours: Write) -> bool:
    if (recorded["method"], recorded["path"]) != (ours.method, ours.path):
        return False
    if "protobuf" in recorded["type"] or "…" in recorded["body"]:
        return True
    return recorded["type"] == ours.type and meaning(json.loads(recorded["body"])) == meaning(ours.body)


@pytest.mark.usefixtures("folder")
def test_create_and_delete(live: Cluster, shared: pathlib.Path) -> None:
    assert create_and_delete(live, shared) == []


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_create_and_delete_on_a_real_api_server(real_live: Cluster, shared: pathlib.Path) -> None:
    assert create_and_delete(real_live, shared) == []


@pytest.fixture
def folder(shared: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder of the recordings, with a certificate and key that fit each other."""
    shutil.copytree(shared / "conformance" / "files", tmp_path / "files", copy_function=shutil.copyfile)
    (tmp_path / "files").chmod(0o755)
    monkeypatch.chdir(tmp_path / "files")
    pair = trustme.CA().issue_cert("example.com")
    for name, blob in (("tls.crt", pair.cert_chain_pems[0]), ("tls.key", pair.private_key_pem)):
        (tmp_path / "files" / name).unlink()
        blob.write_to_path(tmp_path / "files" / name)


def create_and_delete(live: Cluster, shared: pathlib.Path) -> list[Any]:
    """Run the recorded command lines; what differs, as (command line, recorded, ours)."""
    live.world.faults.update({(kind, "live", name): "not there" for kind, name in FAILING})
    live.world.plays["not there"] = [Play(kind, "ReconciliationFailed", "not there") for kind, _ in FAILING]
    differences: list[Any] = []
    for recorded in map(json.loads, (shared / "conformance" / "live.jsonl").read_text().splitlines()):
        if not LINE.match(recorded["args"]):
            continue
        live.wire.writes.clear()
        limit = "1s" if "deadline" in recorded["stderr"] else "30s"
        answer = live.flux(f"{re.sub(r'--timeout [^ ]+', '', recorded['args'])} --timeout {limit}")
        wanted = (recorded["code"], masked(recorded["stdout"]), masked(recorded["stderr"]))
        got = (answer.code, masked(answer.out), masked(answer.err))
        if wanted != got:
            differences.append((recorded["args"], wanted, got))
        writes = recorded["requests"]
        if len(writes) != len(live.wire.writes) or not all(map(same_write, writes, live.wire.writes)):
            differences.append((recorded["args"], writes, live.wire.writes))
    return differences


def test_migrate_of_files(flux: Flux, shared: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shared / "conformance" / "files")
    recorded = [json.loads(line) for line in (shared / "conformance" / "live.jsonl").read_text().splitlines()]
    flows = [flow for flow in recorded if flow["args"].startswith("migrate -f ")]
    assert len(flows) == 4
    for flow in flows:
        assert flux(flow["args"]) == (flow["code"], flow["stdout"], flow["stderr"])


def test_migrate_of_a_cluster(bare: Cluster, shared: pathlib.Path) -> None:
    """Kinds in the order of their definitions, objects in the server's; every write is an empty patch."""
    folder = shared / "conformance" / "cluster"
    load_paths(bare.kube, [str(folder / name) for name in ("install.yaml", "flux-system.yaml", "showcase.yaml")])
    answer = bare.flux("migrate")
    recorded = [json.loads(line) for line in (shared / "conformance" / "live.jsonl").read_text().splitlines()]
    flow = next(flow for flow in recorded if flow["args"] == "migrate")
    lines, wanted = answer.err.splitlines(), flow["stderr"].splitlines()
    assert (answer.code, lines[0], lines[-1]) == (0, wanted[0], "✔ custom resources migrated successfully")
    line = re.compile(r"✔ (\w+)/[\w-]+/[\w-]+ migrated to version (\w+)")
    shown = {found[1]: found[2] for found in map(line.fullmatch, wanted) if found}
    ours = [(found[1], found[2]) for found in map(line.fullmatch, lines[1:-1]) if found]
    assert len(ours) == len(lines) - 2
    assert all(shown.get(kind, version) == version for kind, version in ours)
    kinds = list(dict.fromkeys(named(kind).resource.name for kind, _ in ours))
    assert kinds == sorted(kinds)
    patch = next(request for request in flow["requests"] if isinstance(request, dict))
    assert {(write.method, write.type, str(write.body)) for write in bare.wire.writes} == {
        (patch["method"], patch["type"], patch["body"])
    }
    assert len(bare.wire.writes) == len(ours)


def test_a_webhook_that_refuses(flux: Flux, shared: pathlib.Path) -> None:
    """Recorded against the notification controller; a stand-in answers with its codes."""
    recorded = {r["args"]: r for r in map(json.loads, (shared / "conformance" / "live.jsonl").read_text().splitlines())}
    lines = [line for line in recorded if line.startswith("trigger ")]
    assert len(lines) == 3
    for line in lines:
        code = 404 if "wrong" in line else 500
        with refusing(code) as url:
            answer = flux(re.sub(r"http://[^/ ]+", url, line) + " --retry-delay 1ms")
        expected = re.sub(r"http://127\.0\.0\.1:\d+", url, recorded[line]["stderr"]).replace("in 10s", "in 1ms")
        assert (answer.code, answer.out, answer.err) == (recorded[line]["code"], "", expected)


@contextlib.contextmanager
def refusing(code: int) -> Iterator[str]:
    """A server on loopback that answers everything with ``code``."""

    class Refusal(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(code)
            self.send_header("content-length", "0")
            self.end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusal)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()

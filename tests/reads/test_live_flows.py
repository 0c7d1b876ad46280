"""reconcile, suspend and resume as recorded against real controllers: the same lines in the same order, the same writes."""

import json
import pathlib
import re
import shlex
from collections.abc import Iterable, Iterator

import pytest
from reads.stage import Cluster, Staffed, made

from flux_cli.core.api import SECRET
from flux_cli.core.errors import NotFound
from flux_cli.core.objects import condition, name_of, namespace_of, text
from flux_cli.kinds import every, named
from flux_cli.sandbox.world import Play

CHANGING = re.compile(r"sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}|\d{4}-\d\d-\d\dT[0-9:.]+Z")
URL = "http://127.0.0.1:1"


def stage() -> Iterator[dict[str, object]]:
    """What the recorded command lines had made before."""
    for name in ("demo", "bad"):
        yield made("GitRepository", name, "live", spec={"url": f"{URL}/{name}.git", "interval": "1m", "ref": {"branch": "main"}})
    git = {"kind": "GitRepository", "name": "demo"}
    yield made("Kustomization", "demo", "live", spec={"sourceRef": git, "interval": "5m", "path": "./apps", "prune": True})
    for name in ("charts", "gone"):
        yield made("HelmRepository", name, "live", spec={"url": f"{URL}/{name}", "interval": "1m"})
    for name in ("web", "bad"):
        source = {"kind": "HelmRepository", "name": "charts" if name == "web" else "gone"}
        spec = {"interval": "5m", "chart": {"spec": {"chart": "web", "version": "1.0.0", "sourceRef": source}}}
        yield made("HelmRelease", name, "live", spec=spec)
    yield made("Provider", "slack", "live", spec={"type": "slack", "address": URL})
    targets = [{"kind": "Kustomization", "name": "*"}]
    yield made("Alert", "all", "live", spec={"providerRef": {"name": "slack"}, "eventSources": targets})
    yield made("Secret", "token", "live", data={"token": "YQ=="})
    yield made("Receiver", "hook", "live", spec={"type": "generic", "secretRef": {"name": "token"}, "resources": [git]})
    yield made("ImageRepository", "img", "live", spec={"image": "127.0.0.1:1/img", "interval": "1m"})
    update = {"commit": {"author": {"email": "a@example.com"}}}
    yield made("ImageUpdateAutomation", "upd", "live", spec={"sourceRef": git, "interval": "1m", "git": update})
    yield made("OCIRepository", "oci1", "live", spec={"url": "oci://127.0.0.1:5000/m", "interval": "1m", "ref": {"tag": "v1"}})
    yield made("Bucket", "b1", "live", spec={"bucketName": "b", "endpoint": "127.0.0.1:1", "interval": "1m"})
    spec = {"url": f"{URL}/root.git", "interval": "1m", "ref": {"branch": "main"}}
    yield made("GitRepository", "flux-system", "flux-system", spec=spec)
    root = {"kind": "GitRepository", "name": "flux-system"}
    yield made(
        "Kustomization", "flux-system", "flux-system", spec={"sourceRef": root, "interval": "5m", "path": "./", "prune": True}
    )


def made_later(line: str) -> Iterator[dict[str, object]]:
    """Kustomizations that were made shortly before this command line; --all of earlier lines did not meet them."""
    for name, kind in (("bad", "GitRepository"), ("oci1", "OCIRepository")):
        if line.startswith(f"reconcile ks {name} "):
            source = {"kind": kind, "name": name}
            yield made("Kustomization", name, "live", spec={"sourceRef": source, "interval": "5m", "path": "./", "prune": True})


FAILING = (("GitRepository", "bad"), ("HelmRepository", "gone"), ("ImageRepository", "img"))


def set_up(cluster: Staffed) -> None:
    """Make the objects, and wait until every controller has seen to them."""
    for kind, name in FAILING:
        cluster.world.faults[kind, "live", name] = "unreachable"
        cluster.world.plays.setdefault("unreachable", []).append(Play(kind, "ReconciliationFailed", "unreachable"))
    create(cluster, stage())
    for kind in every():
        if kind.kind in ("Alert", "Provider"):
            continue
        for obj in cluster.kube.list(kind.resource).items:
            settle(cluster, kind.kind, namespace_of(obj), name_of(obj))


def create(cluster: Staffed, objects: Iterable[dict[str, object]]) -> None:
    for obj in objects:
        kind = str(obj["kind"])
        cluster.kube.create(SECRET if kind == "Secret" else named(kind).resource, namespace_of(obj), obj)


def settle(cluster: Staffed, kind: str, namespace: str, name: str) -> None:
    resource = next(k.resource for k in every() if k.kind == kind)
    first = cluster.kube.get(resource, namespace, name)
    ready = condition(first)
    if ready and ready["status"] != "Unknown":
        return
    for event in cluster.kube.watch(resource, namespace, fields=f"metadata.name={name}", timeout=10):
        ready = condition(event.object)
        if ready and ready["status"] != "Unknown":
            return
    raise NotFound(f"{kind}/{namespace}/{name} did not settle: {first}")


def recorded(shared: pathlib.Path) -> list[dict[str, object]]:
    cases = [json.loads(line) for line in (shared / "conformance" / "live.jsonl").read_text().splitlines()]
    return [case for case in cases if re.match(r"(reconcile|suspend|resume) ", case["args"])]


def recorded_lines(err: str) -> str:
    """Without the line that we add after a deadline: what the object itself says."""
    return re.sub(r"(✗ context deadline exceeded\n).+\n\Z", r"\1", err)


def masked(text: str) -> str:
    return CHANGING.sub("…", text)


def test_the_recorded_flows(staffed: Cluster, shared: pathlib.Path) -> None:
    assert differences(staffed, shared) == ""


@pytest.mark.real
@pytest.mark.slow
def test_the_recorded_flows_on_a_real_api_server(real_staffed: Staffed, shared: pathlib.Path) -> None:
    assert differences(real_staffed, shared) == ""


def differences(staffed: Staffed, shared: pathlib.Path) -> str:
    """Run the recorded command lines in their order; where lines, writes or the number of reads differ, how."""
    set_up(staffed)
    found = []
    cases = recorded(shared)
    assert len(cases) > 40
    for case in cases:
        line = str(case["args"])
        late = list(made_later(line))
        create(staffed, late)
        for obj in late:
            settle(staffed, "Kustomization", "live", name_of(obj))
        if "context deadline exceeded" in str(case["stderr"]):
            line = re.sub(r"--timeout \d+s", "--timeout 700ms", line)
        if "--timeout" not in line:
            line += " --timeout 3s"
        staffed.wire.sent.clear()
        got = staffed.flux("", *shlex.split(line))
        if (got.code, got.out, masked(recorded_lines(got.err))) != (case["code"], case["stdout"], masked(str(case["stderr"]))):
            found.append(f"{line}\nrecorded:\n{case['stderr']}\ngot:\n{got.err}")
        wanted = [
            (r["method"], r["path"], r["type"], masked(json.dumps(json.loads(r["body"]), sort_keys=True)))
            for r in case["requests"]  # type: ignore[attr-defined]
        ]
        writes = [(w.method, w.path, w.type, masked(json.dumps(w.body, sort_keys=True))) for w in staffed.wire.writes()]
        if writes != wanted:
            found.append(f"{line}\nrecorded: {wanted}\nsent: {writes}")
        if len(staffed.wire.sent) - len(writes) > len(case["gets"]):  # type: ignore[arg-type]
            found.append(f"{line}\nmore GETs than recorded: {[text({'p': s.path}, 'p') for s in staffed.wire.sent]}")
    return "\n".join(found)

"""``flux logs``: whole outputs."""

import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from reads.stage import Cluster, condition, made

from flux_cli.core.api import POD, Request
from flux_cli.core.errors import Timeout, Unreachable
from flux_cli.services import waiting

FLUX = {"app.kubernetes.io/part-of": "flux"}


def entry(ts: str, msg: str, kind: str = "Kustomization", name: str = "apps", namespace: str = "flux-system", **more: Any) -> str:
    return json.dumps(
        {"level": "info", "ts": ts, "msg": msg, "controllerKind": kind, "name": name, "namespace": namespace} | more
    )


def controller(name: str, *pods: str) -> list[dict[str, Any]]:
    labels = FLUX | {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "manager", "image": f"x/{name}:v1"}]}}
    found = [made("Deployment", name, api_version="apps/v1", metadata={"labels": FLUX}, spec={"template": template})]
    spec = {"nodeName": "n", "containers": [{"name": "manager", "image": "x"}]}
    status = {"phase": "Running", "conditions": [condition("True")]}
    return found + [made("Pod", pod, metadata={"labels": labels}, spec=spec, status=status) for pod in pods]


@pytest.fixture
def logging(cluster: Cluster) -> Cluster:
    cluster.keep(*controller("kustomize-controller", "kustomize-1"), *controller("source-controller", "source-1", "source-2"))
    write = cluster.sandbox.logs.write
    write(
        "flux-system", "kustomize-1",
        entry("2026-03-01T09:00:00.000Z", "applied"),
        entry("2026-03-01T09:00:02.000Z", "Reconciler error", level="error", error="no path\nat all"),
        entry("2026-03-01T09:00:04.000Z", "other namespace", namespace="apps"),
        json.dumps({"level": "info", "ts": "2026-03-01T09:00:05.000Z", "msg": "about nobody"}),
    )  # fmt: skip
    write(
        "flux-system", "source-1",
        "panic: \x1b[31mout of luck",
        entry("2026-03-01T09:00:01.000Z", "fetched", **{"reconciler kind": "GitRepository"}),
        '{"level": "info", "ts": broken',
        entry("2026-03-01T09:00:03.000Z", "long " + "x" * 70000, "GitRepository", "big"),
    )  # fmt: skip
    write("flux-system", "source-2", entry("2026-03-01T09:00:00.500Z", "from the second replica", "Bucket", "b"))
    return cluster


APPLIED = "2026-03-01T09:00:00.000Z info Kustomization/apps.flux-system - applied \n"
FETCHED = "2026-03-01T09:00:01.000Z info GitRepository/apps.flux-system - fetched \n"
ERROR = "2026-03-01T09:00:02.000Z error Kustomization/apps.flux-system - Reconciler error no path\nat all\n"
LONG = f"2026-03-01T09:00:03.000Z info GitRepository/big.flux-system - long {'x' * 70000} \n"
OTHER = "2026-03-01T09:00:04.000Z info Kustomization/apps.apps - other namespace \n"
NOBODY = "2026-03-01T09:00:05.000Z info  - about nobody \n"
SECOND = "2026-03-01T09:00:00.500Z info Bucket/b.flux-system - from the second replica \n"


@pytest.mark.parametrize(
    ("flags", "out"),
    [
        ("", APPLIED + FETCHED + ERROR + LONG),
        ("-A", APPLIED + FETCHED + ERROR + LONG + OTHER + NOBODY),
        ("-n apps", OTHER),
        ("--level error", ERROR),
        ("--kind gitrepository", FETCHED + LONG),
        ("--kind=GitRepository --name BIG", LONG),
        ("--name nope", ""),
        ("--tail 1", LONG),
        ("--since-time 2026-03-01T10:00:03+01:00 --kind Kustomization -A", OTHER + NOBODY[:0]),
        ("--grep 'no path'", ERROR),
        ("--grep 'GitRepository/apps'", FETCHED),
        ("--all-pods", APPLIED + SECOND + FETCHED + ERROR + LONG),
    ],
)
def test_lines_in_the_order_of_time(logging: Cluster, flags: str, out: str) -> None:
    assert logging.flux(f"logs {flags}") == (0, out, "")


def test_colour_for_a_person_changes_no_word(logging: Cluster) -> None:
    got = logging.flux("logs --kind Kustomization", tty=True)
    assert got.out.splitlines()[2:] == [
        "\x1b[2m2026-03-01T09:00:02.000Z\x1b[0m \x1b[31merror\x1b[0m \x1b[1mKustomization/apps.flux-system\x1b[0m"
        " - Reconciler error \x1b[31mno path\x1b[0m",
        "\x1b[31mat all\x1b[0m",
    ]
    assert re.sub("\x1b\\[[0-9]*m", "", got.out) == APPLIED + FETCHED + ERROR
    assert "\x1b[31mout" not in logging.flux("logs -A -o raw", tty=True).out


def test_raw_lines_keep_what_is_no_json(logging: Cluster) -> None:
    lines = logging.flux("logs -o raw --kind GitRepository").out.splitlines()
    assert [line[:24] for line in lines] == [
        "panic: [31mout of luck",
        '{"level": "info", "ts": ',
        '{"level": "info", "ts": ',
        '{"level": "info", "ts": ',
    ]
    assert lines[2] == '{"level": "info", "ts": broken'


def test_json_lines_name_the_pod(logging: Cluster) -> None:
    lines = [json.loads(line) for line in logging.flux("logs -o json").out.splitlines()]
    assert lines[0] == {"pod": "source-1", "raw": "panic: \x1b[31mout of luck"}
    assert (lines[1]["pod"], lines[1]["msg"]) == ("kustomize-1", "applied")


def test_the_container_before(logging: Cluster) -> None:
    logging.sandbox.logs.write("flux-system", "kustomize-1", entry("2026-03-01T08:00:00.000Z", "last words"), previous=True)
    logging.sandbox.logs.write("flux-system", "source-1", "panic: before", previous=True)
    got = logging.flux("logs --previous -o raw")
    assert got.out.splitlines()[0] == "panic: before"
    assert "last words" in got.out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("logs extra", "no argument required"),
        ("logs --flux-namespace apps", 'no Flux pods found in namespace "apps"'),
        ("logs --since 1m --since-time 2026-03-01T09:00:00Z", "at most one of `sinceTime` or `sinceDuration` may be specified"),
        ("logs --since-time 2026-03-01t09:00:00z", "2026-03-01t09:00:00z is not a valid (RFC3339) time"),
        ("logs --since-time 2026-03-01T24:00:00Z", "2026-03-01T24:00:00Z is not a valid (RFC3339) time"),
        ("logs --since-time yesterday", "yesterday is not a valid (RFC3339) time"),
        ("logs --grep '('", "--grep: missing ), unterminated subpattern at position 0"),
        ("logs -o table", "--output must be raw or json, not table"),
    ],
)
def test_refusals(logging: Cluster, line: str, message: str) -> None:
    assert logging.flux(line) == (1, "", f"✗ {message}\n")


def test_a_pod_that_does_not_answer(logging: Cluster) -> None:
    logging.fault(path="/api/v1/namespaces/flux-system/pods/source-1/log", status=500)
    got = logging.flux("logs")
    assert (got.code, got.out) == (1, APPLIED + ERROR)
    first, last = got.err.splitlines()
    assert first.startswith("failed getting logs: ")
    assert last == "✗ failed to collect logs from all Flux pods"


def test_following_meets_new_lines_and_new_pods(logging: Cluster) -> None:
    """One more line, and one more pod, come while the logs are followed."""

    def add() -> None:
        logging.sandbox.logs.write("flux-system", "kustomize-1", entry("2026-03-01T09:10:00.000Z", "later"))
        pod = controller("kustomize-controller", "kustomize-2")[1]
        logging.kube.create(POD, "flux-system", pod)
        logging.kube.patch(POD, "flux-system", "kustomize-2", {"status": pod["status"]}, subresource="status")
        logging.sandbox.logs.write("flux-system", "kustomize-2", entry("2026-03-01T09:11:00.000Z", "the new one"))

    started: list[bool] = []

    def look(request: Request) -> None:
        if not started and ("watch", "true") in request.query:
            started.append(True)
            threading.Timer(0.1, add).start()

    logging.wire.before = look
    got = logging.flux("logs -f --kind Kustomization --timeout 1500ms")
    assert (got.code, got.err) == (0, "")
    assert sorted(got.out.splitlines()) == sorted(
        (
            APPLIED
            + FETCHED
            + ERROR
            + "2026-03-01T09:10:00.000Z info Kustomization/apps.flux-system - later \n"
            + "2026-03-01T09:11:00.000Z info Kustomization/apps.flux-system - the new one \n"
        ).splitlines()
    )


class Parts:
    """An answer that comes in these lines, and is cut off where one of them is an error."""

    status, headers = 200, {"content-type": "text/plain"}

    def __init__(self, parts: list[bytes | Exception]) -> None:
        self._parts = parts

    def lines(self) -> Iterator[bytes]:
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            yield part

    def read(self) -> bytes:
        return b"\n".join(self.lines())

    def close(self) -> None:
        pass


def test_a_followed_log_is_taken_up_where_it_broke_off(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is cut within a second that holds more lines; then the container restarts, and panics before it logs."""
    monkeypatch.setattr(waiting, "POLL", 0.0)
    cluster.keep(*controller("kustomize-controller", "kustomize-1"))
    own = [entry(f"2026-03-01T08:00:00.{n}Z", f"line {n}") for n in (1, 2, 3)]
    stamped = [f"2026-03-01T09:00:00.{n}Z {line}".encode() for n, line in zip((1, 25, 3), own, strict=True)]
    answers: list[list[bytes | Exception]] = [
        [*stamped[:2], Unreachable("cut")],
        [*stamped, b"2026-03-01T09:00:05.5Z panic: out of luck", b"2026-03-01T09:00:05.500000001Z goroutine 1"],
    ]
    since: list[str] = []

    def node(request: Request) -> Parts | None:
        if not request.path.endswith("/log"):
            return None
        since.append(dict(request.query).get("sinceTime", ""))
        return Parts(answers.pop(0)) if answers else Parts([Timeout("context deadline exceeded")])

    cluster.wire.answer = node
    got = cluster.flux("logs -f -o raw --timeout 5s")
    assert (got.code, got.err) == (0, "")
    assert got.out.splitlines() == [*own, "panic: out of luck", "goroutine 1"]
    assert since == ["", "2026-03-01T09:00:00Z", "2026-03-01T09:00:05Z"]

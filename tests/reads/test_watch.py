"""``get --watch`` and ``get --follow``."""

import json
import threading
from typing import Any

import pyte
import pytest
from reads.stage import Cluster, condition, in_state

from flux_cli.core.api import Request
from flux_cli.kinds import named

KS = named("Kustomization").resource


@pytest.fixture
def busy(cluster: Cluster) -> Cluster:
    cluster.keep(in_state("Kustomization", "a", "True", "fine"), in_state("Kustomization", "b", "False", "broken"))
    return cluster


def fail(cluster: Cluster) -> None:
    status: dict[str, Any] = {"status": {"conditions": [condition("False", "now it fails too")]}}
    cluster.kube.patch(KS, "flux-system", "a", status, subresource="status")


def on_watch(cluster: Cluster, *acts: Any) -> None:
    """The n-th watch that is opened is met with the n-th act."""
    left = list(acts)

    def look(request: Request) -> None:
        if ("watch", "true") in request.query and left:
            left.pop(0)()

    cluster.wire.before = look


HEADER = "NAME\tREVISION\tSUSPENDED\tREADY\tMESSAGE \n"
FIRST = "a   \t        \tFalse    \tTrue \tfine   \t\n"


def test_a_table_an_event_until_the_timeout(busy: Cluster) -> None:
    on_watch(busy, lambda: threading.Timer(0.1, fail, [busy]).start())
    got = busy.flux("get ks -w --timeout 700ms")
    assert (got.code, got.err) == (1, "✗ timed out waiting for the condition\n")
    assert got.out == HEADER + FIRST + "b\t\tFalse\tFalse\tbroken\t\na\t\tFalse\tFalse\tnow it fails too\t\n"


def test_the_selector_holds_for_each_event(busy: Cluster) -> None:
    on_watch(busy, lambda: threading.Timer(0.1, fail, [busy]).start())
    got = busy.flux("get ks -w --status-selector ready=false --timeout 700ms")
    assert got.out == HEADER + "b\t\tFalse\tFalse\tbroken\t\na\t\tFalse\tFalse\tnow it fails too\t\n"


def test_the_end_of_the_watch_is_an_error(busy: Cluster) -> None:
    def drop() -> None:
        busy.sandbox.faults.drops += 1
        busy.sandbox.store.wake()

    on_watch(busy, lambda: threading.Timer(0.1, drop).start())
    got = busy.flux("get ks -w --timeout 10s")
    assert (got.code, got.err) == (1, "✗ watch closed before UntilWithoutRetry timeout\n")


def stop() -> None:
    raise KeyboardInterrupt


def test_following_survives_a_lost_watch_and_tells_what_happened_meanwhile(busy: Cluster) -> None:
    """The first watch is refused as too old; until the second a changes and b goes. Then somebody presses Ctrl-C."""

    def too_old() -> None:
        fail(busy)
        busy.kube.delete(KS, "flux-system", "b")
        busy.sandbox.store.compact()

    on_watch(busy, too_old, stop)
    got = busy.flux("get ks --follow -o json")
    events = [json.loads(line) for line in got.out.splitlines()]
    assert [(e["type"], e["object"]["metadata"]["name"]) for e in events] == [
        ("ADDED", "a"),
        ("ADDED", "b"),
        ("DELETED", "b"),
        ("MODIFIED", "a"),
    ]
    assert (got.code, got.err) == (130, "")


def test_followed_columns_stay_where_they_are(busy: Cluster) -> None:
    def too_old() -> None:
        fail(busy)
        busy.sandbox.store.compact()

    on_watch(busy, too_old, stop)
    row = "b   \t        \tFalse    \tFalse\tbroken \t\n"
    assert busy.flux("get ks --follow").out == HEADER + FIRST + row + "a   \t        \tFalse    \tFalse\tnow it fails too\t\n"


def test_following_what_may_not_be_read_is_an_error(busy: Cluster) -> None:
    busy.viewer()
    got = busy.flux("get ks --follow")
    assert (got.code, got.out) == (1, "")
    assert got.err.startswith("✗ kustomizations.kustomize.toolkit.fluxcd.io is forbidden")


def test_formats_that_cannot_be_streamed(busy: Cluster) -> None:
    assert busy.flux("get ks -w -o csv").err == "✗ --output must be one of table, wide, json, yaml, name, not csv\n"


def screen(output: str) -> list[str]:
    """What a person sees in the end."""
    terminal = pyte.Screen(80, 25)
    pyte.Stream(terminal).feed(output.replace("\n", "\r\n"))
    return [line.rstrip() for line in terminal.display if line.strip()]


def test_a_person_sees_one_table_that_follows_what_happens(busy: Cluster) -> None:
    def changes() -> None:
        fail(busy)
        busy.kube.delete(KS, "flux-system", "b")
        busy.keep(in_state("Kustomization", "c", "Unknown", "evil \x1b[31m\nmessage " + "x" * 100))
        busy.sandbox.store.compact()

    on_watch(busy, changes, stop)
    got = busy.flux("get ks --follow", tty=True)
    assert (got.code, got.err) == (130, "")
    assert "\x1b[31mevil" not in got.out
    assert screen(got.out) == [
        "NAME  REVISION  SUSPENDED  READY    MESSAGE",
        "a               False      False    now it fails too",
        "c               False      Unknown  evil [31m message xxxxxxxxxxxxxxxxxxxxxxxxx…",
    ]


def test_what_a_person_sees_is_filtered_and_sorted(busy: Cluster) -> None:
    busy.keep(in_state("Kustomization", "c", "False", "a failure"))
    on_watch(busy, stop)
    got = busy.flux("get ks --follow --ready false --sort-by message -o wide", tty=True)
    assert [line.split()[0] for line in screen(got.out)] == ["NAME", "c", "b"]


def test_a_pipe_is_not_drawn_on(busy: Cluster) -> None:
    on_watch(busy, stop)
    assert "\x1b" not in busy.flux("get ks --follow").out

"""``flux events``: whole outputs, with the age of things measured from now."""

import json
import threading
import time
from typing import Any

import pytest
from reads.stage import Cluster, made

from flux_cli.core.api import EVENT, Request
from flux_cli.core.errors import FluxError


def ago(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds))


def event(name: str, about: str, message: str, seconds: float, namespace: str = "flux-system", **fields: Any) -> dict[str, Any]:
    kind, _, object_name = about.partition("/")
    times = {"firstTimestamp": ago(seconds), "lastTimestamp": ago(seconds)}
    involved = {"kind": kind, "name": object_name, "namespace": namespace}
    return made(
        "Event", name, namespace, involvedObject=involved, message=message, reason="Tested", **{"type": "Normal"} | times | fields
    )


HOUR, DAY = 3600, 86400


@pytest.fixture
def told(cluster: Cluster) -> Cluster:
    cluster.keep(
        made("Kustomization", "apps", spec={"sourceRef": {"kind": "GitRepository", "name": "repo"}}),
        made("HelmRelease", "web", "apps", spec={"chart": {"spec": {"sourceRef": {"kind": "HelmRepository", "name": "c", "namespace": "live"}}}}),
        made("HelmRelease", "ref", "apps", spec={"chartRef": {"kind": "OCIRepository", "name": "c"}}),
        event("a", "Kustomization/apps", "failed\nbadly", 5 * HOUR, type="Warning", count=4, firstTimestamp=ago(3 * DAY)),
        event("b", "GitRepository/repo", "stored", 9 * DAY),
        event("c", "Pod/x", "not ours", HOUR),
        event("d", "HelmRelease/web", "upgraded", 30 * HOUR, "apps"),
        event("e", "HelmRepository/c", "index", 40 * HOUR, "live"),
        event("f", "HelmChart/apps-web", "pulled", 35 * HOUR, "live"),
        event("g", "Alert/x", "micro", 0, lastTimestamp=None, firstTimestamp=None, eventTime=ago(150 * DAY).replace("Z", ".000001Z")),
    )  # fmt: skip
    return cluster


def test_one_namespace_newest_last(told: Cluster) -> None:
    assert told.flux("events") == (
        0,
        "LAST SEEN      \tTYPE   \tREASON\tOBJECT            \tMESSAGE \n"
        "150d           \tNormal \tTested\tAlert/x           \tmicro  \t\n"
        "9d             \tNormal \tTested\tGitRepository/repo\tstored \t\n"
        "5h (x4 over 3d)\tWarning\tTested\tKustomization/apps\tfailed \t\n"
        "               \t       \t      \t                  \tbadly  \t\n",
        "",
    )


def test_about_a_release_its_chart_and_its_repository(told: Cluster) -> None:
    assert told.flux("events --for HelmRelease/web -n apps").out == (
        "NAMESPACE\tLAST SEEN\tTYPE  \tREASON\tOBJECT            \tMESSAGE  \n"
        "live     \t40h      \tNormal\tTested\tHelmRepository/c  \tindex   \t\n"
        "live     \t35h      \tNormal\tTested\tHelmChart/apps-web\tpulled  \t\n"
        "apps     \t30h      \tNormal\tTested\tHelmRelease/web   \tupgraded\t\n"
    )


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("events -n live --types Warning", 0, "No events found in live namespace."),
        ("events -A --for Bucket", 0, "No events found."),
        ("events --types odd", 1, "type 'odd' not supported. Supported types are Normal, Warning"),
        ("events --for pod/x", 1, "'pod' is not a recognized Flux kind"),
        ("events --for /", 1, "--for selector must be of format <kind>[/<name>]"),
        ("events --for a/b/c", 1, "'a/b/c' is not a recognized Flux kind"),
        ("events --for Kustomization/nope", 1, 'kustomizations.kustomize.toolkit.fluxcd.io "nope" not found'),
        ("events --for HelmRelease/ref -n apps", 1, "field 'spec.chart.spec.sourceRef.kind' for 'apps/ref' not found"),
        ("events -o csv", 1, "--output must be json or yaml, not csv"),
    ],
)
def test_refusals_and_nothing(told: Cluster, line: str, code: int, message: str) -> None:
    assert told.flux(line) == (code, "", f"✗ {message}\n")


def test_json_is_a_list_of_the_events(told: Cluster) -> None:
    value = json.loads(told.flux("events --for kustomization/apps -o json").out)
    assert (value["kind"], [item["metadata"]["name"] for item in value["items"]]) == ("List", ["b", "a"])


def test_watching_ends_quietly_at_the_timeout(told: Cluster) -> None:
    got = told.flux("events -w --for HelmRelease/web -n apps --timeout 500ms")
    assert (got.code, got.err) == (0, "")
    header, *rows = got.out.splitlines()
    assert header.split("\t")[0].strip() == "NAMESPACE"
    assert sorted(row.split("\t")[4] for row in rows) == ["HelmChart/apps-web", "HelmRelease/web", "HelmRepository/c"]


def test_a_namespace_that_may_not_be_read(told: Cluster) -> None:
    told.viewer()
    got = told.flux("events -n apps")
    denied = 'events is forbidden: User "viewer" cannot list resource "events" in API group "" in the namespace "apps"'
    assert got == (1, "", f"✗ error getting events: {denied}\n")


def test_a_namespace_of_events_that_may_not_be_read(told: Cluster) -> None:
    """The release's own events are told; that those of its chart in another namespace may not be read is told at the end."""
    told.fault(path="/api/v1/namespaces/live/events", status=403)
    got = told.flux("events --for HelmRelease/web -n apps")
    assert (got.code, got.err.startswith("✗ error getting events: ")) == (1, True)
    assert got.out == (
        "NAMESPACE\tLAST SEEN\tTYPE  \tREASON\tOBJECT         \tMESSAGE  \n"
        "apps     \t30h      \tNormal\tTested\tHelmRelease/web\tupgraded\t\n"
    )
    told.fault(path="/api/v1/namespaces/apps/events", status=403)
    assert told.flux("events --for HelmRelease/web -n apps").out == ""


def test_followed_events_outlive_a_watch_that_ends_and_one_that_is_too_old(told: Cluster) -> None:
    """The first watch is refused as too old, the second ends at once; what came meanwhile is told once."""

    def too_old() -> None:
        told.kube.create(EVENT, "flux-system", event("n", "GitRepository/repo", "meanwhile", 3 * HOUR))
        told.sandbox.store.compact()

    def drop() -> None:
        told.sandbox.faults.drops += 1
        told.sandbox.store.wake()

    def ends_soon() -> None:
        threading.Timer(0.1, drop).start()

    def comes_later() -> None:
        told.kube.create(EVENT, "flux-system", event("o", "Kustomization/apps", "later", 2 * HOUR))
        ends_soon()

    acts = [too_old, ends_soon, comes_later, stop]

    def look(request: Request) -> None:
        if ("watch", "true") in request.query and acts:
            acts.pop(0)()

    told.wire.before = look
    got = told.flux("events --follow -o json --types Normal")
    assert [json.loads(line)["message"] for line in got.out.splitlines()] == ["micro", "stored", "meanwhile", "later"]
    assert (got.code, got.err) == (1, "✗ error watching events: enough\n")


def stop() -> None:
    """No trouble of a cluster, which would be waited out."""
    raise FluxError("enough")

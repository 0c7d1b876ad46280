"""How many requests each hot command sends, so that a slower way is noticed without a clock. No second look, and no discovery but
for a word that may name any kind."""

import pathlib
from collections.abc import Mapping

import pytest
from front_door import Flux

from flux_cli import kinds
from flux_cli.core.api import CONFIG_MAP, Cluster, Request, Response
from flux_cli.core.app import Settings
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.scenario import stage
from flux_cli.sandbox.transport import SandboxTransport
from flux_cli.sandbox.world import World


class Counting(SandboxTransport):
    """Keeps what was sent: method and path, watches marked."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.sent: list[str] = []

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> Response:
        watch = " watch" if ("watch", "true") in request.query else ""
        self.sent.append(f"{request.method} {request.path}{watch}")
        return super().send(request, timeout=timeout, stream=stream)


@pytest.fixture
def wire() -> Counting:
    counting = Counting(Sandbox())
    stage(KubeClient(counting, known=kinds.served_as), World(), "seed")
    counting.sent.clear()
    return counting


@pytest.fixture
def flux(wire: Counting, tmp_path: pathlib.Path) -> Flux:
    def connect(settings: Settings, environ: Mapping[str, str]) -> Cluster:
        return KubeClient(wire, known=kinds.served_as)

    return Flux(str(tmp_path), connect)


KUSTOMIZATIONS = "/apis/kustomize.toolkit.fluxcd.io/v1"
HELM = "/apis/helm.toolkit.fluxcd.io/v2"
GIT = "/apis/source.toolkit.fluxcd.io/v1"


def test_one_kind_is_one_request(flux: Flux, wire: Counting) -> None:
    assert flux("get ks -A").code == 0
    assert wire.sent == [f"GET {KUSTOMIZATIONS}/kustomizations"]


def test_a_named_object_is_one_request(flux: Flux, wire: Counting) -> None:
    assert flux("get sources git flux-system").code == 0
    assert wire.sent == [f"GET {GIT}/namespaces/flux-system/gitrepositories"]


@pytest.mark.parametrize(
    ("line", "lists"), [("get all -A", 14), ("get sources all -A", 6), ("get images all -A", 3), ("stats -A", 13)]
)
def test_many_kinds_are_one_list_each(flux: Flux, wire: Counting, line: str, lists: int) -> None:
    """Side by side, so one round trip deep."""
    assert flux(line).code == 0
    assert len(wire.sent) == len(set(wire.sent)) == lists


def test_suspend_reads_once_and_writes_once(flux: Flux, wire: Counting) -> None:
    assert flux("suspend ks my-app -n my-app").code == 0
    assert wire.sent == [
        f"GET {KUSTOMIZATIONS}/namespaces/my-app/kustomizations",
        f"PATCH {KUSTOMIZATIONS}/namespaces/my-app/kustomizations/my-app",
    ]


def test_resume_reads_once_and_writes_once_and_its_wait_is_a_watch(flux: Flux, wire: Counting) -> None:
    path = f"{KUSTOMIZATIONS}/namespaces/my-app/kustomizations"
    assert flux("resume ks my-app -n my-app --wait=false").code == 0
    assert wire.sent == [f"GET {path}", f"PATCH {path}/my-app"]
    wire.sent.clear()
    assert "context deadline exceeded" in flux("resume ks my-app -n my-app --timeout 400ms").err
    assert wire.sent == [f"GET {path}", f"PATCH {path}/my-app", f"GET {path} watch"]


ANY_KIND = ["GET /api", "GET /apis"]


@pytest.mark.parametrize(
    ("line", "asked"), [("hr my-app", ANY_KIND), ("my-app --kind HelmRelease --api-version helm.toolkit.fluxcd.io/v2", [])]
)
def test_trace_reads_each_object_on_the_way(flux: Flux, wire: Counting, line: str, asked: list[str]) -> None:
    assert flux(f"trace {line} -n my-app").code == 0
    assert wire.sent == [
        *asked,
        f"GET {HELM}/namespaces/my-app/helmreleases/my-app",
        f"GET {KUSTOMIZATIONS}/namespaces/my-app/kustomizations/my-app",
        f"GET {GIT}/namespaces/flux-system/gitrepositories/flux-system",
    ]


@pytest.mark.parametrize(("line", "asked"), [("cm/values", ANY_KIND), ("values --kind ConfigMap --api-version v1", [])])
def test_trace_through_a_release_reads_each_object_on_the_way(flux: Flux, wire: Counting, line: str, asked: list[str]) -> None:
    labels = {f"helm.toolkit.fluxcd.io/{key}": "my-app" for key in ("name", "namespace")}
    values = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "values", "namespace": "my-app", "labels": labels}}
    KubeClient(wire, known=kinds.served_as).create(CONFIG_MAP, "my-app", values)
    wire.sent.clear()
    assert flux(f"trace {line} -n my-app").code == 0
    assert wire.sent == [
        *asked,
        "GET /api/v1/namespaces/my-app/configmaps/values",
        f"GET {HELM}/namespaces/my-app/helmreleases/my-app",
        f"GET {GIT}/namespaces/my-app/helmrepositories/bitnami",
    ]


def test_export_and_tree_read_what_they_print(flux: Flux, wire: Counting) -> None:
    assert flux("export ks my-app -n my-app").code == 0
    assert flux("tree ks my-app -n my-app --compact").code == 0
    path = f"GET {KUSTOMIZATIONS}/namespaces/my-app/kustomizations/my-app"
    assert wire.sent[:2] == [path, path]


def test_events_are_one_list(flux: Flux, wire: Counting) -> None:
    assert flux("events -A").code == 0
    assert wire.sent == ["GET /api/v1/events"]


def test_a_name_is_completed_with_one_list(flux: Flux, wire: Counting) -> None:
    assert flux("__complete get ks", "").code == 0
    assert wire.sent == [f"GET {KUSTOMIZATIONS}/namespaces/flux-system/kustomizations"]


def test_a_wait_is_a_watch(flux: Flux, wire: Counting) -> None:
    """Nothing is asked again while the object does not change: the controller's answer is told when it comes."""
    answer = flux("reconcile ks my-app -n my-app --timeout 400ms")
    assert "context deadline exceeded" in answer.err
    path = f"{KUSTOMIZATIONS}/namespaces/my-app/kustomizations"
    assert wire.sent[-1] == f"GET {path} watch"
    assert [line for line in wire.sent if line.startswith("PATCH")] == [f"PATCH {path}/my-app"]
    assert len(wire.sent) <= 4

"""Pods' logs: all that a client may ask of them."""

import pathlib
import threading

import pytest

from flux_cli.core.api import POD
from flux_cli.core.errors import ApiError, NotFound
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.populate import write_log

from .manifests import pod

LINES = [f'{{"ts":"2026-03-01T09:0{minute}:00.000Z","msg":"line {minute}"}}' for minute in range(4)]


@pytest.fixture
def logged(sandbox: Sandbox, kube: KubeClient) -> KubeClient:
    kube.create(POD, "default", pod("p"))
    sandbox.logs.write("default", "p", *LINES)
    return kube


def read(kube: KubeClient, **options: object) -> list[str]:
    return [line.decode() for line in kube.logs("default", "p", **options)]  # type: ignore[arg-type]


def test_all_the_last_and_those_since(logged: KubeClient) -> None:
    assert read(logged) == LINES
    assert read(logged, tail=2) == LINES[2:]
    assert read(logged, tail=0) == []
    assert read(logged, since_time="2026-03-01T09:01:59Z") == LINES[2:]
    assert read(logged, since_time="2026-03-01T09:02:00Z") == LINES[3:]
    assert read(logged, since_seconds=60) == []


@pytest.mark.parametrize(
    ("option", "wrong"),
    [
        ({"since_seconds": 0}, "sinceSeconds: Invalid value: 0: must be greater than 0"),
        ({"since_seconds": -1}, "sinceSeconds: Invalid value: -1: must be greater than 0"),
        ({"tail": -1}, "tailLines: Invalid value: -1: must be greater than or equal to 0"),
    ],
)
def test_windows_that_cannot_be_meant(logged: KubeClient, option: dict[str, int], wrong: str) -> None:
    with pytest.raises(ApiError) as caught:
        read(logged, **option)
    assert str(caught.value) == f'PodLogOptions "p" is invalid: {wrong}'


def test_with_the_time_of_each_line(logged: KubeClient) -> None:
    assert read(logged, tail=1, timestamps=True) == [f"2026-03-01T09:03:00.000Z {LINES[3]}"]


def test_the_log_of_the_container_before(sandbox: Sandbox, logged: KubeClient) -> None:
    with pytest.raises(ApiError, match='previous terminated container "main" in pod "p" not found'):
        read(logged, previous=True)
    sandbox.logs.write("default", "p", "it died", previous=True)
    assert read(logged, previous=True) == ["it died"]


def test_following_ends_with_the_pod(logged: KubeClient) -> None:
    threading.Timer(0.05, write_log, (logged, "default", "p", ["one more"])).start()
    threading.Timer(0.3, logged.delete, (POD, "default", "p")).start()
    assert read(logged, follow=True) == [*LINES, "one more"]


def test_a_folder_is_read_afresh(sandbox: Sandbox, logged: KubeClient, tmp_path: pathlib.Path) -> None:
    sandbox.logs.folder = str(tmp_path)
    assert read(logged) == LINES
    (tmp_path / "p.log").write_text("from the file\n")
    assert read(logged) == [*LINES, "from the file"]


def test_a_pod_that_is_not_there(kube: KubeClient) -> None:
    with pytest.raises(NotFound, match='pods "none" not found'):
        list(kube.logs("default", "none"))

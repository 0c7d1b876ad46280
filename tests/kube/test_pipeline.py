"""Lists of many kinds at once: a round trip deep where the way allows it, complete in any case."""

import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from kube.loopback import CLOSE, HANG, RESET, Asked, Loopback, answer, client, failure, kubeconfig, listing

from flux_cli.core.api import Resource
from flux_cli.core.errors import FluxError
from flux_cli.kube import pipeline
from flux_cli.kube.client import KubeClient

Cluster = Callable[..., tuple[Loopback, KubeClient]]
KINDS = [Resource("lab.test", "v1", f"kind{i}s", f"Kind{i}", older=("v1beta1",)) for i in range(8)]


def kind_of(asked: Asked) -> int:
    return int(asked.target.partition("/kind")[2][:1])


def good(asked: Asked) -> bytes:
    return answer(listing(f"of-{kind_of(asked)}"))


def names(kube: KubeClient) -> list[Any]:
    """Of each kind the names, or the text of the error."""
    return [
        str(found) if isinstance(found, Exception) else [item["metadata"]["name"] for item in found]
        for found in kube.list_each(KINDS, "apps")
    ]


ALL = [[f"of-{i}"] for i in range(8)]


def test_two_connections_carry_everything(cluster: Cluster) -> None:
    server, kube = cluster(good)
    assert names(kube) == ALL
    assert server.connections == 2
    assert sorted(asked.target for asked in server.asked) == sorted(kind.path("apps") for kind in KINDS)
    by_connection = [[kind_of(asked) for asked in server.asked if asked.connection == number] for number in (1, 2)]
    assert sorted(by_connection) == [[0, 2, 4, 6], [1, 3, 5, 7]]
    assert names(kube) == ALL
    assert server.connections == 2


def test_few_lists_need_one_connection(cluster: Cluster) -> None:
    server, kube = cluster(good)
    assert [found[0]["kind"] for found in kube.list_each(KINDS[:3], "apps") if isinstance(found, list)] == [
        "Kind0",
        "Kind1",
        "Kind2",
    ]
    assert server.connections == 1


def test_each_object_is_kept_as_it_is_wanted(cluster: Cluster) -> None:
    _, kube = cluster(good)
    keeps = [lambda obj, kind=kind: (kind.kind, obj["metadata"]["name"]) for kind in KINDS]
    assert kube.list_each(KINDS, "apps", keeps=keeps) == [[(f"Kind{i}", f"of-{i}")] for i in range(8)]


@pytest.mark.parametrize("end", [CLOSE, RESET])
def test_a_server_that_ends_the_connection_after_an_answer(cluster: Cluster, end: object) -> None:
    server, kube = cluster(lambda asked: [good(asked), end] if asked.connection < 3 or end is CLOSE else good(asked))
    assert names(kube) == ALL
    assert server.connections > 2


def test_a_server_that_says_it_will_end_it(cluster: Cluster) -> None:
    server, kube = cluster(lambda asked: [answer(listing(f"of-{kind_of(asked)}"), connection="close"), CLOSE])
    assert names(kube) == ALL
    assert len(server.asked) == 8


@pytest.mark.parametrize("loses", [True, False])
def test_a_way_that_does_not_answer_in_turn(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, loses: bool) -> None:
    """A proxy that forgets what came before the answer, or a list that takes for ever the first time it is asked for."""
    asked_before: set[int] = set()

    def script(asked: Asked) -> Any:
        kind = kind_of(asked)
        if not loses and kind == 2 and kind not in asked_before:
            asked_before.add(kind)
            return [HANG]
        return good(asked)

    monkeypatch.setattr(pipeline, "PATIENCE", 0.05)
    server, kube = cluster(script)
    server.forgetful = loses
    assert names(kube) == ALL


REFUSED: dict[str, tuple[bytes, str]] = {
    "forbidden": (failure("not for you", 403, "Forbidden"), "not for you"),
    "a proxy's page": (answer(b"<html><title>Log in</title>", 502, content_type="text/html"), "did not answer as a Kubernetes API does: HTTP 502 with a web page (Log in)"),
    "half a body": (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{", "unexpected EOF"),
    "no JSON": (answer(b"sorry"), 'HTTP 200 with no JSON: "sorry"'),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_one_kind_that_cannot_be_read_leaves_the_others(cluster: Cluster, case: str) -> None:
    refusal, words = REFUSED[case]
    _, kube = cluster(lambda asked: [refusal, CLOSE] if kind_of(asked) == 3 else good(asked))
    found = names(kube)
    assert found[:3] + found[4:] == ALL[:3] + ALL[4:]
    assert words in found[3]


def test_an_older_version_is_asked_for_where_the_newest_is_not_served(cluster: Cluster) -> None:
    def script(asked: Asked) -> bytes:
        missing = kind_of(asked) == 5 and "/v1/" in asked.target
        return failure("the server could not find the requested resource", 404, "NotFound") if missing else good(asked)

    server, kube = cluster(script)
    assert names(kube) == ALL
    wanted = [asked.target for asked in server.asked if "kind5s" in asked.target]
    assert wanted == [KINDS[5].path("apps"), KINDS[5]._replace(version="v1beta1").path("apps")]


def test_a_server_that_asks_for_patience_is_asked_again(cluster: Cluster) -> None:
    busy = {1, 6}

    def script(asked: Asked) -> bytes:
        kind = kind_of(asked)
        if kind in busy:
            busy.discard(kind)
            return answer(b"slow down", 429, retry_after="0")
        return good(asked)

    _, kube = cluster(script)
    assert names(kube) == ALL


def test_a_token_that_was_renewed_is_used_for_the_rest(serve: Any, tmp_path: pathlib.Path) -> None:
    token = tmp_path / "token"
    token.write_text("old")

    def script(asked: Asked) -> bytes:
        fresh = tmp_path / f"fresh-{kind_of(asked)}"
        fresh.write_text("new")
        fresh.replace(token)
        return good(asked) if asked.headers["authorization"] == "Bearer new" else failure("who?", 401, "Unauthorized")

    server = serve(script)
    assert names(client(kubeconfig(tmp_path, server.server, {"tokenFile": str(token)}))) == ALL


def test_nobody_there(tmp_path: pathlib.Path) -> None:
    kube = client(kubeconfig(tmp_path, "https://127.0.0.1:1"))
    found = names(kube)
    assert found == [
        f'Get "https://127.0.0.1:1{kind.path("apps")}": dial tcp 127.0.0.1:1: connect: connection refused' for kind in KINDS
    ]


def test_the_deadline_holds_for_all(cluster: Cluster) -> None:
    _, kube = cluster(lambda _: [HANG], seconds=0.2)
    assert all("deadline exceeded" in str(found) for found in names(kube))


def test_an_error_of_who_keeps_is_told_in_its_place(cluster: Cluster) -> None:
    def keep(obj: dict[str, Any]) -> str:
        raise FluxError("no such filter")

    _, kube = cluster(good)
    found = kube.list_each(KINDS, "apps", keeps=[keep if index == 4 else None for index in range(8)])
    assert [index for index, result in enumerate(found) if isinstance(result, Exception)] == [4]

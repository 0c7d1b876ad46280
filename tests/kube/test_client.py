"""The verbs: what they send, how lists and watches come back, and which version of a kind is used."""

import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from kube.loopback import CLOSE, HANG, KS, PATH, Asked, Loopback, answer, client, failure, kubeconfig, listing

from flux_cli.core.api import APPLY, JSON_PATCH, NAMESPACE, POD, Event, Resource
from flux_cli.core.errors import ApiError, FluxError, Gone, NoMatch, NotFound, Timeout, Unreachable
from flux_cli.kinds import served_as
from flux_cli.kube import decoding, secured
from flux_cli.kube.client import KubeClient
from flux_cli.kube.discovery import cache_file

Cluster = Callable[..., tuple[Loopback, KubeClient]]
PLAIN_404 = answer(b"404 page not found\n", 404, content_type="text/plain; charset=utf-8")
OBJECT = {"apiVersion": KS.api_version, "kind": KS.kind, "metadata": {"name": "one", "namespace": "apps"}}


def query(asked: Asked) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(asked.target).query, keep_blank_values=True))


def test_lists_name_the_kind_of_their_items(cluster: Cluster) -> None:
    """The server leaves it out; managedFields, which nobody reads, is dropped."""
    page = {"metadata": {"resourceVersion": "12"}, "items": [{"metadata": {"name": "one", "managedFields": [{}]}}, "odd"]}
    server, kube = cluster(lambda _: answer(page))
    listed = kube.list(KS, labels="a=b", fields="metadata.name=one")
    assert listed == ([{"apiVersion": KS.api_version, "kind": KS.kind, "metadata": {"name": "one"}}], "12")
    assert urlsplit(server.asked[0].target).path == "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations"
    assert query(server.asked[0]) == {"labelSelector": "a=b", "fieldSelector": "metadata.name=one"}


@pytest.mark.parametrize("page", [{}, {"items": None}, {"items": {}}, {"metadata": 5, "items": []}])
def test_lists_without_items(cluster: Cluster, page: Any) -> None:
    _, kube = cluster(lambda _: answer(page))
    assert kube.list(KS).items == []


def test_long_lists_decode_alike(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in small pieces, cut anywhere, is the same list."""
    page = listing(*[f"n{i}é\u2028" for i in range(50)])
    page["items"][3] |= {"spec": {"f": 1.5, "i": 12345678901234567890, "n": None, "b": True}}
    _, kube = cluster(lambda _: answer(page))
    small = kube.list(KS)
    monkeypatch.setattr(decoding, "STEP", 10)
    monkeypatch.setattr(secured, "SIZE", 7)
    assert kube.list(KS) == small
    assert small.items[3]["spec"] == {"f": 1.5, "i": 12345678901234567890, "n": None, "b": True}


def test_a_list_of_more_than_a_megabyte(cluster: Cluster) -> None:
    _, kube = cluster(lambda _: answer(listing(*["n" * 250] * 6000)))
    assert len(kube.list(KS).items) == 6000


def test_pages_are_fetched_to_the_end(cluster: Cluster) -> None:
    def script(asked: Asked) -> bytes:
        at = int(query(asked).get("continue", "0"))
        more = {"continue": str(at + 1)} if at < 2 else {}
        return answer(listing(f"n{at}") | {"metadata": {"resourceVersion": "5"} | more})

    server, kube = cluster(script)
    assert [item["metadata"]["name"] for item in kube.list(KS, limit=1).items] == ["n0", "n1", "n2"]
    assert [query(asked) for asked in server.asked] == [
        {"limit": "1"},
        {"limit": "1", "continue": "1"},
        {"limit": "1", "continue": "2"},
    ]


def test_expired_pages_are_fetched_in_one_piece(cluster: Cluster) -> None:
    def script(asked: Asked) -> bytes:
        if "continue" in query(asked):
            return failure("The provided continue parameter is too old", 410, "Expired")
        more = {"continue": "x"} if "limit" in query(asked) else {}
        return answer(listing("one", "two") | {"metadata": {"resourceVersion": "5"} | more})

    _, kube = cluster(script)
    assert len(kube.list(KS, limit=2).items) == 2


def test_metadata_only(cluster: Cluster) -> None:
    partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": {"name": "one"}}
    server, kube = cluster(lambda asked: answer(partial if asked.target.endswith("/one") else {"items": [partial]}))
    whole = {"apiVersion": KS.api_version, "kind": KS.kind, "metadata": {"name": "one"}}
    assert kube.get(KS, "apps", "one", metadata_only=True) == whole
    assert kube.list(KS, metadata_only=True).items == [whole]
    assert [asked.headers["accept"].split(";")[1] for asked in server.asked] == [
        "as=PartialObjectMetadata",
        "as=PartialObjectMetadataList",
    ]


WRITES: dict[str, tuple[Callable[[KubeClient], Any], str, str, str, Any]] = {
    "create": (
        lambda k: k.create(KS, "apps", OBJECT, dry_run=True, field_manager="me", strict=True),
        "POST", f"{PATH}?dryRun=All&fieldManager=me&fieldValidation=Strict", "application/json", OBJECT,
    ),
    "create where the object says": (lambda k: k.create(KS, "", OBJECT), "POST", PATH, "application/json", OBJECT),
    "create beyond namespaces": (
        lambda k: k.create(NAMESPACE, "x", {"metadata": {"name": "n"}}), "POST", "/api/v1/namespaces", "application/json",
        {"metadata": {"name": "n"}},
    ),
    "update": (
        lambda k: k.update(KS, "apps", OBJECT, subresource="status"), "PUT", f"{PATH}/one/status", "application/json", OBJECT,
    ),
    "merge": (lambda k: k.patch(KS, "apps", "one", {"a": 1}), "PATCH", f"{PATH}/one", "application/merge-patch+json", {"a": 1}),
    "JSON patch": (
        lambda k: k.patch(KS, "apps", "one", [{"op": "remove"}], content_type=JSON_PATCH, field_manager="me"),
        "PATCH", f"{PATH}/one?fieldManager=me", JSON_PATCH, [{"op": "remove"}],
    ),
    "apply": (
        lambda k: k.apply(KS, "apps", OBJECT, field_manager="flux", force=True),
        "PATCH", f"{PATH}/one?fieldManager=flux&force=true", APPLY, OBJECT,
    ),
    "delete": (lambda k: k.delete(KS, "apps", "one"), "DELETE", f"{PATH}/one", "application/json",
               {"kind": "DeleteOptions", "apiVersion": KS.api_version}),
    "delete in the foreground": (
        lambda k: k.delete(KS, "apps", "one", dry_run=True, propagation="Foreground"),
        "DELETE", f"{PATH}/one", "application/json",
        {"kind": "DeleteOptions", "apiVersion": KS.api_version, "propagationPolicy": "Foreground", "dryRun": ["All"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("call", "method", "target", "kind", "body"), WRITES.values(), ids=WRITES)
def test_what_writes_send(cluster: Cluster, call: Any, method: str, target: str, kind: str, body: Any) -> None:
    server, kube = cluster(lambda _: answer({"metadata": {"name": "answered"}}))
    assert call(kube) == {"metadata": {"name": "answered"}}
    asked = server.asked[0]
    assert (asked.method, asked.target, asked.headers.get("content-type", "")) == (method, target, kind)
    assert (json.loads(asked.body) if asked.body else None) == body


# -- which version


def versions(*served: str, groups: bool = True) -> Callable[[Asked], bytes]:
    """A cluster with these versions of the group, and nothing else below /apis."""

    def script(asked: Asked) -> bytes:
        parts = urlsplit(asked.target).path.split("/")
        if parts == ["", "apis"]:
            return answer({"kind": "APIGroupList"}) if groups else PLAIN_404
        if parts[3] not in served:
            return PLAIN_404
        if len(parts) == 4:
            return answer({"kind": "APIResourceList"})
        return answer(listing("one")) if asked.method == "GET" else answer(json.loads(asked.body))

    return script


OLDER = KS._replace(version="v1", older=("v1beta2", "v1beta1"))


def test_an_older_version_serves(cluster: Cluster) -> None:
    """What the cluster serves is found by trying, remembered, and written into what is sent."""
    server, kube = cluster(versions("v1beta2"))
    assert kube.list(OLDER).items[0]["apiVersion"] == "kustomize.toolkit.fluxcd.io/v1beta2"
    assert kube.create(OLDER, "apps", OBJECT)["apiVersion"] == "kustomize.toolkit.fluxcd.io/v1beta2"
    assert [asked.target.split("/")[3] for asked in server.asked] == ["v1", "v1beta2", "v1beta2"]


def test_no_version_serves(cluster: Cluster) -> None:
    """client-go's text for the first kind of a process names the version, later ones the kind."""
    _, kube = cluster(versions())
    group = "kustomize.toolkit.fluxcd.io/v1"
    texts = []
    for kind in (OLDER, OLDER._replace(kind="Other", plural="others"), OLDER):
        with pytest.raises(NoMatch) as caught:
            kube.list(kind)
        texts.append(str(caught.value))
    assert texts == [
        f"unable to retrieve the complete list of server APIs: {group}: no matches for {group}, Resource=",
        f'no matches for kind "Other" in version "{group}"',
        f"unable to retrieve the complete list of server APIs: {group}: no matches for {group}, Resource=",
    ]


def test_an_address_without_an_api(cluster: Cluster) -> None:
    server, kube = cluster(versions(groups=False))
    with pytest.raises(Unreachable) as caught:
        kube.list(KS)
    assert str(caught.value) == (
        f"{server.server} answers, but has no Kubernetes API: the server could not find the requested resource (/apis)"
    )


@pytest.mark.parametrize("says", [PLAIN_404, failure("the server could not find the requested resource", 404, "NotFound")])
def test_the_version_is_served_but_not_the_kind(cluster: Cluster, says: bytes) -> None:
    _, kube = cluster(lambda asked: answer({}) if asked.target.endswith("/v1") else says)
    with pytest.raises(NoMatch) as caught:
        kube.list(KS)
    assert str(caught.value) == 'no matches for kind "Kustomization" in version "kustomize.toolkit.fluxcd.io/v1"'


def test_an_object_that_is_not_there_is_no_missing_kind(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: failure('kustomizations "x" not found', 404, "NotFound", name="x", kind="kustomizations"))
    with pytest.raises(NotFound) as caught:
        kube.get(OLDER, "apps", "x")
    assert (str(caught.value), caught.value.status, caught.value.reason) == ('kustomizations "x" not found', 404, "NotFound")
    assert len(server.asked) == 1


# -- watching


def line(type_: str, obj: Any) -> bytes:
    data = json.dumps({"type": type_, "object": obj}).encode() + b"\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
ONE, TWO = {"metadata": {"name": "one"}}, {"metadata": {"name": "two"}}


def test_a_watch_goes_on_from_a_version(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: [HEAD, line("MODIFIED", ONE), line("BOOKMARK", TWO), b"0\r\n\r\n"])
    assert list(kube.watch(KS, "apps", labels="a", resource_version="9", timeout=4.5)) == [
        Event("MODIFIED", ONE),
        Event("BOOKMARK", TWO),
    ]
    assert query(server.asked[0]) == {
        "watch": "true", "allowWatchBookmarks": "true", "resourceVersion": "9", "labelSelector": "a", "timeoutSeconds": "5",
    }  # fmt: skip


def test_a_watch_begins_with_what_is_there(cluster: Cluster) -> None:
    def script(asked: Asked) -> Any:
        return [HEAD, line("DELETED", ONE), b"0\r\n\r\n"] if "watch" in query(asked) else answer(listing("one", version="44"))

    server, kube = cluster(script)
    events = [(event.type, event.object["metadata"]["name"]) for event in kube.watch(KS, "apps")]
    assert events == [("ADDED", "one"), ("DELETED", "one")]
    assert query(server.asked[1])["resourceVersion"] == "44"


def test_a_watch_is_told_as_it_happens(cluster: Cluster) -> None:
    """The first event is here before the second was sent, though one chunk holds half a line."""
    import threading

    seen = threading.Event()

    def script(_: Asked) -> Iterator[bytes]:
        first = line("ADDED", ONE)
        data = json.dumps({"type": "ADDED", "object": TWO}).encode()
        yield HEAD + first + b"%x\r\n%s\r\n" % (10, data[:10])
        assert seen.wait(10)
        yield b"%x\r\n%s\n\r\n0\r\n\r\n" % (len(data) - 9, data[10:])

    _, kube = cluster(script)
    events = kube.watch(KS, "apps", resource_version="1")
    assert next(events) == Event("ADDED", ONE)
    seen.set()
    assert list(events) == [Event("ADDED", TWO)]


@pytest.mark.parametrize(("code", "family"), [(410, Gone), (500, ApiError)], ids=["gone", "other"])
def test_an_error_in_a_watch(cluster: Cluster, code: int, family: type[ApiError]) -> None:
    status = {"kind": "Status", "code": code, "message": "too old resource version: 1 (2)"}
    _, kube = cluster(lambda _: [HEAD, line("ERROR", status), b"0\r\n\r\n"])
    with pytest.raises(ApiError) as caught:
        list(kube.watch(KS, "apps", resource_version="1"))
    assert type(caught.value) is family
    assert str(caught.value) == "too old resource version: 1 (2)"


def test_a_watch_that_is_too_old_from_the_start(cluster: Cluster) -> None:
    _, kube = cluster(lambda _: failure("too old", 410, "Expired"))
    with pytest.raises(Gone):
        kube.watch(KS, "apps", resource_version="1")


@pytest.mark.parametrize("end", [[CLOSE], [line("ADDED", TWO)[:-20], CLOSE], [b"zz\r\n", CLOSE], [b'5\r\n{"x"}\n\r\n', CLOSE]])
def test_a_watch_that_breaks_just_ends(cluster: Cluster, end: Any) -> None:
    _, kube = cluster(lambda _: [HEAD, line("ADDED", ONE), *end])
    assert list(kube.watch(KS, "apps", resource_version="1")) == [Event("ADDED", ONE)]


def test_a_watch_ends_when_its_time_is_up(cluster: Cluster) -> None:
    """Quietly with its own timeout, with an error at the deadline of everything."""
    _, kube = cluster(lambda _: [HEAD, line("ADDED", ONE), HANG], seconds=0.8)
    assert list(kube.watch(KS, "apps", resource_version="1", timeout=0.2)) == [Event("ADDED", ONE)]
    with pytest.raises(Timeout) as caught:
        list(kube.watch(KS, "apps", resource_version="1", timeout=60))
    assert str(caught.value) == "context deadline exceeded"


def test_a_watch_may_be_left_early(cluster: Cluster) -> None:
    _, kube = cluster(lambda asked: [HEAD, line("ADDED", ONE), HANG] if "watch" in query(asked) else answer({}))
    events = kube.watch(KS, "apps", resource_version="1")
    assert isinstance(events, Iterator)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert kube.raw("/version") == {}


# -- logs


def test_what_logs_ask_for(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: answer(b"one\r\ntwo\n\nthree", content_type="text/plain"))
    lines = kube.logs("ns", "pod", container="c", tail=0, since_seconds=5, since_time="t", previous=True, timestamps=True)
    assert list(lines) == [b"one\r", b"two", b"", b"three"]
    assert urlsplit(server.asked[0].target).path == f"{POD.path('ns', 'pod')}/log"
    assert query(server.asked[0]) == {
        "container": "c", "tailLines": "0", "sinceSeconds": "5", "sinceTime": "t", "previous": "true", "timestamps": "true",
    }  # fmt: skip


def test_a_followed_log_ends_at_the_deadline(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: [HEAD, b"4\r\none\n\r\n", b"3\r\ntwo\r\n", HANG], seconds=0.5)
    assert list(kube.logs("ns", "pod", follow=True)) == [b"one", b"two"]
    assert query(server.asked[0]) == {"follow": "true"}


def test_logs_that_are_refused(cluster: Cluster) -> None:
    _, kube = cluster(lambda _: failure('pods "pod" not found', 404, "NotFound", name="pod", kind="pods"))
    with pytest.raises(NotFound) as caught:
        kube.logs("ns", "pod")
    assert str(caught.value) == 'pods "pod" not found'


# -- discovery

AGGREGATED_THING = {"resource": "things", "responseKind": {"kind": "Thing"}, "scope": "Cluster"}
LISTED_THING = {"name": "things", "kind": "Thing"}
AGGREGATED = {
    "/api": [{"metadata": {}, "versions": [{"version": "v1", "resources": [
        {"resource": "pods", "responseKind": {"kind": "Pod"}, "scope": "Namespaced", "shortNames": ["po"]},
        {"resource": "odd"},
    ]}]}],
    "/apis": [{"metadata": {"name": "example.com"}, "versions": [
        {"version": "v2", "resources": [AGGREGATED_THING | {"singularResource": "thing"}]},
        {"version": "v1", "resources": [AGGREGATED_THING | {"shortNames": ["th"]}]},
    ]}],
}  # fmt: skip
OLD = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "groups": [
        {"name": "example.com", "versions": [{"groupVersion": "example.com/v1"}, {"groupVersion": "example.com/v2"}],
         "preferredVersion": {"groupVersion": "example.com/v2"}},
        {"name": "down.example.com", "versions": [{"groupVersion": "down.example.com/v1"}]}]},
    "/api/v1": {"groupVersion": "v1", "resources": [
        {"name": "pods", "kind": "Pod", "namespaced": True, "singularName": "pod", "shortNames": ["po"]},
        {"name": "pods/log", "kind": "Pod"}]},
    "/apis/example.com/v1": {"groupVersion": "example.com/v1", "resources": [LISTED_THING | {"shortNames": ["th"]}]},
    "/apis/example.com/v2": {"groupVersion": "example.com/v2", "resources": [LISTED_THING | {"singularName": "thing"}]},
}  # fmt: skip
THING = Resource("example.com", "v2", "things", "Thing", namespaced=False)


def aggregated(asked: Asked) -> bytes:
    assert "as=APIGroupDiscoveryList" in asked.headers["accept"]
    return answer({"kind": "APIGroupDiscoveryList", "items": AGGREGATED[asked.target]})


def old(asked: Asked) -> bytes:
    return answer(OLD[asked.target]) if asked.target in OLD else failure("down", 503)


@pytest.mark.parametrize("script", [aggregated, old])
def test_discovery(cluster: Cluster, script: Any) -> None:
    """With aggregation two requests; without it one more for each version; the preferred version comes first."""
    server, kube = cluster(script)
    assert list(kube.resources()) == [Resource("", "v1", "pods", "Pod"), THING, THING._replace(version="v1")]
    assert kube.resolve("example.com/v1", "Thing") == THING._replace(version="v1")
    assert [kube.named(word) for word in ("thing", "THINGS", "things.example.com")] == [THING] * 3
    assert [kube.named(word).version for word in ("th", "things.v1.example.com")] == ["v2", "v1"]  # short for all its versions
    assert len(server.asked) == (2 if script is aggregated else 6)


def test_what_is_not_served(cluster: Cluster) -> None:
    _, kube = cluster(aggregated)
    with pytest.raises(NoMatch) as caught:
        kube.resolve("example.com/v3", "Thing")
    assert str(caught.value) == 'no matches for kind "Thing" in version "example.com/v3"'
    with pytest.raises(NoMatch) as caught:
        kube.named("nope")
    assert str(caught.value) == 'the server doesn\'t have a resource type "nope"'


def test_kinds_that_need_no_discovery(cluster: Cluster) -> None:
    server, kube = cluster(aggregated)
    assert kube.resolve("v1", "Pod") == POD
    known = KubeClient(kube._calls.transport, known=served_as)
    assert known.resolve("kustomize.toolkit.fluxcd.io/v1", "Kustomization").plural == "kustomizations"
    assert server.asked == []


def test_discovery_is_kept_on_disk(serve: Any, tmp_path: pathlib.Path) -> None:
    server = serve(aggregated)
    path = kubeconfig(tmp_path, server.server)

    def fresh() -> KubeClient:
        return client(path, cache_dir=f"{tmp_path}/cache")

    assert fresh().resolve("example.com/v2", "Thing") == THING
    assert fresh().named("po") == POD
    assert len(server.asked) == 2
    with pytest.raises(FluxError):
        fresh().named("unknown")
    assert len(server.asked) == 4  # what the disk does not know is asked for once more
    kept = pathlib.Path(cache_file(f"{tmp_path}/cache", server.server))
    assert kept.parent == tmp_path / "cache" / "discovery" / f"127.0.0.1_{server.port}"
    for broken in ("", "[[1]]", '{"a": 1}', "[5]", '["abcdef"]'):
        kept.write_text(broken)
        assert fresh().named("thing") == THING


def test_a_disk_that_keeps_nothing(serve: Any, tmp_path: pathlib.Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    server = serve(aggregated)
    assert client(kubeconfig(tmp_path, server.server), cache_dir=f"{tmp_path}/cache").named("po") == POD


def test_discovery_that_fails(cluster: Cluster) -> None:
    _, kube = cluster(lambda asked: failure("no", 403, "Forbidden") if asked.target == "/apis" else aggregated(asked))
    with pytest.raises(ApiError) as caught:
        kube.resources()
    assert str(caught.value) == "no"

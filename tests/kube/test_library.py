"""Flux for programs: typed reads, watches and waits, and the official client over the same connection."""

import json
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from kube.loopback import CA, Asked, Loopback, answer, failure, kubeconfig, listing, server_tls
from kube.proxies import Proxy
from kubernetes import client, dynamic
from real_cluster import RealCluster

import flux_cli
from flux_cli.core.errors import ConfigError, FluxError, Forbidden, NoMatch, NotFound, NotReady, Timeout, UsageError
from flux_cli.library import ALL, Flux, FluxObject

V1 = "client.authentication.k8s.io/v1"
PATH = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations"
Library = Callable[..., Flux]


def kustomization(name: str, ready: str = "True", version: str = "1", generation: int = 1, **status: Any) -> dict[str, Any]:
    condition = {"type": "Ready", "status": ready, "reason": "Because", "message": f"{name} says {ready}"}
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": name, "namespace": "flux-system", "resourceVersion": version, "generation": generation},
        "spec": {"suspend": False},
        "status": {"conditions": [condition], "observedGeneration": generation, "lastAppliedRevision": "main@sha1:abc"} | status,
    }


def query(asked: Asked) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(asked.target).query))


@pytest.fixture
def library(serve: Any, tmp_path: pathlib.Path) -> Iterator[Library]:
    """``library(script)``: connected to a server on loopback."""
    opened: list[Flux] = []

    def start(script: Any, user: dict[str, Any] | None = None, tls: Any = None, **options: Any) -> Flux:
        entry = options.pop("entry", {})
        server = serve(script, tls=tls or server_tls())
        path = kubeconfig(tmp_path, server.server, user, **entry)
        opened.append(flux_cli.connect(kubeconfig=path, environ={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, **options))
        opened[-1].server = server  # type: ignore[attr-defined]
        return opened[-1]

    yield start
    for flux in opened:
        flux.close()


def test_importing_it_loads_nothing() -> None:
    code = "import sys, flux_cli; print(sorted(m for m in sys.modules if m.startswith('flux_cli') or m == 'ssl'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['flux_cli']\n"
    with pytest.raises(AttributeError) as caught:
        flux_cli.nothing  # noqa: B018 - the access is what is tested
    assert str(caught.value) == "module 'flux_cli' has no attribute 'nothing'"


def test_an_object_answers_questions(library: Library) -> None:
    raw = kustomization("apps")
    found = library(lambda _: answer(raw)).get("ks", "apps")
    assert (found.kind, found.namespace, found.name, found.raw) == ("Kustomization", "flux-system", "apps", raw)
    assert (found.ready, found.reason, found.message) == (True, "Because", "apps says True")
    assert (found.revision, found.suspended) == ("main@sha1:abc", False)
    assert repr(found) == "<Kustomization flux-system/apps ready=True>"


@pytest.mark.parametrize(("status", "ready"), [("True", True), ("False", False), ("Unknown", None), ("odd", None)])
def test_readiness(library: Library, status: str, ready: bool | None) -> None:
    assert library(lambda _: answer(kustomization("apps", status))).get("ks", "apps").ready is ready


def test_readiness_of_what_has_none(library: Library) -> None:
    bare = {"metadata": {"name": "x"}}
    flux = library(lambda _: answer(bare))
    assert (flux.get("ks", "x").ready, flux.get("ks", "x").message, flux.get("ks", "x").reason) == (None, "", "")
    assert flux.get("alert", "x").ready is True


@pytest.mark.parametrize(
    "word", ["ks", "kustomization", "Kustomizations", "KUSTOMIZATION", "kustomizations.kustomize.toolkit.fluxcd.io"]
)
def test_kinds_go_by_the_names_of_the_command_line(library: Library, word: str) -> None:
    flux = library(lambda _: answer(listing("one", "two")))
    assert [item.name for item in flux.list(word, labels="a=b")] == ["one", "two"]
    assert flux.server.asked[0].target == f"{PATH}?labelSelector=a%3Db"  # type: ignore[attr-defined]


def test_other_kinds_are_refused(library: Library) -> None:
    with pytest.raises(UsageError) as caught:
        library(lambda _: answer({})).list("pod")
    assert str(caught.value) == '"pod" is not a Flux kind'


def test_namespaces(library: Library) -> None:
    flux = library(lambda _: answer(listing()), namespace="mine")
    flux.list("ks")
    flux.list("ks", "theirs")
    flux.list("ks", ALL)
    asked = [asked.target.removeprefix("/apis/kustomize.toolkit.fluxcd.io/v1/") for asked in flux.server.asked]  # type: ignore[attr-defined]
    assert asked == ["namespaces/mine/kustomizations", "namespaces/theirs/kustomizations", "kustomizations"]


def test_the_default_namespace(tmp_path: pathlib.Path) -> None:
    path = kubeconfig(tmp_path, "https://127.0.0.1:1")
    assert flux_cli.connect(kubeconfig=path, environ={}).namespace == "flux-system"
    assert flux_cli.connect(kubeconfig=path, environ={"FLUX_SYSTEM_NAMESPACE": "gitops"}).namespace == "gitops"


def test_a_wrong_way_is_told_at_once(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ConfigError) as caught:
        flux_cli.connect(kubeconfig=kubeconfig(tmp_path, "https://x"), context="nope", environ={})
    assert str(caught.value) == 'context "nope" does not exist'


def events(*changes: tuple[str, dict[str, Any]]) -> bytes:
    """A whole watch, closed by the server."""
    body = "".join(json.dumps({"type": type_, "object": obj}) + "\n" for type_, obj in changes).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def test_a_watch_goes_on_where_the_server_ended_it(library: Library) -> None:
    """From the version that was seen last; anew where that is too old; until its time is up."""

    def script(asked: Asked) -> Any:
        watched = query(asked)
        if "watch" not in watched:
            return answer({"metadata": {"resourceVersion": "10"}, "items": [kustomization("apps", version="10")]})
        if watched["resourceVersion"] == "10":
            return events(
                ("MODIFIED", kustomization("apps", "False", version="11")), ("BOOKMARK", {"metadata": {"resourceVersion": "12"}})
            )
        return failure("too old", 410, "Expired")

    flux = library(script)
    seen = flux.watch("ks", name="apps", timeout=30)
    assert [(c.type, c.object.ready) for c, _ in zip(seen, range(4), strict=False)] == [
        ("ADDED", True), ("MODIFIED", False), ("ADDED", True), ("MODIFIED", False),
    ]  # fmt: skip
    assert {query(asked)["fieldSelector"] for asked in flux.server.asked} == {"metadata.name=apps"}  # type: ignore[attr-defined]
    assert list(flux.watch("ks", timeout=0)) == []


def test_waiting_until_it_is_ready(library: Library) -> None:
    states = [("MODIFIED", kustomization("apps", "Unknown", "2", 2)), ("MODIFIED", kustomization("apps", "True", "3", 2))]
    old = kustomization("apps", "True", "1", 2, observedGeneration=1)
    flux = library(lambda asked: events(*states) if "watch" in query(asked) else answer(old))
    assert flux.wait("ks", "apps").raw == states[1][1]


def test_waiting_for_what_fails(library: Library) -> None:
    stalled = kustomization("apps", "False")
    stalled["status"]["conditions"].append({"type": "Stalled", "status": "True", "message": "it cannot work"})
    with pytest.raises(NotReady) as caught:
        library(lambda _: answer(stalled)).wait("ks", "apps")
    assert str(caught.value) == "it cannot work"


def test_waiting_too_long(library: Library) -> None:
    flux = library(lambda asked: events() if "watch" in query(asked) else answer(kustomization("apps", "False")))
    with pytest.raises(Timeout) as caught:
        flux.wait("ks", "apps", timeout=0.3)
    assert caught.value.hint == "Kustomization/flux-system/apps: Ready is False: apps says False"


def test_reading_from_files(tmp_path: pathlib.Path) -> None:
    (tmp_path / "objects.yaml").write_text(json.dumps(kustomization("apps")))
    with flux_cli.connect(from_path=str(tmp_path / "objects.yaml"), environ={}) as flux:
        assert [(item.name, item.ready) for item in flux.list("ks")] == [("apps", True)]
        with pytest.raises(FluxError) as caught:
            flux.api_client()
    assert str(caught.value) == "a cluster that was read from files has no address that another client could use"


# -- the official client

NAMESPACES = {"kind": "NamespaceList", "apiVersion": "v1", "metadata": {}, "items": [{"metadata": {"name": "one"}}]}


def seen_by(api: client.ApiClient) -> list[str]:
    return [item.metadata.name for item in client.CoreV1Api(api).list_namespace(_request_timeout=10).items]


def test_the_official_client_is_the_same_user(library: Library) -> None:
    user = {"token": "t", "as": "jane", "as-groups": ["a", "b,c"]}
    flux = library(lambda _: answer(NAMESPACES), user, server_tls(name="a.example"), entry={"tls-server-name": "a.example"})
    with flux.api_client() as api:
        assert [seen_by(api), seen_by(api)] == [["one"]] * 2
    server: Loopback = flux.server  # type: ignore[attr-defined]
    headers = {name.lower(): value for name, value in server.asked[0].headers.items()}
    assert (headers["authorization"], headers["impersonate-user"], headers["impersonate-group"]) == ("Bearer t", "jane", "a|b,c")
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert server.connections == 1


def test_the_official_client_asks_the_plugin_again(library: Library, tmp_path: pathlib.Path) -> None:
    credential = {"apiVersion": V1, "kind": "ExecCredential", "status": {"token": "COUNT"}}
    (tmp_path / "answer").write_text(json.dumps(credential))
    plug = tmp_path / "plug"
    plug.write_text(
        f"#!/bin/sh\necho run >> {tmp_path}/runs\nsed s/COUNT/$(wc -l < {tmp_path}/runs | tr -d ' ')/ {tmp_path}/answer\n"
    )
    plug.chmod(0o755)
    asked_as: list[str] = []

    def script(asked: Asked) -> bytes:
        asked_as.append(asked.headers["authorization"])
        return failure("Unauthorized", 401) if asked_as[-1] == "Bearer 1" else answer(NAMESPACES)

    exec_ = {"apiVersion": V1, "command": str(plug), "interactiveMode": "Never"}
    with library(script, {"exec": exec_}).api_client() as api:
        assert [seen_by(api), seen_by(api)] == [["one"]] * 2
    assert asked_as == ["Bearer 1", "Bearer 2", "Bearer 2"]


def test_a_refusal_reaches_the_official_client(library: Library) -> None:
    with library(lambda _: failure("Unauthorized", 401)).api_client() as api, pytest.raises(client.ApiException) as caught:
        seen_by(api)
    assert caught.value.status == 401


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
def test_the_official_client_goes_through_the_proxy(library: Library, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl

    def trusting() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        CA.configure_trust(context)
        return context

    monkeypatch.setattr(ssl, "create_default_context", trusting)
    way = Proxy("socks" if scheme == "socks5" else "http", server_tls() if scheme == "https" else None)
    try:
        flux = library(lambda _: answer(NAMESPACES), entry={"proxy-url": f"{scheme}://127.0.0.1:{way.port}"})
        with flux.api_client() as api:
            assert seen_by(api) == ["one"]
        assert any(str(flux.server.port) in line for line in way.asked)  # type: ignore[attr-defined]
    finally:
        flux.close()
        way.close()


# -- the real thing


@pytest.fixture(scope="module")
def filled(real_cluster: RealCluster) -> RealCluster:
    """One Kustomization CRD of our own making, and an object of it in two namespaces."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}},
    }
    names = {"kind": "Kustomization", "plural": "kustomizations", "singular": "kustomization", "shortNames": ["ks"]}
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "kustomizations.kustomize.toolkit.fluxcd.io"},
        "spec": {"group": "kustomize.toolkit.fluxcd.io", "scope": "Namespaced", "names": names, "versions": [version]},
    }
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in ("flux-system", "library")]
    other = kustomization("other", "False")
    other["metadata"]["namespace"] = "library"
    real_cluster.load([*spaces, crd, kustomization("apps"), other])
    return real_cluster


@pytest.fixture
def real(filled: RealCluster) -> Iterator[Flux]:
    with flux_cli.connect(kubeconfig=str(filled.kubeconfig), environ={}) as flux:
        yield flux


@pytest.mark.real
def test_reads_on_a_real_server(real: Flux) -> None:
    assert isinstance(real.get("ks", "apps"), FluxObject)
    assert {item.name for item in real.list("ks", ALL)} >= {"apps", "other"}
    assert [item.name for item in real.list("ks", "library")] == ["other"]
    with pytest.raises(NotFound) as caught:
        real.get("ks", "nope")
    assert str(caught.value) == 'kustomizations.kustomize.toolkit.fluxcd.io "nope" not found'
    with pytest.raises(NoMatch) as missing:
        real.list("alert")
    assert str(missing.value) == 'no matches for kind "Alert" in version "notification.toolkit.fluxcd.io/v1beta3"'


@pytest.mark.real
def test_the_first_unserved_kind_on_a_real_server(filled: RealCluster) -> None:
    with flux_cli.connect(kubeconfig=str(filled.kubeconfig), environ={}) as flux, pytest.raises(NoMatch) as caught:
        flux.list("alert")
    version = "notification.toolkit.fluxcd.io/v1beta3"
    assert (
        str(caught.value)
        == f"unable to retrieve the complete list of server APIs: {version}: no matches for {version}, Resource="
    )


@pytest.mark.real
def test_a_user_without_rights(filled: RealCluster) -> None:
    with flux_cli.connect(kubeconfig=str(filled.kubeconfig), context="viewer", environ={}) as flux:
        with pytest.raises(Forbidden) as caught:
            flux.list("ks")
        assert str(caught.value) == (
            'kustomizations.kustomize.toolkit.fluxcd.io is forbidden: User "viewer" cannot list resource "kustomizations" '
            'in API group "kustomize.toolkit.fluxcd.io" in the namespace "flux-system"'
        )
    with flux_cli.connect(kubeconfig=str(filled.kubeconfig), as_user="viewer", as_group=["system:masters"], environ={}) as flux:
        assert flux.list("ks")


@pytest.mark.real
def test_watching_and_waiting_on_a_real_server(filled: RealCluster, real: Flux) -> None:
    patch = {"status": {"conditions": [{"type": "Ready", "status": "Unknown", "message": "working"}]}}
    path = f"{PATH}/apps"

    def say(body: Any, what: str = "") -> None:
        assert filled.call("PATCH", path + what, body, "application/merge-patch+json")[0] == 200

    say(patch, "/status")
    seen = real.watch("ks", name="apps", timeout=30)
    assert next(seen).object.message == "working"
    say({"status": kustomization("apps")["status"]}, "/status")
    change = next(seen)
    assert (change.type, change.object.ready) == ("MODIFIED", True)
    assert real.wait("ks", "apps", timeout=30).ready is True


@pytest.mark.real
def test_the_official_client_on_a_real_server(real: Flux) -> None:
    with real.api_client() as api:
        assert "flux-system" in {item.metadata.name for item in client.CoreV1Api(api).list_namespace().items}
        found = dynamic.DynamicClient(api).resources.get(api_version="kustomize.toolkit.fluxcd.io/v1", kind="Kustomization")
        assert [item.metadata.name for item in found.get(namespace="library").items] == ["other"]


@pytest.mark.real
def test_every_verb_on_a_real_server(real: Flux) -> None:
    from flux_cli.core.api import CONFIG_MAP, JSON_PATCH

    kube = real.kube
    made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "verbs"}, "data": {"a": "1"}}
    assert kube.create(CONFIG_MAP, "library", made, dry_run=True)["metadata"]["namespace"] == "library"
    kube.create(CONFIG_MAP, "library", made, field_manager="one", strict=True)
    assert kube.patch(CONFIG_MAP, "library", "verbs", {"data": {"b": "2"}})["data"] == {"a": "1", "b": "2"}
    assert kube.patch(CONFIG_MAP, "library", "verbs", [{"op": "remove", "path": "/data/b"}], content_type=JSON_PATCH)["data"] == {
        "a": "1"
    }
    obj = kube.get(CONFIG_MAP, "library", "verbs")
    assert kube.update(CONFIG_MAP, "library", obj | {"data": {"c": "3"}})["data"] == {"c": "3"}
    applied = kube.apply(CONFIG_MAP, "library", made | {"data": {"d": "4"}}, field_manager="two", force=True)
    assert applied["data"] == {"c": "3", "d": "4"}
    listed = kube.list(CONFIG_MAP, "library", fields="metadata.name=verbs", limit=1, metadata_only=True)
    assert [(item["kind"], item["metadata"]["name"]) for item in listed.items] == [("ConfigMap", "verbs")]
    kube.delete(CONFIG_MAP, "library", "verbs", dry_run=True)
    kube.delete(CONFIG_MAP, "library", "verbs", propagation="Background")
    with pytest.raises(NotFound):
        kube.get(CONFIG_MAP, "library", "verbs")


@pytest.mark.real
def test_discovery_on_a_real_server(real: Flux) -> None:
    assert real.kube.resolve("networking.k8s.io/v1", "NetworkPolicy").plural == "networkpolicies"
    assert ("", "v1", "pods") in {(r.group, r.version, r.plural) for r in real.kube.resources()}
    assert real.kube.raw("/version")["major"] == "1"

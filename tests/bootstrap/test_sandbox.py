"""``flux bootstrap git`` on a sandbox of its own process: with ``--fetch`` its stand-ins ask the real Git server."""

import base64
import pathlib
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme
import yaml
from bootstrap.git_servers import Bare, HttpServer, SshServer
from bootstrap.test_git import HEALTHY
from front_door import Flux, Skipping
from kube.proxies import Proxy
from real_cluster import free_port
from sandbox.test_command import Started

from flux_cli.core.api import SECRET
from flux_cli.core.app import Settings
from flux_cli.kinds import named
from flux_cli.main import connect


@pytest.fixture
def begun(tmp_path: pathlib.Path, manifests: pathlib.Path) -> Iterator[Callable[..., Flux]]:
    """``begun("--fetch")``: the command line on a sandbox with stand-ins that was started so."""
    started: list[Started] = []

    def start(*more: str) -> Flux:
        started.append(Started(tmp_path, "--controllers", *more))
        return Flux(str(tmp_path), KUBECONFIG=str(started[-1].kubeconfig), FLUX_MANIFESTS=str(manifests))

    yield start
    for one in started:
        one.stop()


def revision(flux: Flux, name: str) -> str:
    return flux(f"get source git {name} --no-header").out.split("\t")[1].strip()


def test_it_completes_with_the_commit_of_the_server(
    begun: Callable[..., Flux], bare: Bare, http_server: Callable[..., HttpServer], tmp_path: pathlib.Path
) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server = http_server(user="me", password="hunter2", ca=ca)
    flux = begun("--fetch")
    line = f"bootstrap git --url {server.url} --username me --password hunter2 --token-auth --path clusters/prod"
    result = flux(f"{line} --ca-file {tmp_path / 'ca.pem'} --timeout 60s")
    assert (result.code, result.out) == (0, "")
    assert result.err.endswith(HEALTHY)
    assert revision(flux, "flux-system") == f"main@sha1:{bare.head()[:8]}"


def test_it_completes_over_ssh(begun: Callable[..., Flux], bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path) -> None:
    key = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    ssh_server.authorize(key.with_suffix(".pub").read_text())
    flux = begun("--fetch")
    result = flux(f"bootstrap git --url {ssh_server.url} --private-key-file {key} --silent --path clusters/prod --timeout 60s")
    assert result.code == 0, result
    assert result.err.endswith(HEALTHY)


def test_without_it_the_timeout_says_what_is_missing(
    begun: Callable[..., Flux], bare: Bare, http_server: Callable[..., HttpServer]
) -> None:
    server = http_server(user="me", password="hunter2")
    line = f"bootstrap git --url {server.url} --username me --password hunter2 --token-auth --allow-insecure-http"
    flux = begun()
    flux.clock = Skipping(lambda: "True" in flux("get sources git flux-system --no-header").out)
    result = flux(f"{line} --path clusters/prod")
    assert result.code == 1
    assert result.err.splitlines()[-1] == (
        "The stand-ins of this sandbox derive revisions and never see a pushed commit: "
        "start it with flux sandbox start --controllers --fetch"
    )


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--branch main", "unable to clone '{url}': authentication required: who are you?"),
        ("--branch main --secret-ref login", ""),
        ("--branch none --secret-ref login", "unable to clone '{url}': couldn't find remote ref \"refs/heads/none\""),
        ("--tag v1 --secret-ref login", "unable to clone '{url}': couldn't find remote ref \"refs/tags/v1\""),
        ("--tag-semver >=1.0 --secret-ref login", "no match found for semver: >=1.0"),
    ],
)
def test_a_source_says_what_its_server_says(
    begun: Callable[..., Flux], bare: Bare, http_server: Callable[..., HttpServer], tmp_path: pathlib.Path, flags: str, said: str
) -> None:
    bare.commit(tmp_path, {"a": "b"})
    server = http_server(user="me", password="hunter2")
    flux = begun("--fetch")
    made = flux(f"create secret git login --url {server.url.replace('http:', 'https:')} --username me --password hunter2")
    assert made.code == 0, made
    source = yaml.safe_load(flux(f"create source git app --url {server.url} {flags} --export").out)
    connect(Settings(), flux.environ).create(named("GitRepository").resource, "flux-system", source)
    deadline = time.monotonic() + 30
    while "Unknown" in (shown := flux("get source git app").out) and time.monotonic() < deadline:
        time.sleep(0.05)
    if said:
        assert f"failed to checkout and determine revision: {said.format(url=server.url)}" in shown
    else:
        assert revision(flux, "app") == f"main@sha1:{bare.head()[:8]}"


def shown(flux: Flux, source: dict[str, Any], *more: dict[str, Any]) -> str:
    """What ``get`` says of a GitRepository ``app`` after the stand-in asked its server."""
    kube = connect(Settings(), flux.environ)
    for obj in more:
        kube.create(SECRET, "flux-system", obj)
    kube.create(named("GitRepository").resource, "flux-system", source)
    deadline = time.monotonic() + 30
    while "Unknown" in (said := flux("get source git app").out) and time.monotonic() < deadline:
        time.sleep(0.05)
    return said


def git_source(url: str, **spec: Any) -> dict[str, Any]:
    head = {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": "app", "namespace": "flux-system"},
    }
    return head | {"spec": {"interval": "1m", "url": url, "ref": {"branch": "main"}, **spec}}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:{port}/a.git", "dial tcp 127.0.0.1:{port}: connect: connection refused"),
        ("http://git.invalid/a.git", "dial tcp: lookup git.invalid: no such host"),
    ],
)
def test_a_server_that_is_out_of_reach(begun: Callable[..., Flux], url: str, why: str) -> None:
    """In the words of the recorded controller, but for the resolver that it names."""
    port = free_port()
    url, why = url.format(port=port), why.format(port=port)
    said = f"failed to checkout and determine revision: unable to clone '{url}': "
    assert f'{said}Get "{url}/info/refs?service=git-upload-pack": {why}' in shown(begun("--fetch"), git_source(url))


def test_a_server_behind_a_proxy(
    begun: Callable[..., Flux], bare: Bare, http_server: Callable[..., HttpServer], tmp_path: pathlib.Path
) -> None:
    bare.commit(tmp_path, {"a": "b"})
    server, proxy = http_server(), Proxy("socks", login="joe:p@ss")
    data = {"address": f"socks5://127.0.0.1:{proxy.port}", "username": "joe", "password": "p@ss"}
    secret = {
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "way", "namespace": "flux-system"},
        "data": {key: base64.b64encode(value.encode()).decode() for key, value in data.items()},
    }  # fmt: skip
    try:
        flux = begun("--fetch")
        shown(flux, git_source(server.url, proxySecretRef={"name": "way"}), secret)
        assert revision(flux, "app") == f"main@sha1:{bare.head()[:8]}"
        assert f"127.0.0.1:{server.port}" in proxy.asked
    finally:
        proxy.close()


def test_it_needs_the_stand_ins(flux: Flux) -> None:
    said = "✗ --fetch is for the stand-ins: it needs --controllers\n"
    assert flux("sandbox start --fetch") == (1, "", said)

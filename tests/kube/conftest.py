"""A server on loopback for each test that asks for one."""

import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kube.loopback import Loopback, Script, client, kubeconfig, server_tls

from flux_cli.kube.client import KubeClient

Serve = Callable[..., Loopback]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """``serve(script)`` starts a server with TLS (or ``tls=None``); all end with the test."""
    started: list[Loopback] = []

    def start(script: Script, **options: Any) -> Loopback:
        started.append(Loopback(script, options["tls"] if "tls" in options else server_tls()))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def cluster(serve: Serve, tmp_path: pathlib.Path) -> Callable[..., tuple[Loopback, KubeClient]]:
    """``cluster(script)``: a server and a client for it, logged in with a token."""

    def start(script: Script, seconds: float = 10, **settings: Any) -> tuple[Loopback, KubeClient]:
        server = serve(script)
        return server, client(kubeconfig(tmp_path, server.server), seconds=seconds, **settings)

    return start

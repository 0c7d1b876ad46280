"""Trouble on demand, and what the client makes of it."""

import json
import time

import pytest

from flux_cli.core.api import NAMESPACE, Request
from flux_cli.core.errors import ApiError, Unreachable
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.access import VIEWER
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.faults import Fault
from flux_cli.sandbox.transport import SandboxTransport

HERE = Request("GET", "/api/v1/namespaces")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_status_with_and_without_retry_after(sandbox: Sandbox, status: int) -> None:
    sandbox.faults.add(Fault(status=status, times=1))
    sandbox.faults.add(Fault(status=status, retry_after=1, times=1))
    transport = SandboxTransport(sandbox)
    first, second, third = (transport.send(HERE) for _ in range(3))
    assert [r.status for r in (first, second, third)] == [status, status, 200]
    assert ("retry-after" in first.headers, second.headers["retry-after"]) == (False, "1")
    assert json.loads(second.read())["details"] == {"retryAfterSeconds": 1}


def test_only_what_was_named_fails(sandbox: Sandbox, kube: KubeClient) -> None:
    sandbox.faults.add(Fault(path="/api/v1/secrets", method="GET", status=500))
    assert kube.list(NAMESPACE).items
    with pytest.raises(ApiError):
        kube.list(kube.resolve("v1", "Secret"))
    sandbox.faults.clear()
    assert kube.list(kube.resolve("v1", "Secret")).items == []


def test_a_delay_and_a_cut_connection(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(delay=0.1, times=1))
    started = time.monotonic()
    assert SandboxTransport(sandbox).send(HERE).status == 200
    assert time.monotonic() - started >= 0.1
    sandbox.faults.add(Fault(cut=True, times=1))
    with pytest.raises(Unreachable):
        SandboxTransport(sandbox).send(HERE)


def test_half_a_body(sandbox: Sandbox) -> None:
    whole = SandboxTransport(sandbox).send(HERE).read()
    sandbox.faults.add(Fault(half=True))
    assert SandboxTransport(sandbox).send(HERE).read() == whole[: len(whole) // 2]


def test_the_switchboard_is_for_the_masters(sandbox: Sandbox) -> None:
    body = json.dumps({"status": 503, "times": 1}).encode()
    set_fault = Request("POST", "/flux-sandbox/faults", body=body)
    assert SandboxTransport(sandbox, VIEWER).send(set_fault).status == 403
    admin = SandboxTransport(sandbox)
    assert [admin.send(r).status for r in (set_fault, HERE, HERE)] == [200, 503, 200]
    assert admin.send(Request("POST", "/flux-sandbox/faults", body=b'{"nonsense": 1}')).status == 400
    assert [admin.send(Request(*r)).status for r in (("POST", "/flux-sandbox/compact"), ("DELETE", "/flux-sandbox/faults"))] == [
        200,
        200,
    ]
    assert admin.send(Request("POST", "/flux-sandbox/none")).status == 404

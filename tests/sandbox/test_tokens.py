"""Tokens of service accounts: made by TokenRequest, taken by the server, gone with their account."""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any

import pytest

from flux_cli.core.api import Request
from flux_cli.sandbox.access import ADMIN
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.server import Server

ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts"
REVIEW = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def ask(server: Server, token: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """(status, body)."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    context = ssl.create_default_context(cadata=server.ca.decode())
    request = urllib.request.Request(server.url + path, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, context=context) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as err:
        return err.code, json.loads(err.read())


def issued(server: Server, name: str, **spec: Any) -> str:
    admin = server.token(ADMIN)
    ask(server, admin, "POST", ACCOUNTS, {"metadata": {"name": name}})
    status, made = ask(server, admin, "POST", f"{ACCOUNTS}/{name}/token", {"spec": spec})
    assert status == 201
    token: str = made["status"]["token"]
    return token


def test_a_token_is_its_account(server: Server) -> None:
    status, said = ask(server, issued(server, "robot"), "POST", REVIEW, {})
    assert status == 201
    info = said["status"]["userInfo"]
    assert (info["username"], info["groups"]) == (
        "system:serviceaccount:default:robot",
        ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    )


def test_a_token_may_do_what_its_account_may(server: Server) -> None:
    token, admin = issued(server, "robot"), server.token(ADMIN)
    group = "rbac.authorization.k8s.io"
    roles = f"/apis/{group}/v1/namespaces/default"
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["list"]}]
    ask(server, admin, "POST", f"{roles}/roles", {"metadata": {"name": "reader"}, "rules": rules})
    subjects = [{"kind": "ServiceAccount", "name": "robot", "namespace": "default"}]
    ref = {"kind": "Role", "name": "reader", "apiGroup": group}
    ask(server, admin, "POST", f"{roles}/rolebindings", {"metadata": {"name": "reader"}, "subjects": subjects, "roleRef": ref})
    assert ask(server, token, "GET", "/api/v1/namespaces/default/configmaps")[0] == 200
    status, refusal = ask(server, token, "GET", "/api/v1/namespaces/default/secrets")
    assert (status, refusal["message"]) == (
        403,
        'secrets is forbidden: User "system:serviceaccount:default:robot" cannot list resource "secrets" in API group "" '
        'in the namespace "default"',
    )


@pytest.mark.parametrize("change", ["delete", "replace"])
def test_a_token_ends_with_its_account(server: Server, change: str) -> None:
    token, admin = issued(server, "robot"), server.token(ADMIN)
    ask(server, admin, "DELETE", f"{ACCOUNTS}/robot")
    if change == "replace":  # another account of that name
        ask(server, admin, "POST", ACCOUNTS, {"metadata": {"name": "robot"}})
    assert ask(server, token, "POST", REVIEW, {})[0] == 401


def test_a_token_for_somebody_else_is_none_here(server: Server) -> None:
    assert ask(server, issued(server, "robot", audiences=["vault"]), "POST", REVIEW, {})[0] == 401


def test_a_token_that_was_meddled_with_is_none(server: Server) -> None:
    head, claims, signature = issued(server, "robot").split(".")
    for wrong in (
        f"{head}.{claims}x.{signature}",
        f"{head}.{claims}.",
        f"{head}.{claims}",
        "x",
        "\u00e9.\u00e9.\u00e9".encode().hex(),
    ):
        assert ask(server, wrong, "POST", REVIEW, {})[0] == 401


def test_a_review_tells_whose_a_token_is(server: Server, sandbox: Sandbox) -> None:
    token = issued(server, "robot")
    path = "/apis/authentication.k8s.io/v1/tokenreviews"
    status, said = ask(server, server.token(ADMIN), "POST", path, {"spec": {"token": token}})
    assert status == 201
    assert (said["status"]["authenticated"], said["status"]["user"]["username"]) == (True, "system:serviceaccount:default:robot")
    del sandbox


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("exec", "cannot run a command in pod p: flux sandbox keeps objects and runs no containers (kubectl logs shows what there is of a log)"),
        ("attach", "cannot attach to pod p: flux sandbox keeps objects and runs no containers (kubectl logs shows what there is of a log)"),
        ("portforward", "cannot forward ports to pod p: flux sandbox keeps objects and runs no containers (kubectl logs shows what there is of a log)"),
        ("proxy", "cannot proxy to pod p: flux sandbox keeps objects and runs no containers (kubectl logs shows what there is of a log)"),
    ],
)  # fmt: skip
def test_a_pod_that_runs_nothing_says_so(sandbox: Sandbox, path: str, message: str) -> None:
    pods = "/api/v1/namespaces/default/pods"
    body = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}
    headers = {"content-type": "application/json"}
    sandbox.handle(Request("POST", pods, body=json.dumps(body).encode(), headers=headers))
    answer = sandbox.handle(Request("POST", f"{pods}/p/{path}", query=(("command", "ls"),), headers={}))
    assert isinstance(answer.body, bytes)
    said = json.loads(answer.body)
    assert (answer.status, said["reason"], said["message"]) == (501, "NotImplemented", message)


def test_a_pod_stays_as_it_was_made(sandbox: Sandbox) -> None:
    pods = "/api/v1/namespaces/default/pods"
    body = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}
    sandbox.handle(Request("POST", pods, body=json.dumps(body).encode(), headers={"content-type": "application/json"}))
    merge = {"content-type": "application/merge-patch+json"}
    answer = sandbox.handle(Request("PATCH", f"{pods}/p", body=b'{"spec":{"restartPolicy":"Never"}}', headers=merge))
    assert isinstance(answer.body, bytes)
    assert answer.status == 422
    assert json.loads(answer.body)["message"].startswith(
        'Pod "p" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,'
    )

"""Bodies as Go clients send them. ``bodies.json`` was encoded by client-go (tests/apiserver/bodies)."""

import base64
import contextlib
import json
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.core.api import CONFIG_MAP, DEPLOYMENT, Cluster, Request
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox import protobuf
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.transport import SandboxTransport

BODIES = json.loads(pathlib.Path(__file__).with_name("bodies.json").read_text())
PROTOBUF = {"content-type": protobuf.MEDIA_TYPE, "accept": f"{protobuf.MEDIA_TYPE},application/json"}


def body(kind: str) -> bytes:
    return next(base64.b64decode(row["protobuf"]) for row in BODIES if row["object"]["kind"] == kind)


@pytest.mark.parametrize("row", BODIES, ids=[row["object"]["kind"] for row in BODIES])
def test_each_body_is_the_object_that_json_would_be(row: dict[str, object]) -> None:
    assert protobuf.decode(base64.b64decode(str(row["protobuf"]))) == row["object"]


def send(sandbox: Sandbox, method: str, path: str, data: bytes) -> tuple[int, dict[str, object]]:
    answer = SandboxTransport(sandbox).send(Request(method, path, body=data, headers=PROTOBUF))
    return answer.status, json.loads(answer.read())


def test_objects_are_made_changed_and_deleted(sandbox: Sandbox, kube: KubeClient) -> None:
    assert send(sandbox, "POST", "/api/v1/namespaces/default/configmaps", body("ConfigMap"))[0] == 201
    assert kube.get(CONFIG_MAP, "default", "settings")["data"] == {"k": "v", "empty": ""}
    assert send(sandbox, "POST", "/apis/apps/v1/namespaces/default/deployments", body("Deployment"))[0] == 201
    assert probe(kube) == {"httpGet": {"path": "/", "port": "http", "scheme": "HTTP"}, "periodSeconds": 5}
    assert send(sandbox, "PUT", "/apis/apps/v1/namespaces/default/deployments/web", body("Deployment"))[0] == 200
    code, answer = send(sandbox, "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", body("SubjectAccessReview"))
    assert (code, answer["status"]) == (201, {"allowed": False})
    gone = body("DeleteOptions")
    assert send(sandbox, "DELETE", "/apis/apps/v1/namespaces/default/deployments/web", gone)[0] == 409  # of another uid


def probe(kube: Cluster) -> dict[str, object]:
    container = kube.get(DEPLOYMENT, "default", "web")["spec"]["template"]["spec"]["containers"][0]
    return {key: container["livenessProbe"][key] for key in ("httpGet", "periodSeconds")}


WRONG = {
    "no envelope": (b"{}", "provided data does not appear to be a protobuf message, expected prefix 6b 38 73 00"),
    "cut off": (protobuf.MAGIC + b"\x0a\x7f", "unexpected EOF"),
    "no kind": (protobuf.MAGIC, 'no kind "" is registered for version ""'),
    "group of fields": (protobuf.MAGIC + b"\x0b", "proto: illegal wireType 3"),
    "endless number": (protobuf.MAGIC + b"\xff" * 12, "proto: integer overflow"),
}


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG)
def test_what_is_no_such_body_is_refused(sandbox: Sandbox, data: bytes, words: str) -> None:
    code, answer = send(sandbox, "POST", "/api/v1/namespaces/default/configmaps", data)
    assert (code, answer["message"]) == (400, words)


@given(st.sampled_from([base64.b64decode(row["protobuf"]) for row in BODIES]), st.data())
def test_damaged_bodies_are_refused_or_read(whole: bytes, data: st.DataObject) -> None:
    """Bytes changed, cut or added anywhere: an object comes out, or ValueError."""
    at = data.draw(st.integers(len(protobuf.MAGIC), len(whole)))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 8)) :]
    with contextlib.suppress(ValueError):
        assert isinstance(protobuf.decode(damaged), dict)

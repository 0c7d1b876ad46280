"""The OpenAPI documents of the embedded cluster are the real server's: schemas whole, of the paths what programs read.

Write ``flux_cli/sandbox/data/openapi.txt.gz`` anew, where a real server is at hand, with FLUX_RECORD=1 and ``-m real``.
"""

import gzip
import json
import os
import re
import time
from typing import Any

import pytest
from real_cluster import RealCluster

from flux_cli.core.api import Request
from flux_cli.sandbox import own_schemas
from flux_cli.sandbox.api import Sandbox

from .scripts import Step
from .sides import Side

HEAD = "# OpenAPI schemas of Kubernetes 1.36.3 as its kube-apiserver serves them (Apache License 2.0). Made by tests/parity/test_openapi.py."
WIDGETS = "apis/parity.example.com/v1"
METHODS = ("get", "post", "put", "patch", "delete")
NOT_SERVED = re.compile(r"/watch/|/proxy/\{path\}$")


@pytest.fixture(scope="module")
def documents(real_cluster: RealCluster, real: object) -> dict[str, Any]:
    """Of each group and version what the real server says."""
    found = {}
    while WIDGETS not in (paths := real_cluster.call("GET", "/openapi/v3")[1]["paths"]):  # a CRD takes a moment
        time.sleep(0.2)
    for root, place in paths.items():
        if re.fullmatch(r"api/v1|apis/[^/]+/v\w+", root) and (".example.com" not in root or root == WIDGETS):
            found[root] = real_cluster.call("GET", place["serverRelativeURL"])[1]
    return found


def ours(sandbox: Sandbox, path: str) -> Any:
    answer = sandbox.handle(Request("GET", path, headers={"accept": "application/json"}))
    assert answer.status == 200
    assert isinstance(answer.body, bytes)
    return json.loads(answer.body)


def operations(document: Any) -> dict[str, Any]:
    """What is said of every path and method: its name, what it does, to which kind, what goes in and comes out."""
    found = {}
    for path, item in document["paths"].items():
        for method, said in item.items():
            if method in METHODS and not NOT_SERVED.search(path):
                out = said["responses"].get("200", {}).get("content", {}).values()
                sent = said.get("requestBody", {}).get("content", {})
                found[f"{method} {path}"] = (
                    said["operationId"],
                    said.get("x-kubernetes-action"),
                    said.get("x-kubernetes-group-version-kind"),
                    {str(one["schema"]) for one in out},
                    {str(one["schema"]) for one in sent.values()},
                )
    return found


def recorded(documents: dict[str, Any]) -> bytes:
    """The data file: each schema once, with all the kinds that the groups say of it."""
    schemas: dict[str, Any] = {}
    for root, document in documents.items():
        if root == WIDGETS:
            continue
        for name, schema in document["components"]["schemas"].items():
            known = schemas.setdefault(name, schema)
            known_kinds = known.get(own_schemas.GVK, [])
            known_kinds += [kind for kind in schema.get(own_schemas.GVK, []) if kind not in known_kinds]
    lines = [f"{name} {json.dumps(schema, separators=(',', ':'))}" for name, schema in sorted(schemas.items())]
    return gzip.compress("\n".join([HEAD, *lines, ""]).encode(), 9, mtime=0)


@pytest.mark.real
def test_the_documents_are_those_of_a_real_api_server(embedded: Side, documents: dict[str, Any]) -> None:
    if os.environ.get("FLUX_RECORD"):
        own_schemas.DATA.write_bytes(recorded(json.loads(json.dumps(documents))))
        own_schemas.table.cache_clear()
    sandbox = Sandbox()
    assert gzip.decompress(own_schemas.DATA.read_bytes()) == gzip.decompress(recorded(json.loads(json.dumps(documents))))
    for root, document in documents.items():
        if root == WIDGETS:
            continue
        found = ours(sandbox, f"/openapi/v3/{root}")
        assert found["components"]["schemas"] == document["components"]["schemas"], root
        assert operations(found) == operations(document), root


@pytest.mark.real
def test_the_document_of_a_crd_is_that_of_a_real_api_server(embedded: Side, documents: dict[str, Any]) -> None:
    status, text, _ = embedded.call(Step("GET", f"/openapi/v3/{WIDGETS}"))
    assert status == 200
    found, real = json.loads(text), documents[WIDGETS]
    assert operations(found) == operations(real)
    real["components"]["schemas"][f"{own_schemas.META}.DeleteOptions"][own_schemas.GVK] = [
        {"group": "", "kind": "DeleteOptions", "version": "v1"}  # the real one lists each group that was ever served
    ]
    assert found["components"]["schemas"] == real["components"]["schemas"]


@pytest.mark.real
def test_the_definitions_of_v2_are_those_of_a_real_api_server(embedded: Side, real: Side) -> None:
    found, there = (json.loads(side.call(Step("GET", "/openapi/v2"))[1])["definitions"] for side in (embedded, real))
    for schema in (found, there):
        for name in ("DeleteOptions", "WatchEvent"):  # kinds of every group, served or not
            del schema[f"{own_schemas.META}.{name}"][own_schemas.GVK]
    wanted = {name: schema for name, schema in there.items() if name in found}
    assert {name: found[name] for name in wanted} == wanted
    assert [name for name in there if name not in found and not name.startswith("io.k8s.apimachinery.pkg.")] == []

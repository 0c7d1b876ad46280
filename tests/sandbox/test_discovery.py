"""What the cluster says that it serves, in both forms, and what it is."""

import json
from typing import Any

from flux_cli.core.api import Request
from flux_cli.kinds import every
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.api import Sandbox

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


def get(sandbox: Sandbox, path: str, accept: str = "application/json") -> Any:
    answer = sandbox.handle(Request("GET", path, headers={"accept": accept}))
    assert answer.status == 200
    assert isinstance(answer.body, bytes)
    return json.loads(answer.body)


def test_both_forms_say_the_same(sandbox: Sandbox) -> None:
    found = {}
    for group in [*get(sandbox, "/api", AGGREGATED)["items"], *get(sandbox, "/apis", AGGREGATED)["items"]]:
        name = group["metadata"].get("name", "")
        for version in group["versions"]:
            root = f"/apis/{name}/{version['version']}" if name else f"/api/{version['version']}"
            found[root] = sorted((r["resource"], r["responseKind"]["kind"], tuple(r["verbs"])) for r in version["resources"])
    for root, resources in found.items():
        listed = [r for r in get(sandbox, root)["resources"] if "/" not in r["name"]]
        assert sorted((r["name"], r["kind"], tuple(r["verbs"])) for r in listed) == resources
    groups = {f"/apis/{g['groupVersion']}" for e in get(sandbox, "/apis")["groups"] for g in e["versions"]}
    assert groups | {"/api/v1"} == set(found)


def test_every_kind_of_flux_is_there(kube: KubeClient) -> None:
    served = {(r.api_version, r.kind) for r in kube.resources()}
    assert {(k.resource.api_version, k.kind) for k in every()} <= served


def test_it_says_what_it_is(sandbox: Sandbox) -> None:
    version = get(sandbox, "/version")
    assert (version["gitVersion"], version["platform"]) == ("v1.36.3", "flux-sandbox")


def test_openapi_says_only_that_fields_are_validated(sandbox: Sandbox) -> None:
    paths = get(sandbox, "/openapi/v3")["paths"]
    document = get(sandbox, paths["apis/apps/v1"]["serverRelativeURL"].partition("?")[0])
    names = {
        p["name"] for p in document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]["parameters"]
    }
    assert "fieldValidation" in names
    assert document["components"] == {}

"""What the cluster says that it serves, in both forms, and what it is."""

import json
from typing import Any

from parity.scripts import WIDGET_CRD

from flux_cli.core.api import CRD, Request, Resource
from flux_cli.kinds import every
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.access import ADMIN, VIEWER, Caller
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
    assert document["components"] == {"schemas": {}}


def test_openapi_describes_the_kinds_of_loaded_crds(sandbox: Sandbox, kube: KubeClient) -> None:
    path, before = "apis/parity.example.com/v1", get(sandbox, "/openapi/v3")["paths"]
    assert path not in before
    kube.create(CRD, "", WIDGET_CRD)
    where = get(sandbox, "/openapi/v3")["paths"][path]["serverRelativeURL"]
    schemas = get(sandbox, where.partition("?")[0])["components"]["schemas"]
    schema = schemas["com.example.parity.v1.Widget"]
    assert schema["x-kubernetes-group-version-kind"] == [{"group": "parity.example.com", "kind": "Widget", "version": "v1"}]
    assert sorted(schema["properties"]) == ["apiVersion", "kind", "metadata", "spec", "status"]
    assert schema["properties"]["spec"]["properties"]["size"] == {"type": "integer", "minimum": 1, "maximum": 9}


def test_what_somebody_may_do_is_listed(sandbox: Sandbox, kube: KubeClient) -> None:
    """``kubectl auth can-i --list``."""
    group = "rbac.authorization.k8s.io"
    roles, bindings = (Resource(group, "v1", f"{kind.lower()}s", kind) for kind in ("Role", "RoleBinding"))
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}
    subject = {"kind": "User", "name": VIEWER.name, "apiGroup": group}
    ref = {"kind": "Role", "name": "reader", "apiGroup": group}
    kube.create(roles, "default", {"metadata": {"name": "reader"}, "rules": [rule]})
    kube.create(bindings, "default", {"metadata": {"name": "reader"}, "subjects": [subject], "roleRef": ref})

    def listed(caller: Caller, namespace: str) -> Any:
        body = json.dumps({"spec": {"namespace": namespace}}).encode()
        path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
        answer = sandbox.handle(Request("POST", path, body=body, headers={"content-type": "application/json"}), caller)
        assert isinstance(answer.body, bytes)
        return json.loads(answer.body)["status"]

    everything = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
    paths = {"nonResourceURLs": ["*"], "verbs": ["*"]}
    assert listed(ADMIN, "default") == {"resourceRules": [everything], "nonResourceRules": [paths], "incomplete": False}
    assert listed(VIEWER, "default") == {"resourceRules": [rule], "nonResourceRules": [], "incomplete": False}
    assert listed(VIEWER, "other") == {"resourceRules": [], "nonResourceRules": [], "incomplete": False}

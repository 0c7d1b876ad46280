"""What the cluster says that it serves, in both forms, and what it is."""

import json
import struct
from collections.abc import Iterator
from typing import Any

from parity.scripts import WIDGET_CRD

from flux_cli.core.api import CRD, Request, Resource
from flux_cli.kinds import every
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.access import ADMIN, VIEWER, Caller
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.catalog import own_kinds

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


def fields(data: bytes) -> dict[int, list[Any]]:
    """The fields of a protobuf message by their number: whole numbers, doubles, bytes."""
    found: dict[int, list[Any]] = {}
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            value: Any = varint()
        elif key & 7 == 1:
            value = struct.unpack("<d", data[at : at + 8])[0]
            at += 8
        else:
            size = varint()
            value = data[at : at + size]
            at += size
        found.setdefault(key >> 3, []).append(value)
    return found


def _named_schemas(data: bytes) -> Iterator[tuple[str, bytes]]:
    for entry in fields(data)[1]:
        named = fields(entry)
        yield named[1][0].decode(), named[2][0]


WORDS = {1: "$ref", 2: "format", 3: "title", 4: "description", 7: "maximum", 9: "minimum", 11: "maxLength", 13: "pattern"}


def _schema_of(data: bytes) -> Any:
    """A schema as JSON has it."""
    out: dict[str, Any] = {}
    for number, values in fields(data).items():
        match number:
            case 19:
                out["required"] = [v.decode() for v in values]
            case 20:
                out["enum"] = [json.loads(fields(v)[2][0]) for v in values]
            case 21:
                out["additionalProperties"] = _schema_of(fields(values[0])[1][0])
            case 22:
                out["type"] = fields(values[0])[1][0].decode()
            case 23:
                out["items"] = _schema_of(fields(values[0])[1][0])
            case 25:
                out["properties"] = {name: _schema_of(body) for name, body in _named_schemas(values[0])}
            case 31:
                for entry in map(fields, values):
                    out[entry[1][0].decode()] = json.loads(fields(entry[2][0])[2][0])
            case _:
                out[WORDS[number]] = values[0].decode() if isinstance(values[0], bytes) else values[0]
    return out


def documents(sandbox: Sandbox) -> dict[str, Any]:
    paths = get(sandbox, "/openapi/v3")["paths"]
    return {root: get(sandbox, place["serverRelativeURL"].partition("?")[0]) for root, place in paths.items()}


def references(value: Any) -> Iterator[str]:
    """What a document refers to. A property may be called ``$ref`` too."""
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield value["$ref"]
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from references(one)


def test_openapi_describes_every_kind_of_the_server(sandbox: Sandbox) -> None:
    """``kubectl explain``; all that a document refers to is in it."""
    said = set()
    for document in documents(sandbox).values():
        schemas = document["components"]["schemas"]
        assert {f"#/components/schemas/{name}" for name in schemas} >= set(references(document))
        said |= {
            (k["group"], k["version"], k["kind"]) for s in schemas.values() for k in s.get("x-kubernetes-group-version-kind", ())
        }
    served = {(s.group, s.version, s.kind) for s in own_kinds()}
    assert served - said == set()


def test_openapi_says_that_fields_are_validated_here(sandbox: Sandbox) -> None:
    """What ``kubectl apply --validate`` looks for."""
    paths = documents(sandbox)["apis/apps/v1"]["paths"]
    patch = paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    assert {"dryRun", "fieldValidation"} <= {p["name"] for p in patch["parameters"]}
    assert patch["x-kubernetes-group-version-kind"] == {"group": "apps", "version": "v1", "kind": "Deployment"}


def test_openapi_v2_has_the_same_schemas_in_its_words(sandbox: Sandbox, kube: KubeClient) -> None:
    kube.create(CRD, "", WIDGET_CRD)
    definitions = get(sandbox, "/openapi/v2")["definitions"]
    assert {name for d in documents(sandbox).values() for name in d["components"]["schemas"]} == set(definitions)
    assert {f"#/definitions/{name}" for name in definitions} >= set(references(definitions))
    assert definitions["com.example.parity.v1.Widget"]["properties"]["spec"]["properties"]["any"] == {
        "x-kubernetes-int-or-string": True
    }


def test_openapi_v2_in_protobuf_says_the_same(sandbox: Sandbox, kube: KubeClient) -> None:
    """What kubectl reads where v3 does not know a kind. Read here by the generated messages of no library: field by field."""
    kube.create(CRD, "", WIDGET_CRD)
    accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
    answer = sandbox.handle(Request("GET", "/openapi/v2", headers={"accept": accept}))
    assert answer.headers["content-type"] == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
    assert isinstance(answer.body, bytes)
    read = {name: _schema_of(body) for name, body in _named_schemas(fields(answer.body)[9][0])}
    assert read == get(sandbox, "/openapi/v2")["definitions"]


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
    everybody = listed(VIEWER, "other")["resourceRules"]
    assert [rule["resources"] for rule in everybody] == [
        ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        ["selfsubjectreviews"],
    ]
    assert listed(ADMIN, "default")["resourceRules"] == [*everybody, everything]
    assert listed(ADMIN, "default")["nonResourceRules"][-1] == {"nonResourceURLs": ["*"], "verbs": ["*"]}
    assert listed(VIEWER, "default")["resourceRules"] == [*everybody, rule]

"""Requests whose answers must be the same on the embedded cluster and on a real API server, one script a matter.

Every script runs in a namespace of its own, written ``NS`` here.
"""

from typing import Any, NamedTuple

MERGE = "application/merge-patch+json"
JSON = "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json"
PARTIALS = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"

CM = "/api/v1/namespaces/NS/configmaps"
SECRETS = "/api/v1/namespaces/NS/secrets"
PODS = "/api/v1/namespaces/NS/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/NS/deployments"
WIDGETS = "/apis/parity.example.com/v1/namespaces/NS/widgets"


class Step(NamedTuple):
    """One request. ``token``: whose (admin or viewer)."""

    method: str
    path: str
    body: Any = None
    type: str = "application/json"
    accept: str = "application/json"
    token: str = "admin"
    headers: tuple[tuple[str, str], ...] = ()


def get(path: str, accept: str = "application/json", token: str = "admin", *headers: tuple[str, str]) -> Step:
    return Step("GET", path, accept=accept, token=token, headers=headers)


def post(path: str, body: Any, **more: Any) -> Step:
    return Step("POST", path, body, **more)


def put(path: str, body: Any) -> Step:
    return Step("PUT", path, body)


def patch(path: str, body: Any, type: str = MERGE) -> Step:
    return Step("PATCH", path, body, type)


def delete(path: str, body: Any = None) -> Step:
    return Step("DELETE", path, body)


def config(name: str, /, data: Any = None, **metadata: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}, "data": data or {"a": "1"}}


def widget(name: str, /, spec: Any = None, **metadata: Any) -> dict[str, Any]:
    return {"apiVersion": "parity.example.com/v1", "kind": "Widget", "metadata": {"name": name, **metadata},
            "spec": {"size": 3} if spec is None else spec}  # fmt: skip


def deployment(name: str, replicas: Any = 1, image: str = "registry.example.com/app:1", container: Any = None) -> dict[str, Any]:
    labels = {"app": name}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": "app", "image": image, "ports": [{"containerPort": 80}], **(container or {})}]},
    }
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": labels},
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}}  # fmt: skip


WIDGET_SCHEMA = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "required": ["size"],
            "properties": {
                "size": {"type": "integer", "minimum": 1, "maximum": 9},
                "color": {"type": "string", "enum": ["red", "green"]},
                "every": {"type": "string", "pattern": "^[0-9]+s$", "default": "5s"},
                "label": {"type": "string", "maxLength": 5},
                "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
                "parts": {
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "count": {"type": "integer", "default": 1}},
                    },
                },
                "order": {"type": "array", "items": {"type": "string"}},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "any": {"x-kubernetes-int-or-string": True},
                "more": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "status": {
            "type": "object",
            "properties": {"phase": {"type": "string"}, "observedGeneration": {"type": "integer"}},
        },
    },
}
WIDGET_CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.parity.example.com"},
    "spec": {
        "group": "parity.example.com",
        "scope": "Namespaced",
        "names": {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"], "categories": ["all"]},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": WIDGET_SCHEMA},
                "subresources": {"status": {}},
                "additionalPrinterColumns": [
                    {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
                    {"name": "Phase", "type": "string", "jsonPath": ".status.phase"},
                    {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
                ],
            }
        ],
    },
}


def apply(path: str, body: Any, manager: str, force: bool = False, more: str = "") -> Step:
    return Step("PATCH", f"{path}?fieldManager={manager}&force={str(force).lower()}{more}", body, APPLY)


WORKER: dict[str, Any] = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i:1"}]}
JOB = {
    "manualSelector": True,
    "selector": {"matchLabels": {"a": "b"}},
    "template": {"metadata": {"labels": {"a": "b"}}, "spec": WORKER},
}
INGRESS = {
    "ingressClassName": "nginx",
    "tls": [{"hosts": ["a.example.com"]}],
    "rules": [
        {
            "host": host,
            "http": {
                "paths": [{"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "s", "port": {"number": 80}}}}]
            },
        }
        for host in ("a.example.com", "b.example.com")
    ],
}
CLAIM = {
    "accessModes": ["ReadWriteOnce", "ReadOnlyMany"],
    "storageClassName": "fast",
    "resources": {"requests": {"storage": "1Gi"}},
}
SUBJECTS = [
    {"kind": "User", "name": "u", "apiGroup": "rbac.authorization.k8s.io"},
    {"kind": "Group", "name": "g", "apiGroup": "rbac.authorization.k8s.io"},
    {"kind": "ServiceAccount", "name": "sa", "namespace": "x"},
]
ROLE_REF = {"kind": "Role", "name": "r", "apiGroup": "rbac.authorization.k8s.io"}
COLUMN_OBJECTS: dict[str, dict[str, Any]] = {
    f"/{root}/namespaces/NS/{plural}": {"apiVersion": root.partition("/")[2], "kind": kind, "metadata": {"name": "x"}, **more}
    for root, plural, kind, more in (
        ("api/v1", "serviceaccounts", "ServiceAccount", {}),
        ("api/v1", "persistentvolumeclaims", "PersistentVolumeClaim", {"spec": CLAIM}),
        ("apis/apps/v1", "daemonsets", "DaemonSet", {"spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {
            "metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}}}),
        ("apis/batch/v1", "jobs", "Job", {"spec": JOB}),
        ("apis/batch/v1", "cronjobs", "CronJob", {"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": {"spec": WORKER}}}}}),
        ("apis/networking.k8s.io/v1", "ingresses", "Ingress", {"spec": INGRESS}),
        ("apis/rbac.authorization.k8s.io/v1", "roles", "Role", {"rules": []}),
        ("apis/rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding", {"roleRef": ROLE_REF, "subjects": SUBJECTS}),
    )
}  # fmt: skip

SCRIPTS: dict[str, list[Step]] = {
    "objects": [
        post(CM, config("a", labels={"x": "y"})),
        post(CM, config("a")),
        get(f"{CM}/a"),
        get(f"{CM}/none"),
        put(f"{CM}/a", config("a", {"a": "2"})),
        put(f"{CM}/a", config("b", {"a": "2"})),
        put(f"{CM}/none", config("none")),
        put(f"{CM}/a", config("a", {"a": "3"}, resourceVersion="1")),
        post(CM, config("Bad_Name")),
        post(CM, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}}),
        post(CM, config("c", labels={"bad key!": "x"})),
        post(CM, config("c", labels={"k": "not valid!"})),
        post(CM, config("d", namespace="elsewhere")),
        post(CM, {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}),
        post(CM, config("e", {"a": "1"}, resourceVersion="7")),
        get(CM),
        delete(f"{CM}/a"),
        delete(f"{CM}/a"),
        get(f"{CM}/a"),
    ],
    "paths": [
        get("/apis/none.example.com/v1/things"),
        get("/api/v1/nonsense"),
        get("/apis/apps/v2/deployments"),
        get("/nothing"),
        get("/healthz"),
        get("/apis/apps"),
        Step("POST", f"{CM}/a", config("a")),
        Step("PATCH", CM, {}, MERGE),
        Step("PUT", CM, config("a")),
        Step("PATCH", f"{CM}/a", {}, "application/json"),
        post(CM, None),
    ],
    "secrets": [
        post(SECRETS, {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"k": "value"}}),
        patch(f"{SECRETS}/s", {"stringData": {"l": "more"}}),
        patch(f"{SECRETS}/s", {"type": "other"}),
        patch(f"{SECRETS}/s", {"immutable": True}),
        patch(f"{SECRETS}/s", {"data": {"k": "eA=="}}),
    ],
    "patches": [
        post(CM, config("a", {"a": "1", "b": "2"}, annotations={"n": "1"})),
        patch(f"{CM}/a", {"data": {"a": None, "c": "3"}, "metadata": {"annotations": {"n": "2"}}}),
        patch(f"{CM}/a", {}),
        patch(f"{CM}/a", [{"op": "add", "path": "/data/d", "value": "4"}, {"op": "remove", "path": "/data/b"}], JSON),
        patch(f"{CM}/a", [{"op": "test", "path": "/data/d", "value": "5"}], JSON),
        patch(f"{CM}/a", [{"op": "remove", "path": "/data/none"}], JSON),
        patch(f"{CM}/a", [{"op": "replace", "path": "/metadata/annotations/n", "value": "9"}], JSON),
        patch(f"{CM}/a", {"data": {"e": "5"}}, STRATEGIC),
        patch(f"{CM}/a", {"metadata": {"name": "b"}}),
        patch(f"{CM}/a", {"metadata": {"resourceVersion": "1"}}),
        patch(f"{CM}/none", {}),
        post(DEPLOYMENTS, deployment("web")),
        patch(f"{DEPLOYMENTS}/web", {"spec": {"template": {"spec": {"containers": [
            {"name": "app", "image": "registry.example.com/app:2"}, {"name": "side", "image": "registry.example.com/side:1"}]}}}}, STRATEGIC),
        patch(f"{DEPLOYMENTS}/web", {"spec": {"template": {"spec": {"containers": [{"name": "side", "$patch": "delete"}]}}}}, STRATEGIC),
        patch(f"{DEPLOYMENTS}/web", {"spec": {"selector": {"matchLabels": {"app": "other"}}}}),
        patch(f"{DEPLOYMENTS}/web", {"metadata": {"finalizers": ["example.com/hold"]}}, STRATEGIC),
    ],
    "custom": [
        post(WIDGETS, widget("a", {"size": 3, "bogus": 1, "parts": [{"name": "x"}]})),
        post(f"{WIDGETS}?fieldValidation=Strict", widget("b", {"size": 3, "bogus": 1, "free": {"k": 1}})),
        post(WIDGETS, widget("b", {"size": 0, "color": "blue", "every": "5m", "label": "too long"})),
        post(WIDGETS, widget("b", {"size": "3"})),
        post(WIDGETS, widget("b", {})),
        post(WIDGETS, widget("b", {"size": 3, "free": {"k": 1}, "any": "10%", "more": {"a": "b"}})),
        post(WIDGETS, widget("c", {"size": 3, "more": {"a": 1}, "any": [1]})),
        patch(f"{WIDGETS}/a", {"spec": {"size": 4}}),
        patch(f"{WIDGETS}/a", {"metadata": {"labels": {"l": "1"}}}),
        patch(f"{WIDGETS}/a", {"status": {"phase": "ignored here"}}),
        patch(f"{WIDGETS}/a/status", {"status": {"phase": "Running", "observedGeneration": 2}, "spec": {"size": 9}}),
        get(f"{WIDGETS}/a/status"),
        patch(f"{WIDGETS}/a", {"spec": {"size": 99}}),
        patch(f"{WIDGETS}/a", {"spec": {"size": 5}}, STRATEGIC),
        get(WIDGETS),
    ],
    "apply": [
        apply(f"{CM}/a", config("a", {"a": "1"}), "one"),
        apply(f"{CM}/a", config("a", {"a": "2"}), "two"),
        apply(f"{CM}/a", config("a", {"a": "1", "b": "1"}), "two"),
        apply(f"{CM}/a", config("a", {"a": "2", "b": "2"}), "one"),
        apply(f"{CM}/a", config("a", {"a": "2", "b": "2"}), "one", force=True),
        apply(f"{CM}/a", config("a", {"b": "2"}), "one"),
        apply(f"{CM}/a", config("a", {"b": "2"}), "one"),
        Step("PATCH", f"{CM}/a", config("a"), APPLY),
        patch(f"{CM}/a?fieldManager=editor", {"data": {"b": "3"}}),
        apply(f"{CM}/a", config("a", {"b": "4"}), "one"),
        apply(f"{WIDGETS}/w", widget("w", {"size": 1, "tags": ["a"], "parts": [{"name": "x", "count": 2}], "order": ["1"]}), "one"),
        apply(f"{WIDGETS}/w", widget("w", {"size": 1, "tags": ["b"], "parts": [{"name": "y"}]}), "two"),
        apply(f"{WIDGETS}/w", widget("w", {"size": 1, "tags": ["a"]}), "one"),
        apply(f"{WIDGETS}/w", widget("w", {"size": 2, "parts": [{"name": "y", "count": 5}]}), "one"),
        get(f"{WIDGETS}/w"),
    ],
    "dry-run": [
        post(f"{CM}?dryRun=All", config("a")),
        get(f"{CM}/a"),
        post(CM, config("a")),
        patch(f"{CM}/a?dryRun=All", {"data": {"a": "2"}}),
        apply(f"{CM}/a", config("a", {"z": "1"}), "one", more="&dryRun=All"),
        delete(f"{CM}/a?dryRun=All"),
        get(f"{CM}/a"),
    ],
    "selectors": [
        post(CM, config("a", labels={"app": "one", "tier": "front"})),
        post(CM, config("b", labels={"app": "two"})),
        post(CM, config("c")),
        *(get(f"{CM}?labelSelector={s}", PARTIALS) for s in (
            "app", "!app", "app%3Done", "app%3D%3Done", "app!%3Done", "app in (one,two)", "app notin (one)", "app%3Done,tier%3Dback",
            "app%3D", "app in (one", "%3Dx", "app%3D%3D%3Dx")),
        get(f"{CM}?fieldSelector=metadata.name%3Db", PARTIALS),
        get(f"{CM}?fieldSelector=metadata.name!%3Db", PARTIALS),
        get(f"{CM}?fieldSelector=data.a%3D1"),
        get(f"{CM}?fieldSelector=metadata.name%3Db,metadata.namespace%3DNS", PARTIALS),
        get(f"{WIDGETS}?fieldSelector=spec.size%3D3"),
    ],
    "pages": [
        *(post(CM, config(name)) for name in "abcde"),
        get(f"{CM}?limit=2", PARTIALS),
        get(f"{CM}?limit=2&continue=CONTINUE", PARTIALS),
        get(f"{CM}?limit=2&continue=CONTINUE", PARTIALS),
        get(f"{CM}?limit=nonsense"),
    ],
    "shapes": [
        post(CM, config("a", {"a": "1", "b": "2"})),
        get(CM, TABLE),
        get(f"{CM}/a", TABLE),
        get(f"{CM}/a", PARTIAL),
        get(CM, PARTIALS),
        post(WIDGETS, widget("w")),
        patch(f"{WIDGETS}/w/status", {"status": {"phase": "Running"}}),
        get(WIDGETS, TABLE),
        post(SECRETS, {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"k": "v"}}),
        get(SECRETS, TABLE),
        post(DEPLOYMENTS, deployment("web")),
        get(DEPLOYMENTS, TABLE),
        get(f"{CM}?includeObject=None", TABLE),
    ],
    "finalizers": [
        post(WIDGETS, widget("a", finalizers=["example.com/hold"])),
        delete(f"{WIDGETS}/a"),
        delete(f"{WIDGETS}/a"),
        patch(f"{WIDGETS}/a", {"spec": {"size": 5}}),
        patch(f"{WIDGETS}/a", {"metadata": {"finalizers": None}}),
        get(f"{WIDGETS}/a"),
        post(CM, config("p")),
        delete(f"{CM}/p", {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": "no"}}),
        delete(f"{CM}/p", {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}),
        post(CM, config("q")),
        delete(CM),
        get(CM),
    ],
    "rights": [
        get(CM, token="viewer"),
        get(f"{CM}/a", token="viewer"),
        get("/api/v1/nodes", token="viewer"),
        get(WIDGETS, token="viewer"),
        post(CM, config("a"), token="viewer"),
        get(f"{PODS}/p/log", token="viewer"),
        get("/metrics", token="viewer"),
        get("/apis", token="wrong"),
        get(CM, "application/json", "admin", ("Impersonate-User", "bob")),
        get(CM, "application/json", "admin", ("Impersonate-User", "bob"), ("Impersonate-Group", "system:masters")),
        get(CM, "application/json", "viewer", ("Impersonate-User", "bob")),
        get(CM, "application/json", "viewer", ("Impersonate-User", "system:serviceaccount:a:b")),
        post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {"verb": "get", "resource": "pods", "namespace": "default"}}}),
        post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {"verb": "get", "resource": "pods", "namespace": "default"}}}, token="viewer"),
    ],
    "roles": [
        post("/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles", {
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "reader"},
            "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]}),
        post("/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings", {
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "reader"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
            "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "viewer"}]}),
        get(CM, token="viewer"),
        delete(f"{CM}/x") ._replace(token="viewer"),
        get(SECRETS, token="viewer"),
    ],
    "logs": [
        get(f"{PODS}/none/log"),
        post(PODS, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "two"},
                    "spec": {"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "x:1"}]}}),
        get(f"{PODS}/two/log"),
        get(f"{PODS}/two/log?container=c"),
    ],
    "workloads": [
        post(DEPLOYMENTS, deployment("web")),
        patch(f"{DEPLOYMENTS}/web", {"spec": {"replicas": 2}}),
        patch(f"{DEPLOYMENTS}/web", {"metadata": {"labels": {"more": "1"}}}),
        post(DEPLOYMENTS, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}, "spec": {}}),
        post("/api/v1/namespaces/NS/services", {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"},
                                              "spec": {"selector": {"a": "b"}, "ports": [{"port": 80}, {"port": 81}]}}),
        post(PODS, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "a"}]}}),
        post("/api/v1/namespaces/NS/services", {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"},
                                              "spec": {"selector": {"a": "b"}, "ports": [{"port": 80, "targetPort": 0}]}}),
    ],
    "scale": [
        post(DEPLOYMENTS, deployment("web")),
        get(f"{DEPLOYMENTS}/web/scale"),
        patch(f"{DEPLOYMENTS}/web/scale", {"spec": {"replicas": 3}}),
        get(f"{DEPLOYMENTS}/web"),
        get(f"{DEPLOYMENTS}/none/scale"),
    ],
    "columns": [
        step
        for path, body in COLUMN_OBJECTS.items()
        for step in (post(f"{path}?includeObject=None", body, accept=TABLE), get(f"{path}?includeObject=None", TABLE))
    ],
    "fields": [
        post(f"{CM}?fieldValidation=Strict", config("a") | {"dta": {}}),
        post(f"{CM}?fieldValidation=Strict", config("a", boo=1)),
        post(CM, config("a") | {"dta": {}}),
        post(f"{CM}?fieldValidation=Ignore", config("b") | {"dta": {}}),
        get(f"{CM}/a"),
        post(CM, config("c", {"a": 1})),
        post(CM, config("c") | {"data": []}),
        post(CM, config("c", labels=5)),
        put(f"{CM}/a", config("a", {"a": True})),
        patch(f"{CM}/a", {"dta": 1}),
        apply(f"{CM}/a", config("a") | {"dta": {}}, "x", force=True),
        *(
            post(f"{DEPLOYMENTS}?fieldValidation=Strict", deployment("web", container=wrong))
            for wrong in ({"imagee": 1}, {"image": 5}, {"tty": "x"}, {"args": "x"}, {"env": [{"name": "A", "values": "x"}]})
        ),
        post(DEPLOYMENTS, deployment("web", replicas="x")),
        post(DEPLOYMENTS, deployment("web", replicas=1.5)),
        post(DEPLOYMENTS, deployment("web") | {"spec": "x"}),
        apply(f"{DEPLOYMENTS}/web", deployment("web", container={"imagee": 1}), "x"),
    ],
    "discovery": [
        get("/api"),
        get("/apis/apps"),
        get("/apis/apps/v1"),
        get("/apis/batch/v1"),
        get("/apis/autoscaling"),
        get("/apis/parity.example.com"),
        get("/apis/parity.example.com/v1"),
        get("/apis/none.example.com"),
        get("/apis/apps/v9"),
    ],
    "watch": [
        post(CM, config("a")),
        post(CM, config("b", labels={"on": "yes"})),
        get(f"{CM}?watch=true&timeoutSeconds=1"),
        get(f"{CM}?watch=true&timeoutSeconds=1&labelSelector=on"),
        get(f"{CM}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Da"),
        patch(f"{CM}/b", {"metadata": {"labels": {"on": None}}}),
        delete(f"{CM}/a"),
        get(f"{CM}?watch=true&timeoutSeconds=1&resourceVersion=FIRST"),
        get(f"{CM}?watch=true&timeoutSeconds=1&resourceVersion=FIRST&labelSelector=on"),
        get(f"{CM}?watch=true&timeoutSeconds=1&resourceVersion=FIRST", PARTIAL),
        get(f"{CM}?watch=true&resourceVersion=nonsense"),
    ],
}  # fmt: skip

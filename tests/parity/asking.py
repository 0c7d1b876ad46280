"""Scripts: selectors and list options in their corners, who may do what, logs, health."""

from typing import Any

from .defaults import pod
from .scripts import CM, DEPLOYMENTS, PARTIALS, PODS, SECRETS, Step, config, get, post

AUTHORIZATION = "/apis/authorization.k8s.io/v1"
REVIEWED = {"verb": "get", "resource": "pods"}


def review(kind: str, spec: Any, **more: Any) -> Step:
    group = "authentication.k8s.io" if kind in ("TokenReview", "SelfSubjectReview") else "authorization.k8s.io"
    scope = "/namespaces/NS" if kind.startswith("Local") else ""
    body = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"namespace": "NS"} if scope else {}, "spec": spec}
    return post(f"/apis/{group}/v1{scope}/{kind.lower()}s", body, **more)


SCRIPTS: dict[str, list[Step]] = {
    "label-selectors": [
        post(CM, config("a", labels={"app": "one", "n": "5"})),
        post(CM, config("b", labels={"app": "two", "n": "x"})),
        *(get(f"{CM}?labelSelector={s}", PARTIALS) for s in (
            "app%3D,n", "app%3Done,", ",app", "app%3Da%3Db", "-app", "!-app", "a/b/c", "app%3D-x", "app in (-x,one)", "app in (", "app in ()",
            "app in one", "app in (one,)", "app in (,)", "app in (one two)", "n>4", "n<4", "n>x", "n gt 4", "n>", "! app", "!", "()", "app one",
            "app notin (one),!x", "%20app%20%3D%20one%20", "x.example.com/app%3D1", f"{'x' * 64}", f"app%3D{'x' * 64}", "app%3D=one", "app!%3D",
            "in%3Done", "app%3Din", "app in (in)", "app&x", "app%3B")),
    ],
    "field-selectors": [
        pod("a", nodeName="n", hostNetwork=False),
        *(get(f"{PODS}?fieldSelector={s}", PARTIALS) for s in (
            "spec.hostNetwork%3Dfalse", "spec.hostNetwork%3Dtrue", "spec.nodeName%3Dn", "status.phase%3DPending", "spec.restartPolicy!%3DAlways",
            "status.podIP%3D", "spec.serviceAccountName%3D", "status.nominatedNodeName%3D", "status.podIPs%3D", "spec.nope%3D1",
            "metadata.name", "metadata.name%3Da,", ",", "metadata.name%3Da%3Db", "metadata.name%3Da%5C%2Cb")),
        *(get(f"{SECRETS}?fieldSelector={s}") for s in ("type%3DOpaque", "data%3D1")),
        *(get(f"/{root}?fieldSelector={field}%3D1") for root, field in (
            ("api/v1/nodes", "spec.unschedulable"), ("api/v1/namespaces", "status.phase"), ("api/v1/namespaces", "spec.x"),
            ("api/v1/services", "spec.clusterIP"), ("api/v1/services", "spec.type"), ("api/v1/services", "spec.x"), ("apis/batch/v1/jobs", "status.successful"),
            ("apis/apps/v1/replicasets", "status.replicas"), ("apis/apps/v1/deployments", "status.replicas"),
            ("api/v1/replicationcontrollers", "status.replicas"), ("apis/certificates.k8s.io/v1/certificatesigningrequests", "spec.signerName"),
            ("api/v1/events", "source"), ("api/v1/events", "reportingComponent"), ("apis/events.k8s.io/v1/events", "regarding.name"),
            ("apis/events.k8s.io/v1/events", "reportingController"), ("apis/events.k8s.io/v1/events", "involvedObject.name"),
            ("apis/apiextensions.k8s.io/v1/customresourcedefinitions", "spec.group"), ("api/v1/persistentvolumes", "spec.x"),
            ("apis/batch/v1/cronjobs", "spec.x"), ("apis/networking.k8s.io/v1/ingresses", "spec.x"), ("api/v1/serviceaccounts", "x"))),
    ],
    "list-options": [
        post(CM, config("a")),
        *(get(f"{CM}?{query}", PARTIALS) for query in (
            "limit=-1", "limit=0", "continue=abc", "resourceVersion=x", "resourceVersion=0", "resourceVersion=-1",
            "resourceVersionMatch=Exact", "resourceVersionMatch=Odd&resourceVersion=1", "resourceVersionMatch=NotOlderThan&resourceVersion=1",
            "resourceVersionMatch=Exact&resourceVersion=0", "resourceVersionMatch=NotOlderThan", "watch=true&sendInitialEvents=true",
            "sendInitialEvents=true", "watch=true&resourceVersion=x", "watch=true&resourceVersionMatch=Exact&resourceVersion=1&timeoutSeconds=1",
            "timeoutSeconds=x", "continue=abc&resourceVersion=1")),
        get(f"{CM}/none?watch=true&timeoutSeconds=1"),
        get(f"{CM}/a?resourceVersion=x"),
        get(f"{CM}/a?resourceVersion=0"),
    ],
    "reviews": [
        review("SelfSubjectReview", {}),
        review("SelfSubjectReview", {}, token="viewer"),
        review("SubjectAccessReview", {"user": "bob", "resourceAttributes": REVIEWED}),
        review("SubjectAccessReview", {"user": "bob", "groups": ["system:masters"], "resourceAttributes": REVIEWED}),
        review("SubjectAccessReview", {"resourceAttributes": REVIEWED}),
        review("SubjectAccessReview", {"user": "bob"}),
        review("SubjectAccessReview", {"user": "bob", "resourceAttributes": REVIEWED, "nonResourceAttributes": {"path": "/x"}}),
        review("SubjectAccessReview", {"user": "bob", "groups": ["system:authenticated"], "nonResourceAttributes": {"path": "/api", "verb": "get"}}),
        review("SubjectAccessReview", {"user": "bob", "nonResourceAttributes": {"path": "/api", "verb": "get"}}),
        review("LocalSubjectAccessReview", {"user": "bob", "resourceAttributes": {**REVIEWED, "namespace": "NS"}}),
        review("LocalSubjectAccessReview", {"user": "bob", "resourceAttributes": {**REVIEWED, "namespace": "other"}}),
        review("SelfSubjectAccessReview", {}),
        review("SelfSubjectAccessReview", {"nonResourceAttributes": {"path": "/api", "verb": "get"}}, token="viewer"),
        review("SelfSubjectAccessReview", {"resourceAttributes": REVIEWED}, token="viewer"),
        review("SelfSubjectRulesReview", {"namespace": "NS"}),
        review("SelfSubjectRulesReview", {"namespace": "NS"}, token="viewer"),
        review("SelfSubjectRulesReview", {}),
        review("TokenReview", {"token": "wrong"}),
        review("TokenReview", {}),
        get("/api/v1/namespaces/NS", "application/json", "viewer"),
        get("/api/v1/namespaces", "application/json", "viewer"),
        get("/api/v1/namespaces/NS/pods/x/log", "application/json", "viewer"),
        get("/healthz", "application/json", "viewer"),
        get("/nothing", "application/json", "viewer"),
        get(CM, "application/json", "admin", ("Impersonate-Group", "g")),
    ],
    "log-options": [
        pod("p"),
        *(get(f"{PODS}/p/log?container=c&{query}") for query in (
            "tailLines=-1", "limitBytes=0", "tailLines=x", "sinceSeconds=0", "sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z", "sinceTime=x")),
        get(f"{PODS}/p/log?container=none&tailLines=-1"),
        get(f"{PODS}/none/log?tailLines=-1"),
    ],
    "health": [
        *(get(path) for path in ("/livez", "/readyz", "/healthz/ping", "/livez/ping", "/readyz/none", "/api/", "/api/v1/", "/nothing/")),
        post("/version", {}),
        Step("DELETE", DEPLOYMENTS.replace("NS", "none") + "/x"),
    ],
}  # fmt: skip

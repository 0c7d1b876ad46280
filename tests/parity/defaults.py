"""Scripts: what the server fills in and shows of its own kinds, and which objects it refuses."""

from typing import Any

from .scripts import DEPLOYMENTS, PODS, STRATEGIC, TABLE, WORKER, Step, delete, deployment, get, patch, post, put

ACCOUNTS = "/api/v1/namespaces/NS/serviceaccounts"
SERVICES = "/api/v1/namespaces/NS/services"
APPS, BATCH = "/apis/apps/v1/namespaces/NS", "/apis/batch/v1/namespaces/NS"
SCALERS, BUDGETS = (
    "/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers",
    "/apis/policy/v1/namespaces/NS/poddisruptionbudgets",
)
SLICES = "/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices"
OLD_SCALERS = SCALERS.replace("/v2/", "/v1/")
LABELS = {"matchLabels": {"a": "b"}}
TEMPLATE: dict[str, Any] = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}


def made(path: str, kind: str, name: str, spec: Any = None, **more: Any) -> Step:
    root = path.split("/namespaces/")[0].removeprefix("/apis/").removeprefix("/api/")
    body = {"apiVersion": root, "kind": kind, "metadata": {"name": name}, **({} if spec is None else {"spec": spec}), **more}
    return post(path, body)


def pod(name: str, /, **spec: Any) -> Step:
    return made(PODS, "Pod", name, {"containers": [{"name": "c", "image": "i:1"}], **spec})


def container(**more: Any) -> dict[str, Any]:
    return {"containers": [{"name": "c", "image": "i:1", **more}]}


CLUSTER_OBJECTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("networking.k8s.io/v1", "ingressclasses", "IngressClass", {"spec": {"controller": "example.com/c"}}),
    ("storage.k8s.io/v1", "storageclasses", "StorageClass", {"provisioner": "example.com/p"}),
    ("scheduling.k8s.io/v1", "priorityclasses", "PriorityClass", {"value": 7}),
    ("node.k8s.io/v1", "runtimeclasses", "RuntimeClass", {"handler": "h"}),
    ("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", {}),
    ("rbac.authorization.k8s.io/v1", "clusterrolebindings", "ClusterRoleBinding", {
        "roleRef": {"kind": "ClusterRole", "name": "r", "apiGroup": "rbac.authorization.k8s.io"}, "subjects": [{"kind": "User", "name": "u"}]}),
)  # fmt: skip

SCRIPTS: dict[str, list[Step]] = {
    "sets": [
        made(f"{APPS}/statefulsets", "StatefulSet", "s", {"serviceName": "s", "selector": LABELS, "template": TEMPLATE}),
        made(f"{APPS}/statefulsets", "StatefulSet", "t", {"serviceName": "t", "selector": LABELS, "template": TEMPLATE, "updateStrategy": {"type": "OnDelete"}}),
        made(f"{APPS}/daemonsets", "DaemonSet", "s", {"selector": LABELS, "template": TEMPLATE}),
        made(f"{APPS}/daemonsets", "DaemonSet", "t", {"selector": LABELS, "template": TEMPLATE, "updateStrategy": {"type": "OnDelete"}}),
        made(f"{APPS}/replicasets", "ReplicaSet", "s", {"selector": LABELS, "template": TEMPLATE}),
        *(get(f"{APPS}/{plural}?includeObject=None", TABLE) for plural in ("statefulsets", "daemonsets", "replicasets")),
        patch(f"{APPS}/daemonsets/s", {"spec": {"template": {"spec": {"hostNetwork": False, "terminationGracePeriodSeconds": 5}}}}),
        patch(f"{APPS}/statefulsets/s", {"spec": {"serviceName": "other"}}),
        get(f"{APPS}/statefulsets/s/scale"),
    ],
    "jobs": [
        made(f"{BATCH}/jobs", "Job", "j", {"template": {"spec": WORKER}}),
        made(f"{BATCH}/jobs", "Job", "k", {"template": {"spec": WORKER}, "completions": 3}),
        made(f"{BATCH}/jobs", "Job", "l", {"template": {"spec": WORKER}, "parallelism": 2}),
        made(f"{BATCH}/jobs", "Job", "m", {"template": {"spec": {"containers": WORKER["containers"]}}}),
        made(f"{BATCH}/cronjobs", "CronJob", "c", {"schedule": "*/5 * * * *", "jobTemplate": {"spec": {"template": {"spec": WORKER}}}}),
        made(f"{BATCH}/cronjobs", "CronJob", "d", {"schedule": "often", "jobTemplate": {"spec": {"template": {"spec": WORKER}}}}),
        get(f"{BATCH}/jobs?includeObject=None", TABLE),
    ],
    "scalers": [
        made(SCALERS, "HorizontalPodAutoscaler", "h", {"maxReplicas": 3, "scaleTargetRef": TARGET}),
        made(SCALERS, "HorizontalPodAutoscaler", "i", {"minReplicas": 2, "maxReplicas": 3, "scaleTargetRef": TARGET, "metrics": [CPU]}),
        get(f"{SCALERS}?includeObject=None", TABLE),
        get(f"{OLD_SCALERS}/i"),
        made(BUDGETS, "PodDisruptionBudget", "p", {"minAvailable": 1, "selector": LABELS}),
        made(BUDGETS, "PodDisruptionBudget", "q", {"maxUnavailable": "50%", "selector": LABELS}),
        get(f"{BUDGETS}?includeObject=None", TABLE),
        made("/api/v1/namespaces/NS/resourcequotas", "ResourceQuota", "r", {"hard": {"count/jobs.batch": "9", "limits.cpu": "2"}}),
        get("/api/v1/namespaces/NS/resourcequotas?includeObject=None", TABLE),
        made("/api/v1/namespaces/NS/limitranges", "LimitRange", "l", {"limits": [{"type": "Container", "max": {"cpu": "2"}}]}),
        get("/api/v1/namespaces/NS/limitranges?includeObject=None", TABLE),
        post(DEPLOYMENTS, deployment("web")),
        get(f"{DEPLOYMENTS}/web/scale", TABLE),
    ],
    "services": [
        made(SERVICES, "Service", "ext", {"type": "ExternalName", "externalName": "x.example.com"}),
        made(SERVICES, "Service", "none", {"clusterIP": "None", "selector": {"a": "b"}}),
        made(SERVICES, "Service", "plain", {"selector": {"a": "b"}, "ports": [{"port": 80, "targetPort": "http"}]}),
        made(SERVICES, "Service", "node", {"type": "NodePort", "selector": {"a": "b"}, "ports": [{"port": 80}]}),
        made(SERVICES, "Service", "lb", {"type": "LoadBalancer", "selector": {"a": "b"}, "ports": [{"name": "a", "port": 80}, {"name": "b", "port": 81}]}),
        made(SERVICES, "Service", "bad", {"ports": [{"port": 0}]}),
        made(SERVICES, "Service", "Bad", {"ports": [{"port": 80}]}),
        made(SERVICES, "Service", "bad", {"type": "Odd", "ports": [{"port": 80}]}),
        made(SERVICES, "Service", "bad", {"type": "ExternalName"}),
        get(f"{SERVICES}?includeObject=None", TABLE),
    ],
    "pods": [
        pod("a"),
        pod("b", containers=[{"name": "c"}]),
        pod("b", containers=[]),
        pod("b", containers=[{"name": "c", "image": "i"}, {"name": "c", "image": "i"}]),
        pod("b", containers=[{"name": "C_", "image": "i"}]),
        pod("b", **container(ports=[{"containerPort": 800000}])),
        pod("b", **container(ports=[{"containerPort": 80, "protocol": "X"}])),
        pod("b", **container(imagePullPolicy="Sometimes")),
        pod("b", **container(env=[{"name": ""}])),
        pod("b", **container(volumeMounts=[{"name": "v", "mountPath": "/x"}])),
        pod("b", **container(resources={"limits": {"cpu": "1"}, "requests": {"cpu": "2"}})),
        pod("b", **container(resources={"limits": {"memory": "lots"}})),
        pod("b", restartPolicy="Maybe"),
        pod("b", volumes=[{"name": "v"}]),
        pod("c", **container(readinessProbe={"httpGet": {"port": 80}}, livenessProbe={"exec": {"command": ["x"]}})),
        pod("d", volumes=[{"name": "v", "secret": {"secretName": "s"}}, {"name": "w", "configMap": {"name": "s"}}, {"name": "h", "hostPath": {"path": "/x"}}]),
        pod("e", **container(resources={"limits": {"cpu": "1"}}, env=[{"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}])),
        pod("f", initContainers=[{"name": "i", "image": "i"}], hostNetwork=True, serviceAccountName="x", securityContext={"runAsUser": 1}),
        patch(f"{PODS}/a", {"spec": {"containers": [{"name": "c", "image": "i:2"}]}}, STRATEGIC),
        get(f"{PODS}?includeObject=None", TABLE),
    ],
    "refused": [
        post(DEPLOYMENTS, deployment("web", replicas=-1)),
        post(DEPLOYMENTS, deployment("web", container={"ports": [{"containerPort": 0}]})),
        post(DEPLOYMENTS, deployment("web") | {"spec": {**deployment("web")["spec"], "strategy": {"type": "Odd"}}}),
        post(DEPLOYMENTS, deployment("web") | {"spec": {**deployment("web")["spec"], "strategy": {"type": "Recreate", "rollingUpdate": {}}}}),
        post(DEPLOYMENTS, deployment("web") | {"metadata": {"name": "web", "finalizers": ["bad"]}}),
        post(DEPLOYMENTS, deployment("web") | {"metadata": {"name": "web", "labels": {"x" * 64: "1"}}}),
        post(DEPLOYMENTS, deployment("web") | {"metadata": {"name": "web", "labels": {"a": "x" * 64}}}),
        post(DEPLOYMENTS, deployment("web") | {"metadata": {"name": "web", "ownerReferences": [{"kind": "X", "name": "x"}]}}),
        made("/api/v1/namespaces/NS/secrets", "Secret", "s", data={"bad key": "eA=="}),
        made("/api/v1/namespaces/NS/secrets", "Secret", "s", data={"k": "not base64"}),
        made("/api/v1/namespaces/NS/secrets", "Secret", "s", type="kubernetes.io/tls", data={"tls.crt": "eA=="}),
        made("/api/v1/namespaces/NS/secrets", "Secret", "s", type="kubernetes.io/dockerconfigjson", stringData={".dockerconfigjson": "no"}),
        made("/api/v1/namespaces/NS/secrets", "Secret", "s", type="kubernetes.io/basic-auth"),
        made("/api/v1/namespaces/NS/configmaps", "ConfigMap", "s", data={"bad key": "x", "": "y"}),
        made("/api/v1/namespaces/NS/configmaps", "ConfigMap", "s", data={"a": "x"}, binaryData={"a": "eA=="}),
        made("/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles", "Role", "r", rules=[{"verbs": ["get"]}]),
        made("/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings", "RoleBinding", "r", roleRef={"kind": "Role"}),
        made("/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings", "RoleBinding", "r",
             roleRef={"kind": "Role", "name": "r", "apiGroup": "rbac.authorization.k8s.io"}, subjects=[{"kind": "ServiceAccount", "name": "x"}]),
        made("/apis/networking.k8s.io/v1/namespaces/NS/ingresses", "Ingress", "i", {"rules": []}),
        post("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "Bad.Name"}}),
        put(f"{DEPLOYMENTS}/none", deployment("none")),
    ],
    "cluster-columns": [
        *(
            step
            for root, plural, kind, more in CLUSTER_OBJECTS
            for step in (
                post(f"/apis/{root}/{plural}", {"apiVersion": root, "kind": kind, "metadata": {"name": "NS"}, **more}),
                get(f"/apis/{root}/{plural}?includeObject=None&fieldSelector=metadata.name%3DNS", TABLE),
                delete(f"/apis/{root}/{plural}/NS"),
            )
        ),
        made("/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies", "NetworkPolicy", "n", {"podSelector": LABELS, "egress": [{}]}),
        get("/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies?includeObject=None", TABLE),
        made("/apis/coordination.k8s.io/v1/namespaces/NS/leases", "Lease", "l", {"holderIdentity": "me"}),
        get("/apis/coordination.k8s.io/v1/namespaces/NS/leases?includeObject=None", TABLE),
        made("/api/v1/namespaces/NS/resourcequotas", "ResourceQuota", "r", {"hard": {"pods": "1000", "limits.memory": "2048Mi"}}),
        made(f"{SLICES}?includeObject=None", "EndpointSlice", "e", addressType="IPv4",
             ports=[{"name": "a", "port": 80, "protocol": "TCP"}], endpoints=[{"addresses": [f"192.0.2.{n}"]} for n in range(1, 6)])._replace(accept=TABLE),
        get(f"{SLICES}?includeObject=None", TABLE),
    ],
}  # fmt: skip

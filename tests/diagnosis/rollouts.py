"""Workloads and controllers as a cluster leaves them: old pods beside new ones, two faults at once, odd states that are fine."""

from diagnosis.scenarios import (
    CONTROLLER,
    DAEMON,
    GIT,
    HOOK,
    JOB,
    LOOP,
    REPO,
    STATEFUL,
    WEB,
    Scenario,
    released,
    rolled_out,
    watching,
)
from diagnosis.world import (
    REVISION,
    Object,
    by,
    chart,
    condition,
    deployment,
    event,
    failing,
    hr,
    inventory,
    ks,
    made,
    pod,
    ready,
    waiting,
)

KS, RELEASE, DEPLOYMENT = "Kustomization/apps/apps", "HelmRelease/apps/web", "Deployment/apps/web"
OLD = "2026-11-20T09:00:00Z"
STALE = failing(
    "GitRepository", "apps", "GitOperationFailed", "unable to list remote for 'https://h/r': authorization failed",
    spec={"url": "https://h/r"}, status={"artifact": {"revision": REVISION}},
)  # fmt: skip


def broken(name: str, *states: Object) -> list[Object]:
    found = deployment(name)
    return [found, pod(found, list(states))]


def rolling(reason: str = "ReplicaSetUpdated") -> Object:
    """A Deployment in the midst of its rollout."""
    missing = condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    return deployment(status={"conditions": [missing, condition("Progressing", "True", reason, "ReplicaSet is progressing.")]})


def surging(available: int = 1) -> Object:
    """A Deployment of one replica in the midst of its rollout: the pod of before stays until the new one is up."""
    counts = {"replicas": 2, "updatedReplicas": 1, "readyReplicas": available, "availableReplicas": available}
    progressing = condition("Progressing", "True", "ReplicaSetUpdated", "ReplicaSet is progressing.")
    return deployment(status=counts | {"conditions": [condition("Available", "True", "MinimumReplicasAvailable"), progressing]})


def of_set(set_: str, name: str, made_at: str, **shown: object) -> Object:
    """A pod of the ReplicaSet ``web-<set>``, made at some time."""
    states = shown.pop("states", [])
    owner = made("ReplicaSet", f"web-{set_}")
    return pod(owner, states, name=f"web-{set_}-{name}", **shown) | {  # type: ignore[arg-type]
        "metadata": made("Pod", f"web-{set_}-{name}", owner=owner)["metadata"] | {"creationTimestamp": made_at}
    }


def waits(*names: str) -> str:
    return "health check failed after 30s: timeout waiting for: [" + ", ".join(f"{n} status: 'InProgress'" for n in names) + "]"


def applied(*names: str, reason: str = "", message: str = "", **spec: object) -> Object:
    """A Kustomization whose inventory holds ``apps_<name>_<group>_<Kind>`` entries."""
    return ks("apps", reason, message, status=inventory(*names), **spec)


def again(*names: str) -> Object:
    """A Kustomization whose health checks run again."""
    found = applied(*names)
    doing = "Running health checks for revision main@sha1:1 with a timeout of 30s"
    found["status"]["conditions"] = [
        condition("Reconciling", "True", "Progressing", doing),
        condition("Ready", "Unknown", "Progressing", "Reconciliation in progress"),
    ]
    return found


def fresh(**fields: object) -> Object:
    return made("Kustomization", "apps", spec={"sourceRef": {"kind": "GitRepository", "name": "apps"}}, **fields)


def controller(namespace: str = "flux-system", **fields: object) -> Object:
    labels = {"app.kubernetes.io/part-of": "flux", "app.kubernetes.io/component": "kustomize-controller"}
    return deployment("kustomize-controller", namespace=namespace, labels=labels, **fields)


def custom(*conditions: Object, **metadata: object) -> Object:
    return made(
        "Thing", "t", api_version="x.io/v1", status={"conditions": list(conditions), "observedGeneration": 1}, metadata=metadata
    )


THINGS = "apps_t_x.io_Thing"
WEB_ENTRY = "apps_web_apps_Deployment"
MEMORY = {"state": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}}

RUNNING = {"phase": "Running", "conditions": [condition("Ready", "True", "")]}
BEFORE = of_set("111", "a", OLD, **RUNNING)
BESIDE = [
    BEFORE,
    of_set("222", "b", "2026-11-23T09:00:00Z", states=[waiting("ImagePullBackOff", 'Back-off pulling image "x:2"')]),
]

SCENARIOS: dict[str, Scenario] = {
    "the pod of before is still up": Scenario(KS, "workload-image-pull", DEPLOYMENT, [GIT, applied(WEB_ENTRY, reason="HealthCheckFailed", message=waits(DEPLOYMENT)), surging(), *BESIDE]),
    "the pod of before is still up, nothing waits": Scenario(KS, "workload-image-pull", DEPLOYMENT, [GIT, applied(WEB_ENTRY), surging(), *BESIDE]),
    "the pod of before is still up, of a release": Scenario(RELEASE, "workload-image-pull", DEPLOYMENT, [*released("context deadline exceeded", status=inventory(WEB_ENTRY)), surging(), *BESIDE]),
    "an old pod was killed, the new one cannot be placed": Scenario(KS, "workload-unschedulable", DEPLOYMENT, rolled_out(WEB, of_set("111", "a", OLD, states=[LOOP | MEMORY]), of_set("222", "b", "2026-11-23T09:00:00Z", conditions=[condition("PodScheduled", "False", "Unschedulable", "0/1 nodes are available: 1 Insufficient cpu.")]))),
    "an evicted pod was left behind": Scenario(KS, "workload-crashloop", DEPLOYMENT, rolled_out(WEB, pod(WEB, [LOOP]), pod(WEB, name="web-5f6c7d8e9-old", phase="Failed", reason="Evicted", message="The node was low on resource: ephemeral-storage."))),
    "evicted for memory": Scenario(KS, "workload-unschedulable", DEPLOYMENT, rolled_out(WEB, pod(WEB, phase="Failed", reason="Evicted", message="The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi."))),
    "root is forbidden": Scenario(KS, "workload-not-ready", DEPLOYMENT, rolled_out(WEB, pod(WEB, [waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root")]))),
    "gates": Scenario(KS, "workload-unschedulable", DEPLOYMENT, rolled_out(WEB, pod(WEB, conditions=[condition("PodScheduled", "False", "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates")]))),
    "a disk on another node": Scenario(KS, "workload-pvc-pending", DEPLOYMENT, rolled_out(WEB, p := pod(WEB, [waiting("ContainerCreating")]), event(p, "FailedAttachVolume", 'Multi-Attach error for volume "pvc-1"'), event(p, "FailedMount", "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[]: timed out waiting for the condition"))),
    "a volume claim without class": Scenario(KS, "workload-pvc-pending", "PersistentVolumeClaim/apps/data", [GIT, applied("apps_data__PersistentVolumeClaim"), c := made("PersistentVolumeClaim", "data", spec={}, status={"phase": "Pending"}), event(c, "FailedBinding", "no persistent volumes available for this claim and no storage class is set", "Normal")]),
    "a custom resource is behind": Scenario(KS, "workload-not-ready", "Thing/apps/t", [GIT, applied(THINGS, reason="HealthCheckFailed", message=waits("Thing/apps/t")), custom(generation=2)]),
    "a custom resource below a release": Scenario(RELEASE, "workload-not-ready", "Thing/apps/t", [*released("context deadline exceeded", status=inventory(THINGS)), custom(condition("Ready", "False", "Refused", "no"))]),
    "pods that are replaced by hand": Scenario(KS, "workload-crashloop", "StatefulSet/apps/db", [GIT, applied("apps_db_apps_StatefulSet"), d := made("StatefulSet", "db", spec={"replicas": 1, "updateStrategy": {"type": "OnDelete"}}, status={"replicas": 1, "readyReplicas": 0}), pod(d, [LOOP], name="db-0")]),
    "a pod of the chart": Scenario(RELEASE, "workload-crashloop", "Pod/apps/one", [*released("context deadline exceeded"), made("Pod", "one", labels=by("HelmRelease", "web"), status={"phase": "Running", "conditions": [condition("Ready", "False", "ContainersNotReady")], "containerStatuses": [{"name": "main", "ready": False, "restartCount": 4, **LOOP}]})]),
    "a namespace that does not end": Scenario(KS, "deletion-blocked", "Namespace//old", [GIT, applied(reason="HealthCheckFailed", message="health check failed after 5m0s: timeout waiting for: [Namespace/old status: 'Terminating']")]),
    "of the whole cluster, owned by others": Scenario(RELEASE, "ownership-conflict", "ClusterRole//x", released('Unable to continue with install: ClusterRole "x" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata')),
    "exists already": Scenario(RELEASE, "ownership-conflict", "ConfigMap/apps/x", released('create: failed to create: configmaps "x" already exists')),
    "conversion webhook": Scenario(KS, "admission-webhook-unavailable", "CustomResourceDefinition//things.x.io", [GIT, applied(reason="ReconciliationFailed", message='Thing/apps/x dry-run failed (InternalError): conversion webhook for x.io/v1, Kind=Thing failed: Post "https://x.y.svc:443/c": no endpoints available for service "x"'), made("CustomResourceDefinition", "things.x.io", "", api_version="apiextensions.k8s.io/v1")]),
    "a claim that shrinks": Scenario(KS, "immutable-field", "GitRepository/apps/apps", [GIT, applied(reason="ReconciliationFailed", message='PersistentVolumeClaim/apps/x dry-run failed (Invalid): PersistentVolumeClaim "x" is invalid: spec.resources.requests.storage: Forbidden: field can not be less than status.capacity')]),
    "a wait that runs again and was out of time before": Scenario(KS, "workload-not-ready", DEPLOYMENT, [GIT, k := again(WEB_ENTRY), event(k, "HealthCheckFailed", waits(DEPLOYMENT)), d := rolling(), pod(d, [waiting("ContainerCreating")])]),
    "no sandbox": Scenario(DEPLOYMENT, "workload-not-ready", DEPLOYMENT, [d := rolling(), p := pod(d, [waiting("ContainerCreating")]), event(p, "FailedCreatePodSandBox", "Failed to create pod sandbox: rpc error")]),
    # two faults at once: what explains the symptom comes first, the other after it
    "two workloads": Scenario(KS, "workload-crashloop", "Deployment/apps/b", [GIT, applied("apps_a_apps_Deployment", "apps_b_apps_Deployment", reason="HealthCheckFailed", message=waits("Deployment/apps/b", "Deployment/apps/a")), *broken("a", waiting("ImagePullBackOff")), *broken("b", LOOP)], also="workload-image-pull Deployment/apps/a"),
    "a crash, and a source that fails since": Scenario(KS, "workload-crashloop", DEPLOYMENT, [STALE, *rolled_out(WEB, pod(WEB, [LOOP]))[1:]], also="git-auth-failed GitRepository/apps/apps"),
    "a build that fails, over a crash": Scenario(KS, "kustomize-build-error", "GitRepository/apps/apps", [GIT, applied(WEB_ENTRY, reason="BuildFailed", message='kustomize build failed: json: unknown field "x"'), *broken("web", LOOP)], also="workload-crashloop Deployment/apps/web"),
    "values are missing, and the charts": Scenario(RELEASE, "values-invalid", "Secret/apps/vals", [hr("web", "ValuesError", "could not resolve Secret chart values reference 'apps/vals' with key 'values.yaml': secrets \"vals\" not found"), chart(), failing("HelmRepository", "charts", "Failed", 'failed to fetch Helm repository index: failed to cache index to temporary file: Get "https://x.invalid/index.yaml": dial tcp: lookup x.invalid: no such host')], also="network-dns HelmRepository/apps/charts"),
    "a release and a Kustomization below": Scenario(KS, "namespace-missing", RELEASE, [GIT, applied(reason="HealthCheckFailed", message=waits(RELEASE, "Kustomization/apps/child")), *released('create: failed to create: namespaces "nope" not found'), ks("child", "HealthCheckFailed", waits(DEPLOYMENT), status=inventory(WEB_ENTRY)), *broken("web", LOOP)], also="workload-crashloop Deployment/apps/web"),
    "suspended, over a crash": Scenario(KS, "object-suspended", KS, [GIT, applied(WEB_ENTRY, reason="HealthCheckFailed", message=waits(DEPLOYMENT), suspend=True), *broken("web", LOOP)], also="workload-crashloop Deployment/apps/web"),
    # controllers
    "controllers elsewhere": Scenario(KS, "controller-down", "Deployment/gitops/kustomize-controller", [GIT, fresh(), c := controller("gitops"), pod(c, [waiting("ImagePullBackOff")])]),
    "controller not installed": Scenario(KS, "controller-down", "Deployment/flux-system/kustomize-controller", [GIT, fresh(), deployment("source-controller", up=True, namespace="flux-system")]),
    "the shard is down": Scenario(KS, "controller-oom", "Deployment/flux-system/kustomize-one", [GIT, fresh(labels={"sharding.fluxcd.io/key": "one"}), watching("!sharding.fluxcd.io/key", up=True), d := watching("sharding.fluxcd.io/key in (one,two)", name="kustomize-one"), pod(d, [LOOP | MEMORY])]),
    "controller down since the spec was mended": Scenario(KS, "controller-down", "Deployment/flux-system/kustomize-controller", [GIT, ks("apps", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/nope: no such file or directory") | {"metadata": made("Kustomization", "apps")["metadata"] | {"generation": 2}}, CONTROLLER, pod(CONTROLLER, [LOOP])]),
}  # fmt: skip


def release(*more: Object) -> list[Object]:
    found = hr("web", status={"history": [{"name": "web", "version": 2, "status": "deployed"}]})
    found["status"]["conditions"] += more
    return [REPO, chart(), found]


UP = deployment(up=True)
HEALTHY: dict[str, tuple[str, list[Object]]] = {
    "evicted pods of before": (KS, [GIT, applied(WEB_ENTRY), UP, pod(UP, name="web-1-old", phase="Failed", reason="Evicted", message="The node was low on resource: memory.")]),
    "warnings of before": (KS, [GIT, k := applied(WEB_ENTRY), UP, event(k, "HealthCheckFailed", waits(DEPLOYMENT), time=OLD)]),
    "a rollout under way": (KS, [GIT, applied(WEB_ENTRY), d := rolling(), pod(d, [waiting("ContainerCreating")])]),
    "the pod of before ends": (KS, [GIT, applied(WEB_ENTRY), surging(2), BEFORE, of_set("222", "b", "2026-11-23T09:00:00Z", **RUNNING)]),
    "pods that are too many": (KS, [GIT, applied(WEB_ENTRY), d := deployment(up=True, status={"replicas": 2}), BEFORE, of_set("111", "b", OLD, **RUNNING)]),
    "a stateful set that changes over": (KS, [GIT, applied("apps_db_apps_StatefulSet"), d := made("StatefulSet", "db", spec={"replicas": 2}, status={"replicas": 2, "readyReplicas": 2, "currentRevision": "db-1", "updateRevision": "db-2"}), *(pod(d, name=f"db-{n}", **RUNNING) for n in (0, 1))]),
    "pods that start": (KS, [GIT, applied("apps_db_apps_StatefulSet", "apps_agent_apps_DaemonSet"), STATEFUL, DAEMON, pod(STATEFUL, [waiting("ContainerCreating")], name="db-0")]),
    "a job that runs": (KS, [GIT, applied("apps_load_batch_Job"), made("Job", "load", spec={}, status={"active": 1})]),
    "a failed job of a schedule": (KS, [GIT, applied("apps_nightly_batch_CronJob"), made("CronJob", "nightly", api_version="batch/v1"), JOB]),
    "a claim that nobody uses yet": (KS, [GIT, applied("apps_data__PersistentVolumeClaim"), made("PersistentVolumeClaim", "data", status={"phase": "Pending"})]),
    "a hook that failed before": (RELEASE, [*release(condition("Released", "True", "UpgradeSucceeded")), HOOK]),
    "a custom resource at work": (KS, [GIT, applied(THINGS), custom(condition("Reconciling", "True", "Busy"))]),
    "a controller that was killed before": (KS, [GIT, ks("apps"), d := deployment("kustomize-controller", up=True, namespace="flux-system"), pod(d, [MEMORY | {"state": {"running": {}}, "ready": True}], conditions=[condition("Ready", "True", "")], phase="Running")]),
    "an object for another shard, handled": (KS, [GIT, ks("apps", labels={"sharding.fluxcd.io/key": "one"}), watching("!sharding.fluxcd.io/key", up=True)]),
    "a source that is ready": ("GitRepository/apps/apps", [ready("GitRepository", "apps")]),
}  # fmt: skip

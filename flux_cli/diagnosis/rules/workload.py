"""Workloads: what containers, pods, volumes and services show. Texts are "reason: message" of a state, a condition or an event."""

from flux_cli.diagnosis.rules._model import FOLLOWS, GENERIC, NORMAL, SPECIFIC, Example, Rule

WORKLOADS = (
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Job",
    "CronJob",
    "PersistentVolumeClaim",
    "HelmRelease",
    "Kustomization",
    "Node",
)
LOGS = "kubectl logs -n {namespace} {kind_lower}/{name} --all-containers --tail=50"
DESCRIBE = "kubectl describe {kind_lower} {name} -n {namespace}"

# fmt: off
RULES = (
    Rule(
        "image-pull", "workload-image-pull",
        (
            "pull access denied", "manifest unknown", "manifest for … not found", "no such image",
            "error pulling image", "imagenotfound", "repository does not exist or may require", "imagepullbackoff",
            "errimagepull", "invalidimagename", "errimageneverpull", "registryunavailable", "imageinspecterror",
            "failed to pull image", "back-off pulling image", "failed to pull and unpack image",
            "failed to apply default image tag", "couldn't parse image name", "signaturevalidationfailed",
            "is not present with pull policy", "failed to inspect image", "no match for platform in manifest",
        ),
        ("workload",),
        "The image[ {image}] of a container cannot be pulled: it does not exist, or the registry does not hand it out.",
        (
            DESCRIBE, "kubectl get {kind_lower} {name} -n {namespace} -o jsonpath='{{..image}}'",
            "kubectl create secret docker-registry regcred -n {namespace} --docker-server=HOST …  # and "
            "imagePullSecrets",
        ),
        (
            Example("Pod", 'ImagePullBackOff: Back-off pulling image "registry.local/web:none"'),
            Example("Pod", 'Failed: Failed to pull image "x:1": rpc error: code = NotFound desc = '
                                  "failed to pull and unpack image"),
            Example("Pod", 'InvalidImageName: Failed to apply default image tag "Web:1": couldn\'t '
                                  "parse image name"),
        ),
        kinds=WORKLOADS, captures=("image",), rank=SPECIFIC + 5,
    ),
    Rule(
        "oom", "workload-oomkilled",
        ("oomkilled", "memory cgroup out of memory", "out of memory: killed"),
        ("workload",),
        "A container needs more memory than its limit and is killed.",
        (
            "kubectl top pod -n {namespace}",
            "kubectl edit {kind_lower} {name} -n {namespace}  # resources.limits.memory — in Git or in "
            "the values",
            DESCRIBE,
        ),
        (Example("Pod", "OOMKilled: exit code 137"),),
        kinds=WORKLOADS, unless=("controller: oomkilled",), rank=SPECIFIC + 8,
    ),
    Rule(
        "config", "workload-config-missing",
        (
            "createcontainerconfigerror", "mountvolume.setup failed",
            "error looking up service account", "couldn't find key", "references non-existent secret key",
            "references non-existent config key", "failedmount", "secretproviderclass", 'secret "…not found', 'configmap "…not found',
            "have … keyvault", "failed to mount secrets store", 'serviceaccount "…not found',
            "service account … not found",
        ),
        ("workload",),
        "A pod needs a Secret, ConfigMap, key or service account that is not there[: {secret}].",
        ("kubectl get secrets,configmaps,serviceaccounts -n {namespace}", DESCRIBE),
        (
            Example("Pod", 'CreateContainerConfigError: secret "app-env" not found'),
            Example("Pod", 'FailedMount: MountVolume.SetUp failed for volume "cfg" : configmap '
                                  '"web-config" not found'),
            Example("Pod", "CreateContainerConfigError: couldn't find key PASSWORD in Secret apps/db"),
            Example("ReplicaSet", 'FailedCreate: Error creating: pods "web-1" is forbidden: error '
                                  'looking up service account apps/web: serviceaccount "web" not found'),
        ),
        kinds=("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "HelmRelease"),
        unless=(
            "chart values", "could not get kubeconfig", "failed to get secret '", "exceeded quota",
            "failed to confirm serviceaccount", "helm.toolkit", "persistentvolumeclaim", "runasnonroot", "subpath",
            "exit status 32", "unmounted volumes=", "mountdevice", "failedattachvolume",
        ),
        captures=("secret",), rank=SPECIFIC + 6,
    ),
    Rule(
        "pod-identity", "workload-not-ready",
        ("container has runasnonroot", "non-numeric user", "runasuser breaks non-root policy", "cannot verify user is non-root"),
        ("workload",),
        "The image runs as root (or as a user without a number), which runAsNonRoot forbids: the container is not started.",
        (
            "kubectl edit {kind_lower} {name} -n {namespace}  # securityContext.runAsUser — in Git or in the values",
            "kubectl get {kind_lower} {name} -n {namespace} -o jsonpath='{{..securityContext}}'", DESCRIBE,
        ),
        (
            Example("Pod", "CreateContainerConfigError: container has runAsNonRoot and image will run as root "
                                  '(pod: "web-1_apps(x)", container: web)'),
        ),
        kinds=WORKLOADS, rank=SPECIFIC,
    ),
    Rule(
        "crash", "workload-crashloop",
        (
            "panic:", "segmentation fault", "container … terminated", "error syncing pod",
            "createcontainererror … executable", "crashloopbackoff", "back-off restarting failed container",
            "exit code", "runcontainererror", "starterror", "containercannotrun", "exec format error",
            "deadlineexceeded: job", "backofflimitexceeded", "liveness probe failed", "startup probe failed",
            "executable file not found", "poststarthookerror", "crashloop",
            "has reached the specified backoff limit", "was active longer than specified deadline", "podfailurepolicy", "error: terminated",
            "oci runtime create failed", "unable to start container process",
        ),
        ("workload",),
        "A container starts and exits again and again; its log says why.",
        (LOGS + " --previous", DESCRIBE),
        (
            Example("Pod", "CrashLoopBackOff: back-off 5m0s restarting failed container=web "
                                  "pod=web-1_apps(x)"),
            Example("Pod", "BackOff: Back-off restarting failed container"),
            Example("Job", "BackoffLimitExceeded: Job has reached the specified backoff limit"),
            Example("Pod", "Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500"),
        ),
        kinds=("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"),
        unless=("controller", "exit code 137 oom"), rank=SPECIFIC,
    ),
    Rule(
        "unschedulable", "workload-unschedulable",
        (
            "didn't match node selector", "didn't match pod's node", "had volume node affinity conflict",
            "insufficient ", "node(s) didn't", "preemption:", "unschedulable", "failedscheduling",
            "nodes are available", "insufficient cpu", "insufficient memory", "didn't match pod's node affinity",
            "untolerated taint", "no nodes available", "/1 pending", "/2 pending", "/3 pending", "schedulinggated",
            "unexpectedadmissionerror", "outofcpu", "outofmemory", "outofpods", "pod was rejected", "preempted by",
            "preempting:", "nodelost", "nodenotready", "low on resource: memory", "low on resource: pids", "trigger scale-up",
        ),
        ("workload",),
        "No node can take the pod, or the node that had it gave it up.",
        (
            "kubectl get nodes", "kubectl describe node | grep -A8 'Allocated resources'",
            "kubectl edit {kind_lower} {name} -n {namespace}  # resources.requests, nodeSelector, "
            "tolerations — in Git or in the values",
        ),
        (
            Example("Pod", "Unschedulable: 0/1 nodes are available: 1 Insufficient cpu. "
                                  "preemption: 0/1 nodes are available: 1 No preemption victims found "
                                  "for incoming pod."),
            Example("Pod", "FailedScheduling: 0/3 nodes are available: 3 node(s) had untolerated "
                                  "taint {dedicated: gpu}."),
            Example("Pod", "UnexpectedAdmissionError: Pod was rejected: Allocate failed due to can't allocate "
                                  "unregistered device nvidia.com/gpu, which is unexpected"),
            Example("Pod", "Evicted: The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi."),
        ),
        kinds=WORKLOADS, rank=SPECIFIC,
    ),
    Rule(
        "evicted", "storage-full",
        (
            "evicted … ephemeral", "low on resource: ephemeral-storage", "diskpressure", "disk pressure",
            "usage of emptydir volume", "local storage usage exceeds", "low on resource: inodes",
        ),
        ("workload",),
        "The node is out of disk and evicts pods.",
        ("kubectl describe nodes | grep -A6 Conditions", DESCRIBE),
        (Example("Pod", "Evicted: The node was low on resource: ephemeral-storage."),),
        kinds=WORKLOADS, rank=SPECIFIC + 7,
    ),
    Rule(
        "service", "workload-service-pending",
        (
            "external-ip <pending>", "does not have load balancer ingress ip", "service … loadbalancer … pending",
            "ensuring load balancer", "error syncing load balancer", "failed to ensure load balancer", "syncloadbalancerfailed", "waiting for load balancer", "loadbalancerpending",
            "service/…status: 'inprogress'",
        ),
        ("named-service", "workload", "self"),
        "{root} waits for an address that nobody gives it: there is no load balancer in this cluster, or "
        "it fails.",
        (
            "kubectl describe service {root_name} -n {root_namespace}",
            "kubectl edit helmrelease {release_name} -n {release_namespace}  # service.type: ClusterIP, or install a "
            "load balancer",
        ),
        (
            Example("Service", "LoadBalancerPending: status.loadBalancer.ingress is empty"),
            Example("HelmRelease", "Helm install failed: service: apps/web does not have load balancer "
                                  "ingress IP address"),
            Example("Kustomization", "timeout waiting for: [Service/apps/web status: 'InProgress']"),
        ),
        captures=("object",), rank=SPECIFIC,
    ),
    Rule(
        "probe", "workload-not-ready",
        ("readiness probe failed", "readiness probe errored"),
        ("workload",),
        "The container runs but does not pass its readiness probe.",
        (LOGS, DESCRIBE),
        (Example("Pod", "Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503"),),
        kinds=WORKLOADS,
    ),
    Rule(
        "container", "workload-not-ready",
        (
            "createcontainererror", "createcontainerconfigerror", "failedcreatepodsandbox", "failed to create pod sandbox", "failedcreate",
            "progressdeadlineexceeded", "has timed out progressing", "exceeded its progress deadline",
        ),
        ("workload",),
        "{object} cannot start its pods or their containers, or its rollout is out of time.",
        (DESCRIBE, "kubectl get events -n {namespace} --sort-by=.lastTimestamp", LOGS),
        (
            Example("Deployment", 'ProgressDeadlineExceeded: ReplicaSet "web-1" has timed out progressing.'),
            Example("Pod", "FailedCreatePodSandBox: Failed to create pod sandbox"),
            Example("ReplicaSet", 'FailedCreate: Error creating: pods "web-1" is forbidden: no PriorityClass with name high was found'),
        ),
        kinds=("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"), rank=NORMAL - 1,
    ),
    Rule(
        "container-waits", "workload-not-ready",
        (
            "containersnotready", "minimumreplicasunavailable", "containercreating", "podinitializing",
            "does not have minimum availability", "paused",
        ),
        ("workload",),
        "The rollout of {object} does not finish.",
        (DESCRIBE, "kubectl get events -n {namespace} --sort-by=.lastTimestamp", LOGS),
        (Example("Deployment", "MinimumReplicasUnavailable: Deployment does not have minimum availability."),),
        kinds=("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"), rank=GENERIC,
    ),
    Rule(
        "custom", "workload-not-ready",
        (),
        ("self",),
        "{object} says of itself that it is not ready.",
        (DESCRIBE,),
        (Example("Certificate", "Ready=False: Issuing", state="custom-not-ready"),),
        states=("custom-not-ready",), rank=GENERIC,
    ),
    Rule(
        "rollout", "workload-not-ready",
        (),
        ("workload",),
        "The rollout of {object} does not finish; its pods show nothing more.",
        (DESCRIBE, LOGS),
        (Example("Deployment", "0 of 1 ready", state="rollout"),),
        states=("rollout",), rank=FOLLOWS + 2,
    ),
)

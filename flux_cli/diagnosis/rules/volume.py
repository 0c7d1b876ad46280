"""Volumes: claims that are not bound, disks that are not attached, mounts that fail."""

from flux_cli.diagnosis.rules._model import GENERIC, SPECIFIC, Example, Rule
from flux_cli.diagnosis.rules.workload import DESCRIBE, WORKLOADS

# fmt: off
RULES = (
    Rule(
        "volume-mount", "workload-pvc-pending",
        (
            "mount failed: exit status", "mountdevice failed", "multi-attach error", "timed out waiting for external-attacher",
            "attachvolume.attach failed", "hostpath type check failed", "failedattachvolume", "exit status 32",
        ),
        ("workload",),
        "A volume of the pod cannot be attached or mounted on its node, so no container starts.",
        ("kubectl get pv,pvc,volumeattachments -n {namespace}", DESCRIBE, "kubectl describe pvc -n {namespace}"),
        (
            Example("Pod", 'FailedMount: MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32'),
            Example("Pod", 'FailedAttachVolume: Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-1'),
        ),
        kinds=WORKLOADS, rank=SPECIFIC + 5,
    ),
    Rule(
        "volume-waits", "workload-pvc-pending",
        ("unmounted volumes=", "unable to attach or mount volumes"),
        ("workload",),
        "A volume of the pod is not mounted in time; its other events say why.",
        (DESCRIBE, "kubectl get events -n {namespace} --sort-by=.lastTimestamp", "kubectl get pvc -n {namespace}"),
        (
            Example("Pod", "FailedMount: Unable to attach or mount volumes: unmounted volumes=[data], unattached "
                                  "volumes=[], failed to process volumes=[]: timed out waiting for the condition"),
        ),
        kinds=WORKLOADS,
    ),
    Rule(
        "claim", "workload-pvc-pending",
        (
            "unbound immediate persistentvolumeclaims", "no persistent volumes available", "no storage class is set",
            'persistentvolumeclaim "…not found', "storageclass", "waitforfirstconsumer", "provisioningfailed",
            "failedbinding", "volume node affinity conflict", "persistentvolumeclaim is not bound",
            "waiting for a volume to be created", "persistentvolumeclaim … is being deleted", "claimlost",
        ),
        ("workload",),
        "A volume claim is not bound, so the pod cannot start.",
        ("kubectl get pvc,storageclass -n {namespace}", "kubectl describe pvc -n {namespace}"),
        (
            Example("Pod", "Unschedulable: 0/1 nodes are available: pod has unbound immediate "
                                  "PersistentVolumeClaims."),
            Example("PersistentVolumeClaim", "FailedBinding: no persistent volumes available for this claim and no "
                                  "storage class is set"),
            Example("PersistentVolumeClaim", 'ProvisioningFailed: storageclass.storage.k8s.io "fast" not found'),
            Example("Pod", "FailedScheduling: 0/1 nodes are available: persistentvolumeclaim "
                                  '"data" not found.'),
        ),
        kinds=(
            "Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "PersistentVolumeClaim",
            "HelmRelease", "Kustomization", "Node", "Pod",
        ),
        unless=("is forbidden", "cannot get resource"), rank=SPECIFIC + 4,
    ),
    Rule(
        "claim-waits", "workload-pvc-pending",
        ("claimpending",),
        ("workload",),
        "The volume claim {object} is not bound, and no event says why: it may wait for a pod that uses it, or for a provisioner.",
        ("kubectl describe {kind_lower} {name} -n {namespace}", "kubectl get storageclass"),
        (Example("PersistentVolumeClaim", "ClaimPending: phase Pending"),),
        kinds=("PersistentVolumeClaim",), rank=GENERIC + 2,
    ),
)

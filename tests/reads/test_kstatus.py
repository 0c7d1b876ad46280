"""When an object is as its owner wants it."""

from typing import Any

import pytest
from reads.stage import condition, made

from flux_cli.kinds.kstatus import CURRENT, FAILED, IN_PROGRESS, TERMINATING, compute, stalled


def core(kind: str, status: Any, version: str = "v1", **spec: Any) -> dict[str, Any]:
    return made(kind, "x", api_version=version, spec=spec, status=status)


READY, NOT_READY = condition("True"), condition("False", "no such chart")
RECONCILING, STALLED = condition("True", "applying", "Reconciling"), condition("True", "gave up", "Stalled")
AVAILABLE = condition("True", "", "Available")
ROLLED_OUT = condition("True", "", "Progressing") | {"reason": "NewReplicaSetAvailable"}
LATE = condition("False", "", "Progressing") | {"reason": "ProgressDeadlineExceeded"}
UNSCHEDULABLE = condition("False", "", "PodScheduled") | {"reason": "Unschedulable"}
ALL = {"replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2}
CRASHING = {"containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}


@pytest.mark.parametrize(
    ("obj", "state", "message"),
    [
        (made("Kustomization", "x"), CURRENT, "Resource is current"),
        (made("Kustomization", "x", status={"conditions": [READY]}), CURRENT, "Resource is Ready"),
        (made("Kustomization", "x", status={"conditions": [NOT_READY]}), IN_PROGRESS, "no such chart"),
        (made("Kustomization", "x", status={"conditions": [READY, RECONCILING]}), IN_PROGRESS, "applying"),
        (made("Kustomization", "x", status={"conditions": [NOT_READY, STALLED]}), FAILED, "gave up"),
        (made("Kustomization", "x", status={"conditions": [RECONCILING, STALLED]}), IN_PROGRESS, "applying"),
        (
            made("Kustomization", "x", status={"observedGeneration": 2, "conditions": [READY]}),
            IN_PROGRESS,
            "Kustomization generation is 1, but latest observed generation is 2",
        ),
        (made("Kustomization", "x", status={"observedGeneration": 0, "conditions": [READY]}), CURRENT, "Resource is Ready"),
        (
            made("Kustomization", "x", metadata={"deletionTimestamp": "2026-03-01T09:00:00Z"}, status={"conditions": [STALLED]}),
            TERMINATING,
            "Resource scheduled for deletion",
        ),
        (made("Kustomization", "x", status="broken"), CURRENT, "Resource is current"),
        (made("Kustomization", "x", status={"conditions": "broken"}), CURRENT, "Resource is current"),
        (core("Deployment", ALL | {"conditions": [AVAILABLE, ROLLED_OUT]}, "apps/v1", replicas=2, progressDeadlineSeconds=600),
         CURRENT, "Deployment is available. Replicas: 2"),
        (core("Deployment", ALL | {"conditions": [AVAILABLE]}, "apps/v1", replicas=2, progressDeadlineSeconds=600),
         IN_PROGRESS, "ReplicaSet not Available"),
        (core("Deployment", ALL | {"readyReplicas": 1, "conditions": [AVAILABLE]}, "apps/v1", replicas=2), IN_PROGRESS, "Ready: 1/2"),
        (core("Deployment", ALL | {"replicas": 3}, "apps/v1", replicas=2), IN_PROGRESS, "Pending termination: 1"),
        (core("Deployment", ALL | {"conditions": [LATE]}, "apps/v1", replicas=2), FAILED, "Progress deadline exceeded"),
        (core("Deployment", {"conditions": [AVAILABLE]}, "apps/v1", replicas=0), CURRENT, "Deployment is available. Replicas: 0"),
        (core("Deployment", {}, "example.com/v1", replicas=2), CURRENT, "Resource is current"),
        (core("StatefulSet", {"replicas": 1, "readyReplicas": 0}, "apps/v1"), IN_PROGRESS, "Ready: 0/1"),
        (core("StatefulSet", {"replicas": 1, "readyReplicas": 1, "currentReplicas": 1}, "apps/v1"), CURRENT,
         "All replicas scheduled as expected. Replicas: 1"),
        (core("StatefulSet", {}, "apps/v1", updateStrategy={"type": "OnDelete"}), CURRENT,
         "StatefulSet is using the ondelete update strategy"),
        (core("DaemonSet", {}, "apps/v1"), IN_PROGRESS, "Missing .status.desiredNumberScheduled"),
        (core("DaemonSet", {"desiredNumberScheduled": 2, "currentNumberScheduled": 2, "updatedNumberScheduled": 1}, "apps/v1"),
         IN_PROGRESS, "Updated: 1/2"),
        (core("ReplicaSet", {"fullyLabeledReplicas": 1, "availableReplicas": 1, "readyReplicas": 1, "replicas": 1}, "apps/v1"),
         CURRENT, "ReplicaSet is available. Replicas: 1"),
        (core("Pod", {"phase": "Running", "conditions": [READY]}), CURRENT, "Pod is Ready"),
        (core("Pod", {"phase": "Running"} | CRASHING), FAILED, "Containers in CrashLoop state: app"),
        (core("Pod", {"phase": "Pending", "conditions": [UNSCHEDULABLE]}), FAILED, "Pod could not be scheduled"),
        (core("Pod", {"phase": "Succeeded"}), CURRENT, "Pod has completed successfully"),
        (core("Pod", {"phase": "Failed"}), FAILED, "Pod has completed, but not successfully"),
        (core("Job", {}, "batch/v1"), IN_PROGRESS, "Job not started"),
        (core("Job", {"startTime": "2026-03-01T09:00:00Z", "active": 1}, "batch/v1"), IN_PROGRESS,
         "Job in progress. success:0, active: 1, failed: 0"),
        (core("Job", {"conditions": [condition("True", "", "Failed")], "failed": 3}, "batch/v1"), FAILED, "Job Failed. failed: 3/1"),
        (core("Job", {"conditions": [condition("True", "", "Complete")], "succeeded": 1}, "batch/v1"), CURRENT,
         "Job Completed. succeeded: 1/1"),
        (core("PersistentVolumeClaim", {"phase": "Pending"}), IN_PROGRESS, "PVC is not Bound. phase: Pending"),
        (core("PersistentVolumeClaim", {"phase": "Bound"}), CURRENT, "PVC is Bound"),
        (core("Service", {}, type="LoadBalancer"), IN_PROGRESS, "ClusterIP not set. Service type: LoadBalancer"),
        (core("Service", {}, type="LoadBalancer", clusterIP="10.0.0.1"), CURRENT, "Service is ready"),
        (core("CustomResourceDefinition", {}, "apiextensions.k8s.io/v1"), IN_PROGRESS, "Install in progress"),
        (core("CustomResourceDefinition", {"conditions": [condition("True", "", "Established")]}, "apiextensions.k8s.io/v1"),
         CURRENT, "CRD is established"),
        (core("CustomResourceDefinition", {"conditions": [condition("False", "taken", "NamesAccepted")]}, "apiextensions.k8s.io/v1"),
         FAILED, "taken"),
    ],
)  # fmt: skip
def test_states(obj: dict[str, Any], state: str, message: str) -> None:
    assert compute(obj) == (state, message)


def test_a_new_pod_may_wait_for_a_node() -> None:
    pod = core("Pod", {"phase": "Pending", "conditions": [UNSCHEDULABLE]})
    born = 1772352000.0  # 2026-03-01T08:00:00Z
    assert compute(pod, born + 10).state == IN_PROGRESS
    assert compute(pod, born + 16).state == FAILED


def test_stalled_says_why() -> None:
    assert stalled(made("Kustomization", "x", status={"conditions": [STALLED]})) == "gave up"
    assert stalled(made("Kustomization", "x", status={"conditions": [READY]})) == ""

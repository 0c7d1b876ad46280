"""``diff --mode=client`` against ``--mode=server``, on a real API server: what is computed here is what the server would make."""

import copy
import json
import pathlib
import random
from collections.abc import Callable
from typing import Any

import pytest
from building.conftest import Tree, crd
from building.live import FOUND, Live, config_map, deployment, manifests, service

pytestmark = pytest.mark.real
Edit = Callable[[dict[str, Any]], Any]


def test_both_modes_agree(live: Live, tree: Tree, tmp_path: pathlib.Path) -> None:
    """200 changes, made up with a fixed seed: fields set, changed, removed, lists with and without names, other managers."""
    dice = random.Random(20)
    started = [_made(dice, i) for i in range(20)]
    for obj in started:
        live.apply(obj)
        if obj["kind"] == "Deployment" and dice.random() < 0.5:
            other = {k: obj[k] for k in ("apiVersion", "kind")} | {
                "metadata": {"name": obj["metadata"]["name"], "namespace": "live"}
            }
            live.apply(other | {"spec": {"revisionHistoryLimit": 3}}, "other")
    for round_ in range(10):
        changed = [_changed(dice, obj) for obj in started]
        tree({"apps/all.yaml": manifests(*changed, config_map("front"), config_map("gone"))})
        server, client = live.diff("-o", "json"), live.diff("-o", "json", "--mode", "client")
        assert server.code == client.code == 1, server.err + client.err
        ours, theirs = (json.loads(answer.out)["changes"] for answer in (client, server))
        for mine, real in zip(ours, theirs, strict=True):
            assert _comparable(mine) == _comparable(real), (round_, mine["object"])


def _comparable(change: dict[str, Any]) -> Any:
    return {k: v for k, v in change.items() if k != "after"}  # of what is new, the server fills in identity and defaults


def _made(dice: random.Random, index: int) -> dict[str, Any]:
    name = f"gen-{index}"
    if index % 3 == 0:
        return config_map(name, **{f"k{i}": str(dice.randrange(5)) for i in range(dice.randrange(1, 5))})
    if index % 3 == 1:
        return service(name, *({"name": f"p{i}", "port": 80 + i} for i in range(dice.randrange(1, 4))))
    env = [{"name": f"E{i}", "value": str(dice.randrange(3))} for i in range(dice.randrange(1, 4))]
    return deployment(name, env=env, args=["a", "b"], resources={"limits": {"cpu": "1"}})


def _changed(dice: random.Random, start: dict[str, Any]) -> dict[str, Any]:
    obj = copy.deepcopy(start)
    if dice.random() < 0.5:
        obj["metadata"]["annotations"] = {"note": str(dice.randrange(9))}
    if obj["kind"] == "ConfigMap":
        for key in list(obj["data"]):
            if dice.random() < 0.4:
                del obj["data"][key]
        obj["data"]["new"] = str(dice.randrange(9))
    elif obj["kind"] == "Service":
        ports = obj["spec"]["ports"]
        if len(ports) > 1 and dice.random() < 0.5:
            ports.pop(dice.randrange(len(ports)))
        if dice.random() < 0.6:
            ports.append({"name": "new", "port": 1000 + dice.randrange(9), "targetPort": dice.choice([8080, "web"])})
        if dice.random() < 0.3:
            obj["spec"]["sessionAffinity"] = "None"
        obj["spec"]["selector"]["tier"] = str(dice.randrange(3))
    else:
        _change_deployment(dice, obj)
    return obj


def _change_deployment(dice: random.Random, obj: dict[str, Any]) -> None:
    spec, pod = obj["spec"], obj["spec"]["template"]["spec"]
    container = pod["containers"][0]
    if dice.random() < 0.5:
        container["image"] = dice.choice(["registry.local/web:2.0", "registry.local/web"])
    if dice.random() < 0.5:
        container["env"].pop(0)
    if dice.random() < 0.5:
        container["env"].append({"name": "NEW", "value": "1"})
    if dice.random() < 0.4:
        container["args"] = ["b", "a", "c"][: dice.randrange(1, 4)]
    if dice.random() < 0.3:
        del container["resources"]
    if dice.random() < 0.3:
        spec.pop("replicas")
    if dice.random() < 0.4:
        pod["containers"].append({"name": "side", "image": "registry.local/side:1", "ports": [{"containerPort": 9}]})
    if dice.random() < 0.3:
        container["readinessProbe"] = {"httpGet": {"port": 80}}
    if dice.random() < 0.3:
        pod["volumes"] = [{"name": "v", "configMap": {"name": "x"}}]
        container["volumeMounts"] = [{"name": "v", "mountPath": "/v"}]


def _labelled(name: str) -> dict[str, Any]:
    container = {"name": "c", "image": "r/web:1", "ports": [{"containerPort": 80}], "env": [{"name": "A", "value": "1"}]}
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}


def _kinds(name: str) -> dict[str, dict[str, Any]]:
    """An object of each kind, by kind."""
    selector = {"matchLabels": {"app": name}}
    job = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "r/web:1"}]}}
    storage = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    backend = {"service": {"name": name, "port": {"number": 80}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    cpu = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}
    subjects = [{"kind": "ServiceAccount", "name": "x", "namespace": "live"}, {"kind": "User", "name": "u"}]
    rbac = "rbac.authorization.k8s.io"
    bodies: list[tuple[str, str, dict[str, Any]]] = [
        ("apps/v1", "Deployment", {"spec": {"selector": selector, "template": _labelled(name)}}),
        ("apps/v1", "StatefulSet", {"spec": {
            "serviceName": name, "replicas": 2, "selector": selector, "template": _labelled(name),
            "volumeClaimTemplates": [{"metadata": {"name": "d"}, "spec": storage}],
        }}),
        ("apps/v1", "DaemonSet", {"spec": {"selector": selector, "template": _labelled(name)}}),
        ("batch/v1", "CronJob", {"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": job}}}}),
        ("batch/v1", "Job", {"spec": {"template": job}}),
        ("networking.k8s.io/v1", "Ingress", {"spec": {
            "rules": [{"host": "a.b", "http": {"paths": [path]}}], "tls": [{"hosts": ["a.b"], "secretName": "t"}],
        }}),
        ("networking.k8s.io/v1", "NetworkPolicy", {"spec": {
            "podSelector": selector, "ingress": [{"from": [{"podSelector": {}}], "ports": [{"port": 80}]}],
        }}),
        ("autoscaling/v2", "HorizontalPodAutoscaler", {"spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}, "maxReplicas": 4, "metrics": [cpu],
        }}),
        (f"{rbac}/v1", "Role", {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]}),
        (f"{rbac}/v1", "RoleBinding", {"roleRef": {"apiGroup": rbac, "kind": "Role", "name": name}, "subjects": subjects}),
        ("policy/v1", "PodDisruptionBudget", {"spec": {"minAvailable": 1, "selector": selector}}),
        ("v1", "ServiceAccount", {"imagePullSecrets": [{"name": "a"}]}),
        ("v1", "PersistentVolumeClaim", {"spec": storage}),
        ("v1", "ResourceQuota", {"spec": {"hard": {"cpu": "1000m", "pods": "4"}}}),
        ("v1", "LimitRange", {"spec": {"limits": [{"type": "Container", "default": {"cpu": "500m"}}]}}),
        ("v1", "Service", {"spec": {"ports": [{"name": "a", "port": 80}], "selector": {"app": name}}}),
        ("v1", "Secret", {"type": "Opaque", "data": {"a": "YQ=="}}),
    ]  # fmt: skip
    meta = {"name": name, "namespace": "live"}
    return {kind: {"apiVersion": version, "kind": kind, "metadata": meta, **body} for version, kind, body in bodies}


def _pod(obj: dict[str, Any]) -> Any:
    spec = obj["spec"]["jobTemplate"]["spec"] if obj["kind"] == "CronJob" else obj["spec"]
    return spec["template"]["spec"]


def _container(**fields: Any) -> Edit:
    return lambda obj: _pod(obj)["containers"][0].update(fields)


def _in_pod(**fields: Any) -> Edit:
    return lambda obj: _pod(obj).update(fields)


def _spec(**fields: Any) -> Edit:
    return lambda obj: obj["spec"].update(fields)


def _without(field: str) -> Edit:
    return lambda obj: obj["spec"].pop(field)


def _volumes(*volumes: dict[str, Any]) -> Edit:
    return lambda obj: _pod(obj).update(volumes=[{"name": f"v{i}", **volume} for i, volume in enumerate(volumes)])


EVERY: list[Edit] = [
    lambda obj: obj["metadata"].update(annotations={"n": "1"}),
    lambda obj: obj["metadata"].update(labels={"n": "1"}),
    lambda obj: None,
]
PODS: list[Edit] = [
    _container(image="r/web:2"), _container(image="r/web"), _container(env=[{"name": "B", "value": "2"}]),
    _container(env=[{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]),
    _container(resources={"limits": {"cpu": "1000m", "memory": "1024Mi"}}),
    _container(livenessProbe={"httpGet": {"path": "/x", "port": 80}}), _container(startupProbe={"httpGet": {"port": 80}}),
    _container(readinessProbe={"grpc": {"port": 80}}), _container(lifecycle={"preStop": {"httpGet": {"port": 80}}}),
    _container(securityContext={"capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True}),
    _container(ports=[{"containerPort": 80}, {"containerPort": 81, "protocol": "UDP"}]), _container(command=["a"], args=["b"]),
    _container(envFrom=[{"configMapRef": {"name": "x"}}]),
    lambda obj: _pod(obj)["containers"].append({"name": "side", "image": "r/side"}),
    _in_pod(initContainers=[{"name": "i", "image": "r/i:1"}]), _volumes({"emptyDir": {}}, {"hostPath": {"path": "/x"}}),
    _volumes({"secret": {"secretName": "x"}}, {"configMap": {"name": "x"}}),
    _volumes({"projected": {"sources": [{"serviceAccountToken": {"path": "t"}}, {"configMap": {"name": "c"}}]}}),
    _in_pod(tolerations=[{"key": "a", "operator": "Exists"}]), _in_pod(nodeSelector={"a": "b"}), _in_pod(serviceAccountName="robot"),
    _in_pod(securityContext={"fsGroup": 1000}), _in_pod(imagePullSecrets=[{"name": "a"}, {"name": "b"}]),
    _in_pod(topologySpreadConstraints=[{"maxSkew": 1, "topologyKey": "z", "whenUnsatisfiable": "DoNotSchedule"}]),
    _in_pod(hostAliases=[{"ip": "1.2.3.4", "hostnames": ["a"]}]), _in_pod(terminationGracePeriodSeconds=5, dnsPolicy="Default"),
]  # fmt: skip
EDITS: dict[str, list[Edit]] = {
    "Deployment": [_spec(strategy={"rollingUpdate": {"maxSurge": 1}}), _spec(paused=True), _spec(replicas=0), *PODS],
    "StatefulSet": [
        _spec(replicas=3), _without("replicas"), _spec(updateStrategy={"rollingUpdate": {"partition": 1}}),
        _spec(persistentVolumeClaimRetentionPolicy={"whenDeleted": "Delete"}), *PODS,
    ],
    "DaemonSet": [
        _spec(updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2}}), _spec(minReadySeconds=3), *PODS,
    ],
    "CronJob": [_spec(schedule="1 * * * *"), _spec(suspend=True), _spec(timeZone="UTC", concurrencyPolicy="Forbid"), *PODS],
    "Job": [_spec(parallelism=2), _spec(suspend=True), _spec(backoffLimit=1, activeDeadlineSeconds=5)],
    "Ingress": [lambda obj: obj["spec"]["rules"].append({"host": "c.d"}), _without("tls"), _spec(ingressClassName="n")],
    "NetworkPolicy": [
        _spec(egress=[{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]), _without("ingress"), _spec(podSelector={}),
        lambda obj: obj["spec"]["ingress"][0]["ports"].append({"port": "web", "protocol": "UDP"}),
    ],
    "HorizontalPodAutoscaler": [
        _spec(minReplicas=2), _without("metrics"), _spec(maxReplicas=9), _spec(behavior={"scaleDown": {"stabilizationWindowSeconds": 10}}),
        lambda obj: obj["spec"]["metrics"].append(
            {"type": "Pods", "pods": {"metric": {"name": "m"}, "target": {"type": "AverageValue", "averageValue": "1000m"}}}
        ),
    ],
    "Role": [lambda obj: obj["rules"].append({"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["*"]})],
    "RoleBinding": [lambda obj: obj["subjects"].append({"kind": "Group", "name": "g"}), lambda obj: obj["subjects"].pop()],
    "PodDisruptionBudget": [_spec(minAvailable=2), lambda obj: obj["spec"]["selector"]["matchLabels"].update(x="y")],
    "ServiceAccount": [lambda obj: obj["imagePullSecrets"].append({"name": "b"}), lambda obj: obj.pop("imagePullSecrets")],
    "PersistentVolumeClaim": [lambda obj: obj["spec"]["resources"]["requests"].update(storage="1024Mi")],
    "ResourceQuota": [lambda obj: obj["spec"]["hard"].update(cpu="2", memory="1Gi"), lambda obj: obj["spec"]["hard"].pop("pods")],
    "LimitRange": [lambda obj: obj["spec"]["limits"].append({"type": "Pod", "max": {"cpu": "4"}})],
    "Service": [
        lambda obj: obj["spec"]["ports"].append({"name": "b", "port": 81, "protocol": "UDP"}), _without("selector"),
        _spec(sessionAffinity="ClientIP"), lambda obj: obj["spec"]["ports"][0].update(targetPort="web", appProtocol="http"),
    ],
    "Secret": [
        lambda obj: obj["data"].update(b="Yg=="), lambda obj: obj.update(immutable=True), lambda obj: obj["data"].pop("a"),
    ],
}  # fmt: skip


def test_both_modes_agree_on_every_kind(live: Live, tree: Tree) -> None:
    """187 changes of 17 kinds: what each brings in or drops, with the defaults that follow."""
    changed = []
    for kind, edits in EDITS.items():
        for at, edit in enumerate([*edits, *EVERY]):
            obj = _kinds(f"{kind.lower()}-{at}")[kind]
            live.apply(obj)
            changed.append(copy.deepcopy(obj))
            edit(changed[-1])
    tree({"apps/all.yaml": manifests(*changed, config_map("front"), config_map("gone"))})
    server, client = (json.loads(live.diff("-o", "json", *more).out) for more in ((), ("--mode", "client")))
    assert server["errors"] == client["errors"] == []
    ours, theirs = ({change["object"]: _comparable(change) for change in found["changes"]} for found in (client, server))
    assert len(theirs) > len(EDITS) * 3
    assert ours == theirs


def test_what_only_the_server_knows(live: Live, tree: Tree) -> None:
    """Ports that it gives out, rules that it enforces: not in the computed change, and a line says what is not looked at."""
    objects = [_kinds("web")["Service"], _kinds("web")["Deployment"]]
    for obj in objects:
        live.apply(obj)
    objects[0]["spec"]["type"] = "NodePort"
    objects[1]["spec"]["strategy"] = {"type": "Recreate"}
    tree({"apps/all.yaml": manifests(*objects)})
    answer = live.diff("--mode", "client")
    note = "computed from managed fields: what the server would add or refuse (defaults, webhooks, validation) is not looked at\n"
    assert answer.err == note + FOUND
    assert "nodePort" not in answer.out
    assert "- RollingUpdate\n+ Recreate\n" in answer.out
    assert live.diff().code == 2


def test_custom_kinds(live: Live, tree: Tree) -> None:
    """A schema's lists with keys, sets and defaults count; a kind that comes with the change is new, as are its objects."""
    entry = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "on": {"type": "boolean", "default": True}},
        "required": ["id"],
    }
    lists = {
        "parts": {"type": "array", "items": entry, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"]},
        "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        "whole": {"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"type": "string"}},
    }
    definition = crd("example.com", "v1", "Thing", "things")
    definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = {
        "type": "object", "properties": {"spec": {"type": "object", "properties": lists}},
    }  # fmt: skip
    live.cluster.load([definition])
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a", "namespace": "live"}}
    live.apply(thing | {"spec": {"parts": [{"id": "x"}], "tags": ["a"], "whole": {"k": "v"}}})
    live.apply(thing | {"spec": {"parts": [{"id": "y", "on": False}], "tags": ["b"]}}, "other")
    changes = (
        {"parts": [{"id": "x", "on": False}, {"id": "z"}], "tags": ["a", "c"], "whole": {"l": "w"}},
        {"parts": [{"id": "y"}], "tags": ["c"]},
        {"tags": ["b"], "whole": {"k": "v", "l": "w"}},
        {},
    )
    for spec in changes:
        tree({"apps/all.yaml": manifests(thing | {"spec": spec}, config_map("front"), config_map("gone"))})
        server, client = (json.loads(live.diff("-o", "json", *more).out) for more in ((), ("--mode", "client")))
        assert [_comparable(change) for change in client["changes"]] == [_comparable(change) for change in server["changes"]]
    fresh = crd("example.com", "v1", "Fresh", "freshes")
    born = {"apiVersion": "example.com/v1", "kind": "Fresh", "metadata": {"name": "b", "namespace": "live"}}
    tree({"apps/all.yaml": manifests(fresh, born)})
    created = "► CustomResourceDefinition/freshes.example.com created\n► Fresh/live/b created\n"
    assert live.diff("--mode", "client").out.startswith(created)
    assert "no matches for kind" in live.diff().err

"""``flux trace`` on a cluster read from a file: whole reports, whole refusals."""

import json
import pathlib
import time
from collections.abc import Iterator

import pytest
import yaml
from front_door import Flux
from real_cluster import RealCluster

from flux_cli import kinds
from flux_cli.core.api import CRD, POD, REPLICA_SET, Resource
from flux_cli.core.goyaml_load import load_all

OBJECTS = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: traced
  labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: traced-flux}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: traced, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: u1}]}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-x, namespace: traced, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: u2}]}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stray, namespace: traced, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: gone, uid: u3}]}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: traced, labels: {kustomize.toolkit.fluxcd.io/name: bucket, kustomize.toolkit.fluxcd.io/namespace: traced-flux}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: orphan
  namespace: traced
  labels: {kustomize.toolkit.fluxcd.io/name: none, kustomize.toolkit.fluxcd.io/namespace: traced}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: traced-flux}
spec: {interval: 1m, prune: true, path: ./apps, targetNamespace: traced, sourceRef: {kind: OCIRepository, name: site}}
status:
  lastAppliedRevision: latest@sha256:1234
  conditions:
  - {type: Ready, reason: R, status: "False", message: "bad \\u001b[31mred\\u001b[0m", lastTransitionTime: "2026-03-01T10:20:30Z"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: bucket, namespace: traced-flux}
spec: {interval: 1m, prune: true, sourceRef: {kind: Bucket, name: files}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: site, namespace: traced-flux}
spec: {interval: 1m, url: "oci://example.com/site", ref: {semver: ">=1"}}
status:
  artifact:
    digest: sha256:1234
    lastUpdateTime: "2026-03-01T10:20:30Z"
    path: a
    revision: latest@sha256:1234
    url: http://a
    metadata: {org.opencontainers.image.source: "https://example.com/site.git"}
  conditions: [{type: Ready, reason: R, status: "False", message: gone, lastTransitionTime: "2026-03-01T10:20:30.25Z"}]
---
apiVersion: v1
kind: Service
metadata: {name: chart, namespace: traced, labels: {helm.toolkit.fluxcd.io/name: chart, helm.toolkit.fluxcd.io/namespace: traced}}
spec: {ports: [{port: 80}]}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: chart, namespace: traced}
spec: {interval: 1m, chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: code, namespace: traced-flux}}}}
status: {helmChart: traced-flux/the-chart, lastAttemptedRevision: 1.0.0}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: the-chart, namespace: traced-flux}
spec: {interval: 1m, chart: ./chart, version: "*", sourceRef: {kind: GitRepository, name: code}}
status:
  artifact: {revision: 1.0.0, digest: "sha256:1234", lastUpdateTime: "2026-03-01T10:20:30Z", path: a, url: "http://a"}
  conditions: [{type: Ready, reason: R, status: "True", message: packaged, lastTransitionTime: "2026-03-01T10:20:30Z"}]
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: code, namespace: traced-flux}
spec: {interval: 1m, url: "https://example.com/code", ref: {commit: abc}}
"""
DEPLOYMENT = """
Object:          {}
Namespace:       traced
Status:          Managed by Flux
---
Kustomization:   apps
Namespace:       traced-flux
Target:          traced
Path:            ./apps
Revision:        latest@sha256:1234
Status:          Last reconciled at 2026-03-01 10:20:30 +0000 UTC
Message:         bad [31mred[0m
---
OCIRepository:   site
Namespace:       traced-flux
URL:             oci://example.com/site
Tag:             >=1
Revision:        latest@sha256:1234

Origin Source:   https://example.com/site.git
Status:          Last reconciliation failed at 2026-03-01 10:20:30.25 +0000 UTC
Message:         gone
"""
SERVICE = """
Object:         Service/chart
Namespace:      traced
Status:         Managed by Flux
---
HelmRelease:    chart
Namespace:      traced
Revision:       1.0.0
Status:         Unknown
---
HelmChart:      the-chart
Namespace:      traced-flux
Chart:          ./chart
Version:        *
Revision:       1.0.0
Status:         Last reconciled at 2026-03-01 10:20:30 +0000 UTC
Message:        packaged
---
GitRepository: code
Namespace:     traced-flux
URL:           https://example.com/code
Status:        Unknown
"""
NAMESPACE = """
Object:          Namespace/traced
Status:          Managed by Flux
---
Kustomization:   bucket
Namespace:       traced-flux
Path:            @
Revision:        @
Status:          Unknown
""".replace("@", "")


@pytest.fixture(params=["file", pytest.param("real", marks=pytest.mark.real)])
def trace(
    flux: Flux, tmp_path: pathlib.Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> "Iterator[Trace]":
    """``flux trace`` in the namespace ``traced``: of a cluster read from a file, and of a real one."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    if request.param == "real":
        yield Trace(flux, f"--kubeconfig {request.getfixturevalue('loaded').kubeconfig} -n traced")
    else:
        (tmp_path / "objects.yaml").write_text(OBJECTS)
        yield Trace(flux, f"--from {tmp_path}/objects.yaml -n traced")
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="module")
def loaded(real_cluster: RealCluster) -> RealCluster:
    """The real cluster with the objects of this page, and with definitions of Flux' kinds where it has none yet."""
    objects = list(load_all(OBJECTS))
    missing = [kind.resource for kind in kinds.every() if real_cluster.call("GET", CRD.path("", kind.resource.name))[0] == 404]
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "traced-flux"}}
    real_cluster.load([*map(definition, missing), namespace, *objects])
    for obj in objects:
        if "ownerReferences" in obj["metadata"]:
            resource = next(r for r in (POD, REPLICA_SET) if r.kind == obj["kind"])
            owners = {"metadata": {"ownerReferences": obj["metadata"]["ownerReferences"]}}
            path = resource.path("traced", obj["metadata"]["name"])
            assert real_cluster.call("PATCH", path, owners, "application/merge-patch+json")[0] == 200
    return real_cluster


def definition(resource: Resource) -> dict[str, object]:
    """A definition that takes any object."""
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": resource.version, "served": True, "storage": True, "schema": schema, "subresources": {"status": {}}}
    names = {"kind": resource.kind, "plural": resource.plural, "singular": resource.kind.lower()}
    return {
        "apiVersion": CRD.api_version,
        "kind": CRD.kind,
        "metadata": {"name": resource.name},
        "spec": {"group": resource.group, "scope": "Namespaced", "names": names, "versions": [version]},
    }


class Trace:
    def __init__(self, flux: Flux, flags: str) -> None:
        self._flux, self._flags = flux, flags

    def __call__(self, line: str) -> tuple[int, str, str]:
        return self._flux(f"trace {self._flags} {line}")


@pytest.mark.parametrize(
    "named",
    [
        "deploy web", "deploy/web", "deployment web", "deployments.apps/web", "deployments.v1.apps web", "Deployment/web", "DEPLOYMENTS/web",
        "deploy.apps/web", "deploy.v1.apps/web", "deployments.app/web", "deployments.v1. web", "Deployment.v1.apps web", "deploy,deploy web",
    ],
)  # fmt: skip
def test_every_way_to_name_an_object(trace: Trace, named: str) -> None:
    assert trace(named) == (0, DEPLOYMENT.format("Deployment/web"), "")


@pytest.mark.parametrize("kind", ["deployment", "Deployment"])
def test_an_exact_kind_stays_as_it_was_typed(trace: Trace, kind: str) -> None:
    assert trace(f"web ignored --kind {kind} --api-version apps/v1") == (0, DEPLOYMENT.format(f"{kind}/web"), "")


def test_owners_are_followed(trace: Trace) -> None:
    assert trace("pod web-1-x") == (0, DEPLOYMENT.format("Pod/web-1-x"), "")


def test_a_release_with_a_chart_from_git(trace: Trace) -> None:
    assert trace("svc/chart") == (0, SERVICE, "")


def test_a_cluster_scoped_object_and_a_source_without_a_block(trace: Trace) -> None:
    assert trace("ns/traced") == (0, NAMESPACE, "")


def test_what_cannot_be_traced_does_not_stop_the_rest(trace: Trace) -> None:
    assert trace("pod/stray svc/chart cm/orphan") == (
        0,
        "---\n" + SERVICE + "---\n",
        "failed to trace Pod/stray in namespace traced: object not managed by Flux"
        "failed to trace ConfigMap/orphan in namespace traced: failed to find kustomization: "
        'kustomizations.kustomize.toolkit.fluxcd.io "none" not found',
    )


def test_as_a_document(trace: Trace) -> None:
    """The chain of each object, and why there is none; the same facts in both formats."""
    got = trace("deploy/web svc/chart pod/stray cm/orphan ns/traced -o json")
    assert (got[0], got[2]) == (0, "")
    value = json.loads(got[1])
    assert (value["apiVersion"], value["kind"]) == ("output.flux-cli.dev/v1", "TraceList")
    web, chart, stray, orphan, namespace = value["items"]
    assert web == {
        "object": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "traced", "name": "web"},
        "managed": True,
        "chain": [
            {
                "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "namespace": "traced-flux", "name": "apps",
                "targetNamespace": "traced", "path": "./apps", "revision": "latest@sha256:1234", "ready": "False",
                "message": "bad \x1b[31mred\x1b[0m", "lastTransitionTime": "2026-03-01T10:20:30Z",
            },
            {
                "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "OCIRepository", "namespace": "traced-flux", "name": "site",
                "url": "oci://example.com/site", "tag": ">=1", "revision": "latest@sha256:1234",
                "originSource": "https://example.com/site.git", "ready": "False", "message": "gone",
                "lastTransitionTime": "2026-03-01T10:20:30.25Z",
            },
        ],
    }  # fmt: skip
    assert "\x1b" not in got[1]
    assert [(link["kind"], link.get("ready", "")) for link in chart["chain"]] == [
        ("HelmRelease", ""),
        ("HelmChart", "True"),
        ("GitRepository", ""),
    ]
    assert (stray["managed"], stray["error"]) == (False, "object not managed by Flux")
    assert (orphan["managed"], orphan["error"].partition(":")[0]) == (True, "failed to find kustomization")
    assert namespace["object"] == {"apiVersion": "v1", "kind": "Namespace", "name": "traced"}
    assert yaml.safe_load(trace("deploy/web svc/chart pod/stray cm/orphan ns/traced -o yaml")[1]) == value


REFUSED = {
    "deploy/web -o wide": "--output must be json or yaml, not wide",
    "": "either `<resource>/<name>` or `<resource> <name>` is required as an argument",
    "deploy": "resource(s) were provided, but no name was specified",
    "deploy,svc": "resource(s) were provided, but no name was specified",
    "nope": 'the server doesn\'t have a resource type "nope"',
    "nope/x": 'the server doesn\'t have a resource type "nope"',
    "deploy/web svc": "there is no need to specify a resource type as a separate argument when passing arguments in "
    "resource/name form "
    "(e.g. 'flux get resource/<resource_name>' instead of 'flux get resource resource/<resource_name>'",
    "a/b/c": "arguments in resource/name form may not have more than one slash",
    "deploy/": "arguments in resource/name form must have a single resource and name",
    "/web": "arguments in resource/name form must have a single resource and name",
    "deploy,svc/web": "arguments in resource/name form must have a single resource and name",
    "deploy,deploy/web": 'the server doesn\'t have a resource type "deploy,deploy"',
    "DEPLOY/web": 'the server doesn\'t have a resource type "DEPLOY"',
    "deploy.v1 web": 'the server doesn\'t have a resource type "deploy"',
    "deployments.v2.apps/web": 'the server doesn\'t have a resource type "deployments"',
    "deployments.v1.app web": 'the server doesn\'t have a resource type "deployments"',
    "nope.apps/web": 'the server doesn\'t have a resource type "nope"',
    "all": "resource(s) were provided, but no name was specified",
    "all web": "you must specify only one resource",
    "all/web": 'the server doesn\'t have a resource type "all"',
    "deploy,all web": 'the server doesn\'t have a resource type "all"',
    "deploy x": 'x: deployments.apps "x" not found',
    "deploy x web y": 'x: [deployments.apps "x" not found, deployments.apps "y" not found]',
    "--kind Deployment": "object name is required",
    "web --api-version apps/v1": "object kind is required (--kind)",
    "web --kind Deployment": "object apiVersion is required (--api-version)",
    "web --kind Deployment --api-version a/b/c": "invaild apiVersion: unexpected GroupVersion string: a/b/c",
    "web --kind Nope --api-version apps/v1": 'failed to find object: no matches for kind "Nope" in version "apps/v1"',
    "web --kind Nope --api-version nope/v1": "failed to find object: unable to retrieve the complete list of server APIs: "
    "nope/v1: no matches for nope/v1, Resource=",
    "x --kind Deployment --api-version apps/v1": 'failed to find object: deployments.apps "x" not found',
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_refused(trace: Trace, line: str) -> None:
    assert trace(line) == (1, "", f"✗ {REFUSED[line]}\n")


def test_a_namespace_that_is_not_there_is_told_first(trace: Trace) -> None:
    """As kubectl does: what is looked for, and where, is told by one line; an object of no namespace is looked for all the same."""
    assert trace("deploy/web svc/web ns/gone -n gone") == (1, "", '✗ x: namespaces "gone" not found\n')
    assert trace("deploy/web node/one -n gone") == (1, "", '✗ x: [namespaces "gone" not found, nodes "one" not found]\n')
    assert trace("deploy/web -n default") == (1, "", '✗ x: deployments.apps "web" not found\n')
    exact = '✗ failed to find object: deployments.apps "web" not found\n'
    assert trace("web --kind Deployment --api-version apps/v1 -n gone") == (1, "", exact)


def test_several_types_with_one_name(trace: Trace) -> None:
    assert trace("deploy,svc web") == (1, "", '✗ x: services "web" not found\n')

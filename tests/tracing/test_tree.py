"""``flux tree`` on a cluster read from a file."""

import base64
import gzip
import json
import pathlib

import pytest
from front_door import Flux

MANIFEST = """
apiVersion: v1
kind: Service
metadata: {name: front}
---
# nothing here
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: front}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: other}}
- {apiVersion: source.toolkit.fluxcd.io/v1, kind: Bucket, metadata: {name: two}}
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
metadata: {name: not-an-object}
"""


def stored(compress: bool) -> str:
    body = json.dumps({"manifest": MANIFEST}).encode()
    return base64.b64encode(base64.b64encode(gzip.compress(body) if compress else body)).decode()


def kustomization(name: str, *entries: str, extra: str = "") -> str:
    """Its inventory holds ``entries``; without any it has no status at all."""
    listed = "".join(f"    - {{id: {json.dumps(entry)}, v: v1}}\n" for entry in entries)
    status = f"status:\n  inventory:\n    entries:\n{listed}" if entries else ""
    head = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
    return f"{head}metadata: {{name: {name}, namespace: flux-system}}\nspec: {{path: ./{extra}}}\n{status}"


def objects() -> str:
    return "---\n".join(
        [
            kustomization(
                "root",
                "_team__Namespace",
                "flux-system_root_kustomize.toolkit.fluxcd.io_Kustomization",
                "flux-system_apps_kustomize.toolkit.fluxcd.io_Kustomization",
                "team_chart_helm.toolkit.fluxcd.io_HelmRelease",
                "_team__reader_rbac.authorization.k8s.io_ClusterRole",
            ),
            kustomization("apps", "flux-system_root_kustomize.toolkit.fluxcd.io_Kustomization", "team_web_apps_Deployment"),
            kustomization(
                "remote",
                "flux-system_gone_kustomize.toolkit.fluxcd.io_Kustomization",
                extra=", kubeConfig: {secretRef: {name: k}}",
            ),
            kustomization("broken", "flux-system_gone_kustomize.toolkit.fluxcd.io_Kustomization"),
            kustomization("malformed", "nothing"),
            kustomization("malformed-group", "ns_name-and-kind_Pod"),
            kustomization("malformed-name", "ns_a_b_apps_Deployment"),
            kustomization("empty"),
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: chart, namespace: team}\n"
            "status:\n  storageNamespace: team\n"
            "  history: [{name: chart, version: 2, namespace: team}, {name: chart, version: 10, namespace: team}]\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: sh.helm.release.v1.chart.v10, namespace: team}\n"
            f"data: {{release: {stored(True)}}}\n",
            "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: gen, namespace: team}\n"
            "status: {inventory: [{namespace: team, name: made}]}\n",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\nstatus: {phase: Active}\n",
        ]
    )


ROOT = """Kustomization/flux-system/root
├── Namespace/team
├── Kustomization/flux-system/apps
│   ├── Kustomization/flux-system/root
│   └── Deployment/team/web
├── HelmRelease/team/chart
│   ├── Service/team/front
│   ├── ClusterRole/front
│   ├── ConfigMap/other/one
│   └── Bucket/team/two
└── ClusterRole/team:reader

"""
COMPACT = """Kustomization/flux-system/root
├── Kustomization/flux-system/apps
│   └── Kustomization/flux-system/root
└── HelmRelease/team/chart
    └── Bucket/team/two

"""


@pytest.fixture
def where(tmp_path: pathlib.Path) -> str:
    (tmp_path / "objects.yaml").write_text(objects())
    return f"--from {tmp_path}/objects.yaml"


def test_all_that_a_kustomization_made(flux: Flux, where: str) -> None:
    assert flux(f"tree ks root {where}") == (0, ROOT, "")
    assert flux(f"tree kustomization root -o text {where}") == (0, ROOT, "")


def test_flux_objects_only(flux: Flux, where: str) -> None:
    assert flux(f"tree ks root --compact {where}") == (0, COMPACT, "")


def test_an_empty_inventory(flux: Flux, where: str) -> None:
    assert flux(f"tree ks empty {where}") == (0, "Kustomization/flux-system/empty\n\n", "")
    assert flux(f"tree ks empty -o json {where}").out == (
        '{\n  "resource": {\n    "Namespace": "flux-system",\n    "Name": "empty",\n    "GroupKind": {\n'
        '      "Group": "kustomize.toolkit.fluxcd.io",\n      "Kind": "Kustomization"\n    }\n  }\n}\n'
    )


def test_a_remote_cluster_is_not_looked_into(flux: Flux, where: str) -> None:
    assert flux(f"tree ks remote {where}").out == "Kustomization/flux-system/remote\n└── Kustomization/flux-system/gone\n\n"


def test_yaml(flux: Flux, where: str) -> None:
    assert flux(f"tree artifact generator gen -n team -o yaml {where}").out == (
        "resource:\n  GroupKind:\n    Group: source.extensions.fluxcd.io\n    Kind: ArtifactGenerator\n"
        "  Name: gen\n  Namespace: team\n"
        "resources:\n- resource:\n    GroupKind:\n      Group: source.toolkit.fluxcd.io\n      Kind: ExternalArtifact\n"
        "    Name: made\n    Namespace: team\n\n"
    )


def test_health(flux: Flux, where: str) -> None:
    assert flux(f"tree ks apps --health {where}").out == (
        "Kustomization/flux-system/apps  Current\n"
        "├── Kustomization/flux-system/root  Current\n"
        "│   ├── Namespace/team  Current\n"
        "│   ├── HelmRelease/team/chart  Current\n"
        "│   │   ├── Service/team/front  Missing: the object does not exist\n"
        "│   │   ├── ClusterRole/front  Missing: the object does not exist\n"
        "│   │   ├── ConfigMap/other/one  Missing: the object does not exist\n"
        "│   │   └── Bucket/team/two  Missing: the object does not exist\n"
        "│   └── ClusterRole/team:reader  Missing: the object does not exist\n"
        "└── Deployment/team/web  Missing: the object does not exist\n\n"
    ).replace("│   ├── HelmRelease", "│   ├── Kustomization/flux-system/apps  Current\n│   ├── HelmRelease")
    node = json.loads(flux(f"tree artifact generator gen -n team -o json --health {where}").out)
    assert node["health"] == {"status": "Current", "message": "Resource is current"}
    assert node["resources"][0]["health"]["status"] == "Missing"


REFUSED = {
    "ks": "kustomization name is required",
    "ks nope": 'kustomizations.kustomize.toolkit.fluxcd.io "nope" not found',
    "ks broken": 'failed to find object: kustomizations.kustomize.toolkit.fluxcd.io "gone" not found',
    "ks malformed": "unable to parse stored object metadata: nothing",
    "ks malformed-group": "unable to parse stored object metadata: name-and-kind",
    "ks malformed-name": "too many fields within: a_b_apps",
    "artifact generator": "accepts 1 arg(s), received 0",
    "artifact generator nope": 'artifactgenerators.source.extensions.fluxcd.io "nope" not found',
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_refused(flux: Flux, where: str, line: str) -> None:
    assert flux(f"tree {line} {where}") == (1, "", f"✗ {REFUSED[line]}\n")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{}", "failed to decode the Helm storage object for HelmRelease 'team/chart'"),
        ("{release: bm90IGJhc2U2NA==}", "failed to decode the Helm storage object for HelmRelease 'team/chart': "),
        (f"{{release: {stored(False)}}}", ""),
    ],
)
def test_helm_storage(flux: Flux, tmp_path: pathlib.Path, data: str, message: str) -> None:
    (tmp_path / "o.yaml").write_text(objects().replace(f"data: {{release: {stored(True)}}}", f"data: {data}"))
    code, out, err = flux(f"tree ks root --from {tmp_path}/o.yaml")
    assert (code, out) == ((1, "") if message else (0, ROOT))
    assert err.startswith(f"✗ {message}" if message else "")


def test_a_release_that_helm_does_not_know(flux: Flux, tmp_path: pathlib.Path) -> None:
    (tmp_path / "o.yaml").write_text(objects().replace("sh.helm.release.v1.chart.v10", "sh.helm.release.v1.chart.v2"))
    assert "├── HelmRelease/team/chart\n└── " in flux(f"tree ks root --from {tmp_path}/o.yaml").out

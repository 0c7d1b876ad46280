"""``build helmrelease``: what the controllers make of a chart before helm sees it, and of its objects after."""

import pathlib
import shutil
import subprocess
import textwrap
from typing import Any

import pytest
import yaml
from artifacts.registry import BINARY, Registry
from building.conftest import Tree
from building.test_helmreleases import release
from front_door import Flux

pytestmark = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
LABEL = 'helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}'
CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.0-rc.1\n",
    "charts/web/values.yaml": "a: 1\n",
    "charts/web/values-prod.yaml": "a: 2\n",
    "charts/web/crds/thing.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n",
    "charts/web/templates/all.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  labels:\n    {LABEL}\ndata: {{a: '{{{{ .Values.a }}}}'}}\n",
    "charts/web/templates/hook.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hook\n  annotations: {helm.sh/hook: pre-install}\n",
}
GIT = "      chart: {spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: src}%s}}\n"
SOURCE = """
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata: {name: src, namespace: apps}
    spec: {url: "https://git.example.com/fleet"}
    status: {artifact: {revision: "main@sha1:0123456789abcdef0123456789abcdef01234567"}}
    ---
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmChart
    metadata: {name: apps-web, namespace: apps, generation: 7}
    spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: src}, valuesFiles: [values-prod.yaml]}
"""


def made(flux: Flux, line: str) -> dict[str, Any]:
    answer = flux(line)
    assert (answer.code, answer.err) == (0, "")
    return {f"{doc['kind']}/{doc['metadata']['name']}": doc for doc in yaml.safe_load_all(answer.out) if doc}


@pytest.mark.parametrize(
    ("more", "version"),
    [
        ("", "1.2.0-rc.1"),
        (", reconcileStrategy: Revision", "1.2.0-rc.1_0123456789ab"),
        (", valuesFiles: [values-prod.yaml]", "1.2.0-rc.1_7"),
        (", valuesFiles: [values.yaml, values-prod.yaml]", "1.2.0-rc.1_8"),
        (", valuesFiles: [values-prod.yaml], reconcileStrategy: Revision", "1.2.0-rc.1_0123456789ab.8"),
    ],
)
def test_the_version_of_a_packaged_chart(flux: Flux, tree: Tree, more: str, version: str) -> None:
    """As source-controller marks it: by the source's revision where that is wanted, by the HelmChart's (next) generation."""
    tree({**CHART, "live/all.yaml": release(GIT % more) + textwrap.dedent(SOURCE)})
    found = made(flux, "build hr web -n apps --from ./live --local-sources GitRepository/apps/src=./")
    assert found["ConfigMap/web"]["metadata"]["labels"]["helm.sh/chart"] == f"web-{version}"


@pytest.mark.skipif(not BINARY, reason="docker-registry is not installed")
def test_the_version_of_a_chart_in_a_registry(flux: Flux, tree: Tree, tmp_path: pathlib.Path) -> None:
    """helm-controller marks it by the digest, unless its feature gate says otherwise."""
    root = tree(CHART)
    (tmp_path / "registry").mkdir()
    registry = Registry(tmp_path / "registry")
    try:
        subprocess.run(["helm", "package", str(root / "charts/web"), "-d", str(tmp_path)], check=True, capture_output=True)
        push = ["helm", "push", str(tmp_path / "web-1.2.0-rc.1.tgz"), f"oci://{registry.address}/charts", "--plain-http"]
        said = subprocess.run(push, check=True, capture_output=True, text=True)
        digest = (said.stdout + said.stderr).partition("Digest: sha256:")[2][:12]
        source = f"""
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: OCIRepository
            metadata: {{name: src, namespace: apps}}
            spec: {{insecure: true, url: "oci://{registry.address}/charts/web", ref: {{tag: 1.2.0-rc.1}}}}
        """
        gate = """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: helm-controller, namespace: flux-system, labels: {app.kubernetes.io/component: helm-controller}}
            spec: {template: {spec: {containers: [{name: manager, args: [--feature-gates=A=true, --feature-gates, "DisableChartDigestTracking=true"]}]}}}
        """
        text = release("      chartRef: {kind: OCIRepository, name: src}\n") + textwrap.dedent(source)
        for more, version in (("", f"1.2.0-rc.1_{digest}"), (textwrap.dedent(gate), "1.2.0-rc.1")):
            tree({"live/all.yaml": text + more})
            found = made(flux, "build hr web -n apps --from ./live")
            assert found["ConfigMap/web"]["metadata"]["labels"]["helm.sh/chart"] == f"web-{version}"
    finally:
        registry.stop()


@pytest.mark.parametrize(
    ("strategy", "hook"),
    [
        ("", True),
        ("      postRenderStrategy: combined\n", True),
        ("      postRenderStrategy: separate\n", True),
        ("      postRenderStrategy: nohooks\n", False),
    ],
)
def test_what_post_renderers_see(flux: Flux, tree: Tree, strategy: str, hook: bool) -> None:
    """Hooks go with the rest as long as the release does not say otherwise; CRDs of the chart's folder never do."""
    more = """
      commonMetadata: {labels: {team: a}}
      postRenderers:
      - kustomize: {patches: [{target: {name: ".*"}, patch: "- {op: add, path: /metadata/annotations, value: {seen: 'yes'}}"}]}
"""
    tree({**CHART, "hr.yaml": release(more, strategy)})
    found = made(flux, "build hr web -n apps --helmrelease-file hr.yaml --path ./charts/web")
    owner = {"helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "apps"}
    assert found["CustomResourceDefinition/things.example.com"]["metadata"] == {"name": "things.example.com", "labels": owner}
    assert found["ConfigMap/web"]["metadata"]["annotations"] == {"seen": "yes"}
    assert found["ConfigMap/web"]["metadata"]["labels"] == {**owner, "team": "a", "helm.sh/chart": "web-1.2.0-rc.1"}
    untouched = {"name": "hook", "annotations": {"helm.sh/hook": "pre-install"}}
    touched = {"name": "hook", "annotations": {"seen": "yes"}, "labels": {**owner, "team": "a"}}
    assert found["ConfigMap/hook"]["metadata"] == (touched if hook else untouched)

"""``flux export`` and ``flux debug``: whole outputs, from objects as a cluster holds them."""

import base64
import pathlib
from typing import Any

import pytest
from front_door import Flux
from hypothesis import given, settings
from hypothesis import strategies as st

from flux_cli.core.api import CONFIG_MAP, SECRET
from flux_cli.core.goyaml import dump
from flux_cli.core.goyaml_load import load
from flux_cli.kinds import NAMES, named
from flux_cli.kinds.schemas import typed
from flux_cli.services.debugging import history_of
from flux_cli.services.exporting import exported
from tests.writes.conftest import Cluster

OBJECTS: list[tuple[str, dict[str, Any]]] = [
    ("GitRepository", {
        "metadata": {"name": "one", "namespace": "live", "labels": {"team": "a"}, "annotations": {"n": "1"}},
        "spec": {"interval": "90s", "url": "https://example.com/r", "ref": {"branch": "main"}, "suspend": False, "secretRef": {"name": "auth"}},
        "status": {"observedGeneration": 1},
    }),
    ("GitRepository", {"metadata": {"name": "two", "namespace": "live"}, "spec": {"interval": "1h", "url": "https://example.com/s", "ignore": ""}}),
    ("HelmRelease", {
        "metadata": {"name": "web", "namespace": "live"},
        "spec": {
            "interval": "5m", "chart": {"spec": {"chart": "web", "sourceRef": {"kind": "HelmRepository", "name": "charts"}}},
            "valuesFrom": [
                {"kind": "ConfigMap", "name": "base"},
                {"kind": "Secret", "name": "gone", "optional": True},
                {"kind": "Secret", "name": "auth", "valuesKey": "password", "targetPath": "db.users[1].password"},
                {"kind": "ConfigMap", "name": "base", "valuesKey": "tag", "targetPath": "image.tag", "literal": True},
            ],
            "values": {"image": {"name": "web"}, "replicas": 2},
        },
    }),
    ("Kustomization", {
        "metadata": {"name": "apps", "namespace": "live"},
        "spec": {
            "interval": "10m", "prune": True, "sourceRef": {"kind": "GitRepository", "name": "one"},
            "postBuild": {
                "substitute": {"env": "prod", "lines": "a\nb"},
                "substituteFrom": [{"kind": "ConfigMap", "name": "base"}, {"kind": "Secret", "name": "gone", "optional": True}],
            },
        },
    }),
]  # fmt: skip
EXPORTED_GIT = (
    "---\n"
    "apiVersion: source.toolkit.fluxcd.io/v1\n"
    "kind: GitRepository\n"
    "metadata:\n"
    "  annotations:\n"
    '    "n": "1"\n'
    "  labels:\n"
    "    team: a\n"
    "  name: one\n"
    "  namespace: live\n"
    "spec:\n"
    "  interval: 1m30s\n"
    "  ref:\n"
    "    branch: main\n"
    "  secretRef:\n"
    "    name: auth\n"
    "  url: https://example.com/r\n"
)
EXPORTED_SECOND = (
    "---\n"
    "apiVersion: source.toolkit.fluxcd.io/v1\n"
    "kind: GitRepository\n"
    "metadata:\n"
    "  name: two\n"
    "  namespace: live\n"
    "spec:\n"
    '  ignore: ""\n'
    "  interval: 1h0m0s\n"
    "  url: https://example.com/s\n"
)
EXPORTED_SECRET = (
    "---\napiVersion: v1\ndata:\n  password: J3AncSc=\nkind: Secret\nmetadata:\n  name: auth\n  namespace: live\ntype: Opaque\n"
)


@pytest.fixture
def filled(bare: Cluster) -> Cluster:
    for kind, obj in OBJECTS:
        resource = named(kind).resource
        bare.kube.create(resource, "live", {"apiVersion": resource.api_version, "kind": kind, **obj})
    password = base64.b64encode(b"'p'q'").decode()
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "auth", "namespace": "live", "labels": {"x": "y"}}}
    bare.kube.create(SECRET, "live", {**secret, "data": {"password": password}})
    values = {"values.yaml": "image:\n  name: base\n  pull: true\nnothing: null\nbig: 1e6\n", "tag": "1.10", "env": "dev"}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "base", "namespace": "live"}, "data": values}
    bare.kube.create(CONFIG_MAP, "live", config)
    bare.wire.writes.clear()
    return bare


def test_one_all_and_credentials(filled: Cluster) -> None:
    assert filled.flux("export source git one -n live") == (0, EXPORTED_GIT, "")
    assert filled.flux("export source git one two -n live") == (0, EXPORTED_GIT, "")
    assert filled.flux("export source git --all -n live") == (0, EXPORTED_GIT + EXPORTED_SECOND, "")
    assert filled.flux("export source git -A") == (0, EXPORTED_GIT + EXPORTED_SECOND, "")
    credentials = filled.flux("export source git --all -n live --with-credentials")
    assert credentials == (0, EXPORTED_GIT + EXPORTED_SECRET + EXPORTED_SECOND, "")
    assert filled.wire.writes == []


def test_what_cannot_be_exported(filled: Cluster) -> None:
    assert filled.flux("export source git") == (1, "", "✗ name is required\n")
    assert filled.flux("export ks --all") == (1, "", "✗ no objects found in flux-system namespace\n")
    assert filled.flux("export hr nope") == (1, "", '✗ helmreleases.helm.toolkit.fluxcd.io "nope" not found\n')
    filled.kube.delete(SECRET, "live", "auth")
    message = '✗ failed to retrieve secret auth, error: secrets "auth" not found\n'
    assert filled.flux("export source git one -n live --with-credentials") == (1, EXPORTED_GIT, message)


def test_all_kinds_at_once(filled: Cluster) -> None:
    answer = filled.flux("export all -n live")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(EXPORTED_GIT + EXPORTED_SECOND)
    assert [line for line in answer.out.splitlines() if line.startswith("kind: ")] == [
        "kind: GitRepository", "kind: GitRepository", "kind: HelmRelease", "kind: Kustomization",
    ]  # fmt: skip
    assert filled.flux("export all") == (1, "", "✗ no objects found in flux-system namespace\n")


def test_from_a_file(filled: Cluster, flux: Flux, tmp_path: pathlib.Path) -> None:
    everything = filled.flux("export all -A").out
    (tmp_path / "all.yaml").write_text(everything)
    answer = flux(f"export all -A --from {tmp_path}/all.yaml")
    assert (answer.code, sorted(answer.out.split("---\n"))) == (0, sorted(everything.split("---\n")))
    assert flux(f"debug ks apps -n live --show-history --from {tmp_path}/all.yaml").out.endswith("#history\n[]\n")


def test_values_come_from_references_and_the_release(filled: Cluster) -> None:
    assert filled.flux("debug hr web -n live --show-values") == (0, (
        "big: 1000000\n"
        "db:\n"
        "  users:\n"
        "  - null\n"
        "  - password: p'q\n"
        "image:\n"
        "  name: web\n"
        "  pull: true\n"
        '  tag: "1.10"\n'
        "nothing: null\n"
        "replicas: 2\n"
    ), "")  # fmt: skip


def test_values_that_cannot_be_resolved(filled: Cluster) -> None:
    def refer(**ref: Any) -> str:
        resource = named("HelmRelease").resource
        filled.kube.patch(resource, "live", "web", {"spec": {"valuesFrom": [ref], "values": None}})
        return filled.flux("debug hr web -n live --show-values").err

    start = "✗ could not resolve ConfigMap chart values reference 'live/"
    assert refer(kind="ConfigMap", name="x") == f"{start}x' with key 'values.yaml': configmaps \"x\" not found\n"
    assert refer(kind="ConfigMap", name="base", valuesKey="no") == f"{start}base' with key 'no': key not found\n"
    filled.kube.patch(CONFIG_MAP, "live", "base", {"data": {"values.yaml": "a: [1"}})
    assert refer(kind="ConfigMap", name="base").startswith(
        f"{start}base' with key 'values.yaml': error converting YAML to JSON: yaml: "
    )


def test_variables_come_sorted_and_on_one_line_each(filled: Cluster) -> None:
    answer = filled.flux("debug ks apps -n live --show-vars")
    assert answer == (0, "env=prod\nlines=ab\ntag=1.10\nvalues.yaml=image:  name: base  pull: truenothing: nullbig: 1e6\n", "")
    filled.kube.delete(CONFIG_MAP, "live", "base")
    answer = filled.flux("debug ks apps -n live --show-vars")
    assert answer.err == "✗ substitute from 'ConfigMap/base' error: configmaps \"base\" not found\n"
    filled.kube.patch(named("Kustomization").resource, "live", "apps", {"spec": {"postBuild": None}})
    assert filled.flux("debug ks apps -n live --show-vars").err == "✗ no post build substitutions found\n"


def test_status_and_history(filled: Cluster) -> None:
    assert filled.flux("debug ks apps -n live --show-history") == (
        0, "# History documentation: https://fluxcd.io/flux/components/kustomize/kustomizations/#history\n[]\n", "",
    )  # fmt: skip
    entry = {
        "chartName": "web", "chartVersion": "1.0.0", "configDigest": "sha256:a", "digest": "sha256:b", "name": "web", "namespace": "live",
        "firstDeployed": "2026-01-02T03:04:05.678Z", "lastDeployed": "2026-01-02T03:04:05Z", "status": "deployed", "version": 1,
    }  # fmt: skip
    status = {"status": {"observedGeneration": -1, "history": [entry], "unknown": 1}}
    filled.kube.patch(named("HelmRelease").resource, "live", "web", status, subresource="status")
    answer = filled.flux("debug hr web -n live --show-status")
    history = (
        "- chartName: web\n"
        "  chartVersion: 1.0.0\n"
        "  configDigest: sha256:a\n"
        "  deleted: null\n"
        "  digest: sha256:b\n"
        '  firstDeployed: "2026-01-02T03:04:05Z"\n'
        '  lastDeployed: "2026-01-02T03:04:05Z"\n'
        "  name: web\n"
        "  namespace: live\n"
        "  status: deployed\n"
        "  version: 1\n"
    )
    page = "https://fluxcd.io/flux/components/helm/helmreleases/"
    assert answer.out == f"# Status documentation: {page}#helmrelease-status\nhistory:\n{history}observedGeneration: -1\n"
    assert filled.flux("debug hr web -n live --show-history").out == f"# History documentation: {page}#history\n{history}"


def test_exactly_one_thing_is_shown(filled: Cluster) -> None:
    message = "✗ exactly one of --show-status, --show-values, or --show-history must be set\n"
    assert filled.flux("debug hr web -n live") == (1, "", message)
    assert filled.flux("debug hr web -n live --show-status --show-values") == (1, "", message)
    assert filled.flux("debug hr") == (1, "", "✗ accepts 1 arg(s), received 0\n")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["spec", "status", "history", "chart", "interval", "x"]), inner)
    ),
)


@pytest.mark.parametrize("kind", NAMES)
@settings(max_examples=30)
@given(ANYTHING)
def test_objects_of_any_shape_are_exported(kind: str, value: Any) -> None:
    """Whatever a cluster holds, the document is YAML that reads back."""
    found = exported(named(kind), {"metadata": {"name": "x"}, "spec": value})
    assert load(dump(found))["kind"] == kind
    assert isinstance(history_of(named(kind), {"status": value}), list)


def test_types_hold_what_gos_types_hold() -> None:
    assert typed("Kustomization", "spec", {}) == {"interval": "0s", "prune": False, "sourceRef": {"kind": "", "name": ""}}
    spec = {"interval": "60m", "timeout": "0s", "wait": False, "force": True, "images": [], "postBuild": {}, "nope": 1}
    assert typed("Kustomization", "spec", spec) == {
        "force": True, "interval": "1h0m0s", "postBuild": {}, "prune": False, "sourceRef": {"kind": "", "name": ""}, "timeout": "0s",
    }  # fmt: skip
    assert typed("HelmRelease", "spec", "no object") == {"interval": "0s"}


def test_values_that_cannot_be_placed_and_numbers_of_go(filled: Cluster) -> None:
    """A target path through text is refused as the controller refuses it; numbers went through a float, as in Go."""
    release = named("HelmRelease").resource
    reference = {"kind": "ConfigMap", "name": "base", "valuesKey": "tag", "targetPath": "image.name.tag"}
    spec = {
        "interval": "1m",
        "chartRef": {"kind": "OCIRepository", "name": "x"},
        "values": {"image": {"name": "web"}, "big": 2**53 + 1},
    }
    for name, refs in (("through", [reference]), ("plain", [])):
        obj = {"apiVersion": release.api_version, "kind": release.kind, "metadata": {"name": name, "namespace": "live"}}
        filled.kube.create(release, "live", {**obj, "spec": {**spec, "valuesFrom": refs}})
    why = "unable to parse key: interface conversion: interface {} is string, not map[string]interface {}"
    assert filled.flux("debug hr through -n live --show-values") == (
        1, "", f"✗ could not resolve ConfigMap chart values reference 'live/base' with key 'tag': {why}\n",
    )  # fmt: skip
    assert filled.flux("debug hr plain -n live --show-values") == (0, "big: 9007199254740992\nimage:\n  name: web\n", "")

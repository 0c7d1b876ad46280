"""Which namespace a command works in: -n, the kubeconfig's context where that is asked for, FLUX_SYSTEM_NAMESPACE, flux-system."""

import pathlib

import pytest
from front_door import Flux

CONFIG = """
current-context: one
contexts:
- {name: one, context: {cluster: c, user: u, namespace: from-context}}
- {name: two, context: {cluster: c, user: u, namespace: from-other}}
- {name: none, context: {cluster: c, user: u}}
"""
OBJECT = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: {}}}\n---\n"
SPACES = ("flux-system", "gitops", "from-context", "from-other", "asked")
FOLLOW = "--ns-follows-kube-context"


@pytest.mark.parametrize(
    ("flags", "environ", "namespace"),
    [
        ("", {}, "flux-system"),
        ("", {"FLUX_SYSTEM_NAMESPACE": "gitops"}, "gitops"),
        ("-n asked", {"FLUX_SYSTEM_NAMESPACE": "gitops"}, "asked"),
        ("--context two", {}, "flux-system"),
        (FOLLOW, {}, "from-context"),
        (FOLLOW, {"FLUX_SYSTEM_NAMESPACE": "gitops"}, "from-context"),
        (f"{FOLLOW} --context two", {}, "from-other"),
        (f"{FOLLOW} --context none", {"FLUX_SYSTEM_NAMESPACE": "gitops"}, "gitops"),
        (f"{FOLLOW} --context gone", {}, "flux-system"),
        (f"{FOLLOW} --namespace asked", {}, "asked"),
        (f"{FOLLOW}=false", {}, "flux-system"),
        (f"{FOLLOW} --kubeconfig /nonexistent", {}, "flux-system"),
        ("", {"FLUX_NS_FOLLOWS_KUBE_CONTEXT": "false"}, "from-context"),
        ("", {"FLUX_NS_FOLLOWS_KUBE_CONTEXT": ""}, "flux-system"),
        ("-n asked", {"FLUX_NS_FOLLOWS_KUBE_CONTEXT": "1"}, "asked"),
    ],
)
def test_where_a_command_looks(flux: Flux, tmp_path: pathlib.Path, flags: str, environ: dict[str, str], namespace: str) -> None:
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "objects.yaml").write_text("".join(map(OBJECT.format, SPACES)))
    answer = flux(f"tree ks apps {flags} --from {tmp_path}/objects.yaml", KUBECONFIG=f"{tmp_path}/config", **environ)
    assert answer == (0, f"Kustomization/{namespace}/apps\n\n", "")


@pytest.mark.parametrize("name", ["a" * 64, "-a", "a-", "A", "a.b", "a\n", "ä"])
def test_what_is_no_name_of_a_namespace(flux: Flux, name: str) -> None:
    code, out, err = flux("tree ks apps", f"--namespace={name}")
    assert (code, out) == (1, "")
    assert err.startswith('✗ namespace must be a valid DNS label: "')


def test_create_does_not_check_it(flux: Flux) -> None:
    answer = flux("create source git x2 --url https://example.com/r --branch main --export -n A")
    assert answer.code == 0
    assert "  namespace: A\n" in answer.out

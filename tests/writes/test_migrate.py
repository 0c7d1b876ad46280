"""``flux migrate``: files changed where the version stands and nowhere else; objects of a cluster stored anew."""

import os
import pathlib

import pytest
from front_door import Flux
from hypothesis import given, settings
from hypothesis import strategies as st

from flux_cli.core.api import CRD
from flux_cli.core.objects import dig, text
from flux_cli.services.migrating_files import plan, targets
from tests.writes.conftest import Cluster

MANIFEST = (
    "# kept\r\n"
    "apiVersion: source.toolkit.fluxcd.io/v1beta2   # why\r\n"
    "kind: GitRepository\r\n"
    "spec:   {interval:   1m}\r\n"
    "---\r\n"
    "items:\r\n"
    "  - apiVersion: helm.toolkit.fluxcd.io/v2beta1\r\n"
    "    kind: HelmRelease\r\n"
    "---\n"
    "apiVersion: image.toolkit.fluxcd.io/v1beta2\n"
    "kind: ImagePolicy\n"
    "---\n"
    "apiVersion: source.toolkit.fluxcd.io/v1/v2\n"
    "kind: Bucket\n"
    "---\n"
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "---\n"
    "apiVersion: source.toolkit.fluxcd.io/v1beta1\n"
    "\n"
    "kind: Bucket"
)
MIGRATED = (
    MANIFEST.replace("fluxcd.io/v1beta2 ", "fluxcd.io/v1 ")
    .replace("v2beta1", "v2")
    .replace("image.toolkit.fluxcd.io/v1beta2", "image.toolkit.fluxcd.io/v1")
)
FOUND = (
    "► starting migration of custom resources\n"
    "⚠️ apps/a.yaml:13: unexpected GroupVersion string: source.toolkit.fluxcd.io/v1/v2\n"
    "✚ apps/a.yaml:2: GitRepository v1beta2 -> v1\n"
    "✚ apps/a.yaml:7: HelmRelease v2beta1 -> v2\n"
    "✚ apps/a.yaml:10: ImagePolicy v1beta2 -> v1\n"
)


@pytest.fixture
def repository(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder with manifests, the working folder."""
    (tmp_path / "apps" / "deep").mkdir(parents=True)
    file = tmp_path / "apps" / "a.yaml"
    file.write_bytes(MANIFEST.encode())
    file.chmod(0o640)
    (tmp_path / "apps" / "deep" / "notes.txt").write_text("apiVersion: source.toolkit.fluxcd.io/v1beta2\nkind: Bucket\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_layout_comments_line_ends_and_mode_stay(flux: Flux, repository: pathlib.Path) -> None:
    answer = flux("migrate -f ./apps/ --yes")
    done = "✔ file apps/a.yaml migrated successfully\n✔ custom resources migrated successfully\n"
    assert answer == (0, "", FOUND + done)
    file = repository / "apps" / "a.yaml"
    assert file.read_bytes().decode() == MIGRATED
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(repository / "apps") == ["deep", "a.yaml"] or sorted(os.listdir(repository / "apps")) == ["a.yaml", "deep"]
    again = flux("migrate -f apps")
    assert again.err.endswith("✔ no custom resources found that require migration\n")


def test_a_dry_run_and_a_no_change_nothing(flux: Flux, repository: pathlib.Path) -> None:
    assert flux("migrate -f apps --dry-run") == (0, "", f"{FOUND}✔ dry-run mode enabled, no changes will be made\n")
    asked = flux("migrate -f apps", stdin="n\n")
    assert (asked.code, asked.out, asked.err) == (
        1,
        "? Are you sure you want to proceed with the above upgrades? [y/N] \n",
        f"{FOUND}✗ \n",
    )
    assert flux("migrate -f apps").err.endswith("✗ ^D\n")
    assert (repository / "apps" / "a.yaml").read_bytes().decode() == MANIFEST
    assert flux("migrate -f apps", stdin="y\n").code == 0
    assert (repository / "apps" / "a.yaml").read_bytes().decode() == MIGRATED


@pytest.mark.usefixtures("repository")
def test_extensions_and_releases(flux: Flux) -> None:
    assert "deep/notes.txt:1: Bucket v1beta2 -> v1" in flux("migrate -f apps -e .txt --dry-run").err
    assert "ImagePolicy" not in flux("migrate -f apps --version 2.6 --dry-run").err
    assert (
        flux("migrate -f apps --version 1.0").err
        == "✗ version 1.0 is not supported, supported versions are: 2.9, 2.8, 2.7, 2.6\n"
    )
    start = "► starting migration of custom resources\n"
    assert flux("migrate -f apps/deep/notes.txt").err == (
        f"{start}✗ file apps/deep/notes.txt does not match the specified extensions: .yaml, .yml\n"
    )


def test_nothing_outside_of_the_folder_is_touched(flux: Flux, repository: pathlib.Path) -> None:
    start = "► starting migration of custom resources\n"
    assert flux("migrate -f ../x").err == f"{start}✗ failed to stat path ../x: open ../x: invalid argument\n"
    assert flux("migrate -f nope").err == f"{start}✗ failed to stat path nope: openat nope: no such file or directory\n"
    os.symlink("/etc", repository / "out")
    assert flux("migrate -f out").err == f"{start}✗ failed to stat path out: openat out: path escapes from parent\n"
    os.symlink("a.yaml", repository / "apps" / "link.yaml")
    assert "⚠️ skipping irregular file apps/link.yaml\n" in flux("migrate -f apps --dry-run").err
    assert flux("migrate -f apps/link.yaml").err == f"{start}✗ file apps/link.yaml is irregular\n"


def test_each_file_is_told_with_its_warnings(flux: Flux, repository: pathlib.Path) -> None:
    (repository / "apps" / "b.yaml").write_text(
        "apiVersion: a/b/c\n---\napiVersion: source.toolkit.fluxcd.io/v1beta1\nkind: ExternalArtifact\n"
    )
    answer = flux("migrate -f apps --dry-run --version 2.6")
    assert answer.err.replace("✚ apps/a.yaml:10: ImagePolicy v1beta2 -> v1\n", "") == (
        FOUND.replace("✚ apps/a.yaml:10: ImagePolicy v1beta2 -> v1\n", "")
        + "⚠️ apps/b.yaml:1: unexpected GroupVersion string: a/b/c\n"
        + "✚ apps/b.yaml:3: ExternalArtifact v1beta1 -> v1\n"
        + "✔ dry-run mode enabled, no changes will be made\n"
    )


def test_a_look_before_and_the_way_back(flux: Flux, repository: pathlib.Path) -> None:
    answer = flux("migrate -f apps --diff")
    assert (answer.code, answer.err) == (0, FOUND)
    assert answer.out.startswith("--- apps/a.yaml (now)\n+++ apps/a.yaml (migrated)\n")
    assert "-apiVersion: image.toolkit.fluxcd.io/v1beta2\n+apiVersion: image.toolkit.fluxcd.io/v1\n" in answer.out
    assert (repository / "apps" / "a.yaml").read_bytes().decode() == MANIFEST
    (repository / ".git").mkdir()
    assert flux("migrate -f apps --yes", tty=True).err.endswith("  undo with: git restore apps/a.yaml\n")
    assert flux("migrate -f apps --diff").out == ""


@settings(max_examples=60)
@given(st.text(alphabet="apiVersion: kind/v1\n#-"))
def test_any_text_is_looked_through(tmp_path_factory: pytest.TempPathFactory, body: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "x.yaml").write_text(body)
    here = os.getcwd()
    os.chdir(folder)
    try:
        list(plan("x.yaml", (".yaml",), targets("")))
    finally:
        os.chdir(here)


def definition(plural: str, kind: str, stored: list[str]) -> dict[str, object]:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    versions = [{"name": name, "served": True, "storage": name == "v1", "schema": schema} for name in ("v1beta2", "v1")]
    return {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.demo.example.com", "labels": {"app.kubernetes.io/part-of": "flux"}},
        "spec": {
            "group": "demo.example.com", "scope": "Namespaced", "versions": versions,
            "names": {"plural": plural, "kind": kind, "singular": kind.lower(), "listKind": f"{kind}List"},
        },
        "status": {"storedVersions": stored},
    }  # fmt: skip


@pytest.fixture
def stored(bare: Cluster) -> Cluster:
    """Two objects of a kind whose old version is still among the stored ones; one was last written in the old version."""
    bare.kube.create(CRD, "", definition("things", "Thing", []))
    bare.kube.patch(CRD, "", "things.demo.example.com", {"status": {"storedVersions": ["v1beta2", "v1"]}}, subresource="status")
    for name, version in (("a", "v1beta2"), ("b", "v1")):
        resource = bare.kube.resolve("demo.example.com/v1", "Thing")._replace(version=version)
        bare.kube.create(
            resource,
            "live",
            {
                "apiVersion": resource.api_version,
                "kind": "Thing",
                "metadata": {"name": name, "namespace": "live"},
                "spec": {"x": 1},
            },
        )
    bare.wire.writes.clear()
    return bare


def test_objects_of_the_cluster_are_stored_anew(stored: Cluster) -> None:
    looked = stored.flux("migrate --diff")
    assert looked == (0, "", (
        "► starting migration of custom resources\n"
        "✔ Thing/live/a migrated to version v1 (server dry run)\n"
        "✔ Thing/live/b migrated to version v1 (server dry run)\n"
        "✔ things.demo.example.com migrated to storage version v1 (server dry run)\n"
    ))  # fmt: skip
    assert [write.path.partition("?")[2] for write in stored.wire.writes] == ["dryRun=All"] * 3
    stored.wire.writes.clear()
    assert stored.flux("migrate") == (0, "", (
        "► starting migration of custom resources\n"
        "✔ Thing/live/a migrated to version v1\n"
        "✔ Thing/live/b migrated to version v1\n"
        "✔ things.demo.example.com migrated to storage version v1\n"
        "✔ custom resources migrated successfully\n"
    ))  # fmt: skip
    first, second, last = stored.wire.writes
    assert (first.method, first.type, first.path.rpartition("/")[2]) == ("PATCH", "application/json-patch+json", "a")
    assert first.body[0]["path"] == "/metadata/managedFields"
    assert {entry["apiVersion"] for entry in first.body[0]["value"]} == {"demo.example.com/v1"}
    assert (second.method, second.type, second.body) == ("PATCH", "application/merge-patch+json", {})
    assert (last.method, last.path) == (
        "PUT",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.demo.example.com/status",
    )
    assert dig(stored.kube.get(CRD, "", "things.demo.example.com"), "status.storedVersions") == ["v1"]
    again = stored.flux("migrate")
    assert "storage version" not in again.err


@pytest.mark.parametrize("at", [1, 2, 3])
def test_cut_at_any_write_it_says_what_is_done_and_can_go_on(stored: Cluster, at: int) -> None:
    stored.wire.cut = at
    answer = stored.flux("migrate")
    assert answer.code == 1
    assert answer.err.count("migrated to version v1") == min(at - 1, 2)
    assert "custom resources migrated successfully" not in answer.err
    assert (
        answer.err.splitlines()[-1] == "What is listed above is migrated, the rest is as it was. Run the command again to go on."
    )
    stored.wire.cut = 0
    assert stored.flux("migrate").err.endswith("✔ custom resources migrated successfully\n")
    now = stored.kube.get(CRD, "", "things.demo.example.com")
    assert text(now, "status.storedVersions.0") == "v1"


def test_no_cluster(flux: Flux, tmp_path: pathlib.Path) -> None:
    answer = flux("migrate --server http://127.0.0.1:1", KUBECONFIG=str(tmp_path / "none"))
    assert answer.code == 1
    assert answer.err.splitlines()[0] == "► starting migration of custom resources"
    assert answer.err.splitlines()[1].startswith("✗ failed to list CRDs: ")

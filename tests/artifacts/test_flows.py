"""Push, list, tag, pull and compare against a real registry: the transcripts of the Go CLI, line for line."""

import gzip
import io
import json
import pathlib
import tarfile

import pytest
from artifacts.registry import Registry
from front_door import Flux

REVISION = "main@sha1:77e95a8aef7b32e591f060c31963210c517292b0"
LOST = "MANIFEST_UNKNOWN: manifest unknown; map[Tag:v9]"

pytestmark = pytest.mark.usefixtures("app_folder")


@pytest.fixture
def pushed(flux: Flux, registry: Registry, request: pytest.FixtureRequest) -> tuple[str, str]:
    """(repository of this test alone, digest of v1)."""
    url = f"{registry.address}/{request.node.name.lower().replace('[', '-').replace(']', '')}"
    line = f"push artifact oci://{url}:v1 --path ./app --source https://example.com/r --revision {REVISION} --reproducible"
    answer = flux(line)
    digest = answer.err.rpartition("@")[2].strip()
    assert answer == (0, "", f"► pushing artifact to {url}:v1\n✔ artifact successfully pushed to {url}@{digest}\n")
    return url, digest


def test_the_same_content_is_the_same_artifact(flux: Flux, pushed: tuple[str, str]) -> None:
    url, digest = pushed
    line = f"push artifact oci://{url}:v1 --path ./app --source https://example.com/r --revision {REVISION} --reproducible"
    shown = {"url": f"oci://{url}@{digest}", "repository": url, "tag": "v1", "digest": digest}
    assert flux(f"{line} -o json") == (0, json.dumps(shown, indent=2) + "\n", "")
    text = f"digest: {digest}\nrepository: {url}\ntag: v1\nurl: oci://{url}@{digest}\n"
    assert flux(f"{line} -o yaml") == (0, text, "")


def test_what_the_registry_holds_is_what_flux_reads(registry: Registry, pushed: tuple[str, str]) -> None:
    url, _ = pushed
    path = url.partition("/")[2]
    manifest = json.loads(registry.get(f"/v2/{path}/manifests/v1", "application/vnd.oci.image.manifest.v1+json"))
    layer = manifest["layers"][0]
    assert manifest["schemaVersion"] == 2
    assert manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json"
    assert manifest["config"]["mediaType"] == "application/vnd.cncf.flux.config.v1+json"
    assert layer["mediaType"] == "application/vnd.cncf.flux.content.v1.tar+gzip"
    assert manifest["annotations"] == {
        "org.opencontainers.image.created": "1970-01-01T00:00:00Z",
        "org.opencontainers.image.revision": REVISION,
        "org.opencontainers.image.source": "https://example.com/r",
    }
    blob = registry.get(f"/v2/{path}/blobs/{layer['digest']}")
    assert blob[4:8] == b"\0\0\0\0"  # no time of compression
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(blob))) as archive:
        entries = [(e.name, e.type, oct(e.mode), e.mtime, e.uid, e.uname) for e in archive]
    assert entries == [
        (".", tarfile.DIRTYPE, "0o755", 0, 0, ""),
        ("kustomization.yaml", tarfile.REGTYPE, "0o644", 0, 0, ""),
        ("run.sh", tarfile.REGTYPE, "0o755", 0, 0, ""),
        ("sub", tarfile.DIRTYPE, "0o755", 0, 0, ""),
        ("sub/cm.yaml", tarfile.REGTYPE, "0o644", 0, 0, ""),
    ]


def test_tags_and_lists(flux: Flux, pushed: tuple[str, str]) -> None:
    url, digest = pushed
    assert flux(f"tag artifact oci://{url}:v1 --tag latest,prod --tag 1.2.3") == (
        0, "", f"► tagging artifact\n{''.join(f'✔ artifact tagged as {url}:{tag}{chr(10)}' for tag in ('latest', 'prod', '1.2.3'))}",
    )  # fmt: skip
    listed = flux(f"list artifacts oci://{url}")
    assert (listed.code, listed.err) == (0, "")
    cells = [[cell.strip() for cell in line.split("\t")[:4]] for line in listed.out.splitlines()]
    rows = [[f"{url}:{tag}", digest, "https://example.com/r", REVISION] for tag in ("v1", "prod", "latest", "1.2.3")]
    assert cells == [["ARTIFACT", "DIGEST", "SOURCE", "REVISION"], *rows]
    by_version = flux(f"list artifacts oci://{url} --filter-semver '>=1.0.0'").out.splitlines()
    assert [line.split("\t")[0].strip() for line in by_version] == ["ARTIFACT", f"{url}:1.2.3"]
    assert flux(f"list artifacts oci://{url} --filter-semver '>=2'").out == "ARTIFACT\tDIGEST\tSOURCE\tREVISION \n"
    by_pattern = flux(f"list artifacts oci://{url} --filter-regex ^v").out.splitlines()
    assert [line.split("\t")[0].strip() for line in by_pattern] == ["ARTIFACT", f"{url}:v1"]


def test_a_pull_gives_back_what_was_pushed(flux: Flux, pushed: tuple[str, str], tmp_path: pathlib.Path) -> None:
    url, digest = pushed
    (tmp_path / "out").mkdir()
    lines = (
        f"► pulling artifact from {url}:v1\n✔ source https://example.com/r\n✔ revision {REVISION}\n"
        f"✔ digest {url}@{digest}\n✔ artifact content extracted to ./out\n"
    )
    assert flux(f"pull artifact oci://{url}:v1 --output ./out") == (0, "", lines)
    out = tmp_path / "out"
    found = {str(p.relative_to(out)): p.read_text() for p in out.rglob("*") if p.is_file()}
    assert found == {n: (tmp_path / "app" / n).read_text() for n in ("kustomization.yaml", "run.sh", "sub/cm.yaml")}
    assert (out / "run.sh").stat().st_mode & 0o777 == 0o755


def test_a_comparison_looks_at_the_content(flux: Flux, pushed: tuple[str, str], app_folder: pathlib.Path) -> None:
    url, _ = pushed
    assert flux(f"diff artifact oci://{url}:v1 --path ./app") == (0, "", "✔ no changes detected\n")
    differs = (1, "", "✗ the remote artifact contents differs from the local one\n")
    (app_folder / "run.sh").chmod(0o644)
    assert flux(f"diff artifact oci://{url}:v1 --path ./app") == differs
    (app_folder / "run.sh").chmod(0o755)
    (app_folder / "sub" / "cm.yaml").write_text("other")
    assert flux(f"diff artifact oci://{url}:v1 --path ./app") == differs


def test_what_is_not_there(flux: Flux, pushed: tuple[str, str], registry: Registry) -> None:
    url, _ = pushed
    base, name = f"http://{registry.address}/v2", url.partition("/")[2]
    lost = f"GET {base}/{name}/manifests/v9: {LOST}"
    assert flux(f"tag artifact oci://{url}:v9 --tag latest") == (
        1, "", f'► tagging artifact\n✗ tagging artifact failed: fetching "{url}:v9": {lost}\n',
    )  # fmt: skip
    assert flux(f"pull artifact oci://{url}:v9 --output .") == (1, "", f"► pulling artifact from {url}:v9\n✗ {lost}\n")
    none = f"GET {base}/nope/tags/list?n=1000: NAME_UNKNOWN: repository name not known to registry; map[name:nope]"
    assert flux(f"list artifacts oci://{registry.address}/nope") == (1, "", f"✗ listing tags failed: {none}\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("push artifact", "artifact URL is required"),
        (
            "list artifacts oci://h.io/o/apps:v1",
            'listing tags failed: parsing repo "h.io/o/apps:v1": repository can only contain the characters '
            "`abcdefghijklmnopqrstuvwxyz0123456789_-./`: o/apps:v1",
        ),
        ("push artifact oci://h.io/a", "--source is required"),
        ("push artifact oci://h.io/a --source s", "--revision is required"),
        ("push artifact oci://h.io/a --source s --revision r", 'invalid path ""'),
        ("push artifact h.io/a --source s --revision r --path ./app", "URL must be in format 'oci://<domain>/<org>/<repo>'"),
        (
            "push artifact oci://h.io/A --source s --revision r --path .",
            "'oci://h.io/A' invalid URL: could not parse reference: h.io/A",
        ),
        (
            "push artifact oci://h.io/aa:1 --path ./nope --source s --revision r",
            "invalid path './nope', must point to an existing directory or file: stat ./nope: no such file or directory",
        ),
        (
            "push artifact oci://h.io/aa:1 --path ./app --source s --revision r -a x=y=z",
            "invalid annotation x=y=z, must be in the format key=value",
        ),
        ("pull artifact oci://h.io/a", "output path cannot be empty"),
        ("pull artifact oci://h.io/a --output ./no/x", 'invalid output path "./no/x": stat ./no/x: no such file or directory'),
        ("pull artifact oci://h.io/a --output ./app/run.sh", 'invalid output path "./app/run.sh": %!w(<nil>)'),
        ("tag artifact oci://h.io/a", "--tag is required"),
        ("diff artifact oci://h.io/aa", 'invalid path ""'),
        ("diff artifact oci://h.io/aa --path ./nope", "invalid path './nope', must point to an existing directory or file"),
        ("build artifact", 'invalid path ""'),
        ("build artifact --path ./nope", "invalid path './nope', must point to an existing directory or file"),
    ],
)
def test_a_wrong_command_line(flux: Flux, line: str, said: str) -> None:
    assert flux(line) == (1, "", f"✗ {said}\n")


def test_a_local_archive(flux: Flux, tmp_path: pathlib.Path) -> None:
    assert flux("build artifact --path ./app -o a.tgz") == (
        0, "", "► building artifact from ./app\n✔ artifact created at a.tgz\n",
    )  # fmt: skip
    assert (tmp_path / "a.tgz").stat().st_mode & 0o777 == 0o640
    with tarfile.open(tmp_path / "a.tgz") as archive:
        assert archive.getnames() == [".", "kustomization.yaml", "run.sh", "sub", "sub/cm.yaml"]
    assert flux("build artifact --path ./app -o a.tgz --ignore-paths sub/ --resolve-symlinks").code == 0
    with tarfile.open(tmp_path / "a.tgz") as archive:
        names = archive.getnames()
    assert names == [".", ".git", ".git/HEAD", "kustomization.yaml", "link", "logo.png", "run.sh"]


def test_standard_input_is_a_file_of_its_own(flux: Flux, tmp_path: pathlib.Path) -> None:
    answer = flux("build artifact --path - -o a.tgz", stdin="kind: ConfigMap\n\n")
    assert answer.code == 0
    with tarfile.open(tmp_path / "a.tgz") as archive:
        root, name = archive.getnames()
        content = archive.extractfile(name)
        assert (root, name.endswith(".yaml"), content and content.read()) == (".", True, b"kind: ConfigMap")
    assert not list(tmp_path.glob(".flux-*"))


def test_a_link_that_leads_nowhere_is_named(flux: Flux, tmp_path: pathlib.Path) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "a").symlink_to("gone")
    answer = flux(f"build artifact --path {tmp_path}/links -o a.tgz --resolve-symlinks")
    assert answer == (1, "", f"✗ resolving symlinks failed: open {tmp_path}/links/gone: no such file or directory\n")

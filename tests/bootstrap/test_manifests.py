"""Where a release's manifests come from: a mirror on loopback, the cache, folders; and archives that nobody should trust."""

import gzip
import hashlib
import http.server
import io
import os
import pathlib
import tarfile
import threading
from collections.abc import Callable, Iterator

import pytest
from front_door import Flux

from flux_cli.core.errors import FluxError
from flux_cli.services.manifests import unpack as unpacking
from flux_cli.services.manifests.unpack import unpack
from flux_cli.services.normalizing import quantity


def archive(files: dict[str, bytes], change: Callable[[tarfile.TarInfo], None] = lambda info: None) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            change(info)
            tar.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return out.getvalue()


@pytest.fixture
def mirror(tmp_path: pathlib.Path) -> Iterator[tuple[str, pathlib.Path]]:
    """(base URL, folder): serves ``folder`` as a release's downloads."""
    folder = tmp_path / "mirror" / "download" / "v2.9.4"
    folder.mkdir(parents=True)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, directory=str(tmp_path / "mirror"), **options)  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", folder
    server.shutdown()
    server.server_close()


def publish(folder: pathlib.Path, manifests: pathlib.Path, sums: str = "") -> None:
    made = archive({f"./{file.name}": file.read_bytes() for file in manifests.iterdir()})
    (folder / "manifests.tar.gz").write_bytes(made)
    (folder / "flux_2.9.4_checksums.txt").write_text(f"{sums or hashlib.sha256(made).hexdigest()}  manifests.tar.gz\n")


def test_downloaded_from_a_mirror(flux: Flux, mirror: tuple[str, pathlib.Path], whole_release: pathlib.Path) -> None:
    base, folder = mirror
    publish(folder, whole_release)
    code, out, err = flux(f"install --export --manifests {base}")
    assert (code, err) == (0, "")
    assert out == flux("install --export", FLUX_MANIFESTS=str(whole_release)).out


def test_a_changed_archive_is_refused(flux: Flux, mirror: tuple[str, pathlib.Path], manifests: pathlib.Path) -> None:
    base, folder = mirror
    publish(folder, manifests, sums="0" * 64)
    code, out, err = flux(f"install --export --manifests {base}")
    assert (code, out) == (1, "")
    assert f"manifests.tar.gz from {base}/download/v2.9.4/manifests.tar.gz is not what the release says" in err


def test_a_mirror_without_checksums_is_told(flux: Flux, mirror: tuple[str, pathlib.Path], manifests: pathlib.Path) -> None:
    base, folder = mirror
    publish(folder, manifests)
    (folder / "flux_2.9.4_checksums.txt").unlink()
    code, _, err = flux(f"install --export --manifests {base}")
    assert (code, err) == (
        0, f"⚠️ {base}/download/v2.9.4/flux_2.9.4_checksums.txt is missing: manifests.tar.gz is used without checking it\n")  # fmt: skip


def test_nothing_there(flux: Flux, mirror: tuple[str, pathlib.Path]) -> None:
    base, _ = mirror
    code, _, err = flux(f"install --export --manifests {base}")
    assert (code, err.splitlines()) == (1, [
        f"✗ install failed: failed to download manifests.tar.gz from {base}/download/v2.9.4/manifests.tar.gz, "
        "status: 404 File not found",
        "Without internet: unpack a release's manifests.tar.gz and name the folder with --manifests or FLUX_MANIFESTS.",
    ])  # fmt: skip


def test_kept_in_the_cache(flux: Flux, mirror: tuple[str, pathlib.Path], manifests: pathlib.Path, tmp_path: pathlib.Path,
                           monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The project's own releases are kept; what a mirror said is not, for it may be anything."""
    base, folder = mirror
    publish(folder, manifests)
    monkeypatch.setattr("flux_cli.services.manifests.release.BASE", base)
    first = flux("install --export")
    assert first.code == 0, first.err
    kept = tmp_path / ".cache" / "flux" / "manifests"
    assert sorted(os.listdir(kept)) == ["v2.9.4"]
    (folder / "manifests.tar.gz").unlink()
    assert flux("install --export") == first


def test_the_projects_releases_must_have_checksums(flux: Flux, mirror: tuple[str, pathlib.Path], manifests: pathlib.Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    base, folder = mirror
    publish(folder, manifests)
    (folder / "flux_2.9.4_checksums.txt").unlink()
    monkeypatch.setattr("flux_cli.services.manifests.release.BASE", base)
    assert "failed to download checksums" in flux("install --export").err


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("../evil.yaml", tarfile.REGTYPE, "a path outside"),
        ("/etc/evil.yaml", tarfile.REGTYPE, "a path outside"),
        ("a/evil.yaml", tarfile.REGTYPE, "a path outside"),
        (".hidden.yaml", tarfile.REGTYPE, "a path outside"),
        ("rbac.yaml", tarfile.SYMTYPE, "no regular file"),
        ("rbac.yaml", tarfile.LNKTYPE, "no regular file"),
        ("rbac.yaml", tarfile.CHRTYPE, "no regular file"),
    ],
)
def test_archives_that_reach_out_are_refused(name: str, kind: bytes, said: str) -> None:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname = kind, "/etc/passwd"

    with pytest.raises(FluxError, match=said):
        unpack(archive({name: b"x"}, change))


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_BYTES", 100_000)
    with pytest.raises(FluxError, match="unpacks to more than"):
        unpack(gzip.compress(bytes(200_000)))
    monkeypatch.setattr(unpacking, "MAX_FILES", 3)
    with pytest.raises(FluxError, match="more than 3 entries"):
        unpack(archive({f"{n}.yaml": b"x" for n in range(5)}))


# The same bytes in every process: a gzip header holds the time, and the content names the test.
@pytest.mark.parametrize(
    "content", [b"", b"no gzip", gzip.compress(b"no tar" * 200, mtime=0), gzip.compress(bytes(1024), mtime=0)[:-4]]
)
def test_broken_archives_are_refused(content: bytes) -> None:
    with pytest.raises(FluxError, match="the archive"):
        unpack(content)


def test_a_folder_with_a_kustomization_of_its_own(flux: Flux, tmp_path: pathlib.Path) -> None:
    import shutil

    if not (shutil.which("kustomize") or shutil.which("kubectl")):
        pytest.skip("neither kustomize nor kubectl is installed")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "kustomization.yaml").write_text("resources: [ns.yaml]\nnamePrefix: x-\n")
    (tmp_path / "own" / "ns.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    code, out, err = flux(f"install --export --manifests {tmp_path / 'own'}")
    assert (code, err) == (0, "")
    assert out == (
        "---\n# This manifest was generated by flux. DO NOT EDIT.\n# Flux Version: v2.9.4\n# Components: "
        "source-controller,kustomize-controller,helm-controller,notification-controller\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x-a\n"
    )


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("1000m", "1"), ("1000", "1k"), ("1024Mi", "1Gi"), ("50m", "50m"), ("1.5", "1500m"), ("0", "0"), ("64Mi", "64Mi"),
     ("1500m", "1500m"), ("1536Mi", "1536Mi"), ("1e3", "1e3"), ("x", "x"), ("0.5Gi", "512Mi")],
)  # fmt: skip
def test_quantities_as_go_writes_them(written: str, canonical: str) -> None:
    assert quantity(written) == canonical


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, tuple[int, str]]]:
    """The project's release API, played: path → (status, body)."""
    answers: dict[str, tuple[int, str]] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, "{}"))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setattr("flux_cli.services.manifests.release.API", f"http://127.0.0.1:{server.server_address[1]}")
    yield answers
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("version", "error"),
    [
        ("v2.9.99", "targeted version 'v2.9.99' does not exist"),
        ("v2.8.0", "targeted version 'v2.8.0' is not compatible with your current version of flux (2.9.4)"),
        ("v2.9.7", "GitHub API returned an unexpected status code (403)"),
        ("latest", "targeted version 'v3.0.0' is not compatible with your current version of flux (2.9.4)"),
    ],
)
def test_versions_that_cannot_be_had(flux: Flux, releases: dict[str, tuple[int, str]], version: str, error: str) -> None:
    releases |= {"/tags/v2.8.0": (200, "{}"), "/tags/v2.9.7": (403, "{}"), "/latest": (200, '{"tag_name": "v3.0.0"}')}
    code, out, err = flux(f"install --export --version {version}")
    assert (code, out, err.splitlines()[0]) == (1, "", f"✗ {error}")


def test_an_answer_that_is_none(flux: Flux, releases: dict[str, tuple[int, str]]) -> None:
    releases["/latest"] = (200, "<html>")
    assert flux("install --export --version latest").err.startswith("✗ decoding GitHub API response failed: ")


def test_other_versions_have_a_folder_of_their_own(flux: Flux, releases: dict[str, tuple[int, str]], manifests: pathlib.Path,
                                                   tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Files of one version never pass for another."""
    releases["/tags/v2.9.3"] = (200, "{}")
    monkeypatch.setattr("flux_cli.services.manifests.release.BASE", "http://127.0.0.1:9")
    line = "install --export --version v2.9.3"
    assert "failed to download manifests.tar.gz" in flux(line, FLUX_MANIFESTS=str(manifests)).err
    (tmp_path / "v2.9.3").symlink_to(manifests)
    code, out, err = flux(line, FLUX_MANIFESTS=str(tmp_path))
    assert (code, err) == (0, "")
    assert "# Flux Version: v2.9.3\n" in out


@pytest.mark.parametrize("wanted", ["latest", "v2.9.4"])
def test_the_built_in_version_by_name(
    flux: Flux, releases: dict[str, tuple[int, str]], manifests: pathlib.Path, wanted: str
) -> None:
    releases["/latest"] = (200, '{"tag_name": "v2.9.4"}')
    with_name = flux(f"install --export --version {wanted}", FLUX_MANIFESTS=str(manifests))
    assert with_name == flux("install --export", FLUX_MANIFESTS=str(manifests))


def test_manifests_that_are_no_text(flux: Flux, tmp_path: pathlib.Path) -> None:
    (tmp_path / "rbac.yaml").write_bytes(b"\xff\xfe")
    answer = flux(f"install --export --manifests {tmp_path}")
    assert answer == (1, "", f"✗ install failed: the manifests in {tmp_path} cannot be read: they are not UTF-8\n")

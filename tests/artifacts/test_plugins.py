"""Plugins: a catalog on loopback, programs that are checked, installed, run, updated and removed."""

import functools
import hashlib
import http.server
import io
import pathlib
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator

import pytest
import yaml
from front_door import Flux

from flux_cli.services.plugins import here

Publish = Callable[..., None]
SCRIPT = b'#!/bin/sh\necho "hello $@"\nexit 7\n'


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def catalog(tmp_path: pathlib.Path) -> Iterator[tuple[str, pathlib.Path]]:
    folder = tmp_path / "catalog"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def publish(flux: Flux, catalog: tuple[str, pathlib.Path]) -> Publish:
    """``publish("name", "1.0.0", data, "file.tar.gz")`` puts a version in front of those that are there."""
    url, folder = catalog
    flux.environ["FLUXCD_PLUGIN_CATALOG"] = url

    def put(name: str, version: str, data: bytes, file: str, **over: object) -> None:
        (folder / file).write_bytes(data)
        system, machine = here()
        platform = {"os": system, "arch": machine, "url": url + file, "checksum": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        path = folder / f"{name}.yaml"
        known = yaml.safe_load(path.read_text())["versions"] if path.exists() else []
        entry = {"version": version, "platforms": [platform | over.pop("platform", {})]}  # type: ignore[operator]
        manifest = {"apiVersion": "cli.fluxcd.io/v1beta1", "kind": "Plugin", "name": name, "bin": f"flux-{name}"}
        path.write_text(yaml.safe_dump(manifest | {"versions": [entry, *known]} | over))
        listed = [
            {"name": p.stem, "description": f"The {p.stem} plugin"} for p in sorted(folder.glob("*.yaml")) if p.stem != "catalog"
        ]
        index = {"apiVersion": "cli.fluxcd.io/v1beta1", "kind": "PluginCatalog", "plugins": listed}
        (folder / "catalog.yaml").write_text(yaml.safe_dump(index))

    return put


def tar(name: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(SCRIPT)
        archive.addfile(info, io.BytesIO(SCRIPT))
    return out.getvalue()


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, SCRIPT)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "file"),
    [(tar("dist/flux-demo"), "d.tar.gz"), (zipped("flux-demo"), "d.zip"), (SCRIPT, "flux-demo"), (tar("flux-demo"), "download")],
)
def test_install_list_run_uninstall(flux: Flux, publish: Publish, tmp_path: pathlib.Path, data: bytes, file: str) -> None:
    publish("demo", "1.0.0", data, file)
    assert flux("plugin list") == (0, "No plugins found\n", "")
    assert flux("plugin install demo") == (0, "", "✔ installed demo v1.0.0\n")
    path = tmp_path / ".fluxcd" / "plugins" / "flux-demo"
    assert path.stat().st_mode & 0o777 == 0o755
    receipt = yaml.safe_load((path.parent / "flux-demo.yaml").read_text())
    assert (receipt["name"], receipt["version"], sorted(receipt["platform"])) == (
        "demo",
        "1.0.0",
        ["arch", "checksum", "os", "url"],
    )
    listed = flux("plugin ls")
    assert listed.out.splitlines()[1].replace(" ", "").split("\t")[:3] == ["demo", "1.0.0", str(path)]
    program = [sys.executable, "-m", "flux_cli", "demo", "--some", "-flag", "x"]
    ran = subprocess.run(program, env={**flux.environ, "HOME": str(tmp_path)}, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (7, "hello --some -flag x\n", "")
    assert flux("plugin uninstall demo") == (0, "", "✔ uninstalled demo\n")
    assert list(path.parent.iterdir()) == []


def test_a_program_on_the_path_is_a_command_too(flux: Flux, tmp_path: pathlib.Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "flux-local").write_bytes(SCRIPT)
    (tmp_path / "bin" / "flux-local").chmod(0o755)
    path = f"{tmp_path / 'bin'}:{flux.environ['PATH']}"
    ran = subprocess.run(
        [sys.executable, "-m", "flux_cli", "local", "a"], env={**flux.environ, "PATH": path}, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (7, "hello a\n")


def test_versions_and_digests(flux: Flux, publish: Publish) -> None:
    publish("demo", "1.0.0", SCRIPT + b"# 1\n", "one")
    publish("demo", "2.0.0", SCRIPT + b"# 2\n", "two")
    digest = "sha256:" + hashlib.sha256(SCRIPT + b"# 1\n").hexdigest()
    assert flux("plugin install demo").err == "✔ installed demo v2.0.0\n"
    assert flux("plugin install demo@1.0.0").err == "✔ installed demo v1.0.0\n"
    assert flux(f"plugin install demo@{digest}").err == "✔ installed demo v1.0.0\n"
    assert flux("plugin update demo").err == "✔ updated demo v1.0.0 → v2.0.0\n"
    assert flux("plugin update").err == "✔ demo already up to date (v2.0.0)\n"
    assert flux("plugin install demo@3").err == '✗ version "3" not found for plugin "demo"\n'


def test_search(flux: Flux, publish: Publish) -> None:
    publish("demo", "1.0.0", SCRIPT, "one")
    publish("other", "1.0.0", SCRIPT, "two")
    flux("plugin install demo")
    rows = [[cell.strip() for cell in line.split("\t")[:3]] for line in flux("plugin search").out.splitlines()]
    assert rows == [["NAME", "DESCRIPTION", "INSTALLED"], ["demo", "The demo plugin", "1.0.0"], ["other", "The other plugin", ""]]
    assert flux("plugin search OTHER").out.splitlines()[1].startswith("other")
    assert flux("plugin search Nope") == (0, 'No plugins matching "nope" found in catalog\n', "")


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"bin": "../evil"}, 'plugin "demo" has invalid bin "../evil" (must be a plain filename prefixed with "flux-")'),
        ({"apiVersion": "v9"}, 'plugin "demo" has unsupported apiVersion "v9" (expected "cli.fluxcd.io/v1beta1")'),
        ({"kind": "X"}, 'plugin "demo" has unexpected kind "X" (expected "Plugin")'),
        ({"versions": []}, 'plugin "demo" has no versions'),
        ({"platform": {"os": "plan9"}}, f'plugin "demo" v1.0.0 has no binary for {"/".join(here())}'),
        (
            {"platform": {"checksum": "sha256:00"}},
            f"checksum verification failed (expected: sha256:00, got: sha256:{hashlib.sha256(SCRIPT).hexdigest()})",
        ),
    ],
)
def test_a_catalog_that_is_wrong(
    flux: Flux, publish: Publish, tmp_path: pathlib.Path, over: dict[str, object], said: str
) -> None:
    publish("demo", "1.0.0", SCRIPT, "one", **over)
    assert flux("plugin install demo") == (1, "", f"✗ {said}\n")
    assert not (tmp_path / ".fluxcd").exists()


def test_what_is_not_there(flux: Flux, publish: Publish) -> None:
    publish("demo", "1.0.0", tar("something-else"), "d.tar.gz")
    assert flux("plugin install demo") == (1, "", '✗ binary "flux-demo" not found in archive\n')
    assert flux("plugin install nope") == (1, "", '✗ plugin "nope" not found in catalog\n')
    assert flux("plugin install ../../etc") == (1, "", '✗ plugin "../../etc" not found in catalog\n')
    assert flux("plugin uninstall nope") == (1, "", '✗ plugin "nope" is not installed\n')
    assert flux("plugin update nope") == (1, "", '✗ plugin "nope" is not installed\n')
    assert flux("plugin update") == (0, "No plugins found\n", "")


def test_what_was_put_there_by_hand_stays(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "flux-mine").write_bytes(SCRIPT)
    (folder / "flux-mine").chmod(0o755)
    flux.environ["FLUXCD_PLUGINS"] = str(folder)
    assert flux("plugin list").out.splitlines()[1].replace(" ", "").split("\t")[:2] == ["mine", "manual"]
    assert flux("plugin update").err == "⚠️ skipping mine (manually installed)\n"


def test_a_link_that_leads_nowhere_can_be_removed(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / ".fluxcd" / "plugins"
    folder.mkdir(parents=True)
    (folder / "flux-lost").symlink_to(tmp_path / "nowhere")
    assert flux("plugin list") == (0, "No plugins found\n", "")
    assert flux("plugin uninstall ../plugins/flux-lost") == (1, "", '✗ plugin "../plugins/flux-lost" is not installed\n')
    assert flux("plugin uninstall lost") == (0, "", "✔ uninstalled lost\n")
    assert list(folder.iterdir()) == []


def test_a_download_that_fails(flux: Flux, publish: Publish, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gone, what is unwell for long, and a folder that is not there: nothing is installed."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    url = flux.environ["FLUXCD_PLUGIN_CATALOG"]
    publish("demo", "1.0.0", SCRIPT, "one", platform={"url": f"{url}gone"})
    assert flux("plugin install demo") == (1, "", "✗ failed to download plugin: HTTP 404\n")
    flux.environ["FLUXCD_PLUGIN_CATALOG"] = "http://127.0.0.1:9/"
    address = "http://127.0.0.1:9/catalog.yaml"
    head = f'✗ failed to fetch plugin catalog: Get "{address}": GET {address} giving up after 4 attempt(s): Get "{address}": '
    assert flux("plugin search").err.startswith(head)
    flux.environ["FLUXCD_PLUGIN_CATALOG"] = url
    publish("fine", "1.0.0", SCRIPT, "two")
    flux.environ["FLUXCD_PLUGINS"] = str(tmp_path / "none")
    path = tmp_path / "none" / "flux-fine"
    assert flux("plugin install fine") == (
        1,
        "",
        f"✗ failed to create {path}: open {path}: no such file or directory\nFLUXCD_PLUGINS names a folder that must be there.\n",
    )

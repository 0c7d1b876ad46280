"""``spec.verify`` of the sources that charts come from: what is signed by a trusted key is used, all else refused; the rest is told."""

import base64
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml
from artifacts.registry import BINARY, Registry
from bootstrap.git_servers import Bare, HttpServer, git
from building.conftest import Tree
from building.test_chart_sources import BUILD, FILES, put, rendered, source
from building.test_helmreleases import INLINE, packed, release
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from front_door import Flux

pytestmark = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")


def keys(**data: bytes) -> str:
    """YAML of the Secret ``trusted``."""
    packed_ = {name.replace("__", "."): base64.b64encode(key).decode() for name, key in data.items()}
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "trusted", "namespace": "apps"}, "data": packed_}
    return yaml.safe_dump_all([body], explicit_start=True)


class Signing:
    """A repository with a chart whose commit and tag are signed by ``gpg`` or ``ssh``, or not at all."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        (folder / "served").mkdir()
        self.bare = Bare(folder / "served")
        self.home = folder / "gnupg"
        self.home.mkdir(mode=0o700)
        for name in ("me", "other"):
            self._gpg("--passphrase", "", "--quick-gen-key", f"{name} <{name}@example.com>", "ed25519", "sign")
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
        self.server = HttpServer(folder / "served")

    def _gpg(self, *args: str) -> bytes:
        command = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", *args]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def key(self, form: str, name: str) -> dict[str, bytes]:
        if form == "ssh":
            return {f"{name}__sshpub": (self.folder / f"{name}.pub").read_bytes()}
        return {f"{name}__asc": self._gpg("--armor", "--export", f"{name}@example.com")}

    def push(self, form: str) -> str:
        """The commit, on the branch main and under the tag v1."""
        work = self.folder / "clone"
        shutil.rmtree(work, ignore_errors=True)
        git("clone", "-q", str(self.bare.path), str(work))
        git("checkout", "-q", "-B", "main", cwd=work)
        put(work, FILES | {"form": form.encode()})
        git("add", "-A", cwd=work)
        how = {
            "gpg": ["-c", "user.signingkey=me@example.com"],
            "ssh": ["-c", "gpg.format=ssh", "-c", f"user.signingkey={self.folder / 'me'}"],
        }
        environ = {**os.environ, "GNUPGHOME": str(self.home)}
        for line in (
            ["commit", "-q", "-m", "one", *(["-S"] if form else [])],
            ["tag", "-f", "-s" if form else "-a", "-m", "v1", "v1"],
        ):
            who = ["-c", "user.name=me", "-c", "user.email=me@example.com"]
            subprocess.run(["git", *who, *how.get(form, []), *line], cwd=work, env=environ, check=True, capture_output=True)
        git("push", "-q", "-f", "origin", "main", "v1", cwd=work)
        return git("rev-parse", "HEAD", cwd=work).strip()

    def stop(self) -> None:
        self.server.stop()
        subprocess.run(["gpgconf", "--homedir", str(self.home), "--kill", "gpg-agent"], check=False, capture_output=True)


@pytest.fixture
def signing(tmp_path: pathlib.Path) -> Iterator[Signing]:
    made = Signing(tmp_path)
    yield made
    made.stop()


def repository(signing: Signing, mode: str, ref: dict[str, str], trusted: dict[str, bytes]) -> str:
    spec = {"url": signing.server.url, "ref": ref, "verify": {"mode": mode, "secretRef": {"name": "trusted"}}}
    return release(INLINE % ("./charts/web", "GitRepository")) + source("GitRepository", spec) + keys(**trusted)


@pytest.mark.parametrize("form", ["gpg", "ssh"])
def test_signed_commits_and_tags(flux: Flux, tree: Tree, signing: Signing, form: str) -> None:
    commit = signing.push(form)
    both = {**signing.key(form, "me"), **signing.key(form, "other")}
    for mode, ref in (("HEAD", {"branch": "main"}), ("Tag", {"tag": "v1"}), ("TagAndHEAD", {"tag": "v1"})):
        tree({"live/all.yaml": repository(signing, mode, ref, both)})
        rendered(flux(BUILD))
    rings = "authorized keys" if form == "ssh" else "key rings"
    for mode, ref, what in (("HEAD", {"branch": "main"}, f"commit '{commit}'"), ("TagAndHEAD", {"tag": "v1"}, "tag 'v1'")):
        tree({"live/all.yaml": repository(signing, mode, ref, signing.key(form, "other"))})
        why = f"unable to verify Git {what.partition(' ')[0]}: unable to verify payload with any of the given {rings}"
        assert flux(BUILD) == (1, "", f"✗ signature verification of {what} failed: {why}\n")
    tree({"live/all.yaml": repository(signing, "Tag", {"branch": "main"}, both)})
    assert flux(BUILD).err == "✗ cannot verify tag object's signature if no annotated tag leads to the commit\n"


def test_a_commit_that_nobody_signed(flux: Flux, tree: Tree, signing: Signing) -> None:
    commit = signing.push("")
    tree({"live/all.yaml": repository(signing, "HEAD", {"branch": "main"}, signing.key("gpg", "me"))})
    why = "unable to verify Git commit: unable to verify payload as the provided signature is empty"
    assert flux(BUILD) == (1, "", f"✗ signature verification of commit '{commit}' failed: {why}\n")


def test_without_the_program_that_verifies(flux: Flux, tree: Tree, signing: Signing, tmp_path: pathlib.Path) -> None:
    signing.push("gpg")
    tree({"live/all.yaml": repository(signing, "HEAD", {"branch": "main"}, signing.key("gpg", "other"))})
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "helm").symlink_to(shutil.which("helm") or "")
    answer = flux(BUILD, PATH=str(tmp_path / "bin"))
    assert (answer.code, answer.err) == (0, "the signature of GitRepository/apps/src is not verified: gpg is not installed\n")


def pair(kind: str) -> tuple[Any, bytes]:
    """(private key, public key in PEM)."""
    made: Any = {
        "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
        "rsa": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
    }[kind]()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return made, made.public_key().public_bytes(serialization.Encoding.PEM, form)


class Images:
    """A chart in a real registry, and signatures of it as cosign lays them down."""

    def __init__(self, folder: pathlib.Path) -> None:
        (folder / "registry").mkdir()
        (folder / "web-1.2.0.tgz").write_bytes(packed())
        self.registry = Registry(folder / "registry")
        push = ["helm", "push", str(folder / "web-1.2.0.tgz"), f"oci://{self.registry.address}/charts", "--plain-http"]
        said = subprocess.run(push, check=True, capture_output=True, text=True)
        self.digest = "sha256:" + (said.stdout + said.stderr).partition("Digest: sha256:")[2][:64]
        self._root = f"http://{self.registry.address}/v2/charts/web"

    def sign(self, key: Any, digest: str = "") -> None:
        image = {"docker-manifest-digest": digest or self.digest}
        critical = {"identity": {"docker-reference": ""}, "image": image, "type": "cosign container image signature"}
        payload = json.dumps({"critical": critical, "optional": None}).encode()
        if isinstance(key, ec.EllipticCurvePrivateKey):
            signature = key.sign(payload, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPrivateKey):
            signature = key.sign(payload, padding.PKCS1v15(), hashes.SHA256())
        else:
            signature = key.sign(payload)
        note = {"dev.cosignproject.cosign/signature": base64.b64encode(signature).decode()}
        layer = self._blob("application/vnd.dev.cosign.simplesigning.v1+json", payload) | {"annotations": note}
        self._manifest(self.digest.replace(":", "-") + ".sig", {"layers": [layer]})

    def bundle(self) -> None:
        """A signature in the newer form, under the tag that stands for the call ``referrers``."""
        entry = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": self.digest, "size": 1}
        kind = {"artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json"}
        index = "application/vnd.oci.image.index.v1+json"
        body = {"schemaVersion": 2, "mediaType": index, "manifests": [entry | kind]}
        httpx.put(
            f"{self._root}/manifests/{self.digest.replace(':', '-')}", json=body, headers={"Content-Type": index}
        ).raise_for_status()

    def _blob(self, kind: str, data: bytes) -> dict[str, Any]:
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        where = httpx.post(f"{self._root}/blobs/uploads/").headers["location"]
        httpx.put(f"{where}&digest={digest}", content=data).raise_for_status()
        return {"mediaType": kind, "digest": digest, "size": len(data)}

    def _manifest(self, tag: str, more: dict[str, Any]) -> None:
        kind = "application/vnd.oci.image.manifest.v1+json"
        config = self._blob("application/vnd.oci.image.config.v1+json", b"{}")
        body = {"schemaVersion": 2, "mediaType": kind, "config": config, **more}
        httpx.put(f"{self._root}/manifests/{tag}", json=body, headers={"Content-Type": kind}).raise_for_status()


@pytest.fixture
def images(tmp_path: pathlib.Path) -> Iterator[Images]:
    if not BINARY:
        pytest.skip("docker-registry is not installed")
    made = Images(tmp_path)
    yield made
    made.registry.stop()


def by_source(images: Images, verify: dict[str, Any], kind: str) -> str:
    """The release, by OCIRepository or by a HelmRepository of type oci."""
    url = f"oci://{images.registry.address}/charts"
    if kind == "OCIRepository":
        spec = {"insecure": True, "url": f"{url}/web", "ref": {"tag": "1.2.0"}, "verify": verify}
        return release("      chartRef: {kind: OCIRepository, name: src}\n") + source(kind, spec)
    chart = {"chart": "web", "version": "1.x", "sourceRef": {"kind": kind, "name": "src"}, "verify": verify}
    return release(f"      chart: {json.dumps({'spec': chart})}\n") + source(kind, {"type": "oci", "insecure": True, "url": url})


@pytest.mark.parametrize("algorithm", ["ecdsa", "rsa", "ed25519"])
@pytest.mark.parametrize("kind", ["OCIRepository", "HelmRepository"])
def test_charts_that_cosign_signed(flux: Flux, tree: Tree, images: Images, kind: str, algorithm: str) -> None:
    mine, public = pair(algorithm)
    other, stranger = pair("ecdsa")
    text = by_source(images, {"provider": "cosign", "secretRef": {"name": "trusted"}}, kind)
    name = f"{images.registry.address}/charts/web@{images.digest}"
    refused = f"✗ failed to verify the signature using provider 'cosign': no matching signatures were found for '{name}'"
    tree({"live/all.yaml": text + keys(a__pub=stranger, b__pub=public, c__txt=b"no key")})
    assert flux(BUILD).err.splitlines()[0] == refused
    images.sign(other)
    images.sign(mine)
    rendered(flux(BUILD))
    images.sign(mine, "sha256:" + "0" * 64)  # a signature of something else
    answer = flux(BUILD)
    assert (answer.code, answer.out, answer.err.splitlines()[0]) == (1, "", refused)
    images.sign(mine)
    tree({"live/all.yaml": text + keys(a__pub=stranger)})
    assert flux(BUILD).err.splitlines()[0] == refused


@pytest.mark.parametrize("kind", ["OCIRepository", "HelmRepository"])
def test_signatures_that_are_not_looked_at(flux: Flux, tree: Tree, images: Images, kind: str) -> None:
    images.bundle()
    for verify, why in (
        ({"provider": "notation", "secretRef": {"name": "trusted"}}, "signatures of notation cannot be checked here"),
        ({"provider": "cosign"}, "signatures without a key cannot be checked here"),
        ({"secretRef": {"name": "trusted"}}, "its signature is a Sigstore bundle, which cannot be checked here"),
    ):
        tree({"live/all.yaml": by_source(images, verify, kind) + keys(a__pub=pair("ecdsa")[1])})
        answer = flux(BUILD)
        assert (answer.code, answer.err) == (0, f"the signature of {kind}/apps/src is not verified: {why}\n")

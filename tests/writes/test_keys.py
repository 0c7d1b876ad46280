"""SSH keys, host keys by a real handshake, and certificates that fit their keys."""

import pathlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest
import trustme
import yaml
from front_door import Flux

from flux_cli.core.errors import FluxError
from flux_cli.git import host_keys
from flux_cli.services import keys
from tests.writes.conftest import Cluster


@pytest.mark.parametrize(
    ("algorithm", "bits", "curve", "kind"),
    [
        ("rsa", 2048, "p384", "ssh-rsa"), ("ecdsa", 2048, "p256", "ecdsa-sha2-nistp256"), ("ecdsa", 2048, "p384", "ecdsa-sha2-nistp384"),
        ("ecdsa", 2048, "p521", "ecdsa-sha2-nistp521"), ("ed25519", 2048, "p384", "ssh-ed25519"),
    ],
)  # fmt: skip
def test_new_keys_load_again(algorithm: str, bits: int, curve: str, kind: str) -> None:
    pair = keys.generate(algorithm, bits, curve)
    assert pair.private.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert pair.public.split()[0] == kind
    assert len(pair.public.split()) == 2
    assert pair.public.endswith("\n")
    assert keys.load(pair.private) == pair


def test_keys_that_do_not_load(tmp_path: pathlib.Path) -> None:
    with pytest.raises(FluxError, match="ssh: no key found"):
        keys.load("no key")
    program = shutil.which("ssh-keygen")
    if not program:
        pytest.skip("no ssh-keygen on this machine")
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "secret", "-f", str(tmp_path / "key")], check=True)
    private = (tmp_path / "key").read_text()
    with pytest.raises(FluxError, match="this private key is passphrase protected"):
        keys.load(private)
    with pytest.raises(FluxError):
        keys.load(private, "wrong")
    assert keys.load(private, "secret").private == private


@pytest.mark.parametrize(
    ("host", "parts", "shown"),
    [
        ("github.com", ("github.com", "22"), "github.com"),
        ("example.com:2222", ("example.com", "2222"), "[example.com]:2222"),
        ("[::1]:22", ("::1", "22"), "::1"),
    ],
)
def test_hosts(host: str, parts: tuple[str, str], shown: str) -> None:
    assert host_keys.split(host) == parts
    assert host_keys.normalized(*parts) == shown


@pytest.fixture
def sshd(tmp_path: pathlib.Path) -> Iterator[tuple[int, str]]:
    """An SSH server on loopback: its port and the public key that it should be known by."""
    program = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if not program:
        pytest.skip("no OpenSSH server on this machine")
    for kind in ("ed25519", "ecdsa"):
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(tmp_path / kind)], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    options = [
        f"HostKey={tmp_path}/ed25519",
        f"HostKey={tmp_path}/ecdsa",
        f"Port={port}",
        "ListenAddress=127.0.0.1",
        "PidFile=none",
    ]
    flags = [word for option in options for word in ("-o", option)]
    server = subprocess.Popen([program, "-D", "-e", "-f", "/dev/null", *flags], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port, " ".join((tmp_path / "ecdsa.pub").read_text().split()[:2])
    server.terminate()
    server.wait()


def test_a_deploy_key_and_the_key_of_the_host(flux: Flux, sshd: tuple[int, str]) -> None:
    port, public = sshd
    answer = flux(
        f"create secret git auth --url ssh://git@127.0.0.1:{port}/r --ssh-key-algorithm ed25519 --password pass --export"
    )
    assert answer.code == 0, answer.err
    data = yaml.safe_load(answer.out)["stringData"]
    assert data["known_hosts"] == f"[127.0.0.1]:{port} {public}"
    assert data["password"] == "pass"
    assert keys.load(data["identity"]).public == data["identity.pub"]
    assert data["identity.pub"].startswith("ssh-ed25519 ")
    assert keys.fingerprint(data["known_hosts"]).startswith("SHA256:")


def test_a_key_from_a_file_is_kept_as_it_is(flux: Flux, sshd: tuple[int, str], tmp_path: pathlib.Path) -> None:
    answer = flux(f"create secret git auth --url ssh://git@127.0.0.1:{sshd[0]}/r --private-key-file {tmp_path}/ed25519 --export")
    assert yaml.safe_load(answer.out)["stringData"]["identity"] == (tmp_path / "ed25519").read_text()


def test_a_host_that_does_not_answer(flux: Flux) -> None:
    if not shutil.which("ssh"):
        pytest.skip("no ssh on this machine")
    answer = flux("create secret git auth --url ssh://git@127.0.0.1:1/r --export")
    assert answer.code == 1
    assert answer.err.startswith("✗ SSH key scan for host 127.0.0.1:1 failed, error: ")
    assert flux("create secret git auth --url ssh://git@127.0.0.1:1/r --export", PATH="/none").err.startswith(
        "✗ ssh is not on PATH\n"
    )


def test_a_source_over_ssh_gets_a_deploy_key(live: Cluster, sshd: tuple[int, str]) -> None:
    line = f"create source git demo -n live --url ssh://git@127.0.0.1:{sshd[0]}/r --branch main --timeout 20s"
    refused = live.flux(line, stdin="n\n")
    assert (refused.code, refused.out) == (1, "? Have you added the deploy key to your repository? [y/N] \n")
    assert refused.err.endswith("✗ aborting\n")
    assert live.wire.writes == []
    answer = live.flux(line, stdin="y\n")
    assert answer.code == 0, answer.err
    secret = live.wire.writes[0].body
    public, hosts = secret["stringData"]["identity.pub"], secret["stringData"]["known_hosts"]
    assert answer.err.splitlines()[:8] == [
        "✚ generating GitRepository source",
        "✔ collected public key from SSH server:",
        hosts,
        f"✚ deploy key: {public.strip()}",
        "",
        "► applying secret with repository credentials",
        "✔ authentication configured",
        "► applying GitRepository source",
    ]
    assert secret["stringData"]["identity"] not in answer.out + answer.err
    shown = live.flux(f"{line} -s", tty=True)
    assert f"  fingerprint {keys.fingerprint(live.wire.writes[-2].body['stringData']['known_hosts'])}\n" in shown.err


def test_a_deploy_key_is_shown_when_its_secret_is_stored(bare: Cluster, sshd: tuple[int, str]) -> None:
    answer = bare.flux(f"create secret git auth -n live --url ssh://git@127.0.0.1:{sshd[0]}/r")
    public = bare.wire.writes[0].body["stringData"]["identity.pub"]
    assert answer == (0, "", f"✚ deploy key: {public}\n► git secret 'auth' created in 'live' namespace\n")
    preview = bare.flux(f"create source git demo -n live --url ssh://git@127.0.0.1:{sshd[0]}/r --branch main --dry-run server")
    assert "a Secret with a deploy key would be made and referred to\n" in preview.err


def test_certificates_and_their_keys() -> None:
    one, other = (trustme.CA().issue_cert("example.com") for _ in range(2))
    certificate, key = one.cert_chain_pems[0].bytes().decode(), one.private_key_pem.bytes().decode()
    keys.check_tls_pair(certificate, key)
    wrong = {
        (certificate, other.private_key_pem.bytes().decode()): "tls: private key does not match public key",
        ("dummy", key): "tls: failed to find any PEM data in certificate input",
        (certificate, "dummy"): "tls: failed to find any PEM data in key input",
        (certificate, certificate): "tls: found a certificate rather than a key in the PEM for the private key",
    }
    for pair, message in wrong.items():
        with pytest.raises(FluxError) as caught:
            keys.check_tls_pair(*pair)
        assert str(caught.value) == message

"""Through proxies: Git over SSH by ALL_PROXY, Git over HTTP and the Git hosts by httpx's own rules."""

import os
import pathlib
import subprocess

import pytest
from bootstrap.git_servers import Bare, HttpServer, SshServer
from bootstrap.test_git import key
from kube.proxies import Proxy

from flux_cli.core.errors import FluxError
from flux_cli.git.access import Access
from flux_cli.git.checkout import Checkout
from flux_cli.git.codecommit import credentials


@pytest.mark.parametrize(("kind", "scheme"), [("http", "http"), ("socks", "socks5")])
def test_ssh(bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path, kind: str, scheme: str) -> None:
    private, public = key(tmp_path / "keys", "id")
    ssh_server.authorize(public)
    bare.commit(tmp_path, {"README": "hello"})
    access = Access(key_file=str(private), known_hosts=f"[127.0.0.1]:{ssh_server.port} {ssh_server.host_key()}")
    proxy = Proxy(kind)
    try:
        environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ALL_PROXY": f"{scheme}://127.0.0.1:{proxy.port}"}
        checkout = Checkout(ssh_server.url, "main", access, environ, 30)
        assert checkout.read("README") == b"hello"
        assert proxy.asked
    finally:
        proxy.close()


def test_ssh_through_a_proxy_that_is_not_there(bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ALL_PROXY": "socks5://127.0.0.1:9"}
    with pytest.raises(FluxError, match=r"flux: .*[Cc]onnection refused"):
        Checkout(ssh_server.url, "main", Access(), environ, 30)


@pytest.mark.parametrize(("kind", "scheme"), [("http", "http"), ("socks", "socks5")])
def test_https(bare: Bare, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, kind: str, scheme: str) -> None:
    import trustme

    ca = trustme.CA()
    bare.commit(tmp_path, {"README": "hello"})
    server = HttpServer(bare.path.parent, ca=ca)
    proxy = Proxy(kind)
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://127.0.0.1:{proxy.port}")
    try:
        access = Access(ca=ca.cert_pem.bytes().decode())
        assert Checkout(server.url, "main", access, {}, 30).read("README") == b"hello"
        assert proxy.asked
    finally:
        proxy.close()
        server.stop()


def test_a_host_key_that_changed_is_refused(bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path) -> None:
    private, public = key(tmp_path / "keys", "id")
    ssh_server.authorize(public)
    _, other = key(tmp_path / "keys", "other")
    access = Access(key_file=str(private), known_hosts=f"[127.0.0.1]:{ssh_server.port} {other}")
    with pytest.raises(FluxError, match="Host key verification failed") as caught:
        Checkout(ssh_server.url, "main", access, dict(os.environ), 30)
    assert "known_hosts" in caught.value.hint


def test_host_key_algorithms_are_passed_on(bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path) -> None:
    """The server has no such key: nothing is agreed on."""
    access = Access(host_key_algorithms=("rsa-sha2-512",))
    with pytest.raises(FluxError, match="no matching host key type found"):
        Checkout(ssh_server.url, "main", access, dict(os.environ), 30)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", ".git/config", "a/.GIT/hooks/x", "", "a//b"])
def test_paths_stay_inside_of_the_repository(bare: Bare, path: str) -> None:
    server = HttpServer(bare.path.parent)
    try:
        checkout = Checkout(server.url, "main", Access(), {}, 30)
        with pytest.raises(FluxError, match="no path inside"):
            checkout.write(path, b"x")
    finally:
        server.stop()


def test_modes_and_links_of_others_stay(bare: Bare, tmp_path: pathlib.Path) -> None:
    """What is in the tree beside our files is carried over as it is, unread."""
    bare.commit(tmp_path, {"run.sh": "#!/bin/sh\n"})
    work = tmp_path / "links"
    subprocess.run(["git", "clone", "-q", str(bare.path), str(work)], check=True)
    (work / "link").symlink_to("run.sh")
    (work / "run.sh").chmod(0o755)
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
    subprocess.run(["git", "-C", str(work), "add", "-A"], check=True)
    subprocess.run(["git", "-C", str(work), *identity, "commit", "-qm", "x"], check=True)
    subprocess.run(["git", "-C", str(work), "push", "-q", "origin", "HEAD:main"], check=True)
    server = HttpServer(bare.path.parent)
    try:
        checkout = Checkout(server.url, "main", Access(), {}, 30)
        checkout.write("run.sh", b"#!/bin/sh\ntrue\n")
        checkout.write("a/b/c", b"1")
        checkout.commit("ours", "Flux <>")
        checkout.push()
    finally:
        server.stop()
    shown = subprocess.run(
        ["git", "-C", str(bare.path), "ls-tree", "-r", "main"], check=True, capture_output=True, text=True
    ).stdout
    assert [(line.split()[0], line.split("\t")[1]) for line in shown.splitlines()] == [
        ("100644", "a/b/c"), ("120000", "link"), ("100755", "run.sh")]  # fmt: skip


def test_code_commit_credentials() -> None:
    """AWS' signature for ``GIT``, as its own credential helper makes it."""
    from flux_cli.git.access import split

    parts = split("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet")
    environ = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "t"}
    user, password = credentials(parts, environ, 0)
    assert user == "AKID%t"
    assert password.startswith("19700101T000000Z")
    assert len(password) == 16 + 64
    with pytest.raises(FluxError, match="failed to get AWS CodeCommit IAM git credentials"):
        credentials(parts, {}, 0)

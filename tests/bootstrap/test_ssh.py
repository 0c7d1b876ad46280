"""Git over SSH as people have it set up: their own configuration, keys of every kind, proxies, servers that do not answer."""

import getpass
import os
import pathlib
import shutil

import pytest
from bootstrap.conftest import Place
from bootstrap.git_servers import Bare, SshServer, configured
from bootstrap.stand_in import Controllers
from bootstrap.test_git import FILES, key, secret
from kube.proxies import Proxy

from flux_cli.core.errors import FluxError, Timeout
from flux_cli.git import host_keys
from flux_cli.git.access import Access
from flux_cli.git.checkout import Checkout


def test_the_users_own_configuration(
    place: Place, bare: Bare, ssh_server: SshServer, controllers: Controllers, tmp_path: pathlib.Path
) -> None:
    """An alias with host, port, user, key and known hosts of its own, by a wildcard in an included file."""
    private, public = key(tmp_path / "keys", "id")
    ssh_server.authorize(public)
    (tmp_path / "known").write_text(f"[127.0.0.1]:{ssh_server.port} {ssh_server.host_key()}\n")
    (tmp_path / "included").write_text(
        f"Host *-Fleet\n  HostName 127.0.0.1\n  Port {ssh_server.port}\n  User {getpass.getuser()}\n"
        f"  IdentityFile {private}\n  IdentitiesOnly yes\n  UserKnownHostsFile {tmp_path / 'known'}\n"
    )
    place.flux.environ |= configured(tmp_path, f"Include {tmp_path / 'included'}\n")
    line = (
        f"bootstrap git --url ssh://My-Fleet{bare.path} --ssh-hostname 127.0.0.1:{ssh_server.port} --path clusters/prod --silent"
    )
    code, _, err = place.flux(line)
    assert code == 0, err
    assert bare.files() == FILES
    assert f"  url: ssh://git@127.0.0.1:{ssh_server.port}{bare.path}\n" in bare.show(FILES[1])
    assert secret(place)["known_hosts"] == f"[127.0.0.1]:{ssh_server.port} {ssh_server.host_key()}"


def test_a_jump_host(bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path) -> None:
    """The repository's host is asked for its key, and then read, through another."""
    private, public = key(tmp_path / "keys", "id")
    ssh_server.authorize(public)
    bare.commit(tmp_path, {"README": "hello"})
    (tmp_path / "known").write_text(f"jump {ssh_server.host_key()}\n")
    environ = configured(
        tmp_path,
        f"Host jump\n  HostName 127.0.0.1\n  HostKeyAlias jump\n  Port {ssh_server.port}\n  User {getpass.getuser()}\n"
        f"  IdentityFile {private}\n  UserKnownHostsFile {tmp_path / 'known'}\n"
        "Host inner.example\n  HostName 127.0.0.1\n  ProxyJump jump\n",
    )
    line = host_keys.scan(f"inner.example:{ssh_server.port}", environ)
    assert line == f"[inner.example]:{ssh_server.port} {ssh_server.host_key()}"
    access = Access(key_file=str(private), known_hosts=line.replace("inner.example", "127.0.0.1"))
    url = f"ssh://{getpass.getuser()}@inner.example:{ssh_server.port}{bare.path}"
    assert Checkout(url, "main", access, environ, 30).read("README") == b"hello"


@pytest.mark.parametrize(("kind", "scheme"), [("http", "http"), ("socks", "socks5")])
def test_the_hosts_key_through_a_proxy(ssh_server: SshServer, tmp_path: pathlib.Path, kind: str, scheme: str) -> None:
    proxy = Proxy(kind)
    try:
        environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ALL_PROXY": f"{scheme}://127.0.0.1:{proxy.port}"}
        line = f"[127.0.0.1]:{ssh_server.port} {ssh_server.host_key()}"
        assert host_keys.scan(f"127.0.0.1:{ssh_server.port}", environ) == line
        assert (asked := len(proxy.asked)) > 0
        assert host_keys.scan(f"127.0.0.1:{ssh_server.port}", environ | {"NO_PROXY": "10.0.0.1,127.0.0.1"}) == line
        assert len(proxy.asked) == asked
    finally:
        proxy.close()


def test_ones_own_way_to_a_host_comes_before_the_proxy(ssh_server: SshServer, tmp_path: pathlib.Path) -> None:
    own = tmp_path / "own"
    own.write_text(f"#!/bin/sh\ntouch {tmp_path / 'used'}\nexec {shutil.which('ssh')} -F {tmp_path / 'jump'} -W $1:$2 jump\n")
    own.chmod(0o755)
    private, public = key(tmp_path / "keys", "id")
    ssh_server.authorize(public)
    (tmp_path / "jump").write_text(
        f"Host jump\n  HostName 127.0.0.1\n  Port {ssh_server.port}\n  User {getpass.getuser()}\n  IdentityFile {private}\n"
        "  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n"
    )
    environ = configured(tmp_path, f"Host 127.0.0.1\n  ProxyCommand {own} %h %p\n") | {"ALL_PROXY": "socks5://127.0.0.1:9"}
    assert host_keys.scan(f"127.0.0.1:{ssh_server.port}", environ).endswith(ssh_server.host_key())
    assert (tmp_path / "used").exists()


def test_a_key_file_that_others_may_read(bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path) -> None:
    """Mounted secrets are like that; ssh alone would refuse it."""
    private, public = key(tmp_path / "keys", "id")
    private.chmod(0o644)
    ssh_server.authorize(public)
    bare.commit(tmp_path, {"README": "hello"})
    access = Access(key_file=str(private), known_hosts=f"[127.0.0.1]:{ssh_server.port} {ssh_server.host_key()}")
    assert Checkout(ssh_server.url, "main", access, dict(os.environ), 30).read("README") == b"hello"
    assert private.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("passphrase", "given", "said"),
    [
        ("sesame", "wrong", "x509: decryption password incorrect"),
        ("sesame", "", "ssh: this private key is passphrase protected"),
        ("", "needless", "ssh: not an encrypted key"),
    ],
)
def test_a_passphrase_that_is_wrong_is_told_first(
    place: Place, bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path, passphrase: str, given: str, said: str
) -> None:
    private, _ = key(tmp_path / "keys", "id", passphrase)
    code, out, err = place.flux(f"bootstrap git --url {ssh_server.url} --private-key-file {private} --silent --password", given)
    assert (code, out, err.splitlines()[0]) == (1, "", f"✗ {said}")
    assert place.recorder.writes == []
    assert bare.log() == []


def test_a_server_that_lets_in_and_says_nothing(bare: Bare, ssh_server: SshServer, tmp_path: pathlib.Path) -> None:
    private, public = key(tmp_path / "keys", "id")
    ssh_server.authorize(f'command="sleep 600" {public}')
    access = Access(key_file=str(private), known_hosts=f"[127.0.0.1]:{ssh_server.port} {ssh_server.host_key()}")
    with pytest.raises(Timeout, match="context deadline exceeded"):
        Checkout(ssh_server.url, "main", access, dict(os.environ), 2)


def test_a_host_without_a_key(tmp_path: pathlib.Path) -> None:
    with pytest.raises(FluxError, match=r"SSH key scan for host 127\.0\.0\.1:9 failed, error: .*connection refused"):
        host_keys.scan("127.0.0.1:9", {"PATH": os.environ["PATH"], "HOME": str(tmp_path)})

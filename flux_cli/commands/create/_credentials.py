"""The Secret that a source is created together with, from the credentials among its flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from flux_cli.commands import undo
from flux_cli.commands.prompting import confirm
from flux_cli.commands.prompting import password as password_of
from flux_cli.core.objects import text
from flux_cli.git import host_keys
from flux_cli.services import keys
from flux_cli.services.creating import secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flux_cli.commands.create._flow import Order
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object

_REPOSITORY = "secret with repository credentials"


class Given(NamedTuple):
    """User and password as the flags name them."""

    username: str
    password: str
    stdin: bool
    file: str

    def secret(self, app: App) -> str:
        return password_of(app, self.password, self.stdin, self.file)


class SshKey(NamedTuple):
    """An SSH key to load, or to make."""

    file: str
    algorithm: str
    bits: int
    curve: str

    def pair(self, password: str) -> keys.KeyPair:
        if self.file:
            from flux_cli.services.creating.shape import read_file

            return keys.load(read_file(self.file, "failed to open private key file"), password)
        return keys.generate(self.algorithm, self.bits, self.curve)


def of_git(app: App, wanted: Order, obj: Object, given: Given, key: SshKey, *, ca_file: str, silent: bool) -> str:
    """Store what the repository needs and refer to it: an SSH key for ssh, else user and password. Returns what undoes it."""
    parts = urlsplit(text(obj, "spec.url"))
    if parts.scheme == "ssh":
        if wanted.preview:
            app.log.plain("a Secret with a deploy key would be made and referred to")
            return ""
        password = given.secret(app)
        pair = key.pair(password)
        hosts = host_keys.scan(parts.netloc.rpartition("@")[2], app.environ)
        show_host_key(app, hosts)
        app.log.generate(f"deploy key: {pair.public}")
        if not silent:
            confirm(app, "Have you added the deploy key to your repository")
        data = secrets.ssh_data(pair, hosts, password)
    else:
        if parts.scheme == "http":
            app.log.warning("insecure configuration: credentials configured for an HTTP URL")
        data = secrets.basic_data(given.username, given.secret(app), ca_file if parts.scheme == "https" else "")
    if not data:
        return ""
    return _store(app, wanted, obj, secrets.secret(wanted.meta._replace(labels=()), data), _REPOSITORY)


def show_host_key(app: App, hosts: str) -> None:
    """What the SSH server showed; on a terminal with its fingerprint, to compare with what the host publishes."""
    app.log.success(f"collected public key from SSH server:\n{hosts}")
    if app.streams.tty:
        app.log.plain(f"  fingerprint {keys.fingerprint(hosts)}")


def of_helm(app: App, wanted: Order, obj: Object, given: Given, texts: Mapping[str, str], *, pass_credentials: bool) -> str:
    """``texts``: client certificate, its key and CA, as ``secrets.tls_files`` reads them. Returns what undoes it."""
    meta = wanted.meta._replace(name=f"helm-{wanted.meta.name}", labels=())
    secret = secrets.helm(meta, username=given.username, password=given.secret(app), **texts)
    if not secret.get("stringData"):
        return ""
    if pass_credentials:
        obj["spec"]["passCredentials"] = True
    return _store(app, wanted, obj, secret, _REPOSITORY)


def of_bucket(app: App, wanted: Order, obj: Object, access_key: str, secret_key: str) -> str:
    """Returns what undoes it."""
    if not (access_key and secret_key):
        return ""
    meta = wanted.meta._replace(name=f"bucket-{wanted.meta.name}")
    secret = secrets.secret(meta, {"accesskey": access_key, "secretkey": secret_key})
    return _store(app, wanted, obj, secret, "secret with the bucket credentials")


def _store(app: App, wanted: Order, obj: Object, secret: Object, title: str) -> str:
    name = text(secret, "metadata.name")
    obj["spec"]["secretRef"] = {"name": name}
    if wanted.preview:
        from flux_cli.commands.create import _preview

        _preview.tell(app, secrets.put(app.kube, secret, dry_run=True), diff=wanted.diff)
        return ""
    app.log.action(f"applying {title}")
    outcome = secrets.put(app.kube, secret)
    app.log.success("authentication configured")
    return "" if outcome.before else undo.by_kubectl_delete("secret", name, wanted.meta.namespace)

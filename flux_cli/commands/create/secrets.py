"""``flux create secret``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flux_cli.commands import undo
from flux_cli.commands.create._flow import Order, order
from flux_cli.commands.prompting import password as password_of
from flux_cli.core.errors import UsageError
from flux_cli.printers.yaml import document
from flux_cli.services.creating import secrets
from flux_cli.services.creating.shape import parse_labels

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import create as every
    from flux_cli.commands.flags import create_sources as flags
    from flux_cli.commands.flags import preview
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object


def declare(create: Group) -> None:
    verb = create.group("secret", "Create or update Secrets that Flux reads")
    for name, run in (
        ("git", git), ("githubapp", githubapp), ("helm", helm), ("notation", notation), ("oci", oci), ("proxy", proxy),
        ("receiver", receiver), ("tls", tls),
    ):  # fmt: skip
        verb.leaf(name, run)


def git(
    app: App, name: Name = "", url: flags.RepositoryUrl = "", username: flags.Username = "", password: flags.KeyPassword = "",
    password_stdin: flags.PasswordStdin = False, password_file: flags.PasswordFile = "",
    ssh_key_algorithm: flags.SshAlgorithm = "ecdsa", ssh_rsa_bits: flags.SshBits = 2048, ssh_ecdsa_curve: flags.SshCurve = "p384",
    ca_crt_file: flags.CaCrtFile = "", private_key_file: flags.PrivateKeyFile = "", bearer_token: flags.BearerToken = "",
    interval: every.Interval = 60.0, export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "",
    diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Secret with Git credentials

    For ssh:// a deploy key is made and shown, and the host's key is fetched; for https:// user and password or a token are
    stored.

    Examples:
    # A new deploy key
    flux create secret git podinfo --url=ssh://git@github.com/stefanprodan/podinfo

    # User and password, the password from standard input
    flux create secret git podinfo --url=https://github.com/stefanprodan/podinfo --username=me --password-stdin < token.txt
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    scheme = secrets.git_scheme(url)
    parse_labels(label)
    secret = password_of(app, password, password_stdin, password_file)
    if scheme == "ssh":
        from flux_cli.commands.create._credentials import SshKey
        from flux_cli.git import host_keys

        pair = SshKey(private_key_file, ssh_key_algorithm, ssh_rsa_bits, ssh_ecdsa_curve).pair(secret)
        hosts = host_keys.scan(urlsplit(url).netloc.rpartition("@")[2], app.environ)
        obj = secrets.secret(wanted.meta, secrets.ssh_data(pair, hosts, secret))
        _finish(app, wanted, obj, "git secret", deploy_key=pair.public)
    elif scheme in ("http", "https"):
        obj = secrets.git_over_http(
            wanted.meta, username=username, password=secret, bearer_token=bearer_token, ca_file=ca_crt_file
        )
        _finish(app, wanted, obj, "git secret")
    else:
        raise UsageError(f"git URL scheme '{scheme}' not supported, can be: ssh, http and https")


def githubapp(
    app: App, name: Name = "", app_id: flags.AppId = "", app_installation_owner: flags.AppOwner = "",
    app_installation_id: flags.AppInstallation = "", app_private_key: flags.AppPrivateKey = "", app_base_url: flags.AppBaseUrl
    = "",
    interval: every.Interval = 60.0, export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "",
    diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Secret with the credentials of a GitHub App

    Examples:
    # By the owner of its installation
    flux create secret githubapp podinfo --app-id=1 --app-installation-owner=my-org --app-private-key=./app.pem
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = secrets.github_app(
        wanted.meta, app_id=app_id, private_key_file=app_private_key, owner=app_installation_owner,
        installation=app_installation_id,
        base_url=app_base_url,
    )  # fmt: skip
    _finish(app, wanted, obj, "githubapp secret")


def helm(
    app: App, name: Name = "", username: flags.Username = "", password: flags.Password = "",
    password_stdin: flags.PasswordStdin = False, password_file: flags.PasswordFile = "", tls_crt_file: flags.TlsCrtFile = "",
    tls_key_file: flags.TlsKeyFile = "", ca_crt_file: flags.CaCrtFile = "", interval: every.Interval = 60.0,
    export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Secret with the credentials of a chart repository

    Examples:
    # User and password, the password from a file
    flux create secret helm charts --username=me --password-file=./password.txt
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    parse_labels(label)
    texts = secrets.tls_files(tls_crt_file, tls_key_file, ca_crt_file)
    secret = password_of(app, password, password_stdin, password_file)
    _finish(app, wanted, secrets.helm(wanted.meta, username=username, password=secret, **texts), "helm secret")


def notation(
    app: App, name: Name = "", trust_policy_file: flags.TrustPolicyFile = "", ca_cert_file: flags.CaCertFiles = (),
    interval: every.Interval = 60.0, export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "",
    diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Secret with what checks Notation signatures

    Examples:
    # A trust policy and two root certificates
    flux create secret notation signers --trust-policy-file=./trustpolicy.json --ca-cert-file=./a.crt --ca-cert-file=./b.crt
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = secrets.notation(wanted.meta, certificates=ca_cert_file, trust_policy=trust_policy_file)
    _finish(app, wanted, obj, "notation configuration secret")


def oci(
    app: App, name: Name = "", url: flags.RepositoryUrl = "", username: flags.Username = "", password: flags.Password = "",
    password_stdin: flags.PasswordStdin = False, password_file: flags.PasswordFile = "", interval: every.Interval = 60.0,
    export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Secret with the credentials of an OCI registry

    Examples:
    # The password from standard input
    flux create secret oci ghcr --url=ghcr.io --username=me --password-stdin < token.txt
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    secret = password_of(app, password, password_stdin, password_file)
    _finish(app, wanted, secrets.oci(wanted.meta, url=url, username=username, password=secret), "oci secret")


def proxy(
    app: App, name: Name = "", address: flags.ProxyAddress = "", username: flags.Username = "", password: flags.Password = "",
    password_stdin: flags.PasswordStdin = False, password_file: flags.PasswordFile = "", interval: every.Interval = 60.0,
    export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Secret with the address and credentials of a proxy

    Examples:
    flux create secret proxy corporate --address=https://proxy.example.com:8080 --username=me --password-file=./password.txt
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    secret = password_of(app, password, password_stdin, password_file)
    _finish(app, wanted, secrets.proxy(wanted.meta, address=address, username=username, password=secret), "proxy secret")


def receiver(
    app: App, name: Name = "", type: flags.ReceiverType = "", token: flags.ReceiverToken = "", hostname: flags.Hostname = "",
    email_claim: flags.EmailClaim = "", audience_claim: flags.AudienceClaim = "", interval: every.Interval = 60.0,
    export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Secret with the token of a Receiver

    An annotation of the Secret is the URL at which a Receiver of the same name listens.

    Examples:
    # A random token
    flux create secret receiver github --type=github --hostname=flux.example.com
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = secrets.receiver(wanted.meta, type=type, hostname=hostname, token=token, email=email_claim, audience=audience_claim)
    _finish(app, wanted, obj, "receiver secret")


def tls(
    app: App, name: Name = "", tls_crt_file: flags.TlsCrtFile = "", tls_key_file: flags.TlsKeyFile = "",
    ca_crt_file: flags.CaCrtFile = "", interval: every.Interval = 60.0, export: every.Export = False,
    label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Secret with TLS certificates

    Examples:
    # A client certificate, and the CA of the server
    flux create secret tls registry --tls-crt-file=./client.crt --tls-key-file=./client.key --ca-crt-file=./ca.crt
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    parse_labels(label)
    obj = secrets.tls(wanted.meta, **secrets.tls_files(tls_crt_file, tls_key_file, ca_crt_file))
    _finish(app, wanted, obj, "tls secret", blank_line=False)


def _finish(app: App, wanted: Order, obj: Object, what: str, *, deploy_key: str = "", blank_line: bool = True) -> None:
    """Print it (most of these commands end their output with an empty line), or store it and say so."""
    if wanted.export:
        app.streams.out.write(document(obj) + ("\n" if blank_line else ""))
        return
    if wanted.preview:
        from flux_cli.commands.create import _preview

        _preview.tell(app, secrets.put(app.kube, obj, dry_run=True), diff=wanted.diff)
        return
    if deploy_key:
        app.log.generate(f"deploy key: {deploy_key}")
    outcome = secrets.put(app.kube, obj)
    app.log.action(f"{what} '{wanted.meta.name}' created in '{wanted.meta.namespace}' namespace")
    if outcome.before is None:
        undo.note(app, lambda: [undo.by_kubectl_delete("secret", wanted.meta.name, wanted.meta.namespace)])
    else:
        undo.impossible(app, "the Secret's former values were replaced and are not kept")

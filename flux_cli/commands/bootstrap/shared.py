"""What the sub-commands of ``bootstrap`` share: their flags, declared once, and the way from them to a bootstrap."""

from __future__ import annotations

import functools
import inspect
import pathlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from flux_cli.core.errors import FluxError, UsageError
from flux_cli.services.manifests.options import DEFAULTS, REGISTRY, REQUIRED

if TYPE_CHECKING:
    from flux_cli.commands.flags import bootstrap as flags
    from flux_cli.core.app import App
    from flux_cli.git.access import Access
    from flux_cli.git.signing import Signer
    from flux_cli.services.bootstrapping import SecretWish, Wish, World
    from flux_cli.services.keys import KeyPair
    from flux_cli.services.manifests import Options, Release


class Common(NamedTuple):
    """The flags that every ``bootstrap`` has."""

    version: flags.Version = ""
    components: flags.Components = DEFAULTS
    components_extra: flags.ComponentsExtra = ()
    registry: flags.Registry = REGISTRY
    registry_creds: flags.RegistryCreds = ""
    image_pull_secret: flags.ImagePullSecret = ""
    branch: flags.Branch = "main"
    recurse_submodules: flags.RecurseSubmodules = False
    sparse_checkout: flags.SparseCheckout = ()
    manifests: flags.Manifests = ""
    watch_all_namespaces: flags.WatchAllNamespaces = True
    network_policy: flags.NetworkPolicy = True
    token_auth: flags.TokenAuth = False
    log_level: flags.LogLevel = "info"
    cluster_domain: flags.ClusterDomain = "cluster.local"
    toleration_keys: flags.TolerationKeys = ()
    secret_name: flags.SecretName = "flux-system"
    ssh_key_algorithm: flags.SshKeyAlgorithm = "ecdsa"
    ssh_rsa_bits: flags.SshRsaBits = 2048
    ssh_ecdsa_curve: flags.SshEcdsaCurve = "p384"
    ssh_hostkey_algos: flags.SshHostkeyAlgos = ()
    ssh_hostname: flags.SshHostname = ""
    ca_file: flags.CaFile = ""
    private_key_file: flags.PrivateKeyFile = ""
    author_name: flags.AuthorName = "Flux"
    author_email: flags.AuthorEmail = ""
    gpg_key_ring: flags.GpgKeyRing = ""
    gpg_passphrase: flags.GpgPassphrase = ""
    gpg_key_id: flags.GpgKeyId = ""
    ssh_signing_key_file: flags.SshSigningKeyFile = ""
    ssh_signing_password: flags.SshSigningPassword = ""
    ssh_signing_passphrase: flags.SshSigningPassphrase = ""
    ssh_signing_reuse_private_key: flags.SshSigningReuse = False
    commit_message_appendix: flags.Appendix = ""
    force: flags.Force = False
    plan: flags.Plan = False


def _parameters() -> list[inspect.Parameter]:
    """The fields of ``Common`` as parameters, annotations unevaluated: the flags' module is not loaded for a run."""
    return [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=Common._field_defaults[name], annotation=note.__forward_arg__
        )
        for name, note in Common.__annotations__.items()
    ]


def persistent(app: App) -> None:
    """Declares the flags of ``Common``."""


_APP = inspect.Parameter("app", inspect.Parameter.POSITIONAL_OR_KEYWORD)
persistent.__signature__ = inspect.Signature([_APP, *_parameters()])  # type: ignore[attr-defined]


def takes_common(run: Callable[..., None]) -> Callable[..., None]:
    """A command ``run(app, common, own flags…)`` that is declared with the flags of ``Common`` beside its own."""

    @functools.wraps(run)
    def call(app: App, **values: Any) -> None:
        common = Common(**{name: values.pop(name) for name in Common._fields if name in values})
        run(app, common, **values)

    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in list(inspect.signature(run).parameters.values())[2:]]
    call.__signature__ = inspect.Signature([_APP, *own, *_parameters()])  # type: ignore[attr-defined]
    return call


class Checked(NamedTuple):
    """What the checks of the flags found."""

    components: tuple[str, ...]
    credentials: tuple[str, str] | None
    signer: Signer | None


def check(app: App, common: Common, key_password: str = "") -> Checked:
    """All checks that need neither cluster nor network, in the Go CLI's order. ``key_password``: of ``--private-key-file``."""
    from flux_cli.services.manifests.options import components_of, credentials_of

    components = components_of(common.components, common.components_extra, required=REQUIRED)
    credentials = credentials_of(common.registry_creds, common.image_pull_secret)
    return Checked(components, credentials, _signer(app, common, key_password))


def _signer(app: App, common: Common, key_password: str) -> Signer | None:
    from flux_cli.git.signing import gpg_signer, ssh_signer

    reuse, key_file = common.ssh_signing_reuse_private_key, common.ssh_signing_key_file
    if common.gpg_key_ring and (key_file or reuse):
        raise UsageError("--gpg-* and --ssh-signing-* are mutually exclusive; pick one signing format")
    if key_file and reuse:
        raise UsageError("--ssh-signing-key-file and --ssh-signing-reuse-private-key are mutually exclusive")
    if reuse and not common.private_key_file:
        raise UsageError("--ssh-signing-reuse-private-key requires --private-key-file")
    password, alias = common.ssh_signing_password, common.ssh_signing_passphrase
    if password and alias and password != alias:
        raise UsageError("--ssh-signing-password and --ssh-signing-passphrase are aliases; do not pass both")
    if (password or alias) and not key_file:
        raise UsageError("--ssh-signing-password requires --ssh-signing-key-file")
    if common.gpg_key_ring:
        return _named("invalid GPG signing key", lambda: gpg_signer(
            common.gpg_key_ring, common.gpg_passphrase, common.gpg_key_id, app.environ))  # fmt: skip
    if key_file:
        content = read_file(key_file, "failed to read SSH signing key file")
        return _named("invalid SSH signing key", lambda: ssh_signer(content, password or alias))
    if reuse:
        content = read_file(common.private_key_file, "failed to read transport private key for signing")
        why = "invalid signing key (reused from --private-key-file)"
        return _named(why, lambda: ssh_signer(content, key_password))
    return None


def _named(what: str, make: Callable[[], Signer]) -> Signer:
    try:
        return make()
    except FluxError as err:
        raise FluxError(f"{what}: {err}", hint=err.hint) from err


def read_file(path: str, failed: str = "") -> bytes:
    """A file's content. Raises FluxError in Go's words, after ``failed``."""
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as err:
        said = f"open {path}: {(err.strerror or str(err)).lower()}"
        raise FluxError(f"{failed}: {said}" if failed else said) from err


def key_of(common: Common, password: str = "", hint: str = "") -> KeyPair | None:
    """The pair of ``--private-key-file``, None without that flag. ``hint``: where its passphrase goes. Raises FluxError."""
    if not common.private_key_file:
        return None
    from flux_cli.services import keys

    private = read_file(common.private_key_file, "failed to open private key file").decode("utf-8", "replace")
    try:
        return keys.load(private, password)
    except FluxError as err:
        raise FluxError(str(err), hint=err.hint or hint) from err


def options_of(app: App, common: Common, checked: Checked, *, asks: bool = True) -> Options:
    """Ask the cluster what is there, and which version is meant. ``asks``: about another tool's installation."""
    from flux_cli.commands.prompting import confirm_takeover
    from flux_cli.services.installing import installed
    from flux_cli.services.manifests import Options, resolve_version

    _ = app.kube
    found = installed(app.kube) if asks and not common.force else None
    if found and not common.plan:
        confirm_takeover(app, found.version, found.manager, "bootstrap cancelled")
    return Options(
        resolve_version(common.version, app.environ), checked.components, app.settings.namespace, common.registry,
        common.image_pull_secret, common.watch_all_namespaces, common.log_level, common.network_policy, common.cluster_domain,
        tuple(common.toleration_keys),
    )  # fmt: skip


def ca_of(common: Common) -> str:
    if not common.ca_file:
        return ""
    return read_file(common.ca_file, "unable to read TLS CA file").decode("utf-8", "replace")


def release_of(app: App, common: Common, options: Options) -> Release:
    from flux_cli.services.manifests import find

    return find(options.version, common.manifests, app.environ, app.log)


def wish_of(
    common: Common, checked: Checked, options: Options, release: Release, *, url: str, sync_url: str, path: str, interval: float
) -> Wish:
    from flux_cli.services.bootstrapping import Wish

    return Wish(
        options, release, url, sync_url, common.branch, path, common.secret_name, interval, common.recurse_submodules,
        tuple(common.sparse_checkout), "", common.author_name, common.author_email, common.commit_message_appendix,
        checked.credentials,
    )  # fmt: skip


def world_of(app: App, checked: Checked, access: Access) -> World:
    from flux_cli.services.bootstrapping import World

    return World(app.kube, app.clock, app.log, app.environ, app.settings.timeout, access, checked.signer)


def key_wish(common: Common, ca: str, host: str, pair: KeyPair | None, password: str = "") -> SecretWish:
    """A Secret with an SSH key, made or given."""
    from flux_cli.services.bootstrapping import SecretWish

    return SecretWish(
        ca=ca, pair=pair, key_password=password, host=host, algorithm=common.ssh_key_algorithm,
        rsa_bits=common.ssh_rsa_bits, curve=common.ssh_ecdsa_curve,
    )  # fmt: skip


def show_plan(app: App, wish: Wish, secret: SecretWish, world: World, published: str) -> None:
    """Say what would be done (``--plan``); ``published`` is what would happen to the public key."""
    from flux_cli.services.bootstrapping.planning import plan

    for line in plan(wish, secret, world, published):
        app.streams.out.write(line + "\n")

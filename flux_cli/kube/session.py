"""From flags and environment to a connected client: the one door of this room."""

from __future__ import annotations

from flux_cli.core.app import Settings
from flux_cli.core.errors import ConfigError
from flux_cli.core.text import go_quote
from flux_cli.kube import auth, config
from flux_cli.kube.address import Address, NoSuchPort, parse
from flux_cli.kube.client import KubeClient
from flux_cli.kube.config import Access, context_namespace
from flux_cli.kube.dialing import Dialer
from flux_cli.kube.kubeconfig import Entry
from flux_cli.kube.tls import Identity, Trust
from flux_cli.kube.wire import Credentials, Pace, Wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from flux_cli.kube.calls import Known

__all__ = ["connect", "context_namespace"]


def connect(settings: Settings, environ: Mapping[str, str], known: Known | None = None) -> KubeClient:
    """A client for the cluster that the settings name. Nothing is sent yet. Raises ConfigError.

    ``known`` answers for kinds that need no discovery.
    """
    way = config.access(settings, environ)
    wire = open_wire(way, settings, environ)
    cache = settings.cache_dir or environ.get("KUBECACHEDIR") or _home_cache(environ)
    return KubeClient(wire, known=known, cache_dir=cache, refused=_refused(way))


def open_wire(way: Access, settings: Settings, environ: Mapping[str, str]) -> Wire:
    """The transport for this way to a cluster."""
    address = server_address(way)
    secure = address.scheme == "https"
    user = way.user if secure else Entry({})  # credentials never travel in the clear, as in client-go
    renewed = _provider(user, way, environ)
    trust = _trust(way.cluster) if secure else Trust()
    credentials, identity = _credentials(user, way, environ, renewed)
    proxy = _proxy(way, address, environ)
    prefix, known_as = _relay(proxy, address)
    return Wire(
        address,
        Dialer(address, trust, identity, proxy),
        credentials,
        headers={"user-agent": _agent(), **auth.impersonation(way.user), **known_as},
        prefix=prefix,
        compression=not way.cluster.flag("disable-compression"),
        origin=f'cluster "{way.cluster_name}" in {way.cluster.file}' if way.cluster.file else way.origin,
        gap="" if way.cluster.file else way.gap,
        pace=Pace(settings.kube_api_qps, settings.kube_api_burst) if settings.kube_api_qps > 0 else None,
    )


def server_address(way: Access) -> Address:
    """The server's address; without a scheme it is plain http, as in client-go."""
    try:
        address = _address(way.cluster.text("server"))
        if address.scheme not in ("http", "https"):
            raise ValueError(f'unsupported protocol scheme "{address.scheme}"')
    except ValueError as err:
        where = f'cluster "{way.cluster_name}" in {way.cluster.file}' if way.cluster.file else "--server or KUBERNETES_MASTER"
        raise ConfigError(
            f"kubernetes client initialization failed: {err}",
            hint=f"The server of {where} must look like https://host:6443.",
        ) from None
    return address


def _address(server: str) -> Address:
    """Raises ValueError. What is no URL or has no host is tried behind ``http://``, and then has no path."""
    try:
        address = parse(server)
    except NoSuchPort:
        raise
    except ValueError:
        address = None
    if address and address.host:
        return address
    address = parse(f"http://{server}")
    host, _, path = server.partition("/")
    if not host or path:
        raise ValueError(f"host must be a URL or a host:port pair: {go_quote(server)}")
    return address


def _trust(cluster: Entry) -> Trust:
    authorities = auth.data_of(cluster, "certificate-authority-data") or auth.content_of(cluster.path("certificate-authority"))
    insecure = cluster.flag("insecure-skip-tls-verify")
    if insecure and authorities:
        words = "specifying a root certificates file with the insecure flag is not allowed"
        raise ConfigError(f"kubernetes client initialization failed: {words}")
    return Trust(authorities or None, insecure, cluster.text("tls-server-name"))


def _provider(user: Entry, way: Access, environ: Mapping[str, str]) -> Credentials | None:
    """The ``auth-provider``; one that is not known is refused even where a token makes it needless, as in client-go."""
    if user.data.get("auth-provider") is None:
        return None
    from flux_cli.kube.oidc import provider

    return provider(user, way.user_name, environ)


def _credentials(
    user: Entry, way: Access, environ: Mapping[str, str], renewed: Credentials | None
) -> tuple[Credentials, auth.IdentityOf]:
    """What answers "who asks" for each request, and the client certificate for each connection.

    An explicit token, name or certificate goes before a plugin and before ``renewed``, as in client-go.
    """
    fixed: Identity | None = auth.identity(user)
    if user.path("tokenFile") and (user.text("username") or user.text("password")):
        words = "username/password or bearer token may be set, but not both"
        raise ConfigError(f"kubernetes client initialization failed: {words}")
    if file := user.path("tokenFile"):
        return auth.TokenFile(file, user.text("token")), lambda _: fixed
    if token := user.text("token"):
        return auth.Static(auth.bearer(token)), lambda _: fixed
    if user.text("username") or user.text("password"):
        return auth.Static(auth.basic(user.text("username"), user.text("password"))), lambda _: fixed
    if fixed is None and user.data.get("exec") is not None:
        from flux_cli.kube.plugin import Plugin

        plugin = Plugin(way, environ)
        return plugin, plugin.identity
    return renewed or auth.Static({}), lambda _: fixed


def _proxy(way: Access, address: Address, environ: Mapping[str, str]) -> Address | None:
    if not way.cluster.text("proxy-url") and not any(
        environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    ):
        return None
    from flux_cli.kube.proxy import choose

    return choose(way.cluster.text("proxy-url"), address, environ)


def _relay(proxy: Address | None, address: Address) -> tuple[str, dict[str, str]]:
    """What a proxy that relays requests wants: whole addresses, and a login if it has one."""
    if proxy is None:
        return "", {}
    from flux_cli.kube.proxy import login, relays

    return (f"http://{address.authority}", login(proxy)) if relays(proxy, address) else ("", {})


def _refused(way: Access) -> str:
    """What to do about a 401."""
    if way.gap:
        return way.gap
    has = any(way.user.data.get(key) for key in ("token", "tokenFile", "exec", "auth-provider", "username", "client-certificate"))
    has = has or bool(way.user.data.get("client-certificate-data"))
    if "token" in way.user.given and way.user.text("tokenFile"):
        return f'The tokenFile of the user "{way.user_name}" in {way.user.file} goes before --token: choose another --user.'
    who = f'The user "{way.user_name}" in {way.user.file}' if way.user.file else f"The user ({way.origin})"
    return (
        f"{who} has credentials that the server does not accept: log in again."
        if has
        else f"{who} has no credentials: log in first."
    )


def _agent() -> str:
    from flux_cli.core import __version__

    return f"flux/{__version__}"


def _home_cache(environ: Mapping[str, str]) -> str:
    home = environ.get("HOME", "")
    return f"{home}/.kube/cache" if home else ""

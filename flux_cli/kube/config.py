"""Which cluster, and as whom: kubeconfig, flags and the pod's own account weighed as client-go weighs them.

The order of checks and the messages of ``invalid configuration`` are client-go's (tools/clientcmd), for scripts match on them.
"""

from __future__ import annotations

import os

from flux_cli.core.app import Settings
from flux_cli.core.errors import ConfigError
from flux_cli.core.record import Record
from flux_cli.core.text import go_quote
from flux_cli.kube.address import proxy_problem
from flux_cli.kube.kubeconfig import Entry, Kubeconfig, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_SERVER = "http://localhost:8080"
ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


class Access(Record):
    """The way to a cluster, not yet gone. The entries hold the flags' values already; names and ``origin`` are for messages."""

    cluster: Entry
    user: Entry
    cluster_name: str = ""
    user_name: str = ""
    context_name: str = ""
    origin: str = ""
    gap: str = ""  # what is missing in the kubeconfig though nothing fails because of it yet


def access(settings: Settings, environ: Mapping[str, str]) -> Access:
    """Raises ConfigError."""
    config = load(settings.kubeconfig, environ)
    chosen = _choose(config, settings, environ)
    if not chosen.cluster.file and not settings.server and _in_pod(environ):
        return _pod(chosen, settings, environ)
    problems = _user_problems(chosen.user_name, chosen.user) + _cluster_problems(chosen.cluster_name, chosen.cluster)
    if chosen.context_name and chosen.context_name not in config.contexts:
        problems.insert(0, f"context was not found for specified context: {chosen.context_name}")
    if problems:
        unique = list(dict.fromkeys(problems))
        raise ConfigError("invalid configuration: " + (unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]"))
    return chosen


def context_namespace(settings: Settings, environ: Mapping[str, str]) -> str:
    """The namespace of the selected context; empty where it has none or nothing can be read (then nobody is told)."""
    try:
        config = load(settings.kubeconfig, environ)
        entry = config.contexts.get(settings.context or config.current)
        return entry.text("namespace") if entry else ""
    except ConfigError:
        return ""


def _choose(config: Kubeconfig, settings: Settings, environ: Mapping[str, str]) -> Access:
    """Context, then user, then cluster. A name that a flag gives must exist; one that a file gives need not (as in client-go)."""
    context_name = settings.context or config.current
    context = config.contexts.get(context_name, Entry({}))
    user_name = settings.user or context.text("user")
    if settings.user and user_name not in config.users:
        raise ConfigError(f"auth info {go_quote(user_name)} does not exist")
    if settings.context and context_name not in config.contexts:
        raise ConfigError(f"context {go_quote(context_name)} does not exist")
    cluster_name = settings.cluster or context.text("cluster")
    if settings.cluster and cluster_name not in config.clusters:
        raise ConfigError(f"cluster {go_quote(cluster_name)} does not exist")
    user = _user(config.users.get(user_name, Entry({})), settings)
    cluster = _cluster(config.clusters.get(cluster_name, Entry({})), settings, environ)
    return Access(
        cluster, user, cluster_name, user_name, context_name, _origin(config), _gap(config, context_name, cluster_name, user_name)
    )


def _origin(config: Kubeconfig) -> str:
    return " and ".join(config.files) or f"no kubeconfig (looked for {' and '.join(config.looked) or 'none'})"


def _gap(config: Kubeconfig, context: str, cluster: str, user: str) -> str:
    files = " and ".join(config.files)
    if not config.files:
        looked = " and ".join(config.looked) or "none"
        return f"There is no kubeconfig (looked for {looked}): name one with --kubeconfig or KUBECONFIG."
    if not context and not cluster:
        names = ", ".join(list(config.contexts)[:8]) or "it has none"
        return f"{files} has no current-context: choose one with --context (contexts: {names})."
    if cluster not in config.clusters:
        return f'The context "{context}" names the cluster "{cluster}", which {files} does not define.'
    if user not in config.users:
        names = ", ".join(list(config.users)[:8]) or "none"
        return f'The context "{context}" names the user "{user}", which {files} does not define (users: {names}).'
    return ""


def _user(entry: Entry, settings: Settings) -> Entry:
    """The user with the flags laid over it. A flag for a certificate or key replaces both forms; extra fields are added."""
    data = dict(entry.data)
    given = []
    for key, twin, value in (
        ("client-certificate", "client-certificate-data", settings.client_certificate),
        ("client-key", "client-key-data", settings.client_key),
        ("token", "", settings.token),  # a tokenFile goes before it, as in client-go
        ("as", "", settings.as_user),
        ("as-uid", "", settings.as_uid),
        ("as-groups", "", list(settings.as_group)),
        ("as-user-extra", "", {**(entry.data.get("as-user-extra") or {}), **_extra(settings.as_user_extra)}),
    ):
        if value:
            data.pop(twin, None)
            data[key] = value
            given.append(key)
    return Entry(data, entry.file, entry.where, frozenset(given))


def _extra(pairs: tuple[str, ...]) -> dict[str, list[str]]:
    """``key=value`` pairs, several values to a key; what has no equals sign is ignored, as the Go CLI does."""
    found: dict[str, list[str]] = {}
    for key, sign, value in (pair.partition("=") for pair in pairs):
        if sign:
            found.setdefault(key, []).append(value)
    return found


def _cluster(entry: Entry, settings: Settings, environ: Mapping[str, str]) -> Entry:
    """The cluster with defaults below and flags above. --server forgets the file's tls-server-name, as in client-go."""
    data = {"server": environ.get("KUBERNETES_MASTER") or DEFAULT_SERVER} | {
        k: v for k, v in entry.data.items() if v not in (None, "")
    }
    if settings.insecure_skip_tls_verify or settings.certificate_authority:
        for key in ("certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify"):
            data.pop(key, None)
    if settings.server or settings.tls_server_name:
        data.pop("tls-server-name", None)
    over = {
        "server": settings.server,
        "tls-server-name": settings.tls_server_name,
        "certificate-authority": settings.certificate_authority,
        "insecure-skip-tls-verify": settings.insecure_skip_tls_verify,
        "disable-compression": settings.disable_compression,
    }
    given = {key: value for key, value in over.items() if value}
    return Entry(data | given, entry.file, entry.where, frozenset(given))


def _in_pod(environ: Mapping[str, str]) -> bool:
    named = environ.get("KUBERNETES_SERVICE_HOST") and environ.get("KUBERNETES_SERVICE_PORT")
    return bool(named) and os.path.isfile(f"{ACCOUNT}/token")


def _pod(chosen: Access, settings: Settings, environ: Mapping[str, str]) -> Access:
    """The pod's own service account: the last resort, where no kubeconfig and no flag names a server."""
    host = environ["KUBERNETES_SERVICE_HOST"]
    place = f"[{host}]" if ":" in host else host
    cluster: dict[str, object] = {"server": f"https://{place}:{environ['KUBERNETES_SERVICE_PORT']}"}
    authority = settings.certificate_authority or f"{ACCOUNT}/ca.crt"
    if os.path.isfile(authority):
        cluster["certificate-authority"] = os.path.abspath(authority)
    user = dict(chosen.user.data)
    if not settings.token:
        user["tokenFile"] = f"{ACCOUNT}/token"
    return Access(Entry(cluster), Entry(user), origin="the pod's service account", user_name="the pod's service account")


def _user_problems(name: str, user: Entry) -> list[str]:
    found = []
    methods = [
        word for word, keys in (("token", ("token",)), ("basicAuth", ("username", "password"))) if any(map(user.text, keys))
    ]
    certificate, key = user.path("client-certificate"), user.path("client-key")
    if certificate or user.text("client-certificate-data"):
        if certificate and user.text("client-certificate-data"):
            found.append(f"client-cert-data and client-cert are both specified for {name}. client-cert-data will override.")
        if key and user.text("client-key-data"):
            found.append(f"client-key-data and client-key are both specified for {name}; client-key-data will override")
        if not key and not user.text("client-key-data"):
            found.append(
                f"client-key-data or client-key must be specified for {name} to use the clientCert authentication method."
            )
        found += [f"unable to read client-cert {certificate} for {name} due to {why}" for why in _unreadable(certificate)]
        found += [f"unable to read client-key {key} for {name} due to {why}" for why in _unreadable(key)]
    if user.data.get("exec") is not None:
        from flux_cli.kube.exec_entry import problems

        found += problems(name, user)
    if len(methods) > 1:
        found.append(f"more than one authentication method found for {name}; found [{' '.join(methods)}], only one is allowed")
    if any(user.data.get(key) for key in ("as-uid", "as-groups", "as-user-extra")) and not user.text("as"):
        found.append(f"requesting uid, groups or user-extra for {name} without impersonating a user")
    return found


def _cluster_problems(name: str, cluster: Entry) -> list[str]:
    found = []
    if (proxy := cluster.text("proxy-url")) and (why := proxy_problem(proxy)):
        found.append(f"invalid 'proxy-url' {go_quote(proxy)} for cluster {go_quote(name)}: {why}")
    file = cluster.path("certificate-authority")
    if file and cluster.text("certificate-authority-data"):
        found.append(
            f"certificate-authority-data and certificate-authority are both specified for {name}. "
            "certificate-authority-data will override."
        )
    return found + [f"unable to read certificate-authority {file} for {name} due to {why}" for why in _unreadable(file)]


def _unreadable(path: str) -> list[str]:
    """Why the file cannot be opened, in Go's words; nothing where it can, or is not named."""
    try:
        if path:
            os.close(os.open(path, os.O_RDONLY))
    except OSError as err:
        return [f"open {path}: {(err.strerror or '').lower()}"]
    return []

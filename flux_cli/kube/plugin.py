"""Credential plugins (``exec`` of a user's entry): a program that prints an ExecCredential. client-go's rules, with bounds.

https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import os
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from flux_cli.core import rfc3339
from flux_cli.core.errors import ConfigError
from flux_cli.core.objects import dig
from flux_cli.core.text import go_quote, one_line
from flux_cli.kube import auth
from flux_cli.kube.config import Access
from flux_cli.kube.credential import Credential
from flux_cli.kube.exec_entry import API, environment_of, mode_of, settings_of
from flux_cli.kube.tls import Identity

if TYPE_CHECKING:
    from flux_cli.kube.exec_cache import Store

VERSIONS = (f"{API}/v1", f"{API}/v1beta1")
EXTENSION = f"{API}/exec"


class Plugin:
    """``wire.Credentials`` from a plugin: run for the first request, again when its credential expires or is refused."""

    def __init__(self, way: Access, environ: Mapping[str, str]) -> None:
        self._spec = settings_of(way.user)
        self._way = way
        self._environ = environ
        self._version = self._spec.text("apiVersion")
        if self._version not in VERSIONS:
            raise ConfigError(
                f"kubernetes client initialization failed: exec plugin: invalid apiVersion {go_quote(self._version)}"
            )
        self._credential: Credential | None = None
        self._lock = Lock()
        self._store = self._disk()

    def headers(self, until: float | None, /) -> Mapping[str, str]:
        token = self._current(until).token
        return auth.bearer(token) if token else {}

    def identity(self, until: float | None, /) -> Identity | None:
        return self._current(until).identity

    def renew(self, used: Mapping[str, str], until: float | None, /) -> bool:
        """Run it again, unless another thread has just done so."""
        with self._lock:
            held = self._credential
            if held is None or (auth.bearer(held.token) if held.token else {}) == used:
                self._store.drop()
                self._credential = self._run(until)
        return True

    def _current(self, until: float | None) -> Credential:
        with self._lock:
            if self._credential is None:
                self._credential = self._store.load()
            if self._credential is None or self._credential.expired:
                self._credential = self._run(until)
            return self._credential

    def _disk(self) -> "Store":
        from flux_cli.kube import exec_cache

        if self._environ.get("FLUX_EXEC_CACHE", "") in ("", "0", "false"):
            return exec_cache.Nowhere()
        parts = (self._spec.text("command"), self._spec.texts("args"), environment_of(self._spec), self._way.cluster.data)
        return exec_cache.on_disk(self._environ, parts)

    def _run(self, until: float | None) -> Credential:
        """Raises ConfigError with client-go's words where the plugin fails or answers nonsense."""
        from flux_cli.kube.running import run

        mode = mode_of(self._spec)
        interactive = mode != "Never" and _terminal()
        if mode == "Always" and not interactive:
            raise self._failure("exec plugin cannot support interactive mode: standard input is not a terminal")
        environment = {**self._environ, **dict(environment_of(self._spec)), "KUBERNETES_EXEC_INFO": self._info(interactive)}
        command = self._command()
        output = run([command, *self._spec.texts("args")], environment, interactive, until, self._failure)
        credential = self._credential_in(output)
        self._store.save(credential)
        return credential

    def _command(self) -> str:
        """Found on PATH, or beside the kubeconfig where it is named with a slash."""
        import shutil

        name = self._spec.text("command")
        path = self._spec.path("command") if os.sep in name else shutil.which(name, path=self._environ.get("PATH", ""))
        if path and os.path.isfile(path):
            return path
        hint = _cleaned(self._spec.text("installHint"))
        raise self._failure(
            f"exec: executable {name} not found",
            hint or f"Install {name}, or add its folder to PATH: the kubeconfig logs in with it.",
        )

    def _info(self, interactive: bool) -> str:
        """KUBERNETES_EXEC_INFO; with the cluster where the entry asks for it, its authority as data even if it is a file."""
        import json

        spec: dict[str, Any] = {"interactive": interactive}
        if self._spec.flag("provideClusterInfo"):
            spec = {"cluster": self._cluster(), **spec}
        return json.dumps({"kind": "ExecCredential", "apiVersion": self._version, "spec": spec}, separators=(",", ":"))

    def _cluster(self) -> dict[str, Any]:
        import binascii

        cluster = self._way.cluster
        authority = auth.data_of(cluster, "certificate-authority-data") or auth.content_of(cluster.path("certificate-authority"))
        extensions = cluster.data.get("extensions")
        config = next(
            (e.get("extension") for e in extensions or [] if isinstance(e, dict) and e.get("name") == EXTENSION),
            None,
        )
        told = {
            "server": cluster.text("server"),
            "tls-server-name": cluster.text("tls-server-name"),
            "insecure-skip-tls-verify": cluster.flag("insecure-skip-tls-verify"),
            "certificate-authority-data": binascii.b2a_base64(authority, newline=False).decode(),
            "proxy-url": cluster.text("proxy-url"),
            "disable-compression": cluster.flag("disable-compression"),
        }
        return {key: value for key, value in told.items() if value} | {"config": config}

    def _credential_in(self, output: bytes) -> Credential:
        import json

        try:
            answer = json.loads(output)
        except (ValueError, RecursionError):
            shown = one_line(output[:200].decode("utf-8", "replace"), 40)  # more of it could hold a token
            words = "printed nothing" if not shown else "did not print JSON"
            raise self._failure(f"decoding stdout: the plugin {words}", "Run the plugin by hand to see what it says.") from None
        found = answer.get("apiVersion") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or answer.get("kind") != "ExecCredential" or found not in VERSIONS:
            raise self._failure("decoding stdout: what the plugin printed is no ExecCredential of a version that is understood")
        if found != self._version:
            raise self._failure(f"exec plugin is configured to use API version {self._version}, plugin returned version {found}")
        status = answer.get("status")
        if not isinstance(status, dict):
            raise self._failure("exec plugin didn't return a status field")
        token, certificate, key = (_text(status, name) for name in ("token", "clientCertificateData", "clientKeyData"))
        if not token and not certificate and not key:
            raise self._failure("exec plugin didn't return a token or cert/key pair")
        if bool(certificate) != bool(key):
            raise self._failure("exec plugin returned only certificate or key, not both")
        identity = Identity(certificate.encode(), key.encode()) if certificate else None
        return Credential(token, identity, rfc3339.seconds(_text(status, "expirationTimestamp")))

    def _failure(self, words: str, hint: str = "") -> ConfigError:
        who = f"user {go_quote(self._way.user_name)} in {self._way.user.file}"
        default = f"Run {self._spec.text('command')} by hand, with the args of that entry, to see what it says."
        return ConfigError(f"getting credentials for {who}: {words}", hint=hint or default)


def _terminal() -> bool:
    """Whether a plugin could ask a person (client-go looks at standard input)."""
    try:
        return os.isatty(0)
    except OSError:
        return False


def _text(status: Mapping[str, Any], key: str) -> str:
    value = dig(status, key, "")
    return value if isinstance(value, str) else ""


def _cleaned(hint: str) -> str:
    """An install hint without what could steer a terminal: letters, marks, numbers, punctuation, symbols and blanks stay."""
    import unicodedata

    return "".join(c for c in hint if c in "\t\n" or unicodedata.category(c)[0] in "LMNPSZ")[:2000].strip()

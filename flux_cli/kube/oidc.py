"""``auth-provider`` entries: OIDC with its refresh token, as client-go has it; clear words for the providers that are gone."""

import time
from collections.abc import Mapping
from threading import Lock
from typing import Any

from flux_cli.core.errors import ConfigError
from flux_cli.core.text import go_quote, one_line
from flux_cli.kube import auth
from flux_cli.kube.address import escape, parse
from flux_cli.kube.dialing import Dialer
from flux_cli.kube.http import BadAnswer, Channel
from flux_cli.kube.kubeconfig import Entry
from flux_cli.kube.proxy import choose
from flux_cli.kube.tcp import Failed
from flux_cli.kube.tls import Trust, reason

SKEW = 10.0  # seconds
PATIENCE = 30.0
ANSWER = 1 << 20  # bytes
DOCS = "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins"
REMOVED = {  # what to use instead, and where to read about it
    "gcp": (
        '"gke-gcloud-auth-plugin"',
        "https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke",
    ),
    "azure": ("https://github.com/Azure/kubelogin", DOCS),
    "openstack": (
        '"client-keystone-auth"',
        "https://github.com/kubernetes/cloud-provider-openstack/blob/master/docs/using-client-keystone-auth.md",
    ),
}


def provider(user: Entry, name: str, environ: Mapping[str, str]) -> "Oidc":
    """Raises ConfigError for everything but OIDC."""
    spec = Entry(user.data.get("auth-provider") or {})
    kind = spec.text("name")
    if kind in REMOVED:
        instead, docs = REMOVED[kind]
        raise ConfigError(
            f"kubernetes client initialization failed: The {kind} auth plugin has been removed.\n"
            f"Please use the {instead} kubectl/client-go credential plugin instead.\nSee {docs} for further details"
        )
    if kind != "oidc":
        raise ConfigError(f"kubernetes client initialization failed: no Auth Provider found for name {go_quote(kind)}")
    return Oidc(Entry(spec.data.get("config") or {}, user.file, user.where), name, environ)


class Oidc:
    """``wire.Credentials`` from an id-token, renewed with the refresh-token and written back where both came from."""

    def __init__(self, config: Entry, name: str, environ: Mapping[str, str]) -> None:
        self._config = config
        self._name = name
        self._environ = environ
        for key in ("idp-issuer-url", "client-id"):
            if not config.text(key):
                raise ConfigError(f"kubernetes client initialization failed: Must provide {key}")
        self._token = config.text("id-token")
        self._lock = Lock()

    def headers(self, until: float | None, /) -> Mapping[str, str]:
        with self._lock:
            if not self._token or _expires(self._token) <= time.time() + SKEW:
                self._refresh(until)
            return auth.bearer(self._token)

    def renew(self, used: Mapping[str, str], until: float | None, /) -> bool:
        with self._lock:
            if auth.bearer(self._token) == used:
                if not self._config.text("refresh-token"):
                    return False
                self._refresh(until)
            return True

    def _refresh(self, until: float | None) -> None:
        old = self._config.text("refresh-token")
        if not old:
            raise self._failure("No valid id-token, and cannot refresh without refresh-token", "Log in again.")
        endpoint = self._endpoint(until)
        form = {"grant_type": "refresh_token", "refresh_token": old, "client_id": self._config.text("client-id")}
        if secret := self._config.text("client-secret"):
            form["client_secret"] = secret
        body = "&".join(f"{key}={escape(value)}" for key, value in form.items()).encode()
        answer = self._fetch("POST", endpoint, body, until)
        token, fresh = answer.get("id_token"), answer.get("refresh_token")
        if not isinstance(token, str) or not token:
            words = one_line(str(answer.get("error_description") or answer.get("error") or ""), 200)
            raise self._failure(f"token response did not contain an id_token{': ' + words if words else ''}", "Log in again.")
        self._token = token
        changed = {"id-token": token} | ({"refresh-token": fresh} if isinstance(fresh, str) and fresh else {})
        self._config = Entry({**self._config.data, **changed}, self._config.file)
        _write_back(self._config.file, self._name, changed)

    def _endpoint(self, until: float | None) -> str:
        url = self._config.text("idp-issuer-url").rstrip("/") + "/.well-known/openid-configuration"
        endpoint = self._fetch("GET", url, None, until).get("token_endpoint")
        if not isinstance(endpoint, str) or not endpoint:
            raise self._failure("oidc: discovery object doesn't contain a token_endpoint")
        return endpoint

    def _fetch(self, method: str, url: str, body: bytes | None, until: float | None) -> dict[str, Any]:
        import json

        try:
            code, data = self._exchange(method, url, body, until)
            answer = json.loads(data)
        except (OSError, Failed, BadAnswer) as err:
            words = reason(err) if isinstance(err, OSError) else str(err)
            raise self._failure(f'{method.capitalize()} "{url}": {words}') from None
        except (ValueError, RecursionError):
            raise self._failure(f"{url} did not answer in JSON") from None
        if not isinstance(answer, dict) or (code >= 300 and "error" not in answer):
            raise self._failure(f"{url} answered {code}")
        return answer

    def _exchange(self, method: str, url: str, body: bytes | None, until: float | None) -> tuple[int, bytes]:
        """One request to the identity provider. Tokens go over https only."""
        address = parse(url)
        if address.scheme != "https":
            raise BadAnswer("the identity provider must be spoken to over https")
        authority = auth.data_of(self._config, "idp-certificate-authority-data")
        authority = authority or auth.content_of(self._config.path("idp-certificate-authority"))
        dialer = Dialer(address, Trust(authority or None), lambda _: None, choose("", address, self._environ))
        limit = time.monotonic() + PATIENCE
        limit = limit if until is None else min(limit, until)
        channel = Channel(dialer.dial(limit))
        try:
            channel.until = limit
            query = url.partition("?")[2]
            headers = {"host": address.authority, "accept": "application/json", "connection": "close"}
            headers |= {"content-type": "application/x-www-form-urlencoded"} if body else {}
            channel.send(method, (address.path or "/") + (f"?{query}" if query else ""), headers, body)
            head = channel.head()
            data = b""
            for piece in channel.body(head):
                data += piece
                if len(data) > ANSWER:
                    raise BadAnswer("the answer is too long")
            return head.status, data
        finally:
            channel.close()

    def _failure(self, words: str, hint: str = "") -> ConfigError:
        where = f"auth-provider oidc of user {go_quote(self._name)} in {self._config.file}"
        return ConfigError(f"getting credentials: {words} ({where})", hint=hint)


def _expires(token: str) -> float:
    """Seconds since the epoch at which a JWT ends; 0 where it cannot be read."""
    import binascii
    import json

    part = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        data = binascii.a2b_base64(part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4))
        return float(json.loads(data)["exp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0.0


def _write_back(path: str, name: str, changed: Mapping[str, str]) -> None:
    """Put renewed tokens into the kubeconfig: a refresh token may be good for one use. The file is replaced, with its mode."""
    import os

    from flux_cli.core.goyaml import dump
    from flux_cli.core.goyaml_load import load

    try:
        with open(path, encoding="utf-8-sig") as file:
            document = load(file.read())
        for item in document["users"]:
            if item["name"] == name:
                item["user"]["auth-provider"]["config"].update(changed)
        real = os.path.realpath(path)
        part = f"{real}.{os.getpid()}"
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, os.stat(real).st_mode & 0o777)
        with open(fd, "w", encoding="utf-8") as file:
            file.write(dump(document))
        os.replace(part, real)
    except (OSError, ValueError, TypeError, KeyError) as err:
        raise ConfigError(f"cannot write the renewed tokens of user {go_quote(name)} back to {path}: {reason(err)}") from None

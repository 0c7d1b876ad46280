"""Calling the webhook of a Receiver, as a Git host would."""

from __future__ import annotations

import hashlib
import hmac

from flux_cli.core.errors import FluxError, UsageError
from flux_cli.core.record import Record
from flux_cli.core.text import go_quote
from flux_cli.core.unanswered import told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TYPES = ("generic", "generic-hmac", "generic-oidc")
_PROVIDERS = ("github", "forgejo")
_RETRIED = frozenset({404, 408, 429, 500, 502, 503, 504})
_AUDIENCE = "notification-controller"
_ACTIONS = ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")


class Hook(Record):
    """A call that is ready to be made."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Failure(Record):
    """Why a call failed, and whether it may succeed when it is made again."""

    text: str
    again: bool


def hook_path(token: str, name: str, namespace: str) -> str:
    """Where a Receiver listens: a digest of its token, name and namespace."""
    return "/hook/" + hashlib.sha256(f"{token}{name}{namespace}".encode()).hexdigest()


def check(*, url: str, type: str, token: str, oidc_provider: str, oidc_token: str, oidc_audience: str) -> None:
    """Raises UsageError where the flags do not fit together."""
    if not url:
        raise UsageError("--url is required")
    if type not in TYPES:
        raise UsageError(f"invalid --type {go_quote(type)}, must be one of: {', '.join(TYPES)}")
    if type != "generic-oidc":
        if not token:
            raise UsageError(f"--token is required for --type={type}")
        if oidc_provider or oidc_token or oidc_audience:
            raise UsageError("--oidc-provider, --oidc-token and --oidc-audience can only be set for --type=generic-oidc")
        return
    if token:
        raise UsageError("--token must not be set for --type=generic-oidc, the Receiver of this type has no secret")
    if oidc_provider and oidc_token:
        raise UsageError("--oidc-provider and --oidc-token are mutually exclusive")
    if oidc_provider and oidc_provider not in _PROVIDERS:
        raise UsageError(f"invalid --oidc-provider {go_quote(oidc_provider)}, must be one of: {', '.join(_PROVIDERS)}")
    if oidc_audience and not oidc_provider:
        raise UsageError("--oidc-audience can only be set together with --oidc-provider")


def oidc_token_of(provider: str, token: str, audience: str, environ: Mapping[str, str], timeout: float) -> str:
    """The identity that a ``generic-oidc`` call shows: asked of the CI system, given, or from the environment."""
    if provider:
        return _from_actions(audience or _AUDIENCE, environ, timeout)
    found = token or environ.get("FLUX_TRIGGER_RECEIVER_OIDC_TOKEN", "")
    if not found:
        raise UsageError(
            "no OIDC token provided: "
            "set --oidc-provider, --oidc-token or the FLUX_TRIGGER_RECEIVER_OIDC_TOKEN environment variable"
        )
    return found


def _from_actions(audience: str, environ: Mapping[str, str], timeout: float) -> str:
    import httpx

    url, secret = (environ.get(name, "") for name in _ACTIONS)
    if not url or not secret:
        raise UsageError(
            f"{' and '.join(_ACTIONS)} must be set in the environment; "
            "ensure the Actions job has the 'id-token: write' permission"
        )
    try:
        where = httpx.URL(url).copy_set_param("audience", audience)
        answer = httpx.get(where, headers={"Authorization": f"bearer {secret}"}, timeout=timeout, follow_redirects=True)
    except (httpx.HTTPError, httpx.InvalidURL) as err:
        raise FluxError(f"OIDC token request failed: {err}") from err
    if not 200 <= answer.status_code < 300:
        raise FluxError(f"OIDC token request failed with status {_status(answer.status_code)}: {answer.text.strip()}")
    try:
        body = answer.json()
    except ValueError as err:
        raise FluxError(f"failed to decode OIDC token response: {err}") from err
    found = body.get("value") if isinstance(body, dict) else ""
    if not isinstance(found, str) or not found:
        raise FluxError("the OIDC token response did not contain a token")
    return found


def hook(
    url: str, type: str, name: str, namespace: str, *, token: str = "", oidc: str = "", payload: str = "{}", agent: str
) -> Hook:
    """``token`` is the Receiver's, ``oidc`` an identity; which one is used follows from ``type``."""
    body = payload.encode("utf-8", "surrogateescape")
    headers = {"Content-Type": "application/json", "User-Agent": agent}
    if type == "generic-hmac":
        headers["X-Signature"] = "sha256=" + hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    elif type == "generic-oidc":
        headers["Authorization"] = f"Bearer {oidc}"
    return Hook(url.rstrip("/") + hook_path("" if type == "generic-oidc" else token, name, namespace), headers, body)


def send(call: Hook, timeout: float) -> Failure | None:
    """One attempt; None when the Receiver took it."""
    import httpx

    from flux_cli.core.gourl import parse

    try:
        scheme, host = parse(call.url)
    except ValueError as err:
        return Failure(f"unable to create request: {err}", False)
    failed = f'request to {call.url} failed: Post "{call.url}": '
    if scheme not in ("http", "https"):
        return Failure(f"{failed}unsupported protocol scheme {go_quote(scheme)}", True)  # which Go, too, tries again
    if not host:
        return Failure(f"{failed}http: no Host in request URL", True)
    try:
        answer = httpx.post(
            call.url, content=call.body, headers=dict(call.headers), timeout=max(timeout, 0.001), follow_redirects=True
        )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as err:
        return Failure(f"request to {call.url} failed: {told('Post', call.url, err)}", True)
    if 200 <= answer.status_code < 300:
        return None
    body = answer.text.strip()
    text = f"request to {call.url} failed with status {_status(answer.status_code)}" + (f": {body}" if body else "")
    return Failure(text, answer.status_code in _RETRIED)


def _status(code: int) -> str:
    import http

    try:
        return f"{code} {http.HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def deliver(
    call: Hook,
    *,
    retries: int,
    delay: float,
    left: Callable[[], float],
    sleep: Callable[[float], None],
    tell: Callable[[Failure, int], None],
) -> None:
    """Call until it is taken, at most ``retries`` times more. ``tell`` hears of each failure that is followed by another attempt.

    ``left`` are the seconds until the deadline. Raises FluxError with the last failure, or Go's words when time is up.
    """
    for attempt in range(max(retries, 0) + 1):
        failure = send(call, left())
        if failure is None:
            return
        if not failure.again or attempt >= retries:
            raise FluxError(failure.text)
        tell(failure, attempt + 1)
        if left() <= delay:
            sleep(max(left(), 0))
            raise FluxError("context deadline exceeded")
        sleep(delay)

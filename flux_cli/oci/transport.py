"""HTTP to one registry: the right scheme, logins and tokens as it asks for them, retries of what may pass."""

import random
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flux_cli.core.errors import Timeout
from flux_cli.core.trust import trusted
from flux_cli.core.unanswered import reason
from flux_cli.oci.credentials import Login
from flux_cli.oci.reference import Reference
from flux_cli.oci.refusal import RegistryError, refusal

AGENT = "flux/v2"
PASSING = frozenset({408, 500, 502, 503, 504})
_PARAMETER = re.compile(r'(\w+)="([^"]*)"|(\w+)=([^\s,]+)')
Body = bytes | Callable[[], Iterable[bytes]] | None


class Transport:
    """``ca``: PEM to trust besides the machine's own.

    ``seconds``: until when everything must be done. ``steps``: how often a request is tried.
    ``tell`` hears of every answer, without queries and headers, which may hold credentials.
    """

    def __init__(
        self,
        reference: Reference,
        login: Login,
        *,
        insecure: bool = False,
        ca: str = "",
        seconds: float = 300.0,
        steps: int = 3,
        pause: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        import httpx

        self._reference = reference
        self._login = login
        self._insecure = insecure
        self._until = time.monotonic() + seconds
        self._steps = steps
        self._pause = pause
        self._sleep = sleep
        self._tell = tell
        self._client = httpx.Client(
            verify=False if insecure else trusted(ca),
            follow_redirects=True,
            headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
        )
        self._base = ""
        self._authorization = f"Bearer {login.bearer}" if login.bearer else ""

    def close(self) -> None:
        self._client.close()

    def open(self) -> str:
        """Find out how the registry speaks; the address that paths are relative to. Raises RegistryError."""
        if self._base:
            return self._base
        schemes = ["http"] if self._reference.plain_http else ["https", "http"] if self._insecure else ["https"]
        problems = []
        for scheme in schemes:
            base = f"{scheme}://{self._reference.registry}"
            try:
                answer = self._send("GET", f"{base}/v2/", {}, None)
            except RegistryError as err:
                problems.append(str(err))
                continue
            if answer.status_code not in (200, 401):
                raise refusal("GET", f"{base}/v2/", answer.status_code, answer.content)
            self._base = base
            return base
        raise RegistryError(
            "; ".join(problems),
            hint=f"Is {self._reference.registry} reachable from here? A registry without TLS needs --insecure-registry.",
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body = None,
        scope: str = "pull",
        accepted: tuple[int, ...] = (),
        stream: bool = False,
        once: bool = False,
    ) -> Any:
        """The answer of one call, retried while the failure may pass, unless ``once``. ``path`` may be a whole URL.

        A status that is neither 2xx nor ``accepted`` is an error. With ``stream`` the caller reads and closes the answer.
        Raises RegistryError.
        """
        url = path if "://" in path else self.open() + path
        pause = self._pause
        steps = 1 if once else self._steps
        for step in range(1, steps + 1):
            try:
                answer = self._authorized(method, url, headers or {}, body, scope, stream)
            except RegistryError as err:
                if step == steps or (err.status and err.status not in PASSING):
                    raise
                self._wait(pause, "")
            else:
                if answer.status_code < 300 or answer.status_code in accepted:
                    return answer
                if answer.status_code not in PASSING or step == steps:
                    answer.read()
                    answer.close()
                    raise refusal(method, url, answer.status_code, answer.content)
                answer.close()
                self._wait(pause, answer.headers.get("retry-after", ""))
            pause *= 3
        raise AssertionError("unreachable")

    def _authorized(self, method: str, url: str, headers: Mapping[str, str], body: Body, scope: str, stream: bool) -> Any:
        answer = self._send(method, url, headers, body, stream)
        if answer.status_code != 401 or not url.startswith(self._base):
            return answer
        answer.read()
        answer.close()
        challenge = answer.headers.get("www-authenticate", "")
        if not self._log_in(challenge, scope):
            return answer
        return self._send(method, url, headers, body, stream)

    def _log_in(self, challenge: str, scope: str) -> bool:
        """Follow a challenge. False where we have nothing to offer, or offered it already."""
        import base64

        kind, _, rest = challenge.partition(" ")
        if kind.lower() == "basic" and self._login.username:
            pair = f"{self._login.username}:{self._login.password}".encode()
            wanted = f"Basic {base64.b64encode(pair).decode()}"
            fresh, self._authorization = wanted != self._authorization, wanted
            return fresh
        if kind.lower() != "bearer" or self._login.bearer:
            return False
        parameters = {a or c: b or d for a, b, c, d in _PARAMETER.findall(rest)}
        token = self._token(parameters, parameters.get("scope") or f"repository:{self._reference.repository}:{scope}")
        self._authorization = f"Bearer {token}"
        return True

    def _token(self, parameters: Mapping[str, str], scope: str) -> str:
        """Exchange the login for a token at the realm that the registry names."""
        realm = parameters.get("realm", "")
        if not realm.startswith(("https://", "http://") if self._base.startswith("http://") or self._insecure else "https://"):
            raise RegistryError(f"{self._reference.registry} sends us to log in at {realm or 'nowhere'}, which is not safe")
        query = {"scope": scope, "service": parameters.get("service", "")}
        if self._login.refresh:
            form = {**query, "grant_type": "refresh_token", "refresh_token": self._login.refresh, "client_id": "flux"}
            answer = self._plain("POST", realm, data=form)
        else:
            auth = (self._login.username, self._login.password) if self._login.username else None
            answer = self._plain("GET", realm, params=query, auth=auth)
        if answer.status_code >= 300:
            raise refusal("POST" if self._login.refresh else "GET", str(answer.url), answer.status_code, answer.content)
        try:
            found = answer.json()
            token = found.get("token") or found.get("access_token")
        except (ValueError, AttributeError):
            token = None
        if not token:
            raise RegistryError(f"no token in bearer response from {realm}")
        return str(token)

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: Body, stream: bool = False) -> Any:
        sent = {**headers, **({"Authorization": self._authorization} if self._authorization else {})}
        content = body() if callable(body) else body
        return self._plain(method, url, headers=sent, content=content, stream=stream)

    def _plain(self, method: str, url: str, *, stream: bool = False, auth: Any = None, **parts: Any) -> Any:
        """One attempt; failures of the network in Go's words."""
        import httpx

        left = self._left()
        try:
            request = self._client.build_request(method, url, timeout=httpx.Timeout(min(left, 60.0)), **parts)
            answer = self._client.send(request, stream=stream, auth=auth or httpx.USE_CLIENT_DEFAULT)
        except httpx.TimeoutException as err:
            raise RegistryError(f'{method.title()} "{url}": context deadline exceeded') from err
        except httpx.HTTPError as err:
            raise RegistryError(f'{method.title()} "{url}": {reason(err)}') from err
        except (httpx.InvalidURL, ValueError) as err:
            raise RegistryError(f'{method.title()} "{url}": {err}') from err
        if self._tell:
            self._tell(f"{method} {url.partition('?')[0]} {answer.status_code}")
        return answer

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise Timeout("context deadline exceeded")
        return left

    def _wait(self, pause: float, told: str) -> None:
        seconds = float(told) if told.isdigit() else pause * (1 + random.random() / 10)
        self._sleep(min(seconds, self._left()))

"""A REST API over httpx: JSON both ways, pages, rate limits, and refusals that say what to do."""

import re
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import httpx

from flux_cli.core.errors import FluxError, Unreachable
from flux_cli.core.objects import Object
from flux_cli.core.text import one_line
from flux_cli.core.trust import trusted
from flux_cli.core.unanswered import reason

SECONDS = 30.0
PATIENCE = 60.0  # seconds that a rate limit is waited for; beyond that it is told
TRIES = 4
MAX_PAGES = 100


class Advice(NamedTuple):
    """What the host's answers mean. ``token``: the variable of the token; ``scopes``: what the token needs."""

    title: str
    token: str
    scopes: str


class Refusal(FluxError):
    """The host's answer of 400 or more; ``status`` is its HTTP code."""

    def __init__(self, status: int, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


class Api:
    """Requests below ``base``; ``sleep`` and ``now`` are the clock's."""

    def __init__(
        self, base: str, headers: Mapping[str, str], advice: Advice, *, ca: str = "", sleep: Callable[[float], None],
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self.base = base.rstrip("/")
        self._advice = advice
        self._sleep, self._now = sleep, now
        self._secrets = tuple(value.rpartition(" ")[2] for name, value in headers.items() if name != "accept")
        self._client = httpx.Client(headers={"accept": "application/json", **headers}, verify=trusted(ca), timeout=SECONDS)

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **query: str) -> Any:
        return self._json(self._send("GET", path, query))

    def find(self, path: str, **query: str) -> Any:
        """Like ``get``, None where the host says 404."""
        try:
            return self.get(path, **query)
        except Refusal as err:
            if err.status == 404:
                return None
            raise

    def send(self, method: str, path: str, body: Object | None = None) -> Any:
        return self._json(self._send(method, path, {}, body))

    def delete(self, path: str) -> None:
        """A thing that is gone already is deleted."""
        try:
            self._send("DELETE", path, {})
        except Refusal as err:
            if err.status != 404:
                raise

    def items(self, path: str, **query: str) -> Iterator[Object]:
        """All entries of a list, following ``Link: <…>; rel="next"``, or Bitbucket's ``nextPageStart``."""
        target: str = path
        for _ in range(MAX_PAGES):
            answer = self._send("GET", target, query)
            page = self._json(answer)
            entries = page.get("values", []) if isinstance(page, dict) else page
            yield from (entry for entry in entries or [] if isinstance(entry, dict))
            link = answer.links.get("next", {}).get("url", "")
            if link:
                target, query = self._own(link), {}
            elif isinstance(page, dict) and page.get("isLastPage") is False and page.get("nextPageStart") is not None:
                query = query | {"start": str(page["nextPageStart"])}
            else:
                return

    def _own(self, link: str) -> str:
        """The next page's address; the token goes to this host alone."""
        url = httpx.URL(self.base).join(link)
        if (url.scheme, url.host, url.port) != ((own := httpx.URL(self.base)).scheme, own.host, own.port):
            raise FluxError(f"{self._advice.title} refers to another host for the next page: {url.host}")
        return str(url)

    def _send(self, method: str, path: str, query: Mapping[str, str], body: Object | None = None) -> httpx.Response:
        url = path if path.startswith(("http://", "https://")) else self.base + path
        for attempt in range(TRIES):
            try:
                answer = self._client.request(method, url, params=dict(query) or None, json=body)
            except httpx.HTTPError as err:
                why = reason(err)
                raise Unreachable(
                    f"{method} {self.base}: {why}", hint=f"Is {httpx.URL(self.base).host} the right --hostname?"
                ) from err
            wait = self._pause(answer, attempt)
            if wait is None:
                break
            self._sleep(wait)
        if answer.status_code >= 300:
            raise self._refusal(method, answer)
        return answer

    def _pause(self, answer: httpx.Response, attempt: int) -> float | None:
        """Seconds until it is worth another try, None where it is not."""
        if attempt + 1 == TRIES:
            return None
        limited = answer.status_code == 429 or (answer.status_code == 403 and self._is_limited(answer))
        if limited:
            wait = self._limit(answer)
            return wait if wait <= PATIENCE else None
        return 2.0**attempt if answer.status_code in (500, 502, 503, 504) and answer.request.method == "GET" else None

    def _is_limited(self, answer: httpx.Response) -> bool:
        return answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers

    def _limit(self, answer: httpx.Response) -> float:
        """Seconds that the host wants us to wait."""
        after = answer.headers.get("retry-after", "")
        if after.isdecimal():
            return float(after)
        if after:
            try:
                return max(0.0, parsedate_to_datetime(after).timestamp() - self._now())
            except ValueError:
                return 1.0
        reset = answer.headers.get("x-ratelimit-reset") or answer.headers.get("ratelimit-reset") or ""
        return max(1.0, float(reset) - self._now()) if reset.isdecimal() else 1.0

    def _json(self, answer: httpx.Response) -> Any:
        if not answer.content:
            return {}
        try:
            return answer.json()
        except ValueError as err:
            shown = one_line(answer.text[:200], 80)
            raise FluxError(
                f"{self._advice.title} at {self.base} answered with no JSON: {shown}",
                hint="Is this the host's API? Look at --hostname.",
            ) from err

    def _refusal(self, method: str, answer: httpx.Response) -> Refusal:
        code, advice = answer.status_code, self._advice
        said = self._without_secrets(_message(answer))
        message = f"{method} {answer.request.url.copy_with(query=None)}: {code} {said}".strip()
        return Refusal(code, message, hint=self._hint(answer, code, advice))

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "*****") if secret else text
        return text

    def _hint(self, answer: httpx.Response, code: int, advice: Advice) -> str:
        if code == 401:
            return f"{advice.title} does not accept the token in {advice.token}: is it valid, and of this host?"
        if code == 429 or (code == 403 and self._is_limited(answer)):
            return f"The rate limit of {advice.title} is used up: try again in {int(self._limit(answer)) // 60 + 1} minutes."
        if code == 403:
            has, wants = answer.headers.get("x-oauth-scopes"), answer.headers.get("x-accepted-oauth-scopes")
            if wants:
                return f"The token needs one of the scopes {wants}; it has {has or 'none'}."
            return f"The token in {advice.token} may not do this: it needs {advice.scopes}."
        if code == 404:
            return f"It does not exist, or the token in {advice.token} may not see it: it needs {advice.scopes}."
        if code in (400, 409, 422):
            return f"{advice.title} refuses what was asked for; its words say why."
        return ""


def _message(answer: httpx.Response) -> str:
    """The host's own words, from any of the shapes that the four hosts use."""
    try:
        body = answer.json()
    except ValueError:
        return one_line(re.sub(r"<[^>]*>", " ", answer.text[:2000]), 200)
    return one_line("; ".join(dict.fromkeys(_words(body))), 400)


def _words(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, list):
        for entry in body:
            yield from _words(entry)
    elif isinstance(body, dict):
        for key in ("message", "error", "error_description", "errors"):
            value = body.get(key)
            if isinstance(value, dict) and "message" not in value:
                for field, words in value.items():
                    yield f"{field} {', '.join(_words(words))}"
            else:
                yield from _words(value)

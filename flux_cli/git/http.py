"""Git over HTTP(S): dulwich's protocol on httpx, which brings proxies (SOCKS too), CA files and bearer tokens."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

import httpx
from dulwich.client import AbstractHttpGitClient

from flux_cli.core.errors import FluxError, Unreachable
from flux_cli.core.text import one_line
from flux_cli.core.trust import trusted
from flux_cli.core.unanswered import reason
from flux_cli.git.access import Access, shown


class Refused(FluxError):
    """The server answered, and not with Git. ``status`` is its HTTP code."""

    def __init__(self, status: int, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


class HttpClient(AbstractHttpGitClient):
    """A Git client for one remote; ``close`` ends its connections."""

    def __init__(self, url: str, access: Access, timeout: float) -> None:
        self._url = url
        self._secrets = access.secrets()
        headers = {"user-agent": "git/flux"}
        auth = None
        if access.bearer_token:
            headers["authorization"] = f"Bearer {access.bearer_token}"
        elif access.username or access.password:
            auth = httpx.BasicAuth(access.username, access.password)
        try:
            self._session = httpx.Client(
                headers=headers, auth=auth, verify=trusted(access.ca), timeout=timeout, follow_redirects=True,
                proxy=access.proxy or None,
            )  # fmt: skip
        except (ValueError, httpx.InvalidURL) as err:
            raise FluxError("the proxy's address is no URL of a proxy: http://HOST:PORT, https:// or socks5://") from err
        super().__init__(url, quiet=True)

    def _get_url(self, path: str | bytes) -> str:
        text = path.decode() if isinstance(path, bytes) else path
        return urljoin(self._base_url, text).rstrip("/") + "/"

    def _http_request(
        self, url: str, headers: dict[str, str] | None = None, data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,
    ) -> tuple[Any, Callable[[int], bytes]]:  # fmt: skip
        sent = dict(headers or {})
        if data is not None and not isinstance(data, bytes):
            sent.pop("Content-Length", None)
        request = self._session.build_request("GET" if data is None else "POST", url, headers=sent, content=data)
        try:
            answer = self._session.send(request, stream=True)
            if answer.status_code >= 400 and raise_for_status:
                raise _refusal(self._url, answer, self._secrets)
        except httpx.HTTPError as err:
            raise Unreachable(f"unable to reach '{shown(self._url)}': {reason(err)}") from err
        return _Answer(answer, url), _Reader(answer).read

    def close(self) -> None:
        self._session.close()


class _Answer:
    """What dulwich wants to know about a response."""

    def __init__(self, answer: httpx.Response, asked: str) -> None:
        self._answer = answer
        self.status = answer.status_code
        self.content_type = answer.headers.get("content-type")
        self.redirect_location = str(answer.url) if str(answer.url) != asked else ""

    def close(self) -> None:
        self._answer.close()


class _Reader:
    """``read(n)`` over a streamed body; fewer bytes than asked for only at its end."""

    def __init__(self, answer: httpx.Response) -> None:
        self._pieces = answer.iter_bytes()
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        parts, have = [self._left], len(self._left)
        while size < 0 or have < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            parts.append(piece)
            have += len(piece)
        whole = b"".join(parts)
        cut = len(whole) if size < 0 else size
        self._left = whole[cut:]
        return whole[:cut]


def _refusal(url: str, answer: httpx.Response, secrets: Iterable[str]) -> Refused:
    """In the words of the Go CLI. A server that repeats what it was sent does not get it shown."""
    body = one_line(answer.read()[:2000].decode("utf-8", "replace"), 300)
    for secret in secrets:
        body = body.replace(secret, "*****")
    where, code = shown(url), answer.status_code
    said = f": {body}" if body else ""
    if code == 404:
        return Refused(
            code,
            f"unable to clone '{where}': repository not found{said}",
            hint="Does it exist, and may these credentials see it?",
        )
    if code == 401:
        return Refused(
            code,
            f"unable to clone '{where}': authentication required{said}",
            hint="The server wants a user name and a password or token.",
        )
    if code == 403:
        return Refused(
            code, f"unable to clone '{where}': authorization failed{said}", hint="These credentials may not use the repository."
        )
    return Refused(
        code,
        f"unable to clone '{where}': unexpected client error: unexpected requesting \"{answer.request.url}\" status code: {code}",
    )

"""HTTP to object storage: retries of what may pass, refusals in the storage's own words."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any
from xml.etree import ElementTree

import httpx

from flux_cli.buckets import Entry
from flux_cli.core.errors import FluxError, Timeout
from flux_cli.core.text import one_line
from flux_cli.core.trust import trusted
from flux_cli.core.unanswered import reason

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_TRIES = 3
_CHUNK = 1 << 20
_MAX_PAGE = 16 << 20
PAUSE = 1.0  # seconds before the first retry, twice as long before the next


class BucketError(FluxError):
    """``status`` is the HTTP code, 0 where there was no answer; ``code`` the storage's own."""

    def __init__(self, message: str, *, status: int = 0, code: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code


class Session:
    """``seconds``: until when everything must be done. ``ca``: PEM to trust besides the machine's own."""

    def __init__(self, seconds: float, *, auth: httpx.Auth | None = None, headers: Mapping[str, str] = {}, ca: str = "") -> None:
        self.auth = auth
        self._until = time.monotonic() + seconds
        self._client = httpx.Client(verify=trusted(ca), headers={"Accept-Encoding": "identity", **headers})

    def close(self) -> None:
        self._client.close()

    def page(self, url: str, params: Mapping[str, str] | None = None) -> bytes:
        """A listing, whole."""
        with self._open(url, params) as answer:
            out = bytearray()
            for chunk in _chunks(answer):
                out += chunk
                if len(out) > _MAX_PAGE:
                    raise BucketError(f"{_bare(url)} sends a listing of more than {_MAX_PAGE} bytes")
            return bytes(out)

    def download(self, url: str, entry: Entry, out: IO[bytes], params: Mapping[str, str] | None = None) -> None:
        """An object, streamed."""
        length = 0
        with self._open(url, params) as answer:
            for chunk in _chunks(answer):
                length += len(chunk)
                if length > entry.size:
                    break
                out.write(chunk)
        if length != entry.size:
            raise BucketError(
                f"{entry.key} does not have the {entry.size} bytes that the bucket's listing says: did it just change?"
            )

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        """The JSON of a token's endpoint."""
        try:
            answer = self._client.post(url, data=dict(form), timeout=self._left())
        except httpx.HTTPError as err:
            raise BucketError(f'Post "{_bare(url)}": {reason(err)}') from err
        if answer.status_code != 200:
            raise refused("POST", answer)
        try:
            return answer.json()
        except ValueError as err:
            raise BucketError(f"POST {_bare(url)}: the answer is not JSON") from err

    @contextmanager
    def _open(self, url: str, params: Mapping[str, str] | None) -> Iterator[httpx.Response]:
        for attempt in range(1, _TRIES + 1):
            try:
                request = self._client.build_request("GET", url, params=params, timeout=self._left())
                answer = self._client.send(request, auth=self.auth, stream=True)
            except httpx.HTTPError as err:
                problem = BucketError(
                    f'Get "{_bare(url)}": {reason(err)}',
                    hint=f"Is {httpx.URL(url).host} reachable from here?",
                )
            else:
                if answer.status_code == 200:
                    try:
                        yield answer
                    finally:
                        answer.close()
                    return
                answer.read()
                problem = refused("GET", answer)
                if answer.status_code not in _PASSING:
                    raise problem
            if attempt < _TRIES:
                time.sleep(min(PAUSE * 2 ** (attempt - 1), self._left()))
        raise problem

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise Timeout("context deadline exceeded")
        return left


def _chunks(answer: httpx.Response) -> Iterator[bytes]:
    try:
        yield from answer.iter_bytes(_CHUNK)
    except httpx.HTTPError as err:
        raise BucketError(f'Get "{_bare(str(answer.url))}": {reason(err)}') from err


def refused(method: str, answer: httpx.Response) -> BucketError:
    """The error of an answer, with the storage's code and message: XML from S3 and Azure, JSON from Google."""
    code, message = _said(answer.content)
    hint = (
        "Are the credentials of the source's Secret right, and may they list and read?"
        if answer.status_code in (401, 403)
        else ""
    )
    text = ": ".join(part for part in (code, message) if part) or f"{answer.status_code} {answer.reason_phrase}".strip()
    return BucketError(
        f"{method} {_bare(str(answer.url))}: {one_line(text, 300)}", status=answer.status_code, code=code, hint=hint
    )


def _said(body: bytes) -> tuple[str, str]:
    try:
        found = json.loads(body)
        error = found.get("error", found) if isinstance(found, dict) else {}
        if isinstance(error, dict):
            return str(error.get("status") or error.get("code") or ""), str(error.get("message") or "")
        return str(error), str(found.get("error_description", ""))
    except (ValueError, RecursionError):
        pass
    try:
        root = tree(body)
    except BucketError:
        return "", ""
    return child(root, "Code"), child(root, "Message").partition("\n")[0]  # Azure goes on with the request's number and time


def tree(body: bytes) -> ElementTree.Element:
    """XML without namespaces. Document types, which can swell without end, are refused. Raises BucketError."""
    if b"<!DOCTYPE" in body:
        raise BucketError("the storage's answer is no listing")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError) as err:
        raise BucketError(f"the storage's answer is not XML: {err}") from err
    for element in root.iter():
        element.tag = re.sub(r"\A\{[^}]*\}", "", element.tag)
    return root


def child(element: ElementTree.Element, path: str) -> str:
    return element.findtext(path) or ""


def size(text: object) -> int:
    """A length as a storage writes it. Raises BucketError."""
    try:
        return int(str(text))
    except ValueError as err:
        raise BucketError(f"the storage's listing has a size that is no number: {one_line(str(text), 40)}") from err


def _bare(url: str) -> str:
    """The address without its query, which may hold a signature."""
    return url.partition("?")[0]

"""A registry's refusals, in the words of the library that the Go CLI uses: ``GET URL: CODE: message; detail``."""

import http
from typing import Any

from flux_cli.core import gojson
from flux_cli.core.errors import FluxError


class RegistryError(FluxError):
    """``status`` is the HTTP code, 0 where there was no answer."""

    def __init__(self, message: str, *, status: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


def refusal(method: str, url: str, status: int, body: bytes) -> RegistryError:
    hint = ""
    if status in (401, 403):
        hint = "Log in first (docker login), or use --creds or --provider."
    return RegistryError(f"{method} {url}: {_said(method, status, body)}", status=status, hint=hint)


def _said(method: str, status: int, body: bytes) -> str:
    import json

    try:
        errors = json.loads(body).get("errors") or []
    except (ValueError, AttributeError):
        errors = []
    said = [_diagnostic(error) for error in errors if isinstance(error, dict)]
    if len(said) == 1:
        return said[0]
    if said:
        return f"multiple errors returned: {'; '.join(said)}"
    try:
        phrase = http.HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    text = f"unexpected status code {status} {phrase}"
    if body:
        return f"{text}: {body[:400].decode('utf-8', 'replace')}"
    return text + (" (HEAD responses have no body, use GET for details)" if method == "HEAD" else "")


def _diagnostic(error: dict[str, Any]) -> str:
    text = f"{error.get('code', '')}: {error.get('message', '')}"
    return text if error.get("detail") is None else f"{text}; {gojson.printed(error['detail'])}"

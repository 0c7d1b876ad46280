"""Refusals of the API server as errors: its own words where it has any, client-go's where it has none."""

from __future__ import annotations

from flux_cli.core import quickjson
from flux_cli.core.api import Resource, Response
from flux_cli.core.errors import ApiError, Conflict, Forbidden, Gone, Invalid, NoMatch, NotFound, Unauthorized, Unreachable
from flux_cli.core.objects import dig
from flux_cli.core.text import go_quote, one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ABSENT = "the server could not find the requested resource"
_FAMILY: dict[int, type[ApiError]] = {401: Unauthorized, 403: Forbidden, 404: NotFound, 409: Conflict, 410: Gone, 422: Invalid}
# What client-go says where the answer holds no Status (apimachinery, NewGenericServerResponse).
_WORDS = {
    400: "the server rejected our request for an unknown reason",
    401: "the server has asked for the client to provide credentials",
    404: ABSENT,
    405: "the server does not allow this method on the requested resource",
    406: "the server was unable to respond with a content type that the client supports",
    409: "the server reported a conflict",
    415: "the server was unable to respond with a content type that the client supports",
    422: "the server rejected our request due to an error in our request",
    429: "the server has received too many requests and has asked us to try again later",
    503: "the server is currently unable to handle the request",
    504: "the server was unable to return a response in the time allotted, but may still be processing the request",
}


def from_status(body: Mapping[str, Any]) -> ApiError:
    """The error that a Status object tells (an answer's body, or the object of a watch's ERROR event)."""
    raw = body.get("code")
    code = raw if isinstance(raw, int) else 500
    message, reason = body.get("message"), body.get("reason")
    if not isinstance(message, str) or not message:
        message = _WORDS.get(code, "unknown")
    family = _FAMILY.get(code, ApiError)
    if code == 404 and not dig(body, "details.name") and message == ABSENT:
        family = NoMatch
    return family(message, status=code, reason=reason if isinstance(reason, str) else "", body=dict(body))


def from_answer(response: Response, body: bytes, *, server: str, verb: str, subject: str) -> ApiError | Unreachable:
    """The error for an answer of 300 or more. ``subject``: resource and name for messages that lack them."""
    code, headers = response.status, response.headers
    status = _decoded(body)
    if isinstance(status, dict) and status.get("kind") == "Status":
        return from_status({"code": code} | status)
    if 300 <= code < 400:
        return Unreachable(
            f"{server} is not a Kubernetes API: it redirects to {one_line(headers.get('location', '?'), 200)}",
            hint="Look at the cluster's server in the kubeconfig: something between here and the cluster wants a login.",
        )
    if _is_page(headers, body):
        return not_the_api(server, response, body)
    text = one_line(body[:2000].decode("utf-8", "replace"), 300)
    if b"HTTP request to an HTTPS server" in body:
        return Unreachable(
            f"{server} speaks TLS, but its address begins with http://: the server rejected our request: {text}",
            hint=f"Write https:// into the cluster's server in the kubeconfig: {server.replace('http://', 'https://', 1)}",
        )
    if code == 404:
        return NoMatch(ABSENT, status=404, reason="NotFound")
    message = text if code in (403, 406, 415) and text else _WORDS.get(code)
    if message is None and code >= 500:
        message = f"an error on the server ({go_quote(text or 'unknown')}) has prevented the request from succeeding"
    if message is None:
        message = f"the server responded with the status code {code} but did not return more information"
    family = _FAMILY.get(code, ApiError)
    return family(f"{message} ({verb.lower()} {subject})" if subject else message, status=code)


def not_the_api(server: str, response: Response, body: bytes) -> Unreachable:
    """The one line for a body that is no JSON: a login page, a proxy's own words, half a file."""
    if _is_page(response.headers, body):
        title = body.partition(b"<title>")[2].partition(b"</title>")[0].decode("utf-8", "replace")
        what = "a web page" + (f" ({one_line(title, 80)})" if title.strip() else "")
    else:
        shown = one_line(body[:400].decode("utf-8", "replace"), 80)
        what = f"no JSON: {go_quote(shown)}" if shown else "an empty body"
    return Unreachable(
        f"{server} did not answer as a Kubernetes API does: HTTP {response.status} with {what}",
        hint="Look at the cluster's server and proxy settings in the kubeconfig: a proxy or a login page may stand in between.",
    )


def _is_page(headers: Mapping[str, str], body: bytes) -> bool:
    return "text/html" in headers.get("content-type", "") or body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _decoded(body: bytes) -> Any:
    try:
        return quickjson.loads(body)
    except (ValueError, RecursionError):
        return None


def kind_absent(resource: Resource) -> NoMatch:
    """The group and version are served, the kind is not; or it is not the first kind that was asked for."""
    return NoMatch(f'no matches for kind "{resource.kind}" in version "{resource.api_version}"', status=404, reason="NoMatch")


def version_absent(resource: Resource) -> NoMatch:
    """The group and version are not served, told on the first look-up of a process as client-go tells it there."""
    version = resource.api_version
    text = f"unable to retrieve the complete list of server APIs: {version}: no matches for {version}, Resource="
    return NoMatch(text, status=404, reason="NoMatch")

"""Why a request over HTTP got no answer, in the words of Go's net package: nobody reads Python's error numbers."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

from flux_cli.core.text import one_line

_UNKNOWN_AUTHORITY = (2, 18, 19, 20, 21)  # X509_V_ERR_*: no way from the certificate to one that is trusted


def reason(err: BaseException) -> str:
    """One line for an error of httpx, from the operating system's error behind it where there is one."""
    if "Timeout" in type(err).__name__:  # ConnectTimeout, ReadTimeout and the like
        return "i/o timeout"
    cause: BaseException | None = err
    while cause and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, socket.gaierror):
        return "no such host"
    if isinstance(cause, ssl.SSLCertVerificationError):
        known = cause.verify_code in _UNKNOWN_AUTHORITY
        told = "certificate signed by unknown authority" if known else one_line(cause.verify_message)
        return f"tls: failed to verify certificate: x509: {told}"
    if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, ssl.SSLError):
        connecting = type(err).__name__ == "ConnectError"
        return ("connect: " if connecting else "") + one_line(cause.strerror).lower()
    return one_line(str(err) or type(err).__name__, 300)


def told(method: str, url: str, err: BaseException) -> str:
    """As Go's http client tells it: ``Get "URL": dial tcp HOST:PORT: connect: connection refused``."""
    why = reason(err)
    if why == "i/o timeout":
        why = "context deadline exceeded"
    elif type(err).__name__ == "ConnectError":
        where = urlsplit(url)
        port = where.port or (443 if where.scheme == "https" else 80)
        heads = {"no such": f"dial tcp: lookup {where.hostname}: ", "connect": f"dial tcp {where.hostname}:{port}: "}
        why = heads.get(why[:7], "") + why
    return f'{method} "{url}": {why}'

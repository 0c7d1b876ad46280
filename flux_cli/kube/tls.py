"""TLS as Go does it: a chain may end at any trusted certificate, rules that only OpenSSL has are off, errors in Go's words.

This is ``_ssl``, the C module under ``ssl``: the latter costs every start 7 ms (enumerations, ``socket``, ``re``). What ``ssl``
adds is spelled out here; ``tests/kube/test_tls.py`` holds both against each other.
"""

from __future__ import annotations

import _ssl
import os

from flux_cli.core.errors import ConfigError
from flux_cli.core.record import Record
from flux_cli.kube.tcp import REASONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Identity(Record):
    """A client certificate and its key, PEM."""

    certificate: bytes
    key: bytes


class Trust(Record):
    """Whom to trust: ``authorities`` (PEM; None for the system's), anybody (``insecure``), a certificate for another ``name``."""

    authorities: bytes | None = None
    insecure: bool = False
    name: str = ""


def context(trust: Trust, identity: Identity | None) -> Any:
    """A context for one API server. Raises ConfigError for certificates that cannot be used."""
    made: Any = _ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)
    made._set_alpn_protocols(b"\x08http/1.1")
    made._host_flags |= _ssl.HOSTFLAG_NEVER_CHECK_SUBJECT
    made.verify_flags = (made.verify_flags | _ssl.VERIFY_X509_PARTIAL_CHAIN) & ~_ssl.VERIFY_X509_STRICT
    if trust.insecure:
        made.check_hostname = False
        made.verify_mode = _ssl.CERT_NONE
    elif trust.authorities is None:
        made.set_default_verify_paths()
    else:
        _load_authorities(made, trust.authorities)
    if identity:
        _load_identity(made, identity)
    return made


def _load_authorities(made: Any, pem: bytes) -> None:
    try:
        made.load_verify_locations(cadata=pem.decode("ascii", "ignore"))
    except (_ssl.SSLError, ValueError):
        words = "unable to load root certificates: unable to parse bytes as PEM block"
        raise ConfigError(f"kubernetes client initialization failed: {words}") from None


def _load_identity(made: Any, identity: Identity) -> None:
    """OpenSSL takes files only: an anonymous one in memory where the system has it, else one that lives for an instant."""
    for name, part in (("certificate", identity.certificate), ("key", identity.key)):
        if b"-----BEGIN" not in part:
            words = f"tls: failed to find any PEM data in {name} input"
            raise ConfigError(f"kubernetes client initialization failed: {words}")
    pem = identity.certificate.rstrip() + b"\n" + identity.key
    try:
        if hasattr(os, "memfd_create") and os.path.isdir("/proc/self/fd"):
            fd = os.memfd_create("identity", os.MFD_CLOEXEC)
            try:
                os.write(fd, pem)
                made.load_cert_chain(f"/proc/self/fd/{fd}", password="")
            finally:
                os.close(fd)
        else:
            _load_from_disk(made, pem)
    except (_ssl.SSLError, ValueError, TypeError) as err:
        mismatch = getattr(err, "reason", "") == "KEY_VALUES_MISMATCH"
        words = "tls: private key does not match public key" if mismatch else "tls: failed to parse certificate or private key"
        raise ConfigError(f"kubernetes client initialization failed: {words}") from None


def _load_from_disk(made: Any, pem: bytes) -> None:
    import tempfile

    fd, path = tempfile.mkstemp()  # readable for this user alone
    try:
        os.write(fd, pem)
        made.load_cert_chain(path, password="")
    finally:
        os.close(fd)
        os.unlink(path)


def reason(err: BaseException) -> str:
    """What an error of a connection means, with TLS or without: Go's words, without the number."""
    if isinstance(err, TimeoutError):
        return "i/o timeout"
    if isinstance(err, _ssl.SSLError):
        return "unexpected EOF" if isinstance(err, _ssl.SSLEOFError) else refusal(err, "")[0]
    number = err.errno if isinstance(err, OSError) else None
    return REASONS[number][0] if number in REASONS else str(getattr(err, "strerror", None) or err).lower()


def refusal(err: _ssl.SSLError, host: str) -> tuple[str, str]:
    """What went wrong in a handshake, in Go's words, and what to do about it."""
    if isinstance(err, _ssl.SSLCertVerificationError):
        words, hint = _VERIFY.get(err.verify_code, (f"x509: {err.verify_message}", ""))
        return f"tls: failed to verify certificate: {words.format(host=host)}", hint
    text = err.reason or str(err)
    if text == "WRONG_VERSION_NUMBER" or text == "HTTP_REQUEST":
        return (
            "http: server gave HTTP response to HTTPS client",
            "The server speaks plain HTTP there: look at the port of the address.",
        )
    before, alert, words = text.lower().replace("_", " ").rpartition("alert ")
    if alert:
        wanted = any(word in words for word in ("certificate", "unknown ca", "handshake failure"))
        return f"remote error: tls: {words}", "The server refuses the user's client certificate, or wants one." if wanted else ""
    return f"tls: {before}{words}", ""


_UNTRUSTED = (
    "x509: certificate signed by unknown authority",
    "The cluster's certificate-authority (or --certificate-authority) must be the one that signed the server's certificate.",
)
_VERIFY = {
    2: _UNTRUSTED,
    18: _UNTRUSTED,
    19: _UNTRUSTED,
    20: _UNTRUSTED,
    21: _UNTRUSTED,
    9: (
        "x509: certificate has expired or is not yet valid",
        "The server's certificate is not valid yet: compare the clocks of both machines.",
    ),
    10: (
        "x509: certificate has expired or is not yet valid",
        "The server's certificate has expired: it has to be renewed on the cluster.",
    ),
    62: (
        "x509: certificate is not valid for the name {host}",
        "Name the one in the certificate with tls-server-name or --tls-server-name.",
    ),
    64: (
        "x509: certificate is not valid for the address {host}",
        "Name the one in the certificate with tls-server-name or --tls-server-name.",
    ),
}

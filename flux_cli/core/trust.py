"""Whom to trust over TLS, for everything that is not the API server."""

import ssl

from flux_cli.core.errors import FluxError


def trusted(ca: str = "") -> ssl.SSLContext | bool:
    """The machine's own authorities, as Go's programs use them, and those of ``ca`` (PEM). For httpx' ``verify``.

    SSL_CERT_FILE and SSL_CERT_DIR are honoured. A machine without a store of its own gets httpx' bundle. Raises FluxError.
    """
    paths = ssl.get_default_verify_paths()
    if not ca and not (paths.cafile or paths.capath):
        return True
    context = ssl.create_default_context()
    if ca:
        try:
            context.load_verify_locations(cadata=ca)
        except ssl.SSLError as err:
            raise FluxError(
                "the CA file holds no certificate in PEM", hint="Is it PEM, with -----BEGIN CERTIFICATE-----?"
            ) from err
    return context

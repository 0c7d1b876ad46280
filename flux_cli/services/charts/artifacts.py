"""What source-controller fetched already: read from it through the API server, and checked against its digest."""

import hashlib
import hmac
import re
from urllib.parse import quote, urlsplit

from flux_cli.core.api import Cluster
from flux_cli.core.errors import ApiError, FluxError
from flux_cli.core.objects import Object, name_of, namespace_of, text

_SERVICE = re.compile(r"([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\..*)?\Z")


def identity(source: Object) -> str:
    return f"{text(source, 'kind')}/{namespace_of(source)}/{name_of(source)}"


def artifact(cluster: Cluster, source: Object) -> bytes:
    """The archive of a source's artifact. Needs the right to ``get`` ``services/proxy``. Raises FluxError."""
    url = text(source, "status.artifact.url")
    if not url:
        raise FluxError(f"{identity(source)} has no artifact", hint=f"flux get sources all -n {namespace_of(source)} says why.")
    parts = urlsplit(url)
    found = _SERVICE.match((parts.hostname or "").rstrip("."))
    if not found:
        raise FluxError(f"the artifact of {identity(source)} is not served by a service of the cluster: {parts.hostname or url}")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = f"/api/v1/namespaces/{found[2]}/services/{parts.scheme}:{found[1]}:{port}/proxy{quote(parts.path)}"
    try:
        data = cluster.content(path)
    except ApiError as err:
        why = f"the artifact of {identity(source)} cannot be read through the API server: {err}"
        raise FluxError(why, hint=err.hint or f"It takes the right to get services/proxy in {found[2]}.") from err
    _verify(source, data)
    return data


def _verify(source: Object, data: bytes) -> None:
    algorithm, _, wanted = text(source, "status.artifact.digest").partition(":")
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise FluxError(f"the artifact of {identity(source)} has no digest that can be checked here: {algorithm or 'none'}")
    got = hashlib.new(algorithm, data).hexdigest()
    if not hmac.compare_digest(got, wanted):
        raise FluxError(f"the artifact of {identity(source)} is not what its digest says: {algorithm}:{got}, not {wanted}")

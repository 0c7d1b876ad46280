"""The Secrets that sources name."""

import base64

from flux_cli.core.api import SECRET, Cluster
from flux_cli.core.errors import ApiError, FluxError
from flux_cli.core.objects import Object, dig, namespace_of, text


def secret(cluster: Cluster, obj: Object, field: str) -> dict[str, str]:
    """The decoded data of the Secret that ``field`` of a source names; empty where it names none. Raises FluxError."""
    name = text(obj, f"{field}.name")
    if not name:
        return {}
    try:
        found = cluster.get(SECRET, namespace_of(obj), name)
    except ApiError as err:
        raise FluxError(f"failed to get secret '{namespace_of(obj)}/{name}': {err}", hint=err.hint) from err
    data = dig(found, "data", {})
    return {key: base64.b64decode(value or "").decode("utf-8", "replace") for key, value in data.items()}

"""The Secrets that sources name."""

import base64

from flux_cli.core.api import SECRET, Cluster
from flux_cli.core.errors import ApiError, FluxError, NotFound
from flux_cli.core.objects import Object, dig, namespace_of, text
from flux_cli.services.charts.artifacts import identity


def secret(cluster: Cluster, obj: Object, field: str) -> dict[str, str]:
    """The data of the Secret that ``field`` of a source names, as text; empty where it names none. Raises FluxError."""
    return {key: value.decode("utf-8", "replace") for key, value in raw_secret(cluster, obj, field).items()}


def raw_secret(cluster: Cluster, obj: Object, field: str) -> dict[str, bytes]:
    """The same as bytes."""
    name = text(obj, f"{field}.name")
    if not name:
        return {}
    try:
        found = cluster.get(SECRET, namespace_of(obj), name)
    except NotFound as err:
        why = f"failed to get secret '{namespace_of(obj)}/{name}': {err}"
        raise FluxError(why, hint=f"{identity(obj)} names it in {field}: kubectl get secrets -n {namespace_of(obj)}") from err
    except ApiError as err:
        raise FluxError(f"failed to get secret '{namespace_of(obj)}/{name}': {err}", hint=err.hint) from err
    try:
        return {key: base64.b64decode(value or "") for key, value in dig(found, "data", {}).items()}
    except (ValueError, TypeError, AttributeError) as err:
        raise FluxError(f"the data of secret '{namespace_of(obj)}/{name}' is not base64") from err

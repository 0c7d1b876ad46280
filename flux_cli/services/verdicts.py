"""Why something is not ready, in one line for the end of a wait that was in vain."""

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Ref

_SECONDS = 15.0  # the command's own deadline is over by then


def verdict(cluster: Cluster, ref: Ref, fallback: str) -> str:
    """What the diagnosis says about the object, and what to type next; ``fallback`` where it could not look or found nothing."""
    from flux_cli.services.diagnosing import diagnose

    try:
        found = diagnose(cluster.within(_SECONDS), ref.kind, ref.namespace, ref.name)
    except FluxError:
        return fallback
    if not found.causes:
        return fallback
    remedy = next(iter(found.causes[0].remedy), "")
    return found.verdict + (f" Next: {remedy}" if remedy else "")

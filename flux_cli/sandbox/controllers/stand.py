"""All stand-in controllers on one cluster."""

from flux_cli.core.api import Cluster
from flux_cli.sandbox.controllers import artifacts, charts, helm, images, kustomize, notifications, sources
from flux_cli.sandbox.controllers._loop import Loop
from flux_cli.sandbox.world import World


def controllers(cluster: Cluster, world: World | None = None) -> Loop:
    """Ready to ``start``; on any cluster, though only the embedded one takes their log lines."""
    families = (sources, charts, kustomize, helm, images, notifications, artifacts)
    return Loop(cluster, world or World(), [made for family in families for made in family.CONTROLLERS])

"""Feature gates of the controllers, as the arguments of their Deployments set them."""

from itertools import pairwise

from flux_cli.core.api import DEPLOYMENT, Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import items

_FLAG = "--feature-gates"


def enabled(cluster: Cluster, controller: str, gate: str) -> bool:
    """Whether a gate that is off by default is on. Deployments that cannot be read leave it off."""
    try:
        found = cluster.list(DEPLOYMENT, labels=f"app.kubernetes.io/component={controller}").items
    except FluxError:
        return False
    said = ""
    for deployment in found:
        for container in items(deployment, "spec.template.spec.containers"):
            args = [str(arg) for arg in items(container, "args")]
            values = [arg.partition("=")[2] for arg in args if arg.startswith(f"{_FLAG}=")]
            values += [value for flag, value in pairwise(args) if flag == _FLAG]
            for pair in ",".join(values).split(","):
                name, _, value = pair.strip().partition("=")
                said = value if name == gate else said
    return said.lower() in ("true", "t", "1")

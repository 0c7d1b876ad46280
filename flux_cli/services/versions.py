"""``version``: what runs here, and what runs in the cluster."""

from collections.abc import Callable
from typing import Any

from flux_cli.core import __version__
from flux_cli.core.api import CRD, DEPLOYMENT, Cluster
from flux_cli.core.errors import FluxError, NotFound
from flux_cli.core.objects import Object, dig, items, labels, text
from flux_cli.core.parallel import side_by_side

PART_OF = "app.kubernetes.io/part-of"
COMPONENTS = f"{PART_OF}=flux"
MARKER_CRD = "gitrepositories.source.toolkit.fluxcd.io"  # whose labels tell which distribution was installed
SANDBOX = "flux-sandbox"


def installed(cluster: Cluster, namespace: str) -> tuple[str, dict[str, str], str]:
    """(distribution, tag of each controller's image, what the cluster is if it only pretends); one round trip.

    Raises FluxError where the cluster cannot be read or runs no Flux.
    """
    calls: list[Callable[[], Any]] = [
        lambda: cluster.get(CRD, "", MARKER_CRD, metadata_only=True),
        lambda: cluster.list(DEPLOYMENT, namespace, labels=COMPONENTS).items,
        lambda: cluster.raw("/version"),
    ]
    crd, deployments, server = side_by_side(calls)
    if isinstance(crd, Exception) and not isinstance(crd, NotFound):
        raise crd
    if isinstance(deployments, Exception):
        raise deployments
    if not deployments:
        raise FluxError(f"no deployments found in {namespace} namespace")
    tags = dict(name_and_tag(image) for deployment in deployments for image in images(deployment))
    pretends = f"flux v{__version__} sandbox" if SANDBOX in text(server, "platform") else ""
    return "" if isinstance(crd, Exception) else distribution(crd), tags, pretends


def distribution(crd: Object) -> str:
    """``flux-v2.9.4``: what the CRD is part of, and its version; "" where it does not say."""
    found = labels(crd)
    version, part_of = str(found.get("app.kubernetes.io/version", "")), str(found.get(PART_OF, ""))
    return f"{part_of}-{version}" if part_of else version


def images(deployment: Object) -> list[str]:
    """The images of a Deployment's containers."""
    containers = items(deployment, "spec.template.spec.containers")
    return [text(container, "image") for container in containers if isinstance(dig(container, "image"), str)]


def name_and_tag(image: str) -> tuple[str, str]:
    """``ghcr.io/fluxcd/source-controller:v1.0.1@sha256:…`` → (source-controller, v1.0.1@sha256:…). Raises FluxError."""
    host, slash, rest = image.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        rest = image
    path, colon, tag = rest.partition(":")
    if not colon:
        raise FluxError(f"missing image tag in image {image}")
    if not path or not tag:
        raise FluxError(f"parsing image '{image}' failed: invalid reference format")
    return path.rpartition("/")[2], tag

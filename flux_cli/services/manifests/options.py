"""What can be chosen about an installation, and the checks that the Go CLI makes of it."""

from collections.abc import Sequence
from typing import NamedTuple

from flux_cli.core.errors import UsageError

DEFAULTS = ("source-controller", "kustomize-controller", "helm-controller", "notification-controller")
EXTRA = ("image-reflector-controller", "image-automation-controller", "source-watcher")
AVAILABLE = frozenset(DEFAULTS + EXTRA)
REGISTRY = "ghcr.io/fluxcd"
REQUIRED = ("source-controller", "kustomize-controller")


class Options(NamedTuple):
    """``version`` begins with v and is resolved; ``components`` keeps the order and the duplicates of the flags."""

    version: str
    components: tuple[str, ...] = DEFAULTS
    namespace: str = "flux-system"
    registry: str = REGISTRY
    image_pull_secret: str = ""
    watch_all_namespaces: bool = True
    log_level: str = "info"
    network_policy: bool = True
    cluster_domain: str = "cluster.local"
    toleration_keys: tuple[str, ...] = ()


def components_of(chosen: Sequence[str], extra: Sequence[str], *, required: Sequence[str] = ()) -> tuple[str, ...]:
    """Both lists as one. Raises UsageError where a name is unknown, or one of ``required`` is missing."""
    whole = (*chosen, *extra)
    for name in required:
        if name not in whole:
            raise UsageError(f"component {name} is required")
    for name in whole:
        if name not in AVAILABLE:
            raise UsageError(f"component {name} is not available")
    return whole


def credentials_of(registry_creds: str, image_pull_secret: str) -> tuple[str, str] | None:
    """User and password of ``--registry-creds``; None where the flag was not given. Raises UsageError."""
    if not registry_creds:
        return None
    if not image_pull_secret:
        raise UsageError("--registry-creds requires --image-pull-secret to be set")
    user, colon, password = registry_creds.partition(":")
    if not colon or ":" in password:
        raise UsageError("invalid --registry-creds format, expected 'user:password'")
    return user, password


def docker_config(registry: str, user: str, password: str, *, indent: int | None = None) -> str:
    """The content of a pull secret: JSON, indented by 2 as ``install`` writes it, or on one line as ``bootstrap`` does."""
    import base64
    import json

    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    entry = {"username": user, "password": password, "auth": auth}
    return json.dumps({"auths": {registry: entry}}, indent=indent, separators=None if indent else (",", ":"))

"""Flags of ``install``, shared with ``bootstrap``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Export = Annotated[bool, flag("--export", help="Print the manifests and do nothing else")]
Version = Annotated[str, flag("--version", "-v", help="Flux version to install; latest asks the project for its newest")]
Components = Annotated[Sequence[str], flag("--components", help="Controllers to install")]
ComponentsExtra = Annotated[
    Sequence[str],
    flag(
        "--components-extra",
        help="Further controllers: image-reflector-controller, image-automation-controller, source-watcher",
        complete="words:image-reflector-controller|image-automation-controller|source-watcher",
    ),
]
Manifests = Annotated[
    str,
    flag(
        "--manifests",
        help="Folder with the manifests of a release, or base URL to download them from",
        hidden=True,
        complete="dirs",
    ),
]
Registry = Annotated[str, flag("--registry", help="Registry and prefix of the controllers' images")]
RegistryCreds = Annotated[
    str, flag("--registry-creds", help="Credentials user:password for the registry, kept in the Secret of --image-pull-secret")
]
ImagePullSecret = Annotated[str, flag("--image-pull-secret", help="Secret with which the controllers' images are pulled")]
WatchAllNamespaces = Annotated[
    bool, flag("--watch-all-namespaces", help="Handle objects of all namespaces, not only of this one")
]
LogLevel = Annotated[str, flag("--log-level", type="debug|info|error", help="How much the controllers log")]
NetworkPolicy = Annotated[
    bool, flag("--network-policy", help="Make network policies that let only needed traffic reach the controllers")
]
ClusterDomain = Annotated[str, flag("--cluster-domain", help="DNS domain of the cluster")]
TolerationKeys = Annotated[Sequence[str], flag("--toleration-keys", help="Keys of taints that the controllers tolerate")]
Force = Annotated[bool, flag("--force", help="Take over an installation of another tool without asking")]
Plan = Annotated[bool, flag("--plan", help="Print each step, and what it would touch, and change nothing")]

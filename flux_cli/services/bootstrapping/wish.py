"""What a bootstrap is asked to reach, and the world that it works in."""

import posixpath
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flux_cli.core.api import Cluster
from flux_cli.core.app import Clock, Log
from flux_cli.git.access import Access
from flux_cli.services.keys import KeyPair
from flux_cli.services.manifests import Options, Release

Signer = Callable[[bytes], bytes]


class Wish(NamedTuple):
    """``path`` is ``--path`` as the flag leaves it (``./clusters/x`` or ""); ``sync_url`` is what source-controller fetches from;
    ``interval`` in seconds; ``pull_credentials`` are user and password for the registry."""

    options: Options
    release: Release
    url: str
    sync_url: str
    branch: str
    path: str = ""
    secret_name: str = "flux-system"
    interval: float = 60.0
    recurse_submodules: bool = False
    sparse_checkout: tuple[str, ...] = ()
    git_provider: str = ""
    author_name: str = "Flux"
    author_email: str = ""
    appendix: str = ""
    pull_credentials: tuple[str, str] | None = None

    @property
    def namespace(self) -> str:
        return self.options.namespace

    @property
    def folder(self) -> str:
        """Where Flux' own files are in the repository."""
        return posixpath.normpath(posixpath.join(self.path, self.namespace))

    @property
    def author(self) -> str:
        return f"{self.author_name} <{self.author_email}>"

    def message(self, text: str) -> str:
        return f"{text}\n\n{self.appendix}" if self.appendix else text


class SecretWish(NamedTuple):
    """How source-controller logs in. One of the ways is used, the first of: user and password, bearer token, SSH key.

    ``pair`` is a key that exists already, ``key_password`` its passphrase; without one a key is made. ``host``: ``host[:port]``
    whose key is stored.
    """

    username: str = ""
    password: str = ""
    bearer_token: str = ""
    ca: str = ""
    pair: KeyPair | None = None
    key_password: str = ""
    host: str = ""
    algorithm: str = "ecdsa"
    rsa_bits: int = 2048
    curve: str = "p384"

    @property
    def always(self) -> bool:
        """Whether an existing Secret is written again; a bearer token alone does not do so, as in the Go CLI."""
        return bool(self.pair or self.ca or (self.username and self.password))


class World(NamedTuple):
    """What a bootstrap touches. ``timeout`` is in seconds, for each wait; ``access`` is how we reach the repository."""

    cluster: Cluster
    clock: Clock
    log: Log
    environ: Mapping[str, str]
    timeout: float
    access: Access
    signer: Signer | None = None

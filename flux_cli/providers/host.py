"""What a bootstrap asks of a Git host, whichever it is."""

from typing import NamedTuple, Protocol

PERMISSIONS = ("pull", "triage", "push", "maintain", "admin")


class Place(NamedTuple):
    """A repository by name. ``owner`` may have sub-groups (``a/b``) on GitLab; ``visibility``: private, internal or public."""

    owner: str
    name: str
    personal: bool = False
    visibility: str = "private"
    default_branch: str = "main"


class GitHost(Protocol):
    """One repository on one host. Every call raises FluxError, never with a secret in it."""

    domain: str  # as progress shows it

    @property
    def url(self) -> str:
        """The repository's address as messages show it."""

    @property
    def clone_url(self) -> str:
        """The address over HTTPS."""

    @property
    def ssh_url(self) -> str:
        """The address over SSH, for the user ``git``."""

    def close(self) -> None:
        """End the connections."""

    def exists(self) -> bool: ...

    def create(self) -> None: ...

    def grant(self, team: str, permission: str, *, update: bool) -> bool:
        """Give a team access; ``update``: also where it has other access already. Whether anything changed."""

    def put_key(self, name: str, public: str, *, read_only: bool) -> bool:
        """Have exactly this deploy key under this name. Whether anything changed."""


class TokenHost(GitHost, Protocol):
    """A host that makes tokens for a single repository."""

    def put_token(self, name: str) -> tuple[str, str]:
        """A new read token under this name, in place of an older one: (user, token)."""


def origin(hostname: str) -> tuple[str, str]:
    """(``https://host``, ``host``) of ``--hostname``, which may say another scheme."""
    scheme, _, host = hostname.rstrip("/").rpartition("://")
    return f"{scheme or 'https'}://{host}", host

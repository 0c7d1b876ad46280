"""What a credential plugin hands out."""

import time
from typing import NamedTuple

from flux_cli.kube.tls import Identity

SKEW = 10.0  # seconds before its expiry from which a credential is renewed


class Credential(NamedTuple):
    """A token, a client certificate, or both. ``expires``: seconds since the epoch, 0 for never."""

    token: str = ""
    identity: Identity | None = None
    expires: float = 0.0

    @property
    def expired(self) -> bool:
        return 0 < self.expires <= time.time() + SKEW

"""Names of images as registries know them, with Docker's defaults."""

import ipaddress
import re
from typing import NamedTuple

SCHEME = "oci://"
DEFAULT_REGISTRY = "index.docker.io"
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-./"  # of a repository's name
_REPOSITORY = re.compile(r"[a-z0-9_./-]{2,255}\Z")
_TAG = re.compile(r"[A-Za-z0-9_.-]{1,128}\Z")
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}\Z")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::[0-9]+)?\Z")


class Reference(NamedTuple):
    """``registry/repository:tag`` or ``registry/repository@digest``."""

    registry: str
    repository: str
    tag: str = "latest"
    digest: str = ""

    @property
    def name(self) -> str:
        """Registry and repository."""
        return f"{self.registry}/{self.repository}"

    @property
    def identifier(self) -> str:
        return self.digest or self.tag

    def __str__(self) -> str:
        return f"{self.name}@{self.digest}" if self.digest else f"{self.name}:{self.tag}"

    @property
    def plain_http(self) -> bool:
        """Whether the registry is on this machine or in a private network, where TLS is not expected."""
        host = self.registry
        if host.startswith("localhost:") or re.search(r"\.localhost(:\d+)?\Z", host) or "127.0.0.1" in host or "::1" in host:
            return True
        try:
            address = ipaddress.ip_address(re.sub(r":\d+\Z", "", host))
        except ValueError:
            return False
        return any(address in ipaddress.ip_network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def parse(text: str) -> Reference:
    """A reference as people write it. Raises ValueError."""
    name, at, digest = text.partition("@")
    if at and not _DIGEST.match(digest):
        raise ValueError(f"could not parse reference: {text}")
    base, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        base, tag = name, "latest"
    elif not _TAG.match(tag):
        raise ValueError(f"could not parse reference: {text}")
    registry, slash, repository = base.partition("/")
    if not slash or not ("." in registry or ":" in registry or registry == "localhost"):
        registry, repository = DEFAULT_REGISTRY, base
    if not _HOST.match(registry) or not _REPOSITORY.match(repository):
        raise ValueError(f"could not parse reference: {text}")
    if registry in ("docker.io", DEFAULT_REGISTRY):
        registry = DEFAULT_REGISTRY
        repository = repository if "/" in repository else f"library/{repository}"
    return Reference(registry, repository, tag, digest)

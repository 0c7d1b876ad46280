"""The manifests of Flux itself: where a release's files come from, and what the flags of ``install`` make of them."""

from flux_cli.services.manifests.options import AVAILABLE, DEFAULTS, EXTRA, Options, components_of
from flux_cli.services.manifests.overlay import header, render
from flux_cli.services.manifests.release import Release, find, resolve_version

__all__ = ["AVAILABLE", "DEFAULTS", "EXTRA", "Options", "Release", "components_of", "find", "header", "render", "resolve_version"]

"""What lies outside the cluster, as far as the stand-in controllers can tell: repositories, charts, images, and faults.

A scenario says it; where it says nothing, revisions are derived from URL and ref, so that they are stable.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.sandbox.controllers._outcome import Failure


class Play(NamedTuple):
    """A fault of ``scenarios/faults.yaml``: what the object then says. ``{…}`` in texts are fields of the object."""

    kind: str
    reason: str
    message: str
    condition: str = ""
    stalled: bool = False


class World:
    """Answers of the world. ``scenario`` is a document as in ``scenarios/seed.yaml``; everything in it may be changed later."""

    def __init__(self, scenario: Object | None = None, plays: dict[str, list[Play]] | None = None) -> None:
        self.scenario: Object = scenario or {}
        self.plays = plays or {}
        self.environ: Mapping[str, str] | None = None  # where Git servers are really asked: what ssh and proxies are found by
        self.faults: dict[tuple[str, str, str], str] = {}

    def play(self, kind: str, obj: Object) -> None:
        """Raises Failure where the scenario wants this object to fail."""
        slug = self.faults.get((kind, namespace_of(obj), name_of(obj)), "")
        if slug and slug not in self.plays:
            raise Failure("ReconciliationFailed", slug)  # a fault that is not described: its name is all there is to say
        for play in self.plays.get(slug, ()):
            if play.kind == kind:
                raise Failure(play.reason, filled(play.message, obj), kind=play.condition, stalled=play.stalled)

    def commit(self, url: str, ref: str) -> str:
        """The commit that a ref of a Git repository is at."""
        return self.staged(url, ref) or hashlib.sha1(f"{url}#{ref}".encode(), usedforsecurity=False).hexdigest()

    def staged(self, url: str, ref: str) -> str:
        """The same where the scenario says it, else empty."""
        for entry in items(self.scenario, "git"):
            if text(entry, "url") == url and (not text(entry, "ref") or text(entry, "ref") == ref):
                return text(entry, "commit")
        return ""

    def subject(self, url: str) -> str:
        """The first line of the message of a repository's last commit."""
        return next(
            (text(e, "subject") for e in items(self.scenario, "git") if text(e, "url") == url and text(e, "subject")), "update"
        )

    def folder(self, url: str) -> str:
        """The folder on this machine that a source is, by a ``file://`` URL or the scenario; empty where it is none."""
        if url.startswith("file://"):
            return url.removeprefix("file://")
        return next((text(entry, "folder") for entry in items(self.scenario, "git") if text(entry, "url") == url), "")

    def digest(self, *parts: str) -> str:
        """A content's SHA-256, derived from what names it."""
        named = next((text(e, "digest") for e in items(self.scenario, "content") if text(e, "of") == parts[0]), "")
        return named or hashlib.sha256("#".join(parts).encode()).hexdigest()

    def chart(self, repository: str, name: str, wanted: str) -> Object | None:
        """The newest version of a chart that fits; None where there is none. An unknown repository has what is asked for."""
        known = [c for c in items(self.scenario, "charts") if text(c, "repository").rstrip("/") == repository.rstrip("/")]
        if not known:
            return {"version": floor(wanted), "appVersion": floor(wanted)}
        versions = [v for c in known if text(c, "name") == name for v in items(c, "versions")]
        fitting = [v for v in versions if fits(text(v, "version"), wanted)]
        return max(fitting, key=lambda v: order(text(v, "version"))) if fitting else None

    def tags(self, image: str) -> list[str]:
        return next(
            (list(map(str, items(e, "tags"))) for e in items(self.scenario, "images") if text(e, "image") == image), ["v1.0.0"]
        )

    def manifests(self, namespace: str, name: str) -> list[Object] | None:
        """What a Kustomization builds, where the scenario says it."""
        for entry in items(self.scenario, "kustomizations"):
            if (text(entry, "namespace"), text(entry, "name")) == (namespace, name):
                return items(entry, "objects")
        return None

    def workloads(self, chart: str) -> list[Object]:
        """What a chart renders, where the scenario says it."""
        return next((items(e, "objects") for e in items(self.scenario, "charts") if text(e, "name") == chart), [])


def filled(message: str, obj: Object) -> str:
    """``{spec.url}`` and the like, replaced by the object's own fields."""

    def value(found: "re.Match[str]") -> str:
        return str(dig(obj, found[1], found[0]))

    return re.sub(r"\{([\w.]+)\}", value, message)


_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")
_TERM = re.compile(r"(>=|<=|!=|>|<|=|\^|~)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[0-9A-Za-z.-]+)?")


def order(version: str) -> tuple[Any, ...]:
    """A sort key by Semantic Versioning: a pre-release comes before its release."""
    found = _VERSION.fullmatch(version)
    if not found:
        return (-1,)
    return (*(int(part or 0) for part in found.groups()[:3]), not found[4], found[4] or "")


def fits(version: str, wanted: str) -> bool:
    """Whether a version is in a range: ``1.2.3``, ``1.x``, ``>=1.0.0 <2.0.0``, ``^1.2``, ``~1.2``, ``a || b``, ``*``."""
    if version == wanted:
        return True
    found = _VERSION.fullmatch(version)
    if not found or (found[4] and "-" not in wanted):
        return False
    return any(_all(order(version)[:3], part) for part in (wanted or "*").split("||"))


def _all(version: tuple[Any, ...], part: str) -> bool:
    terms = _TERM.findall(part.replace(",", " "))
    return bool(terms) and all(_one(version, *term[:4]) for term in terms)


def _one(version: tuple[Any, ...], operator: str, *parts: str) -> bool:
    given = [int(p) for p in parts if p and p not in "xX*"]
    low = (*given, 0, 0, 0)[:3]
    if operator in ("", "="):
        return list(version[: len(given)]) == given
    if operator == "!=":
        return list(version[: len(given)]) != given
    if operator in ("^", "~"):
        width = 1 if (operator == "^" and (low[0] or len(given) < 2)) or len(given) == 1 else 2
        return version >= low and version[:width] == low[:width]
    return {">=": version >= low, ">": version > low, "<=": version <= low, "<": version < low}[operator]


def floor(wanted: str) -> str:
    """The version that a range begins with; what is no range is itself."""
    found = re.search(r"\d+(?:\.\d+)?(?:\.\d+)?[-+.\w]*", wanted)
    if not found:
        return "1.0.0"
    parts = found[0].replace(".x", ".0").replace(".*", ".0").split(".")
    return ".".join([*parts, "0", "0"][:3]) if len(parts) < 3 else found[0]

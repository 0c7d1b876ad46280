"""Which tags of a repository are artifacts, and which of them a version range or a pattern selects."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from flux_cli.core.errors import FluxError

_SIGNATURES = (".att", ".sbom", ".sig")
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?\Z")
_TERM = re.compile(
    r"(=|!=|>=|=>|<=|=<|>|<|~>|~|\^)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+\S+)?"
)


class Version(NamedTuple):
    """A semantic version; compares as such with ``key``."""

    major: int
    minor: int
    patch: int
    pre: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        parts = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in self.pre.split(".")) if self.pre else ()
        return self.major, self.minor, self.patch, not self.pre, parts


class _Term(NamedTuple):
    sign: str
    low: Version
    given: int  # how many of major, minor, patch were said
    pre: bool


def filtered(names: Sequence[str], semver: str = "", regex: str = "") -> list[str]:
    """The tags in descending byte order without signatures and the like. Raises FluxError for a bad range or pattern."""
    ranges = parse_ranges(semver) if semver else None
    try:
        pattern = re.compile(regex) if regex else None
    except re.error as err:
        raise FluxError(f"regex '{regex}' parse error: {err}") from err
    out = []
    for name in sorted(names, reverse=True):
        if name.endswith(_SIGNATURES) or (pattern and not pattern.search(name)):
            continue
        version = parse_version(name)
        if ranges is None or (version and matches(version, ranges)):
            out.append(name)
    return out


def newest(names: Sequence[str], semver: str, regex: str = "") -> str:
    """The highest version that the range selects, "" where there is none. Raises FluxError."""
    return max(
        filtered(names, semver, regex), key=lambda name: version.key if (version := parse_version(name)) else (), default=""
    )


def parse_version(text: str) -> Version | None:
    """A version with all three numbers; None for anything else."""
    found = _VERSION.match(text)
    return Version(int(found[1]), int(found[2]), int(found[3]), found[4] or "") if found else None


def parse_ranges(text: str) -> list[list[_Term]]:
    """Alternatives of conditions: ``>=1.2 <2 || 3.x``. Raises FluxError."""
    return [_parse_range(part, text) for part in text.split("||")]


def _parse_range(part: str, whole: str) -> list[_Term]:
    part = re.sub(r"(\S+)\s+-\s+(\S+)", r">=\1 <=\2", part.strip())
    out, at = [], 0
    while at < len(part):
        found = _TERM.match(part, at)
        if not found or found.end() == at:
            raise FluxError(f"semver '{whole}' parse error: improper constraint: {whole}")
        numbers = [int(n) for n in found.group(2, 3, 4) if n and n.isdigit()]
        given = next((i for i, n in enumerate(found.group(2, 3, 4)) if not n or not n.isdigit()), 3)
        major, minor, patch = [*numbers[:given], 0, 0, 0][:3]
        out.append(_Term(found[1] or "=", Version(major, minor, patch, found[5] or ""), given, bool(found[5])))
        gap = re.compile(r"\s*,?\s*").match(part, found.end())
        at = gap.end() if gap else found.end()
    if not out:
        raise FluxError(f"semver '{whole}' parse error: improper constraint: {whole}")
    return out


def matches(version: Version, ranges: list[list[_Term]]) -> bool:
    """Whether one alternative holds. A pre-release counts only where the condition names one."""
    return any(all(_holds(version, term) for term in terms) for terms in ranges)


def _holds(version: Version, term: _Term) -> bool:
    if version.pre and not term.pre:
        return False
    sign, low = term.sign.replace("=>", ">=").replace("=<", "<="), term.low
    if sign == "^":
        return version.key >= low.key and version.key[:3] < _next(low, _first_nonzero(low, term.given)).key[:3]
    if sign in ("~", "~>") or (sign in ("=", "!=") and term.given < 3):
        high = _next(low, max(min(term.given, 2), 0) if sign in ("~", "~>") else term.given)
        inside = term.given == 0 or (version.key >= low.key and version.key[:3] < high.key[:3])
        return inside != (sign == "!=")
    if sign == ">" and term.given < 3:
        return version.key[:3] >= _next(low, term.given).key[:3]
    if sign == "<=" and term.given < 3:
        return version.key[:3] < _next(low, term.given).key[:3]
    a, b = version.key, low.key
    return {"=": a == b, "!=": a != b, ">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b}[sign]


def _next(low: Version, given: int) -> Version:
    """The first version above all that share the first ``given`` numbers."""
    if given <= 0:
        return Version(1 << 60, 0, 0)
    if given == 1:
        return Version(low.major + 1, 0, 0)
    return Version(low.major, low.minor + 1, 0) if given == 2 else Version(low.major, low.minor, low.patch + 1)


def _first_nonzero(low: Version, given: int) -> int:
    """How many numbers a caret keeps: up to the first that is not zero."""
    for count, number in enumerate(low[:3], 1):
        if number or count == given:
            return count
    return given

"""Keep secrets out of what is shown and kept: credentials in URLs, tokens, passwords, private keys, and values that are known."""

import re
from collections.abc import Iterable
from functools import lru_cache

MASK = "***"
SHORTEST = 6  # a known value shorter than this would blot out ordinary words
_SECRET_WORD = (
    r"(?:[\w.-]*(?:password|passwd|passphrase|token|secret|api[-_]?key|access[-_]?key|private[-_]?key|credential)s?[\w.-]*"
    r"|\b(?:pwd|authorization|signature|sig|auth|pass))"
)
_PATTERNS = (
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", MASK),
    (r"\b([a-z][a-z0-9+.-]*://)[^\s/@'\"]+@", rf"\1{MASK}@"),
    (r"(https://hooks\.slack\.com/)[^\s'\"]+", rf"\1{MASK}"),
    (r"(https://[^\s'\"]*(?:webhook|/hooks?/)[^\s'\"/]*/)[^\s'\"]+", rf"\1{MASK}"),
    (r"(?i:\b(bearer|basic))\s+(?=\S*[A-Z0-9=])[A-Za-z0-9+/=._~-]{8,}", rf"\1 {MASK}"),
    (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", MASK),
    (r"\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|xox[abprs]-|hvs\.|sk-|dckr_pat_|npm_)[A-Za-z0-9_-]{8,}", MASK),
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", MASK),
    (r"\bAGE-SECRET-KEY-1[A-Z0-9]{20,}", MASK),
    (rf"(?i)(\\?[\"']?{_SECRET_WORD}\\?[\"']?\s*[=:]\s*)(\\?\"(?:[^\"\\]|\\.)*\\?\"|'[^']*'|[^\s,;&\"'}}\])]+)", rf"\1{MASK}"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.S), to) for pattern, to in _PATTERNS)


def mask(text: str) -> str:
    """The text with everything gone that has the shape of a credential."""
    if (
        "://" not in text
        and "-" not in text
        and "=" not in text
        and ":" not in text
        and "earer" not in text
        and "asic" not in text
    ):
        return text
    for pattern, to in _compiled():
        text = pattern.sub(to, text)
    return text


class KnownValues:
    """The values of Secrets that were read: wherever one turns up again, it is masked."""

    def __init__(self, values: Iterable[str]) -> None:
        lines = {line.strip() for value in values for line in [value, *value.splitlines()]}
        known = sorted((v for v in lines if len(v) >= SHORTEST and not v.isspace()), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        text = self._pattern.sub(MASK, text) if self._pattern else text
        return mask(text)

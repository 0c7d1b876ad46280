"""Keep secrets out of what is shown and kept: credentials in URLs, tokens, passwords, private keys, and values that are known."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

MASK = "***"
SHORTEST = 6  # a known value shorter than this would blot out ordinary words
_SECRET_WORD = (
    r"(?:[\w.-]*(?:password|passwd|passphrase|token|secret|api[-_]?key|access[-_]?key|private[-_]?key|credential)s?[\w.-]*"
    r"|(?:pwd|authorization|signature|sig|auth|pass))"
)
# As JSON has it, quoted on both sides; and as a flag, a variable or YAML has it. A name in a sentence is neither:
# "failed to get secret 'apps/creds-token': secrets … not found".
_QUOTED = rf"(?i)(\\?[\"']{_SECRET_WORD}\\?[\"']\s*:\s*)(\\?\"(?:[^\"\\]|\\[^\"])*\\?\"|'[^']*'|\d+)"
_ASSIGNED = rf"(?i)((?<![\w/.'\"-]){_SECRET_WORD}\s*[=:]\s*)(\\?\"(?:[^\"\\]|\\[^\"])*\\?\"|'[^']*'|[^\s,;&\"'}}\])]+)"
_PATTERNS = (
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", MASK),
    (r"\b(?!ssh://[^\s/@:'\"]+@)([a-z][a-z0-9+.-]*://)[^\s/@'\"]+@", rf"\1{MASK}@"),  # git@ of an SSH address is no secret
    (r"(https://hooks\.slack\.com/)[^\s'\"]+", rf"\1{MASK}"),
    (r"(https://[^\s'\"]*(?:webhook|/hooks?/)[^\s'\"/]*/)[^\s'\"]+", rf"\1{MASK}"),
    (r"(?i:\b(bearer|basic))\s+(?=\S*[A-Z0-9=])[A-Za-z0-9+/=._~-]{8,}", rf"\1 {MASK}"),
    (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", MASK),
    (r"\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|xox[abprs]-|hvs\.|sk-|dckr_pat_|npm_)[A-Za-z0-9_-]{8,}", MASK),
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", MASK),
    (r"\bAGE-SECRET-KEY-1[A-Z0-9]{20,}", MASK),
    (_QUOTED, rf"\1{MASK}"),
    (_ASSIGNED, rf"\1{MASK}"),
)  # fmt: skip

# What every pattern needs; a text without any of these is clean, and most are.
_TRIGGERS = (
    "://", "private key", "pass", "token", "secret", "key", "credential", "pwd", "auth", "sig", "bearer", "basic", "eyj", "gh",
    "glpat", "gldt", "xox", "hvs.", "sk-", "dckr", "npm_", "akia", "asia",
)  # fmt: skip


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.S), to) for pattern, to in _PATTERNS)


def mask(text: str) -> str:
    """The text with everything gone that has the shape of a credential."""
    lowered = text.lower()
    if not any(word in lowered for word in _TRIGGERS):
        return text
    for pattern, to in _compiled():
        text = pattern.sub(to, text)
    return text


def secret_name(name: str) -> bool:
    """Whether something of this name is a secret by its name alone: DB_PASSWORD, apiKey, auth."""
    return re.fullmatch(_SECRET_WORD, name, re.I) is not None


def credentials_in(text: str) -> Iterator[str]:
    """What stands in a text after a secret's name, as ``password: x``, ``TOKEN=x`` and ``"auth": "x"`` have it; unquoted."""
    for pattern in (_QUOTED, _ASSIGNED):
        for found in re.finditer(pattern, text):
            value = found[2].strip("\\\"'")
            if value and not value.startswith(("{", "[", "$")) and not value.isdigit():
                yield value


class KnownValues:
    """The values of Secrets that were read: wherever one turns up again, it is masked."""

    def __init__(self, values: Iterable[str]) -> None:
        lines = {line.strip() for value in values for line in [value, *value.splitlines()]}
        known = sorted((v for v in lines if len(v) >= SHORTEST and not v.isspace()), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        text = self._pattern.sub(MASK, text) if self._pattern else text
        return mask(text)

"""The types of flags, as pflag has them: text in, Python value out, Go's messages where the text is wrong.

A repeatable type (``strings``, ``stringArray``, ``stringToString``) adds to what earlier occurrences of the flag gave.
"""

from __future__ import annotations

from flux_cli.core.record import Record
from flux_cli.core.text import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Any

_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
_INT = r"[+-]?(0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO]?(_?[0-7])+|0|[1-9](_?[0-9])*)\Z"
_DIGITS, _HEX = r"[0-9](_?[0-9])*", r"[0-9a-fA-F](_?[0-9a-fA-F])*"
_FLOAT = rf"[+-]?({_DIGITS}(\.({_DIGITS})?)?|\.{_DIGITS})([eE][+-]?{_DIGITS})?\Z"
_HEX_FLOAT = rf"[+-]?0[xX]_?({_HEX}(\.({_HEX})?)?|\.{_HEX})[pP][+-]?{_DIGITS}\Z"
_FLOAT32_MAX = 3.4028235677973366e38


def _match(pattern: str, text: str) -> re.Match[str] | None:
    """Numbers on a command line are rare: the module behind this costs more than all of this one."""
    import re

    return re.match(pattern, text)


def boolean(text: str) -> bool:
    """strconv.ParseBool."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(f"strconv.ParseBool: parsing {go_quote(text)}: invalid syntax")


def integer(text: str) -> int:
    """strconv.ParseInt with base 0: decimal, 0x, 0o, 0b, underscores between digits."""
    if not _match(_INT, text):
        raise ValueError(f"strconv.ParseInt: parsing {go_quote(text)}: invalid syntax")
    body = text.lstrip("+-").replace("_", "")
    octal = len(body) > 1 and body[0] == "0" and body[1] in "01234567"
    value = int("0o" + body[1:] if octal else body, 0) * (-1 if text[0] == "-" else 1)
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"strconv.ParseInt: parsing {go_quote(text)}: value out of range")
    return value


def float32(text: str) -> float:
    """strconv.ParseFloat with 32 bits: decimal, hexadecimal, underscores between digits, infinity and NaN without a sign."""
    special = _match(r"(?i)([+-]?inf(inity)?|nan)\Z", text)
    hexadecimal = _match(_HEX_FLOAT, text)
    if not special and not hexadecimal and not _match(_FLOAT, text):
        raise ValueError(f"strconv.ParseFloat: parsing {go_quote(text)}: invalid syntax")
    plain = text.replace("_", "")
    try:
        value = float.fromhex(plain) if hexadecimal else float(plain)
    except OverflowError:
        value = float("inf")
    if not special and abs(value) >= _FLOAT32_MAX:
        raise ValueError(f"strconv.ParseFloat: parsing {go_quote(text)}: value out of range")
    return value


def duration(text: str) -> float:
    """A Go duration, in seconds."""
    from flux_cli.core.durations import parse

    return parse(text)


def strings(text: str) -> list[str]:
    """One record of comma-separated values, with Go's csv rules for quotes. Empty text is no value at all."""
    if not text:
        return []
    if '"' not in text and "\n" not in text and "\r" not in text:
        return text.split(",")
    from flux_cli.commands._dialect.record import fields

    return fields(text)


def pairs(text: str) -> dict[str, str]:
    """stringToString: ``a=1,b=2``. With more than one ``=`` the text is csv, so that values may be quoted."""
    count = text.count("=")
    if count == 0:
        raise ValueError(f"{text} must be formatted as key=value")
    parts = [text.strip('"')] if count == 1 else strings(text)
    out: dict[str, str] = {}
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals:
            raise ValueError(f"{part} must be formatted as key=value")
        out[key] = value
    return out


def relative_path(text: str) -> str:
    """A path below the working folder, always starting with ``./``; symbolic links cannot lead out of it."""
    import os

    here = os.getcwd()
    parts = [p for p in text.strip().split("/") if p not in ("", ".")]
    clean: list[str] = []
    for part in parts:
        clean = clean[:-1] if part == ".." else [*clean, part]
        target = os.path.join(here, *clean)
        if os.path.islink(target):
            resolved = os.path.relpath(os.path.realpath(target), os.path.realpath(here))
            clean = [p for p in resolved.split("/") if p not in ("..", ".")]
    return "./" + "/".join(clean)


def rsa_bits(text: str) -> int:
    """An RSA key's size; blank is the default."""
    if not text.strip():
        return 2048
    if not _match(r"[+-]?[0-9]+\Z", text):
        raise ValueError(f"strconv.Atoi: parsing {go_quote(text)}: invalid syntax")
    bits = int(text)
    if bits < 1024:
        raise ValueError("RSA key bit size must be at least 1024")
    if bits % 8:
        raise ValueError("RSA key bit size must be a multiples of 8")
    return bits


class Choice(Record):
    """An enumeration. ``blank`` and ``wrong`` are its messages, ``{}`` is what was given; ``default``: what blank means."""

    values: tuple[str, ...]
    wrong: str
    blank: str = ""
    shown: str = ""
    default: str = ""

    def __call__(self, text: str) -> str:
        if text in self.values:
            return text
        if not text.strip():
            if self.default:
                return self.default
            if self.blank:
                raise ValueError(self.blank)
        raise ValueError(self.wrong.replace("{}", text))


def _listed(values: str, what: str, blank: str = "") -> Choice:
    """``unsupported WHAT 'x', must be one of: …``, as most of Flux' enumerations say it."""
    choices = tuple(values.split("|"))
    listing = ", ".join(choices)
    return Choice(
        choices, f"unsupported {what} '{{}}', must be one of: {listing}", blank and f"no {what} given, must be one of: {listing}"
    )


def _supported(values: str, what: str, blank: str, joint: str = ", ") -> Choice:
    """``WHAT 'x' is not supported, must be one of: …``."""
    choices = tuple(values.split("|"))
    return Choice(choices, f"{what} '{{}}' is not supported, must be one of: {joint.join(choices)}", blank, values)


_RECEIVERS = "generic|generic-hmac|github|gitlab|bitbucket|harbor|dockerhub|quay|gcr|nexus|acr|cdevents"
_CLOUDS = "generic|aws|azure|gcp"
_COSIGN_BLANK = (
    "no source OCI verify provider given, please specify the OCI verify provider name to use for signature verification, "
    "available options are: (cosign)"
)

CHOICES: dict[str, Choice] = {
    "debug|info|error": _listed("debug|info|error", "log level", "blank"),
    "rsa|ecdsa|ed25519": _listed("rsa|ecdsa|ed25519", "public key algorithm", "blank"),
    "p256|p384|p521": _listed("p256|p384|p521", "curve"),
    "Skip|Create|CreateReplace": _listed("Skip|Create|CreateReplace", "upgrade CRDs policy", "blank"),
    "decryptionProvider": _listed("sops", "decryption provider", "blank"),
    "internal|private|public": Choice(("public", "internal", "private"), "unsupported visibility '{}'", default="private"),
    _RECEIVERS: _supported(_RECEIVERS, "receiver type", "no receiver type given, please specify the receiver type"),
    _CLOUDS: _supported(_CLOUDS, "source OCI provider", "no source OCI provider given, please specify the OCI provider name"),
    "bucketProvider": _supported(
        _CLOUDS,
        "source bucket provider",
        "no source bucket provider given, please specify the S3 compatible storage provider name",
    ),
    "generic|github|aws|azure": _supported(
        "generic|github|aws|azure",
        "source Git provider",
        "no source Git provider given, please specify the Git provider name",
        "|",
    ),
    "sourceOCIVerifyProvider": _supported("cosign", "source OCI verify provider", _COSIGN_BLANK)._replace(shown=""),
}
_CHART_KINDS = ("HelmRepository", "GitRepository", "Bucket")
_SOURCE_KINDS = ("OCIRepository", "GitRepository", "Bucket")


def _kind(kind: str, supported: tuple[str, ...]) -> str:
    """The kind in its proper case."""
    for name in supported:
        if name.lower() == kind.lower():
            return name
    raise ValueError(f"source kind '{kind}' is not supported, must be one of: {', '.join(supported)}")


def kustomization_source(text: str) -> str:
    """``Kind/name`` or ``Kind/name.namespace``; without a kind it is a GitRepository."""
    if not text.strip():
        raise ValueError(
            "no Kustomization source given, please specify source that contains the Kubernetes manifests in the format "
            f"'[<kind>/]<name>.<namespace>', where kind must be one of: ({', '.join(_SOURCE_KINDS)}), "
            "if kind is not specified it defaults to GitRepository"
        )
    parts = text.split("/")
    kind, name = parts if len(parts) == 2 else ("", text)
    bare = name.rpartition(".")[0] if "." in name else name  # without its namespace
    if not bare:
        raise ValueError(f"no name given for source of kind '{kind}'")
    if not kind and any(bare.lower() == known.lower() for known in _SOURCE_KINDS):
        raise ValueError(f"no kind specified for source '{bare}'")
    return f"{_kind(kind or 'GitRepository', _SOURCE_KINDS)}/{name}"


def _chart_source(form: str) -> Callable[[str], str]:
    """A parser of ``Kind/name``; ``form`` is how the message for blank text writes it."""

    def parse(text: str) -> str:
        if not text.strip():
            raise ValueError(
                f"no helm chart source given, please specify source that contains the chart in the format '{form}', "
                f"where kind must be one of: ({', '.join(_CHART_KINDS)})"
            )
        kind, _, name = text.partition("/")
        if not kind or not name or "/" in name:
            raise ValueError(f"invalid helm chart source '{text}', must be in format <kind>/<name>")
        return f"{_kind(kind, _CHART_KINDS)}/{name}"

    return parse


PARSERS: dict[str, Callable[[str], Any]] = {
    "bool": boolean,
    "string": str,
    "int": integer,
    "int64": integer,
    "float32": float32,
    "duration": duration,
    "strings": strings,
    "stringArray": lambda text: [text],
    "stringToString": pairs,
    "safeRelativePath": relative_path,
    "rsaKeyBits": rsa_bits,
    "kustomizationSource": kustomization_source,
    "chartSource": _chart_source("<kind>/<name>.<namespace>"),
    "helmChartSource": _chart_source("<kind>/<name>"),
    **{name: choice.__call__ for name, choice in CHOICES.items()},
}
_SHOWN = {"bool": "", "int64": "int", "kustomizationSource": "string", "chartSource": "string"}
REPEATABLE = frozenset({"strings", "stringArray", "stringToString"})


def shown(type: str) -> str:
    """The type's name in help, as the Go CLI writes it."""
    choice = CHOICES.get(type)
    return (choice.shown if choice and choice.shown else "") or _SHOWN.get(type, type)


def merged(type: str, before: Any, text: str) -> Any:
    """The value after one more occurrence of a flag with this text. Raises ValueError."""
    value = PARSERS[type](text)
    if type not in REPEATABLE or before is None:
        return value
    return {**before, **value} if type == "stringToString" else before + value

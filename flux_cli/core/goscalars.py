"""What a plain YAML scalar means to Go's YAML 1.1 reader, and numbers as Go writes them."""

import re
from typing import Any

_TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE = ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
WORDS: dict[str, Any] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INT = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_DOT_FLOAT = re.compile(r"\.[0-9]+(?:[eE][-+]?[0-9]+)?\Z")
_BASE60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_STAMP = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?: +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)"
    r"|(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)))?\Z",
    re.ASCII,
)
TEXT = object()


def resolve(text: str) -> Any:
    """The value of a plain scalar: bool, None, int, float, or ``TEXT`` where it is a string (timestamps are strings to Go's
    JSON)."""
    if text in WORDS:
        return WORDS[text]
    first = text[0]
    if first == ".":
        return _finite(text) if _DOT_FLOAT.match(text) else TEXT
    if first not in "+-0123456789":
        return TEXT
    plain = text.replace("_", "")
    if _INT.match(plain):
        value = _integer(plain)
        if -(2**63) <= value < 2**63 or (value < 2**64 and plain[0] != "+"):
            return value
    return _finite(plain) if _FLOAT.match(plain) else TEXT


def looks_typed(text: str) -> bool:
    """Whether a string must be quoted, because plain it would read back as something else."""
    if text in WORDS:
        return True
    if text[0] not in "+-.0123456789":
        return False
    return resolve(text) is not TEXT or _BASE60.match(text) is not None or _is_timestamp(text)


def _integer(plain: str) -> int:
    sign, digits = (-1, plain[1:]) if plain[0] == "-" else (1, plain.lstrip("+"))
    if digits[:1] == "0" and digits[1:].isdecimal():
        return sign * int(digits, 8)
    return sign * int(digits, 0)


def _finite(text: str) -> Any:
    value = float(text)
    return TEXT if value in (float("inf"), float("-inf")) else value


def _is_timestamp(text: str) -> bool:
    found = _STAMP.match(text)
    if not found:
        return False
    year, month, day, *clock = (int(part or 0) for part in found.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    hour, minute, second = (a + b for a, b in zip(clock[:3], clock[3:], strict=True))
    return 1 <= month <= 12 and 1 <= day <= days[month - 1] and hour < 24 and minute < 60 and second < 60


def format_float(value: float) -> str:
    """Go's shortest %g as its YAML writer prints it: ``0.1``, ``1000``, ``1e+06``, ``.inf``."""
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    mantissa, _, exponent = f"{value!r}".partition("e")
    digits, power = _decimal(mantissa, int(exponent or 0))
    sign = "-" if mantissa[0] == "-" else ""
    if -4 <= power < 6:
        return sign + _positional(digits, power)
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _decimal(mantissa: str, exponent: int) -> tuple[str, int]:
    """(significant digits, power of ten of the first one)."""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = whole + fraction
    power = len(whole) - 1 + exponent
    stripped = digits.lstrip("0")
    if not stripped:
        return "0", 0
    power -= len(digits) - len(stripped)
    return stripped.rstrip("0"), power


def _positional(digits: str, power: int) -> str:
    if power < 0:
        return "0." + "0" * (-power - 1) + digits
    if len(digits) <= power + 1:
        return digits + "0" * (power + 1 - len(digits))
    return f"{digits[: power + 1]}.{digits[power + 1 :]}"

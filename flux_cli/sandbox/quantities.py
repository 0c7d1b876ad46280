"""Amounts of CPU, memory and counts as the API server writes them back: ``1000m`` is ``1``, ``1024Mi`` is ``1Gi``."""

import re
from fractions import Fraction
from typing import Any

_QUANTITY = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|)\Z")
_DECIMAL = {"n": -3, "u": -2, "m": -1, "": 0, "k": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}
_BINARY = {"": 0, "Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def canonical(value: Any) -> Any:
    """The amount with the largest suffix that leaves a whole number; what is no amount stays as it is.

    The rule is that of Kubernetes' resource.Quantity: binary suffixes stay binary, decimal ones decimal.
    """
    if not readable(value):
        return value
    whole = amount(value)
    if not whole:
        return "0"
    base, powers = (1024, _BINARY) if str(value).endswith("i") else (1000, _DECIMAL)
    for name, power in sorted(powers.items(), key=lambda entry: -entry[1]):
        scaled = whole / Fraction(base) ** power
        if scaled.denominator == 1:
            return f"{scaled}{name}"
    return value


def readable(value: Any) -> bool:
    return _QUANTITY.match(str(value)) is not None


def amount(value: Any) -> Fraction:
    """The number that a quantity stands for; 0 for what is none."""
    found = _QUANTITY.match(str(value))
    if not found:
        return Fraction(0)
    sign, digits, suffix = found.groups()
    base, powers = (1024, _BINARY) if suffix.endswith("i") else (1000, _DECIMAL)
    return Fraction(sign + digits) * Fraction(base) ** powers[suffix]

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
    found = _QUANTITY.match(str(value))
    if not found:
        return value
    sign, digits, suffix = found.groups()
    binary = suffix.endswith("i")
    base, powers = (1024, _BINARY) if binary else (1000, _DECIMAL)
    amount = Fraction(digits) * Fraction(base) ** powers[suffix]
    if not amount:
        return "0"
    for name, power in sorted(powers.items(), key=lambda entry: -entry[1]):
        scaled = amount / Fraction(base) ** power
        if scaled.denominator == 1:
            return f"{'-' if sign == '-' else ''}{scaled}{name}"
    return value

"""Quantities such as ``500m`` CPU or ``128Mi``: their value, and the one way in which the API server writes them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

Json = dict[str, Any]
_SHAPE = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(m|u|n|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]+)?")
_BINARY = {letter + "i": 1024**power for power, letter in enumerate("KMGTPE", start=1)}
_DECIMAL = {
    "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000), "": Fraction(1),
    **{letter: Fraction(1000**power) for power, letter in enumerate("kMGTPE", start=1)},
}  # fmt: skip


def parse(quantity: str | float) -> Fraction:
    """The value in cores, bytes or pieces. Raises ValueError with the API server's sentence."""
    number, suffix = _parts(quantity)
    return Fraction(number) * _factor(suffix)


def canonical(quantity: str | float) -> str:
    """The same quantity as it is stored: the largest unit of its family in which it is a whole number."""
    number, suffix = _parts(quantity)
    value = Fraction(number) * _factor(suffix)
    if not value:
        return "0"
    if suffix.endswith("i") and value % 1 == 0 and abs(value) >= 1024:
        return _written(value, {"": Fraction(1)} | {unit: Fraction(size) for unit, size in _BINARY.items()})
    if suffix[:1] in {"e", "E"} and len(suffix) > 1:
        return _written(
            value, {f"e{power}" if power else "": Fraction(1000) ** (power // 3) for power in range(-9, 19, 3)}
        )
    return _written(value, _DECIMAL)


def total(quantities: list[str]) -> Fraction:
    return sum((parse(quantity) for quantity in quantities), Fraction())


def _written(value: Fraction, units: dict[str, Fraction]) -> str:
    """Rounded up to the smallest unit there is (nano), as the API server does."""
    fitting = [(size, unit) for unit, size in units.items() if (value / size).denominator == 1]
    size, unit = max(fitting, default=(Fraction(1, 10**9), "n"))
    return f"{-(-value // size)}{unit}"


def _parts(quantity: str | float) -> tuple[str, str]:
    found = _SHAPE.fullmatch(str(quantity))
    if not found:
        raise ValueError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    return found[1], found[2] or ""


def _factor(suffix: str) -> Fraction:
    if len(suffix) > 1 and suffix[0] in "eE" and suffix != "Ei":
        return Fraction(10) ** int(suffix[1:])
    return Fraction(_BINARY[suffix]) if suffix in _BINARY else _DECIMAL[suffix]

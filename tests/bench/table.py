"""One table: what was measured, beside what, and the ratio."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``value`` and ``other`` in ``unit``; a row without ``other`` stands alone."""

    what: str
    value: float
    beside: str = ""
    other: float | None = None
    unit: str = "ms"


def printed(rows: Iterable[Row]) -> str:
    lines = ["| what | Quarterdeck | beside | its | ratio |", "|---|---:|---|---:|---:|"]
    for row in rows:
        other = f"{row.other:.1f} {row.unit}" if row.other is not None else ""
        ratio = f"{row.value / row.other:.2f}" if row.other else ""
        lines.append(f"| {row.what} | {row.value:.1f} {row.unit} | {row.beside} | {other} | {ratio} |")
    return "\n".join(lines)

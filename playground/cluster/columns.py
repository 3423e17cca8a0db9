"""Cells that many kinds' tables share: the name, the age, and how Kubernetes prints a duration."""

from __future__ import annotations

from typing import Any

from playground.cluster.clock import parse
from playground.cluster.kind import Column

Json = dict[str, Any]
MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 31_536_000
_STEPS = (
    (2 * MINUTE, 1, "s", 0, ""), (10 * MINUTE, MINUTE, "m", 1, "s"), (3 * HOUR, MINUTE, "m", 0, ""),
    (8 * HOUR, HOUR, "h", MINUTE, "m"), (2 * DAY, HOUR, "h", 0, ""), (8 * DAY, DAY, "d", HOUR, "h"),
    (2 * YEAR, DAY, "d", 0, ""), (8 * YEAR, YEAR, "y", DAY, "d"),
)  # fmt: skip
"""Below how many seconds, which unit is printed, and which one after it (0: none)."""


def human_duration(seconds: float) -> str:
    """As ``duration.HumanDuration`` prints it: about two significant places, coarser the longer it is."""
    if int(seconds) < -1:
        return "<invalid>"
    whole = max(0, int(seconds))
    for below, unit, letter, small, small_letter in _STEPS:
        if whole < below:
            rest = whole % unit // small if small else 0
            return f"{whole // unit}{letter}" + (f"{rest}{small_letter}" if rest else "")
    return f"{whole // YEAR}y"


def since(stamp: str | None, now: float) -> str:
    """How long ago an RFC 3339 time was; ``<unknown>`` without one."""
    return human_duration(now - parse(stamp)) if stamp else "<unknown>"


NAME = Column("Name", lambda obj, _: obj["metadata"]["name"], format="name")
AGE = Column("Age", lambda obj, now: since(obj["metadata"].get("creationTimestamp"), now))

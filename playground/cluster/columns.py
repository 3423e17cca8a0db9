"""Cells that many kinds' tables share: the name, the age, and how Kubernetes prints a duration."""

from __future__ import annotations

from typing import Any

from playground.cluster.clock import parse
from playground.cluster.kind import Column

Json = dict[str, Any]
MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 31_536_000


def human_duration(seconds: float) -> str:
    """As ``duration.HumanDuration`` prints it: about two significant places, coarser the longer it is."""
    if int(seconds) < -1:
        return "<invalid>"
    whole = max(0, int(seconds))
    if whole < 2 * MINUTE:
        return f"{whole}s"
    if whole < 10 * MINUTE:
        return _two(whole, MINUTE, "m", 1, "s")
    if whole < 3 * HOUR:
        return f"{whole // MINUTE}m"
    if whole < 8 * HOUR:
        return _two(whole, HOUR, "h", MINUTE, "m")
    if whole < 2 * DAY:
        return f"{whole // HOUR}h"
    if whole < 8 * DAY:
        return _two(whole, DAY, "d", HOUR, "h")
    if whole < 2 * YEAR:
        return f"{whole // DAY}d"
    if whole < 8 * YEAR:
        return _two(whole, YEAR, "y", DAY, "d")
    return f"{whole // YEAR}y"


def since(stamp: str | None, now: float) -> str:
    """How long ago an RFC 3339 time was; ``<unknown>`` without one."""
    return human_duration(now - parse(stamp)) if stamp else "<unknown>"


def _two(whole: int, unit: int, letter: str, small: int, small_letter: str) -> str:
    rest = whole % unit // small
    return f"{whole // unit}{letter}" + (f"{rest}{small_letter}" if rest else "")


NAME = Column("Name", lambda obj, _: obj["metadata"]["name"], format="name")
AGE = Column("Age", lambda obj, now: since(obj["metadata"].get("creationTimestamp"), now))

"""Times for people and from the Kubernetes API: the one place where they are written and read.

Unix seconds everywhere else. What Slack itself formats, in each reader's zone, is in ``bot/views/times.py``.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
"""Seconds in each, the largest first."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def utc(at: float) -> str:
    """``2026-07-28 10:00:00 UTC``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def clock(at: float) -> str:
    """``10:00 UTC``: for what is not long ago."""
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M UTC")


def wall(at: float, zone: tzinfo) -> str:
    """``Mon 2026-11-30 08:00 CET``: by the clocks of a place, for rules that go by them."""
    there = datetime.fromtimestamp(at, zone)
    return f"{WEEKDAYS[there.weekday()]} {there:%Y-%m-%d %H:%M %Z}"


def rfc3339(at: float) -> str:
    """``2026-07-28T10:00:00Z``, as the API writes its times."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of(timestamp: str | None) -> float:
    """Unix seconds of one of the API's times; 0 where there is none."""
    return datetime.fromisoformat(timestamp).timestamp() if timestamp else 0.0


def age(since: float, now: float) -> str:
    """``5m``, as ``kubectl get`` says it."""
    seconds = max(0, int(now - since))
    unit, size = next(((unit, size) for unit, size in UNITS.items() if seconds >= 2 * size), ("s", 1))
    return f"{seconds // size}{unit}"


def duration(seconds: float) -> str:
    """``2m 5s``, ``3h 20m``, ``2d 4h``: two units at most."""
    left = max(0, round(seconds))
    parts: list[str] = []
    for unit, size in UNITS.items():
        count, left = divmod(left, size)
        if count or (unit == "s" and not parts):
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2])

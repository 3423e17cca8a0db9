"""Times and ages in reports."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def utc(at: float) -> str:
    """Unix seconds as ``2026-07-28 10:00:00 UTC``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def age(since: str | float, now: float) -> str:
    """``5m``, as ``kubectl get`` says it. ``since`` is Unix seconds or an API timestamp; an empty one has no age."""
    if not since:
        return ""
    start = datetime.fromisoformat(since).timestamp() if isinstance(since, str) else since
    seconds = max(0, int(now - start))
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"

"""Times as Slack shows them: in each reader's own zone, and moving by themselves, so that no edit is spent on them.

Format: docs.slack.dev/messaging/formatting-message-text#date-formatting; ``{ago}`` as in its date element.
"""

from __future__ import annotations

from datetime import UTC, datetime

_LAST = 253_402_300_799  # 9999-12-31, the last that datetime knows


def moment(at: float, form: str = "{time_secs}") -> str:
    """``at`` in Unix seconds. Where Slack cannot format it, UTC is read."""
    seconds = int(min(max(at, 0), _LAST))
    fallback = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"<!date^{seconds}^{form}|{fallback}>"


def ago(at: float) -> str:
    """The time and how long ago it is, which Slack keeps current."""
    return moment(at, "{time_secs}, {ago}")


def day(at: float) -> str:
    """With the day: for what may be tomorrow."""
    return moment(at, "{date_short_pretty} at {time}")


def duration(seconds: float) -> str:
    """``2m 5s``, ``3h 20m``, ``2d 4h``: two units at most."""
    left = max(0, round(seconds))
    parts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count or (unit == "s" and not parts):
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2])

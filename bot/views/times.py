"""Times as Slack shows them: in each reader's own zone, and moving by themselves, so that no edit is spent on them.

Format: docs.slack.dev/messaging/formatting-message-text#date-formatting; ``{ago}`` as in its date element.
"""

from __future__ import annotations

from commands.times import utc

_LAST = 253_402_300_799  # 9999-12-31, the last that datetime knows


def moment(at: float, form: str = "{time_secs}", before: str = "") -> str:
    """``at`` in Unix seconds, after the words ``before``. Where Slack cannot format it, UTC is read."""
    seconds = int(min(max(at, 0), _LAST))
    return f"<!date^{seconds}^{before}{form}|{before}{utc(seconds)}>"


def ago(at: float) -> str:
    """The time and how long ago it is, which Slack keeps current."""
    return moment(at, "{time_secs}, {ago}")


def until(at: float) -> str:
    """With the day, for it may be tomorrow. The word is the date's own: one that begins with its day says “Today”."""
    return moment(at, "{date_short_pretty} at {time}", "until ")

"""What the bot measures of itself. The composition root hands in something that keeps it (``quarterdeck/metrics.py``)."""

from __future__ import annotations

from typing import Protocol


class Meter(Protocol):
    def acked(self, seconds: float) -> None:
        """From a request's receipt to its acknowledgement."""
        ...

    def called(self, method: str, result: str) -> None:
        """A Slack call: ``ok``, ``ratelimited``, ``unanswered`` or ``refused``."""
        ...

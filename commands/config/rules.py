"""The rules in force. They may be replaced while a process runs, always as a whole."""

from __future__ import annotations

from commands.config.root import Config


class Rules:
    """Whoever decides reads ``now`` once for each decision, and keeps it no longer: the next may be by other rules.

    A forked job has those of the moment of its fork.
    """

    def __init__(self, now: Config) -> None:
        self.now = now

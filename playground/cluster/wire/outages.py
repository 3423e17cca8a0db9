"""What goes wrong on request: answers refused, delayed or lost. Each rule names the requests it is for."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Literal

from playground.cluster.status import StatusError

What = Literal["refuse", "delay", "lose"]
_REASONS = {429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable", 504: "Timeout"}


@dataclass(eq=False)
class Rule:
    """``matching`` is searched in ``PATCH /apis/apps/v1/…?dryRun=All``; ``times`` None: until cleared."""

    what: What
    matching: re.Pattern[str]
    times: int | None
    status: int = 500
    seconds: float = 0.0
    retry_after: int | None = None


class Outages:
    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._cleared = asyncio.Event()

    def add(self, rule: Rule) -> None:
        self._rules.append(rule)

    def clear(self) -> None:
        """Ends all, and lets go on what was being delayed."""
        self._rules.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()

    async def before(self, line: str) -> None:
        """Delay the request, or raise the StatusError to refuse it with."""
        for rule in self._taken(line, "delay"):
            try:
                await asyncio.wait_for(self._cleared.wait(), rule.seconds)
            except TimeoutError:
                continue
        for rule in self._taken(line, "refuse"):
            raise _refusal(rule)

    def loses(self, line: str) -> bool:
        """Whether the answer to a request that was carried out shall never arrive."""
        return bool(self._taken(line, "lose"))

    def _taken(self, line: str, what: What) -> list[Rule]:
        taken = [rule for rule in self._rules if rule.what == what and rule.matching.search(line)][:1]
        for rule in taken:
            if rule.times is not None:
                rule.times -= 1
                if rule.times == 0:
                    self._rules.remove(rule)
        return taken


def _refusal(rule: Rule) -> StatusError:
    reason = _REASONS.get(rule.status, "InternalError")
    details = {"retryAfterSeconds": rule.retry_after} if rule.retry_after else None
    return StatusError(rule.status, reason, "refused on request: the cluster is playing an outage", details)

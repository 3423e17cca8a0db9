"""The whole workspace read once, so that first commands find their people known."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.directory import Directory
from bot.slack import Refused, Slack, SlackProblem
from commands.store import Store

log = logging.getLogger(__name__)

REFUSED_PAUSE = 300.0
"""Seconds until the list is asked for again where Slack refuses even its first page: a scope may be missing."""


class RollCall:
    """A loop of its own: thousands of people take minutes, for Slack gives few pages a minute (users.list, Tier 2)."""

    def __init__(self, slack: Slack, store: Store, directory: Directory, now: Callable[[], float]) -> None:
        self._slack, self._store, self._directory, self._now = slack, store, directory, now
        self._cursor: str | None = None
        self._next = 0.0
        self._done = False

    def step(self) -> None:
        """Read on from where Slack stopped it, as far as it lets. Raises ``StoreUnavailable``."""
        if self._now() < self._next:
            return
        try:
            while not self._done:
                self._page()
        except Refused as error:
            log.warning("the list of people is read from its beginning again: %s", error)
            if self._cursor is None:
                self._next = self._now() + REFUSED_PAUSE
            self._cursor = None  # a cursor expires
        except SlackProblem as error:
            log.info("the list of people is read on later: %s", error)

    def _page(self) -> None:
        asked = self._now()
        answer = self._slack.call("users.list", limit=200, cursor=self._cursor)
        self._store.people.put(people=[self._directory.facts(user, asked) for user in answer["members"]])
        self._cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
        self._done = self._cursor is None

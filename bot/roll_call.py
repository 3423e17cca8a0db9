"""The whole workspace read once, so that first commands find their people known."""

from __future__ import annotations

import logging

from bot.directory import Directory
from bot.slack import Refused, Slack, SlackProblem
from commands.store import Store

log = logging.getLogger(__name__)


class RollCall:
    """A loop of its own: thousands of people take minutes, for Slack gives few pages a minute (users.list, Tier 2)."""

    def __init__(self, slack: Slack, store: Store, directory: Directory) -> None:
        self._slack, self._store, self._directory = slack, store, directory
        self._cursor: str | None = None
        self._done = False

    def step(self) -> None:
        """Read on from where Slack stopped it, as far as it lets. Raises ``StoreUnavailable``."""
        try:
            while not self._done:
                self._page()
        except Refused as error:
            log.warning("the list of people is read from its beginning again: %s", error)
            self._cursor = None  # a cursor expires
        except SlackProblem as error:
            log.info("the list of people is read on later: %s", error)

    def _page(self) -> None:
        answer = self._slack.call("users.list", limit=200, cursor=self._cursor)
        self._store.people.put(people=[self._directory.facts(user) for user in answer["members"]])
        self._cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
        self._done = self._cursor is None

"""Slack tells that people or user groups changed: kept, or asked for anew, as far as anything is decided from it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from commands.config import Rules
from commands.membership import PersonFacts
from commands.store import Store

log = logging.getLogger(__name__)

Json = dict[str, Any]

EVENTS = ("user_change", "subteam_members_changed", "subteam_updated")


class MembershipNews:
    """Heard before the ack, so that nothing is read from Slack here. Groups matter that the roles name."""

    def __init__(
        self, store: Store, facts: Callable[[Json, float], PersonFacts], rules: Rules,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._store, self._facts, self._rules, self._now = store, facts, rules, now

    def heard(self, event: Json) -> None:
        """One of ``EVENTS``. Raises ``StoreUnavailable``."""
        match event["type"]:
            case "user_change":
                told = min(self._now(), float(event.get("event_ts", "inf")))  # it may reach us an hour later
                self._store.people.put(people=[self._facts(event["user"], told)])
            case "subteam_members_changed":
                self._group(event["subteam_id"])
            case "subteam_updated":
                self._group(event["subteam"]["id"])

    def _group(self, id: str) -> None:
        """A workspace has hundreds of groups; of one that no role names nobody needs to know the members."""
        if id in self._rules.now.group_ids:
            self._store.people.want([id])
        else:
            log.debug("%s changed, and no role names it", id)

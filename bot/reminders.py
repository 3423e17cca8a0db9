"""Reminding the approvers of what waits, each in a direct message, once for each plan, by whichever bot."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from bot.posts import Posts
from bot.slack import Json, Refused, Slack
from bot.views.reminder import reminder
from commands.config import Rules
from commands.operation import Operation
from commands.store import Store

log = logging.getLogger(__name__)

MOST = 20
"""People; a role that more hold is no one's in particular."""


class Reminders:
    def __init__(self, slack: Slack, store: Store, rules: Rules, posts: Posts) -> None:
        self._slack, self._store, self._rules, self._posts = slack, store, rules, posts

    def send(self, op: Operation, stands: Mapping[str, Json], parent: Json) -> None:
        """Level-triggered, as all that Slack shows. Raises ``SlackProblem`` and ``OverBudget`` where it may be tried again."""
        if not op.is_reminded:
            return
        owed = [person for person in self._approvers(op) if _key(op, person) not in stands]
        began = [person for person in self._approvers(op) if "landed_by" in stands.get(_key(op, person), {})]
        if not (owed or began):
            return
        link = self._slack.call("chat.getPermalink", channel=parent["channel"], message_ts=parent["ts"])["permalink"]
        for person in (*owed, *began):
            self._remind(op, person, stands.get(_key(op, person)), str(link))

    def _remind(self, op: Operation, person: str, known: Json | None, link: str) -> None:
        key = _key(op, person)
        try:
            channel = str(self._slack.call("conversations.open", users=person)["channel"]["id"])
            place = {"channel": channel, "thread": None}
            self._posts.once(op.id, key, known, place, reminder(op, link), since=op.since)
        except Refused as error:  # somebody who cannot be written to; the others are reminded
            log.warning("%s: %s could not be reminded (%s)", op.id, person, error.code)
            self._store.deliveries.move(op.id, key, self._store.deliveries.all(op.id).get(key), {"sent": op.since})

    def _approvers(self, op: Operation) -> list[str]:
        """The people of the roles whose yes is missing, besides who has answered and who asked."""
        voted = {vote.person for vote in op.votes}
        asked = op.demand
        own = set() if asked is None or asked.self_approval else {op.invocation.person.id}
        people = [person for person in dict.fromkeys(self._holders(op)) if person not in voted | own]
        return people if len(people) <= MOST else []

    def _holders(self, op: Operation) -> Iterator[str]:
        groups, roles = self._store.people.membership([]).groups, self._rules.now.roles
        for need, given in zip(op.demand.needs if op.demand else (), op.given, strict=True):
            for role in (roles[name] for name in need.roles if name in roles and len(given) < need.required):
                yield from role.users
                for group in role.groups:
                    yield from groups[group].members if group in groups else ()


def _key(op: Operation, person: str) -> str:
    return f"remind:{op.round}:{person}"

"""Posting a message once, whoever dies or stalls meanwhile, and however many bots run (invariant 7).

Where a message stands is kept in Redis, and moves by compare-and-set alone. ``known`` is what was read of it:

    None ──announce──> channel, thread, landed_by ──post, or find──> channel, thread, ts, shown

Only who has just made the announcement posts. Whoever reads one looks for the message (it bears its key as metadata), and
announces it anew only when it has certainly not landed: then the earlier announcer, should it still live, finds that it was
overtaken and takes its own post away. What else ``place`` holds is kept beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from bot.budget import Budget, OverBudget
from bot.slack import Json, Refused, Slack, SlackProblem, Unanswered
from bot.views import metadata as marks
from bot.views.view import View
from commands.canonical import digest_of
from commands.errors import Stale
from commands.store import Store

log = logging.getLogger(__name__)

LANDING = 30.0
"""Seconds after which an announced post has landed or never will: a Slack call takes 10, a hold lasts 12."""

SETTLING = 10.0
"""The same from the moment on at which the call itself is known to have ended without an answer."""

MARGIN = 600.0
"""Seconds by which Slack's clock may be behind ours when a message is looked for by time."""


class Posts:
    def __init__(self, slack: Slack, store: Store, budget: Budget, bot: str, now: Callable[[], float]) -> None:
        """``bot`` is our own bot user id: only our own posts are ours."""
        self._slack, self._store, self._budget, self._bot, self._now = slack, store, budget, bot, now

    def once(self, id: str, key: str, known: Json | None, place: Json, view: View, *, since: float) -> Json:
        """Post it, or find it. Returns what is known of it then; ``shown`` is left out where it was found.

        ``place``: its channel and the thread it is in (None: at the top); in the answer ``thread`` is where replies go.
        ``since``: Unix seconds before which it cannot have been posted.
        Raises ``SlackProblem``, ``OverBudget``, and ``Stale`` where another publisher was quicker.
        """
        if known and "landed_by" in known:
            if ts := self._find(id, key, known, place, since):
                return self._store.deliveries.move(id, key, known, _at(known, ts))
            self._wait_for_landing(known)
        self._budget.take("chat.postMessage", 1, place["channel"])
        announced = self._store.deliveries.move(id, key, known, {**place, "landed_by": self._now() + LANDING})
        ts = self._post(id, key, announced, view)
        try:
            return self._store.deliveries.move(id, key, announced, _at(announced, ts) | {"shown": shown(view)})
        except Stale:
            self._withdraw(id, key, announced["channel"], ts)
            raise

    def _post(self, id: str, key: str, announced: Json, view: View) -> str:
        channel, thread = announced["channel"], announced["thread"]
        try:
            return self._slack.post(channel, view, thread=thread, metadata=marks.metadata(id, key))
        except Unanswered as problem:
            settled = self._now() + (0.0 if problem.over else SETTLING)
            self._store.deliveries.move(id, key, announced, {**announced, "landed_by": settled})
            raise
        except SlackProblem:
            self._store.deliveries.move(id, key, announced, _unannounced(announced))
            raise

    def _wait_for_landing(self, announced: Json) -> None:
        """Whoever announced it may be posting this very moment."""
        wait = announced["landed_by"] - self._now()
        if wait > 0:
            raise OverBudget("another publisher's chat.postMessage", wait)

    def _find(self, id: str, key: str, announced: Json, place: Json, since: float) -> str | None:
        """Raises ``Refused`` where it cannot be read any more, unless it is to be posted elsewhere anyway."""
        channel, thread = announced["channel"], announced["thread"]
        method = "conversations.replies" if thread else "conversations.history"
        where: dict[str, Any] = {"ts": thread} if thread else {"oldest": f"{since - MARGIN:.6f}"}
        self._budget.take(method, 0)
        messages = self._slack.pages(
            method, "messages", channel=channel, include_all_metadata=True, limit=200, **where
        )  # fmt: skip
        try:
            found = (m for m in messages if marks.read(m.get("metadata")) == marks.Mark(id, key))
            return next((str(m["ts"]) for m in found if m.get("user") == self._bot), None)
        except Refused:
            if (place["channel"], place["thread"]) == (channel, thread):
                raise
            return None

    def _withdraw(self, id: str, key: str, channel: str, ts: str) -> None:
        """We stalled for so long that another bot took it for lost. If it did not find ours, ours is one too many."""
        if self._store.deliveries.all(id).get(key, {}).get("ts") == ts:
            return
        log.warning("%s: its %s was posted by another bot meanwhile; taking mine away", id, key)
        try:
            self._slack.call("chat.delete", channel=channel, ts=ts)
        except SlackProblem as problem:
            log.warning("%s: its second %s could not be taken away: %s", id, key, problem)


def shown(view: View) -> str:
    """Tells one look of a message from another."""
    return digest_of(view.blocks) + digest_of(view.text)


def _at(place: Json, ts: str) -> Json:
    return _unannounced(place) | {"ts": ts, "thread": place["thread"] or ts}


def _unannounced(place: Json) -> Json:
    return {name: value for name, value in place.items() if name != "landed_by"}

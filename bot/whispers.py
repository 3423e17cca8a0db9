"""What only one person reads: by the response_url of what was said, else ephemerally, else in a DM."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from bot.places import GONE, NOBODY
from bot.slack import Json, RateLimited, Refused, Slack
from bot.views.view import View
from commands.invocation import Place
from commands.store import Store

log = logging.getLogger(__name__)


class Whispers:
    def __init__(self, slack: Slack, store: Store, now: Callable[[], float]) -> None:
        self._slack, self._store, self._now = slack, store, now

    def whisper(self, place: Place, person: str, view: View, *, in_channel: bool = False) -> None:
        """By the response_url, else ephemerally where it was asked, else in a DM."""
        try:
            if place.response_url:
                self._slack.respond(place.response_url, view, in_channel=in_channel)
                return
        except (Refused, RateLimited) as error:
            log.info("a response_url is used up, or Slack limits it: %s", error)
        try:
            self._slack.whisper(place.channel, person, view, place.thread)
        except Refused as error:
            if error.code not in {*GONE, "user_not_in_channel", "cannot_reply_to_message"}:
                raise
            self._slack.post(self.direct(person), view)

    def direct(self, person: str) -> str:
        return str(self._slack.call("conversations.open", users=person)["channel"]["id"])

    def once(self, id: str, stands: Mapping[str, Json], key: str, send: Callable[[], None]) -> None:
        """Private answers cannot be looked for: at least once. Who cannot be written to is not tried again for ever."""
        known = stands.get(key)
        if known and is_told(known):
            return
        try:
            send()
        except Refused as error:
            if error.code not in NOBODY:
                raise
            log.warning("%s: nobody could be told (%s)", id, error.code)
        self._store.deliveries.move(id, key, known, {"sent": self._now()})


def is_told(known: Json) -> bool:
    """Posted, or sent privately."""
    return "ts" in known or "sent" in known

"""Making Slack show a record: the parent message, the thread, or a private answer. Level-triggered and repeatable.

Each post is announced in Redis before it is made and carries its key in its metadata: after a crash, or a response that
was lost, an announced post is looked for before it is made again (invariant 7).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.budget import Budget, OverBudget
from bot.slack import Json, Refused, Slack, SlackProblem, Unanswered
from bot.views import metadata as marks
from bot.views.attendance import notices
from bot.views.names import named, people_in
from bot.views.operation import parent, private
from bot.views.replies import Reply, replies
from bot.views.report import report
from bot.views.view import View
from commands.canonical import digest_of
from commands.config import Config
from commands.destination import destination, thread_of
from commands.invocation import Place
from commands.operation import Operation, State
from commands.report import Report
from commands.store import Question, Store

log = logging.getLogger(__name__)

PARENT = marks.PARENT
GONE = frozenset(
    {
        "message_not_found",
        "cant_update_message",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "thread_not_found",
    }
)
"""Slack's words for: what we would edit, or where, is no longer there."""


NOTICEABLE, CROWD = 5.0, 10
"""Seconds that an edit has to wait, or edits before it, from which on people are told so."""

LANDING = 12.0
"""Seconds after which an announced post has landed or never will: a Slack call takes 10 at most."""


class Delivery:
    def __init__(
        self, slack: Slack, store: Store, config: Config, budget: Budget, bot: str, now: Callable[[], float]
    ) -> None:
        """``bot`` is our own bot user id: only our own posts are ours."""
        self._slack, self._store, self._config = slack, store, config
        self._budget, self._bot, self._now = budget, bot, now

    def operation(self, id: str, level: int) -> None:
        """Bring Slack to show the operation as its record stands. Raises ``SlackProblem`` and ``OverBudget``."""
        op = self._store.operations.load(id)
        stands = self._store.deliveries.all(id)
        if PARENT not in stands and op.state is State.PLANNING:
            return  # the ack is the answer until planning ends
        if PARENT not in stands and op.state is State.REJECTED:
            self._once(
                id, stands, "private", lambda: self.whisper(op.invocation.place, op.invocation.person.id, private(op))
            )
            return
        try:
            at = self._parent(op, stands, level)
        except OverBudget as over:
            if op.state.final and "ts" in stands.get(PARENT, {}):
                self._thread(op, stands, stands[PARENT])
                self._say_late(op, stands, over.seconds)
            raise
        self._thread(op, stands, at)

    def _thread(self, op: Operation, stands: Mapping[str, Json], at: Json) -> None:
        for reply in replies(op, self._mentions()):
            self._reply(op, stands, at, reply)

    def _say_late(self, op: Operation, stands: Mapping[str, Json], seconds: float) -> None:
        """The end is told in the thread already; where the message's own edit waits for long, that is said, not hidden."""
        at, ahead = stands[PARENT], self._store.outbox.finals()
        if seconds >= NOTICEABLE or ahead >= CROWD:
            said = f"Slack takes no more edits at the moment ({ahead} ahead): the message above will follow."
            self._reply(op, stands, at, Reply("late", said, ()))

    def question(self, question: Question) -> None:
        """Give an answer, in the channel or privately."""
        if question.answer is None:
            return
        shown, place = report(self._named(question.answer)), question.invocation.place
        stands = self._store.deliveries.all(question.id)
        self._once(question.id, stands, "answer", lambda: self._answer(question, place, shown))

    def _named(self, answer: Report) -> Report:
        people = people_in(answer)
        if not people:
            return answer
        known = self._store.people.membership(people).people
        return named(answer, {id: facts.name for id, facts in known.items()})

    def _parent(self, op: Operation, stands: Mapping[str, Json], level: int) -> Json:
        alone = notices(op, self._store.unattended.version(op.id))
        view = parent(op, self._store.operations.progress(op.id), now=self._now(), notices=alone)
        at = stands.get(PARENT)
        if at is None or "ts" not in at:
            at = self._first(op, view, announced=at)
        shown = digest_of(view.blocks) + digest_of(view.text)
        if at["shown"] == shown:
            return at
        self._budget.take("chat.update", level)
        try:
            self._slack.update(at["channel"], at["ts"], view, marks.metadata(op.id))
        except Refused as error:
            if error.code not in GONE:
                raise
            return self._repost(op, at, view, error)
        return self._put(op.id, PARENT, {**at, "shown": shown})

    def _first(self, op: Operation, view: View, *, announced: Json | None) -> Json:
        """What was found rather than posted shows an earlier record: ``shown`` is not known then."""
        channel = announced["channel"] if announced else destination(self._config, op.environment, op.invocation)
        thread = thread_of(self._config, op.environment, op.invocation)
        try:
            ts = self._post(op.id, PARENT, channel, thread, view, announced=announced)
        except Refused as error:  # it could be posted in when it was planned
            if error.code not in GONE:
                raise
            return self._repost(op, {"channel": channel, "again": 1}, view, error)
        shown = "" if announced else digest_of(view.blocks) + digest_of(view.text)
        return self._put(
            op.id,
            PARENT,
            {
                "channel": channel,
                "ts": ts,
                "thread": thread or ts,
                "shown": shown,
            },
        )

    def _repost(self, op: Operation, at: Json, view: View, error: Refused) -> Json:
        """Deleted, archived, or we were removed: posted once more, else a DM to the requester; and recorded."""
        what = "its message was gone" if "ts" in at else "its message could not be posted"
        log.warning("%s: %s (%s); posting it again", op.id, what, error.code)
        again = at.get("again", 0)
        channel = at["channel"] if again == 0 else None
        try:
            if channel is None:
                raise error
            ts = self._post(op.id, PARENT, channel, None, view, announced=None)
        except Refused as refused:
            if refused.code not in GONE:
                raise
            channel = str(self._slack.call("conversations.open", users=op.invocation.person.id)["channel"]["id"])
            ts = self._post(op.id, PARENT, channel, None, view, announced=None)
        self._store.audit.note(op.id, f"{what} ({error.code}); posted again in {channel}", self._now())
        shown = digest_of(view.blocks) + digest_of(view.text)
        return self._put(
            op.id, PARENT, {"channel": channel, "ts": ts, "thread": ts, "shown": shown, "again": again + 1}
        )

    def _reply(self, op: Operation, stands: Mapping[str, Json], at: Json, reply: Reply) -> None:
        known = stands.get(reply.key)
        if known and "ts" in known:
            return
        view = View(reply.text, reply.blocks)
        ts = self._post(op.id, reply.key, at["channel"], at["thread"], view, announced=known)
        self._put(op.id, reply.key, {"channel": at["channel"], "ts": ts})

    def _post(self, id: str, key: str, channel: str, thread: str | None, view: View, *, announced: Json | None) -> str:
        """Announce, then post, or find what was announced and landed."""
        if announced is not None:
            self._wait_for_landing(announced)
            if found := self._find(id, key, channel, thread):
                return found
        self._budget.take("chat.postMessage", 1, channel)
        self._put(id, key, {"channel": channel, "announced": self._now()})
        try:
            return self._slack.post(channel, view, thread=thread, metadata=marks.metadata(id, key))
        except SlackProblem as problem:
            if not isinstance(problem, Unanswered) or problem.over:  # it has landed by now or never will: look at once
                self._put(id, key, {"channel": channel, "announced": 0.0})
            raise

    def _wait_for_landing(self, announced: Json) -> None:
        """Whoever announced it may be posting this very moment: not before its call has certainly ended do we look."""
        wait = announced.get("announced", 0.0) + LANDING - self._now()
        if wait > 0:
            raise OverBudget("another publisher's chat.postMessage", wait)

    def _find(self, id: str, key: str, channel: str, thread: str | None) -> str | None:
        method = "conversations.replies" if thread else "conversations.history"
        where: dict[str, Any] = {"ts": thread} if thread else {}
        self._budget.take(method, 0)
        created = self._store.operations.load(id).created if id.startswith("op-") else self._now() - 600
        messages = self._slack.pages(
            method,
            "messages",
            channel=channel,
            include_all_metadata=True,
            limit=200,
            oldest=f"{created - 60:.6f}",
            **where,
        )
        try:
            found = (m for m in messages if marks.read(m.get("metadata")) == marks.Mark(id, key))
            return next((str(m["ts"]) for m in found if m.get("user") == self._bot), None)
        except Refused as error:
            if error.code not in GONE:
                raise
            # A public channel that we write to without being in it cannot be read. Twice is better than never.
            log.warning("%s: whether its %s was posted cannot be read (%s)", id, key, error.code)
            return None

    def _answer(self, question: Question, place: Place, shown: View) -> None:
        if question.private or (place.response_url and not place.thread):
            self.whisper(place, question.invocation.person.id, shown, in_channel=not question.private)
            return
        self._budget.take("chat.postMessage", 1, place.channel)
        self._slack.post(place.channel, shown, thread=place.thread, metadata=marks.metadata(question.id, "answer"))

    def whisper(self, place: Place, person: str, view: View, *, in_channel: bool = False) -> None:
        """By the response_url, else ephemerally where it was asked, else in a DM."""
        try:
            if place.response_url:
                self._slack.respond(place.response_url, view, in_channel=in_channel)
                return
        except Refused as error:
            log.info("a response_url is used up: %s", error)
        try:
            self._slack.whisper(place.channel, person, view, place.thread)
        except Refused as error:
            if error.code not in {*GONE, "user_not_in_channel", "cannot_reply_to_message"}:
                raise
            channel = self._slack.call("conversations.open", users=person)["channel"]["id"]
            self._slack.post(channel, view)

    def _once(self, id: str, stands: Mapping[str, Json], key: str, send: Callable[[], None]) -> None:
        """Private answers cannot be looked for: at least once."""
        if key in stands:
            return
        send()
        self._put(id, key, {"sent": self._now()})

    def _put(self, id: str, key: str, value: Json) -> Json:
        self._store.deliveries.put(id, key, value)
        return value

    def _mentions(self) -> dict[str, tuple[str, ...]]:
        """By role, whom to mention: its people and user groups."""
        return {name: tuple(m for m in role.members if m != "*") for name, role in self._config.roles.items()}

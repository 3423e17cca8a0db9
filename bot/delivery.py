"""Making Slack show a record: the parent message and its thread. Level-triggered and repeatable.

What is posted is posted once (``bot/posts.py``). An edit is announced too, as ``edits_land_by``: one of which no answer came may
land after later ones. So where one was left unanswered the message is edited once more when that time has come: what it
shows in the end is true at most ``LANDING`` seconds after the last edit began (invariant 7).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress

from bot import places
from bot.budget import Budget, OverBudget
from bot.linking import link_to
from bot.places import ASKED, GONE, NOBODY, NOWHERE, next_step
from bot.posts import LANDING, SETTLING, Posts, shown
from bot.reminders import Reminders
from bot.slack import Json, Refused, Slack, SlackProblem, Unanswered
from bot.views import metadata as marks
from bot.views.attendance import notices
from bot.views.notice import overdue, told
from bot.views.operation import parent, private
from bot.views.refusal import sentence as saying
from bot.views.replies import Reply, replies
from bot.views.view import View
from bot.whispers import Whispers
from commands.config import Rules
from commands.destination import destination, thread_of
from commands.errors import Stale
from commands.notices.notice import Notice, review_of
from commands.operation import Operation, State
from commands.store import Store

log = logging.getLogger(__name__)

PARENT = marks.PARENT

NOTICEABLE, CROWD = 5.0, 10
"""Seconds that an edit has to wait, or edits before it, from which on people are told so."""


class Delivery:
    def __init__(
        self, slack: Slack, store: Store, rules: Rules, budget: Budget, posts: Posts, whispers: Whispers,
        now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._slack, self._store, self._rules = slack, store, rules
        self._budget, self._posts, self._whispers, self._now = budget, posts, whispers, now
        self._reminders = Reminders(slack, store, rules, posts)

    def operation(self, id: str, level: int) -> None:
        """Bring Slack to show the operation as its record stands.

        Raises ``SlackProblem``, ``OverBudget``, and ``Stale`` where it has to be looked at anew, at once.
        """
        op = self._store.operations.load(id)
        stands = self._store.deliveries.all(id)
        if PARENT not in stands and op.state is State.PLANNING:
            self._say_delayed(op, stands)
            return  # the ack is the answer until planning ends
        if PARENT not in stands and op.state is State.REJECTED:
            self._whispers.once(
                id,
                stands,
                "private",
                lambda: self._whispers.whisper(op.invocation.place, op.invocation.person.id, private(op)),
            )
            return
        try:
            self._show(op, stands, level)
        except Refused as error:
            if error.code not in GONE:
                raise
            self._move_on(op, error)
            raise Stale(f"{id}: its message belongs elsewhere now") from error

    def _show(self, op: Operation, stands: Mapping[str, Json], level: int) -> None:
        known = stands.get(PARENT) or self._place(op, ASKED)
        if known["step"] == NOWHERE:
            return
        try:
            at = self._parent(op, stands.get(PARENT), known, level)
        except OverBudget as over:
            if op.state.final and "ts" in known:
                self._thread(op, stands, known)
                self._say_late(op, stands, known, over.seconds)
            raise
        if op.invocation.breaks_glass and "ts" not in known:
            self._store.outbox.mark(review_of(op.id), self._now())  # now there is something to link to
        self._thread(op, stands, at)
        self._reminders.send(op, stands, at)
        if "edits_land_by" in at:
            raise OverBudget("an edit that was not answered", at["edits_land_by"] - self._now())

    def _parent(self, op: Operation, stored: Json | None, at: Json, level: int) -> Json:
        alone = notices(op, self._store.unattended.version(op.id))
        progress, held = self._store.operations.progress(op.id), self._store.locks.holds(op)
        view = parent(op, progress, now=self._now(), notices=alone, held=held)
        return self._shown(op.id, stored, at, view, op.created, level)

    def _shown(self, id: str, stored: Json | None, at: Json, view: View, since: float, level: int) -> Json:
        """Posted, or edited where it shows something else."""
        if "ts" not in at:
            at = self._posts.once(id, PARENT, stored, at, view, since=since)
        if at.get("shown") == shown(view) and not self._is_landed(at):
            return at
        self._budget.take("chat.update", level)
        return self._edit(id, at, view)

    def _is_landed(self, at: Json) -> bool:
        """An edit was not answered, and has landed by now if it ever does."""
        return bool("edits_land_by" in at and at["edits_land_by"] <= self._now())

    def _edit(self, id: str, at: Json, view: View) -> Json:
        before = _settled(at) if self._is_landed(at) else at
        begun = self._store.deliveries.move(id, PARENT, at, {**at, "shown": "", "edits_land_by": self._now() + LANDING})
        try:
            self._slack.update(at["channel"], at["ts"], view, marks.metadata(id))
        except Unanswered as problem:
            landed_by = self._now() + (0.0 if problem.over else SETTLING)
            sure = {**begun, "edits_land_by": max(landed_by, at.get("edits_land_by", 0.0))}
            self._store.deliveries.move(id, PARENT, begun, sure)
            raise
        except SlackProblem:
            self._store.deliveries.move(id, PARENT, begun, at)
            raise
        try:
            return self._store.deliveries.move(id, PARENT, begun, {**before, "shown": shown(view)})
        except Stale:
            self._doubt(id)
            raise

    def _doubt(self, id: str) -> None:
        """Another bot edited it too, and which edit came last is not known: it is to be edited once more."""
        while "ts" in (at := self._store.deliveries.all(id)[PARENT]):
            with suppress(Stale):
                self._store.deliveries.move(id, PARENT, at, {**at, "shown": "", "edits_land_by": self._now()})
                return

    def _thread(self, op: Operation, stands: Mapping[str, Json], at: Json) -> None:
        for reply in replies(op, self._mentions()):
            self._reply(op.id, op.created, stands, at, reply)

    def _reply(self, id: str, since: float, stands: Mapping[str, Json], at: Json, reply: Reply) -> None:
        known = stands.get(reply.key)
        if known is None or "ts" not in known:
            place = {"channel": at["channel"], "thread": at["thread"]}
            self._posts.once(id, reply.key, known, place, View(reply.text, reply.blocks), since=since)

    def _say_late(self, op: Operation, stands: Mapping[str, Json], at: Json, seconds: float) -> None:
        """The end is told in the thread already; where the message's own edit waits for long, that is said, not hidden."""
        ahead = self._store.outbox.finals()
        if seconds >= NOTICEABLE or ahead >= CROWD:
            said = f"Slack takes no more edits at the moment ({ahead} ahead): the message above will follow."
            self._reply(op.id, op.created, stands, at, Reply("late", said, ()))

    def _say_delayed(self, op: Operation, stands: Mapping[str, Json]) -> None:
        """Planning takes long, and there is no message yet that would say why."""
        progress, asked = self._store.operations.progress(op.id), op.invocation
        if progress and progress.at >= op.since:
            told = saying(f"{op.id}: {progress.sentence}")
            self._whispers.once(
                op.id, stands, "delayed", lambda: self._whispers.whisper(asked.place, asked.person.id, told)
            )

    def _place(self, op: Operation, step: int) -> Json:
        """Raises ``Refused`` where the requester cannot be written to."""
        channel, thread = destination(self._rules.now, op.environment, op.invocation), None
        match step:
            case places.ASKED:
                thread = thread_of(self._rules.now, op.environment, op.invocation)
            case places.DIRECT:
                channel = self._whispers.direct(op.invocation.person.id)
        return {"channel": channel, "thread": thread, "step": step}

    def _move_on(self, op: Operation, refused: Refused) -> None:
        """Deleted, archived, or we were removed: it is to be posted once more, else in a DM to the requester; recorded."""
        stored = self._store.deliveries.all(op.id).get(PARENT)
        at = stored or self._place(op, ASKED)
        step = next_step(at, refused)
        what = "its message was gone" if "ts" in at else "its message could not be posted"
        try:
            place = self._place(op, step)
        except Refused as error:
            if error.code not in NOBODY:
                raise
            step, place = NOWHERE, {**at, "step": NOWHERE}
        told = f"posted again in {place['channel']}" if step != NOWHERE else "there is nobody left to tell"
        self._store.deliveries.move(op.id, PARENT, stored, place)
        log.warning("%s: %s (%s); %s", op.id, what, refused.code, told)
        self._store.audit.note(op.id, f"{what} ({refused.code}); {told}", self._now())

    def notice(self, notice: Notice) -> None:
        """Bring Slack to show it. Who cannot be written to is not tried again for ever; a channel is, for the rules name it.

        Raises as ``operation`` does.
        """
        stands = self._store.deliveries.all(notice.id)
        try:
            self._show_notice(notice, stands)
        except Refused as error:
            if error.code not in places.MESSAGE_GONE or PARENT not in stands:
                raise
            at = self._store.deliveries.all(notice.id)[PARENT]
            self._store.deliveries.move(notice.id, PARENT, at, {"channel": at["channel"], "thread": None})
            log.warning("%s: its message was gone (%s); it is posted again", notice.id, error.code)
            raise Stale(f"{notice.id}: its message was gone") from error

    def _links(self, notice: Notice) -> dict[str, str]:
        """By operation: its message is posted about when this is, so that the link may come with an edit, or never."""
        id = notice.review.operation if notice.review else ""
        link = link_to(self._store, id) if id else None
        return {id: link} if link else {}

    def _show_notice(self, notice: Notice, stands: Mapping[str, Json]) -> None:
        try:
            place = stands.get(PARENT) or {"channel": self._channel_of(notice), "thread": None}
        except Refused as error:
            if error.code not in NOBODY:
                raise
            log.warning("%s: nobody could be told (%s)", notice.id, error.code)
            return
        at = self._shown(notice.id, stands.get(PARENT), place, told(notice, self._links(notice)), notice.created, 1)
        rule = self._rules.now.break_glass
        if reply := overdue(notice, self._mentions(), rule.acknowledged_by if rule else ()):
            self._reply(notice.id, notice.created, stands, at, reply)
        if "edits_land_by" in at:
            raise OverBudget("an edit that was not answered", at["edits_land_by"] - self._now())

    def _channel_of(self, notice: Notice) -> str:
        return self._whispers.direct(notice.to) if notice.personal else notice.to

    def _mentions(self) -> dict[str, tuple[str, ...]]:
        """By role, whom to mention: its people and user groups."""
        return {name: (*role.users, *role.groups) for name, role in self._rules.now.roles.items()}


def _settled(at: Json) -> Json:
    return {name: value for name, value in at.items() if name != "edits_land_by"}

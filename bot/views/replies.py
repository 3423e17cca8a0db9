"""The replies that a thread has to hold for the record as it stands. Edits notify nobody, replies do.

Level-triggered: each reply has a stable key, and the publisher posts what is not there yet, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.views import diagnosis, limits
from bot.views.approvals import approvers, tally
from bot.views.diff import all_risks, is_long, patch_text
from bot.views.ending import ending
from bot.views.header import EMOJI, headline, subject
from bot.views.text import fence, mention, one_line
from bot.views.view import Json, View, section, view
from commands.demand import Vote
from commands.operation import (
    Drift,
    Operation,
    State,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """``key`` is unique within the operation and never changes; the publisher keeps it in the message's metadata."""

    key: str
    text: str
    blocks: tuple[Json, ...]


def replies(op: Operation, mentions: Mapping[str, tuple[str, ...]]) -> tuple[Reply, ...]:
    """In the order in which they are read. ``mentions``: by role, the ids of its people and user groups.

    What is rejected at once has no message. After a drift there is one, and its requester has to hear of the end.
    """
    if op.state is State.REJECTED and not op.drifts:
        return ()
    return tuple(_replies(op, mentions))


def _replies(op: Operation, mentions: Mapping[str, tuple[str, ...]]) -> Iterator[Reply]:
    for seen in op.drifts:
        yield _reply(f"drift:{seen.round}", _drifted(op, seen))
    if op.plan and is_long(op.plan):
        yield _reply(f"diff:{op.round}", _diff(op))
    if op.state is State.AWAITING:
        yield _reply(f"approvers:{op.round}", _asked(op, mentions))
    for vote in op.approvals:
        yield _reply(f"approved:{vote.person}:{op.round}{_again(op, vote)}", _approved(op, vote))
    for taken in op.withdrawn:
        yield _reply(
            f"withdrew:{taken.person}:{taken.at}",
            _line(f"↩️ {mention(taken.person)} withdrew the approval of {subject(op)}."),
        )
    if op.broken and op.broken.diagnosis:
        yield _reply("diagnosis", diagnosis.view_of(op.broken.diagnosis))
    if op.ending and op.ending.diagnosis:
        yield _reply("diagnosis:back" if op.broken else "diagnosis", diagnosis.view_of(op.ending.diagnosis))
    if op.state.final:
        yield _reply("end", _ended(op))


def _reply(key: str, shown: View) -> Reply:
    return Reply(key, shown.text, shown.blocks)


def _line(text: str) -> View:
    return view(text, (section("line", text),))


def _asked(op: Operation, mentions: Mapping[str, tuple[str, ...]]) -> View:
    again = "changed and needs approval again" if op.round > 1 else "needs approval"
    return _line(
        f"{approvers(op, mentions)}: {subject(op)} {again} ({tally(op)}). Asked by {mention(op.invocation.person.id)}."
    )


def _approved(op: Operation, vote: Vote) -> View:
    return _line(f"👍 {mention(vote.person)} approved {subject(op)}.")


def _again(op: Operation, vote: Vote) -> str:
    """Who has withdrawn and approves anew is heard anew."""
    times = sum(taken.person == vote.person and taken.round == op.round for taken in op.withdrawn)
    return f":{times}" if times else ""


def _drifted(op: Operation, seen: Drift) -> View:
    told = f"⚠️ {subject(op)}: it changed while it waited; approvals given before are void."
    return view(told, (section("line", told), section("drift", fence(patch_text(seen.changes), limits.SECTION))))


def _diff(op: Operation) -> View:
    plan = op.plan
    told = f"All changes of {subject(op)}"
    if plan is None:
        return _line(told)
    risks = [f"• {one_line(risk, limits.LINE)}" for risk in all_risks(plan)]
    return view(
        told,
        (
            section("line", f"*{told}*"),
            section("diff", fence(patch_text(plan.diff), limits.SECTION)),
            section("risks", "\n".join(["⚠️ *Risks*", *risks]) if risks else ""),
        ),
    )


def _ended(op: Operation) -> View:
    told = f"{mention(op.invocation.person.id)} {headline(op)}"
    return view(f"{told}. {ending(op)}", (section("line", f"{EMOJI[op.state]} {told}\n{ending(op)}"),))

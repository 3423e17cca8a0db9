"""An operation's messages: the one parent that is edited, what its thread has to hold, and what its requester alone sees."""

from __future__ import annotations

from bot.views.approvals import approvals
from bot.views.buttons import buttons
from bot.views.diff import changes, drift, risks
from bot.views.ending import ending, people_of
from bot.views.failing import failing, followed, going_back
from bot.views.header import head, headline, who, why
from bot.views.progress import phase, progress
from bot.views.replies import Reply, replies
from bot.views.rivals import rivals
from bot.views.running import running
from bot.views.stake import stake
from bot.views.text import ours
from bot.views.view import View, context, section, view
from commands.operation import Operation
from commands.progress import Progress

__all__ = ["Reply", "View", "parent", "private", "replies"]


def parent(
    op: Operation, at: Progress | None, *, now: float, notices: tuple[str, ...] = (), held: bool = False
) -> View:
    """The operation's one message, as the record and its progress stand at ``now`` (Unix seconds).

    ``notices`` are sentences of ours about the message itself ("12 updates ahead of this one"). ``held``: its end has left
    its target held, and nobody has lifted that yet.
    """
    return view(
        headline(op),
        (
            head(op, " ".join(filter(None, (going_back(op), ending(op) or phase(op, at))))),
            who(op),
            progress(op, at, now),
            running(op),
            followed(op, held=held),
            drift(op),
            changes(op),
            risks(op),
            stake(op),
            failing(op),
            rivals(op),
            why(op),
            approvals(op),
            buttons(op, held=held),
            context("notices", *(ours(notice, people_of(op)) for notice in notices)),
        ),
    )


def private(op: Operation) -> View:
    """A rejected operation has no message: its requester alone reads the sentence."""
    sentence = ours(op.ending.sentence) if op.ending else ending(op)
    return view(f"{headline(op)}. {sentence}", (section("private", f"🚫 *{headline(op)}*\n{sentence}"),))

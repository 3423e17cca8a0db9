"""How it ended, in one sentence and plain words."""

from __future__ import annotations

from bot.views import limits
from bot.views.text import cut, mention, one_line, ours
from commands.operation import Ending, Operation, State

PLAIN = {
    State.REJECTED: "I did not do it; nothing was changed.",
    State.DENIED: "It was denied; nothing was changed.",
    State.EXPIRED: "Nobody approved it in time; nothing was changed.",
    State.CANCELLED: "It was cancelled.",
    State.SUCCEEDED: "It is done.",
    State.FAILED: "It broke, and I do not know why.",
    State.SUPERSEDED: "Someone else changed the target meanwhile; I wrote nothing more.",
}
"""Said where the record has no sentence of its own."""


def people_of(op: Operation) -> frozenset[str]:
    """Whom an operation's public messages may mention inside a sentence: those who took part in it."""
    ended_by = op.ending.by if op.ending else None
    return frozenset(filter(None, (op.invocation.person.id, ended_by, *(vote.person for vote in op.votes))))


def ending(op: Operation) -> str:
    """The sentence, escaped; empty while the operation is on its way."""
    if not op.state.final:
        return ""
    said = op.ending or Ending(PLAIN[op.state])
    if op.state is State.DENIED:
        return _denied(said)
    sentence = cut(ours(said.sentence or PLAIN[op.state], people_of(op)), limits.SENTENCE)
    if said.by and mention(said.by) not in sentence:
        return f"By {mention(said.by)}: {sentence}"
    return sentence


def _denied(said: Ending) -> str:
    """Here the sentence is the reason that a person typed."""
    by = mention(said.by) if said.by else "someone"
    reason = one_line(said.sentence, limits.SENTENCE) or "no reason given"
    return f"Denied by {by}: {reason}"

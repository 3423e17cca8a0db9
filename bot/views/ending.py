"""How it ended, in one sentence and plain words."""

from __future__ import annotations

from bot.views import limits
from bot.views.text import cut, mention, one_line, ours
from commands.operation import Ending, Operation, State

PLAIN = {
    State.REJECTED: "I did not do it; nothing was changed.",
    State.DENIED: "It was denied; nothing was changed.",
    State.EXPIRED: "Nobody approved it in time; nothing was changed.",
    State.CANCELLED: "Nothing was changed.",
    State.SUCCEEDED: "It is done.",
    State.FAILED: "It broke, and I do not know why.",
    State.SUPERSEDED: "Someone else changed the target meanwhile; I wrote nothing more.",
    State.ROLLED_BACK: "It broke, and went back to what ran before.",
    State.ROLLBACK_FAILED: "It broke, and going back to what ran before failed.",
}


def people_of(op: Operation) -> frozenset[str]:
    """Whom an operation's public messages may mention inside a sentence: who took part in it, and whom a rule names."""
    ended_by = (op.ending.by, *op.ending.people) if op.ending else ()
    return frozenset(filter(None, (op.invocation.person.id, *ended_by, *(vote.person for vote in op.votes))))


def ending(op: Operation) -> str:
    """The sentence, escaped; empty while the operation is on its way."""
    if not op.state.final:
        return ""
    if op.state is State.DENIED:
        return _denied(op.ending)
    said = op.ending.sentence if op.ending and op.ending.sentence.strip() else plain(op)
    sentence = cut(ours(said, people_of(op)), limits.SENTENCE)
    by = mention(op.ending.by) if op.ending and op.ending.by else ""
    return f"{op.state.value.capitalize()} by {by}. {sentence}" if by and by not in sentence else sentence


def plain(op: Operation) -> str:
    """What the state means, where the record has no sentence of its own."""
    if op.state is State.CANCELLED and op.written:
        return "It is no longer followed; the rollout goes on."
    return PLAIN[op.state]


def _denied(said: Ending | None) -> str:
    """Here the sentence is the reason that a person typed."""
    by = mention(said.by) if said and said.by else "someone"
    reason = one_line(said.sentence, limits.SENTENCE) if said else ""
    return f"Denied by {by}: {reason or 'no reason given'}"

"""How an operation stands, in one sentence for somebody who pressed a button too late (or too early)."""

from __future__ import annotations

from collections.abc import Callable

from commands.operation import Operation, State
from commands.policy.sentences import people

AGAIN = "Ask for it anew if it is still wanted."


def how_it_stands(operation: Operation) -> str:
    """What happened, by whom, and what to do now."""
    return SENTENCES[operation.state](operation)


def expired(operation: Operation) -> str:
    return f"{operation.id} expired before enough people had approved it: nothing was changed. {AGAIN}"


def _planning(operation: Operation) -> str:
    if operation.drifts:
        return f"{operation.id} is being planned again, for what it was planned on has changed. Its message will ask again."
    return f"{operation.id} is still being planned. Its message will tell whether it needs approval."


def _awaiting(operation: Operation) -> str:
    return f"{operation.id} is waiting for approval. Use the buttons on its message."


def _under_way(operation: Operation) -> str:
    return f"{operation.id} {_approved(operation)} and is running ({operation.state.value}). Its message follows it."


def _rejected(operation: Operation) -> str:
    return f"{operation.id} was rejected when it was planned: nothing was changed. {AGAIN}"


def _ended_by_somebody(operation: Operation) -> str:
    ending = operation.ending
    by = f" by {people([ending.by])}" if ending and ending.by else ""
    changed = "its change had been made already" if operation.written else "nothing was changed"
    return f"{operation.id} was {operation.state.value}{by}: {changed}. {AGAIN}"


def _ran(operation: Operation) -> str:
    return f"{operation.id} {_approved(operation)} and has {operation.state.value}. Its message tells the rest."


def _went_back(operation: Operation) -> str:
    return f"{operation.id} {_approved(operation)} and broke: {operation.state.value}. Its message tells the rest."


def _superseded(operation: Operation) -> str:
    if operation.ending and operation.ending.by:
        return _ended_by_somebody(operation)
    return f"{operation.id} was superseded: somebody else changed its target meanwhile. {AGAIN}"


def _approved(operation: Operation) -> str:
    if operation.invocation.breaks_glass:
        return "broke the glass"
    if not operation.approvals:
        return "needed no approval"
    return f"was approved by {people(vote.person for vote in operation.approvals)}"


SENTENCES: dict[State, Callable[[Operation], str]] = {
    State.PLANNING: _planning,
    State.AWAITING: _awaiting,
    State.QUEUED: _under_way,
    State.ACTING: _under_way,
    State.OBSERVING: _under_way,
    State.ROLLING_BACK: _under_way,
    State.REJECTED: _rejected,
    State.DENIED: _ended_by_somebody,
    State.EXPIRED: expired,
    State.CANCELLED: _ended_by_somebody,
    State.SUCCEEDED: _ran,
    State.FAILED: _ran,
    State.SUPERSEDED: _superseded,
    State.ROLLED_BACK: _went_back,
    State.ROLLBACK_FAILED: _went_back,
}

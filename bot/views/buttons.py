"""What can be done now, as buttons. Each carries the plan it was shown beside; an old press changes nothing."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ConfirmObject, PlainTextObject

from bot.views import actions, limits
from bot.views.header import subject
from bot.views.text import plain
from commands.operation import Operation, State

AGAIN = frozenset({State.DENIED, State.EXPIRED, State.CANCELLED, State.SUPERSEDED})

OFFERS = {
    State.PLANNING: (actions.CANCEL,),
    State.AWAITING: (actions.APPROVE, actions.DENY, actions.CANCEL),
    State.QUEUED: (actions.CANCEL,),
    State.OBSERVING: (actions.LOGS, actions.CANCEL),
    State.ROLLING_BACK: (actions.LOGS,),
    State.FAILED: (actions.RETRY,),
    **dict.fromkeys(AGAIN, (actions.RETRY,)),
}
"""The action_ids by state, the likeliest first, where nothing has been written."""

WRITTEN_OFFERS = {
    State.FAILED: (actions.ROLLBACK, actions.RETRY, actions.LOGS),
    State.CANCELLED: (actions.ROLLBACK, actions.LOGS),
    State.ROLLED_BACK: (actions.RETRY, actions.LOGS),
    State.ROLLBACK_FAILED: (actions.LOGS,),
}
"""Where the change was written, and so can be undone."""

HELD_OFFERS = (actions.LIFT, actions.LOGS)
"""While its target is held, for the hold refuses the rest."""


def buttons(op: Operation, *, held: bool = False) -> ActionsBlock | None:
    """None where nothing can be done: while it is written. ``held``: its target is, by its own end."""
    offered = [_button(op, action) for action in (HELD_OFFERS if held else offers(op))]
    return ActionsBlock(block_id="buttons", elements=offered) if offered else None


def offers(op: Operation) -> tuple[str, ...]:
    """The action_ids of what can be done now, if nothing is held."""
    if op.state is State.SUCCEEDED:
        return (actions.ROLLBACK,) if is_undoable(op) else ()
    if op.written and op.state in WRITTEN_OFFERS:
        return WRITTEN_OFFERS[op.state]
    offered = OFFERS.get(op.state, ())
    if op.state is State.AWAITING and op.rivals:
        offered = (*offered, actions.SUPERSEDE)
    if op.state in {State.AWAITING, State.QUEUED} and any(vote.no is None for vote in op.votes):
        return (*offered, actions.WITHDRAW)
    return offered


def is_undoable(op: Operation) -> bool:
    """Whether it changed the template, the replicas or their bounds. A restart's annotation is not worth going back to."""
    if op.beside:
        return True
    writes = op.plan.promise.writes if op.plan else ()
    return any(
        write.path.startswith(("/spec/template", "/spec/replicas")) and "/metadata/annotations" not in write.path
        for write in writes
    )


LABELS = {
    actions.APPROVE: "Approve",
    actions.DENY: "Deny",
    actions.WITHDRAW: "Withdraw my approval",
    actions.SUPERSEDE: "Replace what waits",
    actions.CANCEL: "Cancel",
    actions.ROLLBACK: "Roll back",
    actions.RETRY: "Retry",
    actions.LOGS: "Logs",
    actions.LIFT: "Lift the hold",
}
STYLES = {actions.APPROVE: "primary", actions.DENY: "danger", actions.ROLLBACK: "danger"}


def _label(op: Operation, action: str) -> str:
    if action == actions.CANCEL and op.state is State.OBSERVING:
        return "Stop following"
    if action == actions.RETRY and op.state in AGAIN:
        return "Ask again"
    return LABELS[action]


def _button(op: Operation, action: str) -> ButtonElement:
    label = _label(op, action)
    return ButtonElement(
        text=PlainTextObject(text=label, emoji=False),
        action_id=action,
        value=actions.click(op).value,
        style=STYLES.get(action),
        accessibility_label=plain(f"{label}: {plain_subject(op)}", limits.ACCESSIBILITY_LABEL),
        confirm=_question(op, action),
    )


def plain_subject(op: Operation) -> str:
    """For plain text, which Slack does not unescape."""
    return subject(op).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _question(op: Operation, action: str) -> ConfirmObject | None:
    """One tap too many must not change a cluster that asks for no approval, nor one that asks for two taps."""
    if action == actions.ROLLBACK:
        told = f"{plain_subject(op)} is undone by a new operation, with its own plan and approvals."
        return _confirm("Roll back?", told, "Roll back", "Leave it")
    if action == actions.SUPERSEDE:
        told = "; ".join(f"{rival.id}: {rival.what}" for rival in op.rivals)
        return _confirm("Replace what waits?", f"This ends, and nothing is changed: {told}", "Replace", "Leave it")
    if action == actions.APPROVE and op.demand and op.demand.confirm:
        risks = "".join(f" · {risk}" for risk in op.plan.risks) if op.plan else ""
        told = f"{plain_subject(op)}{risks}"
        return _confirm("Approve this?", told, "Approve", "Not yet")
    return None


def _confirm(title: str, told: str, yes: str, no: str) -> ConfirmObject:
    return ConfirmObject(
        title=PlainTextObject(text=title),
        text=PlainTextObject(text=plain(told, limits.CONFIRM_TEXT)),
        confirm=PlainTextObject(text=yes),
        deny=PlainTextObject(text=no),
    )

"""What would change, and what is risky about it: short in the message, whole in the thread."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import SectionBlock

from bot.views import limits, times
from bot.views.text import code, cut, escape, length, one_line
from bot.views.view import section
from commands.draft import FieldChange, Plan
from commands.operation import Operation, State
from commands.wording import counted

ABSENT = "(absent)"


def change_line(change: FieldChange) -> str:
    """One change in a line that wraps on a phone and can be read aloud."""
    return f"• {code(change.path, limits.VALUE)}: {_value(change.old)} → {_value(change.new)}"


def _value(value: str | None) -> str:
    return ABSENT if value is None else code(value, limits.VALUE)


def changes(op: Operation) -> SectionBlock | None:
    """The plan's diff, as far as it is short."""
    if op.plan is None:
        return None
    lines = [change_line(change) for change in op.plan.diff[: limits.INLINE_CHANGES]]
    if is_long(op.plan):
        more = len(op.plan.diff) - len(lines)
        lines.append(f"{counted(more, 'more line')} in the thread" if more > 0 else "In full in the thread")
    return section("diff", "\n".join(["*Changes*", *lines]) if lines else "")


def risks(op: Operation) -> SectionBlock | None:
    """What the plan, and the API server in its dry run, warn of."""
    if op.plan is None:
        return None
    told = all_risks(op.plan)
    lines = [f"• {one_line(risk, limits.LINE)}" for risk in told[: limits.INLINE_RISKS]]
    if len(told) > len(lines):
        lines.append(f"{len(told) - len(lines)} more in the thread")
    return section("risks", "\n".join(["⚠️ *Risks*", *lines]) if lines else "")


def all_risks(plan: Plan) -> list[str]:
    return [*plan.risks, *(f"the API server warns: {warning}" for warning in plan.warnings)]


def is_long(plan: Plan) -> bool:
    """Whether the message cannot show the whole of it, so that the thread has to."""
    values = (value or "" for change in plan.diff for value in (change.path, change.old, change.new))
    return (
        len(plan.diff) > limits.INLINE_CHANGES
        or len(plan.risks) + len(plan.warnings) > limits.INLINE_RISKS
        or any(length(escape(value)) > limits.VALUE - 2 or "\n" in value for value in values)
    )


def patch_text(diff: Sequence[FieldChange]) -> str:
    """The whole diff as plain text for a code block: path, then the old value with ``-`` and the new one with ``+``."""
    return "\n".join("\n".join([change.path, *_marked("-", change.old), *_marked("+", change.new)]) for change in diff)


def _marked(sign: str, value: str | None) -> list[str]:
    return [] if value is None else [f"{sign} {line}" for line in value.split("\n")]


def drift(op: Operation) -> SectionBlock | None:
    """That the target, or what the rules ask for, changed while it waited: shown until the new plan is on its way."""
    if not op.drifts or op.state not in {State.PLANNING, State.AWAITING}:
        return None
    last = op.drifts[-1]
    lines = [change_line(change) for change in last.changes[: limits.INLINE_CHANGES]]
    if len(last.changes) > len(lines):
        lines.append(f"{len(last.changes) - len(lines)} more in the thread")
    told = (
        f"⚠️ *It changed while it waited* (seen {times.moment(last.at)}). Earlier approvals are void; please look again."
    )
    return section("drift", cut("\n".join([told, *lines]), limits.SECTION))

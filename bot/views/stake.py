"""What an approver weighs besides the diff: how much is touched, who else uses the same, and what happens if it breaks."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.models.blocks import SectionBlock

from bot.views import limits
from bot.views.buttons import is_undoable
from bot.views.text import one_line
from bot.views.view import section
from commands.draft import Exposure
from commands.operation import Operation, State
from commands.wording import counted


def stake(op: Operation) -> SectionBlock | None:
    """While it waits for approval."""
    if op.state is not State.AWAITING or op.plan is None or op.plan.exposure is None:
        return None
    lines = [f"• {one_line(fact, limits.LINE)}" for fact in _facts(op.plan.exposure)]
    if op.plan.promise.failing is None:
        lines.append(f"• {_failing(op)}")
    return section("stake", "\n".join(["*At stake*", *lines]))


def _facts(known: Exposure) -> Iterator[str]:
    pods = "an unknown number of pods" if known.pods is None else f"{counted(known.pods, 'pod')}"
    if known.at_once is None:
        yield f"{pods}; how many of them at once is not known"
    else:
        yield f"{pods}, {f'up to {known.at_once} %' if known.at_once else 'none'} of them missing at once"
    if known.budgets is None:
        yield "whether a PodDisruptionBudget covers them could not be read"
    else:
        yield (
            f"covered by PodDisruptionBudget {', '.join(known.budgets)}" if known.budgets else "no PodDisruptionBudget"
        )
    if known.sharing:
        yield f"also used by {'; '.join(known.sharing)}"


def _failing(op: Operation) -> str:
    """Where nothing follows by itself."""
    after = "Roll back and Retry are offered" if is_undoable(op) else "Retry is offered"
    return f"if it breaks: it stays as it is, the message says why, and {after}"

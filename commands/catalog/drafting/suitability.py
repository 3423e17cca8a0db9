"""Whether a rollout would start at all, and what could make it differ from what people expect."""

from __future__ import annotations

from commands.catalog.reporting.standing import Health, standing_of
from commands.errors import NothingToChange, Unsuitable
from commands.live import Live, Object
from commands.objects import is_paused, name_of, replicas_wanted
from commands.ordered import partition_of, start_of


def refuse_paused(workload: Object, live: Live) -> None:
    """Raises ``Unsuitable``: a paused Deployment takes the change and does nothing with it, and waiting would be in vain."""
    if is_paused(workload):
        name = name_of(workload)
        raise Unsuitable(
            f"{name} in {live.environment} is paused, so its rollout would not start. "
            f"Resume it first with `kubectl rollout resume deployment/{name} -n {live.namespace}`, then say it again."
        )


def nothing_to_change(workload: Object, live: Live, what: str) -> NothingToChange:
    """It asks for ``what`` already. Whether that is also what runs, its status tells: after a failed rollout it is not."""
    name = name_of(workload)
    subject = f"{name} in {live.environment} already"
    if standing_of(workload).health >= Health.PAUSED:
        return NothingToChange(f"{subject} runs {what}: nothing to change.")
    return NothingToChange(
        f"{subject} asks for {what}, but its new pods are not ready: asking once more would change nothing. "
        f"If what they lack is there by now, say `restart {name} in {live.environment}`; else "
        f"`rollback {name} in {live.environment}`, or deploy another version."
    )


def rollout_risks(workload: Object) -> tuple[str, ...]:
    """Update strategies under which pods are not, or not all, replaced by themselves."""
    strategy = workload["spec"].get("updateStrategy") or {}
    if strategy.get("type") == "OnDelete":
        return ("its strategy is OnDelete: a pod changes only when somebody deletes it",)
    if partition := partition_of(workload):
        return (f"its strategy has partition {partition}: {_replaced(workload, partition)}",)
    return ()


def _replaced(workload: Object, partition: int) -> str:
    if partition >= (replicas_wanted(workload) or 0):
        return "none of its pods is replaced until somebody lowers it"
    return f"only the pods {name_of(workload)}-{start_of(workload) + partition} and above are replaced"

"""``restart``: replace every pod by a new one of the same template, as ``kubectl rollout restart`` does."""

from __future__ import annotations

from typing import Final

from commands.catalog.drafting import draft_of, refuse_paused, rollout_risks
from commands.declaration import Argument, Asks, Changes, Command, Type
from commands.draft import Draft, Edit
from commands.invocation import Invocation
from commands.live import Live, Object
from commands.objects import name_of, template_of
from commands.times import rfc3339

ANNOTATION: Final = "kubectl.kubernetes.io/restartedAt"


def plan(invocation: Invocation, live: Live) -> Draft:
    """One edit: kubectl's annotation in the template. Absolute: ``restarted_at``, the time of the request."""
    workload = live.workload(invocation.arguments["workload"])
    refuse_paused(workload, live)
    at = invocation.argument("restarted_at") or rfc3339(invocation.at)
    return draft_of(
        live,
        workload,
        name_of(workload),
        _edit(workload, at),
        arguments={"restarted_at": at},
        risks=rollout_risks(workload),
    )


def _edit(workload: Object, at: str) -> Edit:
    """A JSON patch adds into an object that is there, or it has to add the object."""
    path = "/spec/template/metadata/annotations"
    annotations = template_of(workload)["metadata"].get("annotations")
    if annotations is None:
        return Edit(path, None, {ANNOTATION: at})
    return Edit(f"{path}/{ANNOTATION.replace('/', '~1')}", annotations.get(ANNOTATION), at)


COMMAND = Command(
    name="restart",
    summary="Replace every pod of a workload, a few at a time",
    effect=Changes(plan),
    asks=frozenset({Asks.WORKLOAD, Asks.REVISION}),
    arguments=(Argument("workload", Type.WORKLOAD, "what restarts, such as web or ds/agent"),),
    examples=("restart web in prod",),
)

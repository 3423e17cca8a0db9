"""``scale``: another number of replicas, absolute or by so many; or other bounds for the autoscaler that sets them."""

from __future__ import annotations

from collections.abc import Iterator

from commands.bounds import bounds_of
from commands.catalog.drafting import draft_bounds, draft_of
from commands.declaration import Argument, Asks, Changes, Command, Type
from commands.draft import Draft, Edit
from commands.errors import NothingToChange, Unsuitable
from commands.grammar.values import MOST_REPLICAS
from commands.invocation import Invocation
from commands.live import Live, Object, autoscaler_of
from commands.objects import is_paused, name_of, replicas_wanted
from commands.wording import counted


def plan(invocation: Invocation, live: Live) -> Draft:
    """One edit: ``spec.replicas``. Absolute: ``replicas``, a number. With ``min`` or ``max`` the bounds of its autoscaler instead."""
    workload = live.workload(invocation.arguments["workload"])
    present = replicas_wanted(workload)
    if present is None:
        name = name_of(workload)
        raise Unsuitable(
            f"{name} is a DaemonSet: it runs one pod on every node that fits, so there are no replicas to set. "
            "Change its node selector to run it on fewer nodes."
        )
    if invocation.argument("replicas") is None:
        return draft_bounds(invocation, live, workload)
    wanted = _wanted(invocation.arguments["replicas"], present, workload)
    if wanted == present:
        raise NothingToChange(
            f"{name_of(workload)} in {live.environment} already has {counted(present, 'replica')}: nothing to change."
        )
    return draft_of(
        live,
        workload,
        f"{name_of(workload)} {present} → {counted(wanted, 'replica')}",
        Edit("/spec/replicas", workload["spec"].get("replicas"), wanted),
        arguments={"replicas": wanted},
        risks=_risks(workload, wanted),
        owners=_owners(workload, wanted, live),
    )


def _wanted(said: int | str, present: int, workload: Object) -> int:
    """``6``, or ``+2`` from where it is now."""
    wanted = present + int(said) if isinstance(said, str) else said
    if 0 <= wanted <= MOST_REPLICAS:
        return wanted
    limit = "below zero" if wanted < 0 else f"above {MOST_REPLICAS}"
    raise Unsuitable(
        f"{name_of(workload)} has {counted(present, 'replica')}: {said} would take it {limit}. Say the number you want."
    )


def _risks(workload: Object, wanted: int) -> tuple[str, ...]:
    paused = ("it is paused: its number of pods changes all the same, what waits to roll out goes on waiting",)
    return (() if wanted else ("no replicas: nothing of it will run",)) + (paused if is_paused(workload) else ())


def _owners(workload: Object, wanted: int, live: Live) -> Iterator[str]:
    """It takes any number of replicas for a while: the next time it counts, it sets them as its metrics say.

    None switch it off: it does nothing then until somebody scales the workload up (Kubernetes' rule).
    """
    scaler = autoscaler_of(workload, live)
    if scaler and not wanted:
        yield f"HPA {name_of(scaler)} does nothing while there are no replicas: it brings none back"
    elif scaler:
        present = bounds_of(scaler)
        instead = f"scale {name_of(workload)} min={wanted} max={max(wanted, present.max)} in {live.environment}"
        yield f"replicas are owned by HPA {name_of(scaler)} ({present}), which sets them again: say `{instead}` instead"


COMMAND = Command(
    name="scale",
    summary="Give a workload another number of replicas, or its autoscaler other bounds",
    effect=Changes(plan, beside=("HorizontalPodAutoscaler",)),
    asks=frozenset({Asks.WORKLOAD, Asks.REVISION, Asks.AUTOSCALERS}),
    arguments=(
        Argument("workload", Type.WORKLOAD, "a Deployment or a StatefulSet, such as web or sts/db"),
        Argument(
            "replicas",
            Type.REPLICAS,
            "how many, or how many more or fewer: 6, +2, -1",
            preposition="to",
            instead=("min", "max"),
        ),
        Argument("min", Type.COUNT, "at least so many, where an HPA scales it", required=False, keyword=True),
        Argument("max", Type.COUNT, "at most so many, where an HPA scales it", required=False, keyword=True),
    ),
    examples=("scale web 6 in prod", "scale web +2 in prod", "scale web min=3 max=10 in prod"),
    slash=True,
)

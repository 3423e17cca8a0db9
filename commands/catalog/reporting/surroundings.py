"""What stands around a workload, a line each. Where the right to read one is missing, its line says so, and the rest is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from commands.bounds import bounds_of
from commands.errors import Forbidden, Missing
from commands.live import Live, Object, Served
from commands.objects import name_of, seen_at
from commands.report import Code, Prose, Section
from commands.times import age
from commands.wording import counted, plural

EVENTS = 8

Pair = tuple[str, str]


def lines(workload: Object, live: Live) -> Iterator[Pair]:
    """Autoscaler, budgets and Services; nothing for what there is none of."""
    yield from told("Autoscaler", lambda: [_autoscaler(each) for each in live.autoscalers(workload)])
    yield from told("Disruption budget", lambda: [_budget(each) for each in live.budgets(workload)])
    yield from told("Service", lambda: [_service(each) for each in live.services(workload)])


def told(label: str, read: Callable[[], Sequence[str]]) -> Iterator[Pair]:
    """A line for each that was read, or one that says why it cannot be."""
    try:
        yield from [(label, text) for text in read()]
    except (Forbidden, Missing) as error:
        yield label, f"not known. {error}"


def _autoscaler(scaler: Object) -> str:
    status = scaler.get("status") or {}
    bounds, wants = bounds_of(scaler), status.get("desiredReplicas")
    keeps = f"HPA {name_of(scaler)} keeps {bounds.said}"
    knows = wants is not None and wants >= bounds.min  # it says 0 until it could compute a number for the first time
    return f"{keeps}{f', wants {wants} now' if knows else ''}{_why_not(status)}"


def _why_not(status: dict[str, Any]) -> str:
    """It may be unable to: without metrics it scales nothing, and says so in a condition."""
    for each in status.get("conditions") or ():
        if each["type"] in {"AbleToScale", "ScalingActive"} and each["status"] == "False":
            return f"; {each.get('reason')}: {each.get('message')}"
    return ""


def _budget(budget: Object) -> str:
    spec, status = budget["spec"], budget.get("status") or {}
    keeps = (
        f"at least {spec['minAvailable']} available"
        if spec.get("minAvailable") is not None
        else f"at most {spec.get('maxUnavailable')} unavailable"
    )
    allowed = status.get("disruptionsAllowed")
    may_go = "" if allowed is None else f"; {counted(allowed, 'pod')} may be evicted now"
    return f"{name_of(budget)}: {keeps}{may_go}"


def _service(served: Served) -> str:
    spec = served.service["spec"]
    ports = ", ".join(str(port["port"]) for port in spec.get("ports") or ())
    ends = [each for piece in served.slices for each in piece.get("endpoints") or ()]
    ready = sum((each.get("conditions") or {}).get("ready") is not False for each in ends)
    how = f"{ready} of {counted(len(ends), 'endpoint')} ready" if ends else "no endpoints"
    return f"{name_of(served.service)} ({spec.get('type', 'ClusterIP')}{f' {ports}' if ports else ''}): {how}"


def heard(about: Sequence[Object], live: Live) -> tuple[Sequence[Object], str]:
    """The latest events, warnings first: what is amiss must not drown in what went well. And why there are none to tell."""
    try:
        return live.events(about), ""
    except (Forbidden, Missing) as error:
        return (), f"Events: not known. {error}"


def events(found: Sequence[Object], unheard: str, now: float) -> Iterator[Section]:
    if unheard:
        yield Prose(unheard)
    if found:
        yield Prose(f"The last {plural(min(len(found), EVENTS), 'event')}:", strong=True)
        yield Code("\n".join(_event(each, now) for each in found[:EVENTS]))


def _event(event: Object, now: float) -> str:
    times = int((event.get("series") or {}).get("count") or event.get("count") or 1)
    of = event.get("involvedObject") or {}
    said = " ".join(str(event.get("message") or "").split())
    often = f" (×{times})" if times > 1 else ""  # noqa: RUF001 - the sign for "times"
    return f"{age(seen_at(event), now)} ago  {event.get('reason')}{often}  {of.get('kind')}/{of.get('name')}: {said}"

"""Why a rollout broke, with the evidence, before anything is undone. All of it redacted (invariant 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from commands.errors import ClusterError
from commands.operation import Diagnosis
from commands.times import seconds_of
from workers.kinds.faults import Fault, fault_of, is_leaving, unready
from workers.kinds.judgement import Verdict
from workers.redact import redact

Object = Mapping[str, Any]

ReadLogs = Callable[[str, str, int, bool], str]
"""Pod, container, how many of the last lines, whether of the run before this one. Raises ``ClusterError``."""

LINES = 20
EVENTS = 10
_LINE_LENGTH = 500
_HAVE_LOGS = frozenset({"CrashLoopBackOff", "RunContainerError", ""})


def diagnose(
    verdict: Verdict, pods: Sequence[Object], events: Iterable[Object], read_logs: ReadLogs, *, since: float = 0.0
) -> Diagnosis:
    """``pods`` are the workload's; ``events`` those about it, its ReplicaSets and pods; older ones than ``since`` are left out.

    Reads one log at most. That it cannot be read is said where it would stand: the cause is known all the same.
    """
    fault = verdict.fault or unready(pods, verdict.progress.at)
    standing = [pod for pod in pods if not is_leaving(pod)]
    return Diagnosis(
        cause=redact(verdict.sentence),
        container=fault.container if fault else None,
        image=fault.image if fault else None,
        reason=fault.reason or None if fault else None,
        exit_code=fault.exit_code if fault else None,
        pods=tuple(_affected(fault, standing, verdict.progress.at)) if fault else (),
        of=len(standing),
        logs=_last_lines(fault, read_logs) if fault else "",
        events=_grouped(event for event in events if _is_news(event, since)),
    )


def _affected(fault: Fault, pods: Sequence[Object], now: float) -> list[str]:
    """The pods that broke in the same way."""
    found = (fault_of(pod, now) or unready([pod], now) for pod in pods)
    return [each.pod for each in found if each and (each.container, each.reason) == (fault.container, fault.reason)]


def _last_lines(fault: Fault, read_logs: ReadLogs) -> str:
    if fault.reason not in _HAVE_LOGS:  # nothing of it ever ran
        return ""
    try:
        text = read_logs(fault.pod, fault.container, LINES, fault.previous)
    except ClusterError as error:
        return f"(the log could not be read: {redact(str(error))})"
    lines = redact(text).splitlines()[-LINES:]
    return "\n".join(line if len(line) <= _LINE_LENGTH else line[: _LINE_LENGTH - 1] + "…" for line in lines)


def _is_news(event: Object, since: float) -> bool:
    return event.get("type") != "Normal" and _last_seen(event) >= since


def _grouped(events: Iterable[Object]) -> tuple[str, ...]:
    """``Failed ×3: …``, the most frequent first."""  # noqa: RUF002 - the sign for "times"
    counts: Counter[str] = Counter()
    for event in events:
        text = " ".join(redact(str(event.get("message") or "")).split())[:_LINE_LENGTH]
        times = int((event.get("series") or {}).get("count") or event.get("count") or 1)
        counts[f"{event.get('reason')}\0{text}"] += times
    most = counts.most_common(EVENTS)
    return tuple(key.replace("\0", f" ×{count}: " if count > 1 else ": ", 1) for key, count in most)  # noqa: RUF001


def _last_seen(event: Object) -> float:
    series = event.get("series") or {}
    times = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return max(seconds_of(time) for time in times)

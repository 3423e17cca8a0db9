"""Why a rollout broke, with the evidence, before anything is undone. All of it redacted (invariant 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from commands.errors import ClusterError
from commands.objects import revision_number
from commands.operation import Diagnosis
from workers.kinds.faults import USUAL, Circumstances, Fault, fault_of, is_leaving, suspect
from workers.kinds.faults.fault import last_seen
from workers.kinds.judgement import Verdict
from workers.redact import redact

Object = Mapping[str, Any]

ReadLogs = Callable[[str, str, int, bool], str]
"""Pod, container, how many of the last lines, whether of the run before this one. Raises ``ClusterError``."""

LINES = 20
EVENTS = 10
_LINE_LENGTH = 500
_HASH = "controller-revision-hash"


def diagnose(
    verdict: Verdict,
    pods: Sequence[Object],
    events: Iterable[Object],
    read_logs: ReadLogs,
    *,
    children: Sequence[Object] = (),
    since: float = 0.0,
    hide: Callable[[str], str] = redact,
) -> Diagnosis:
    """``pods`` are the workload's, ``children`` what stands between; ``events`` are about any of these, older ones than ``since`` are left out.
    ``hide`` masks what must not be shown in a text.

    Reads one log at most. That it cannot be read is said where it would stand: the cause is known all the same.
    """
    news = [event for event in events if _is_news(event, since)]
    around = Circumstances.of(news, USUAL.patience)
    fault = _closer(verdict.fault, pods, verdict.progress.at, around) or suspect(_newest_first(pods), around)
    standing = [pod for pod in pods if not is_leaving(pod)]
    affected = [pod for pod in standing if fault and _has(pod, fault, verdict.progress.at, around)]
    return Diagnosis(
        cause=hide(_cause(verdict, fault)),
        container=fault.container or None if fault else None,
        image=fault.image or None if fault else None,
        reason=fault.reason or None if fault else None,
        exit_code=fault.exit_code if fault else None,
        pods=tuple(str(pod["metadata"]["name"]) for pod in affected),
        of=len(standing),
        since=_revision(affected, children),
        logs=_last_lines(fault, read_logs, hide) if fault else "",
        events=_grouped(news, hide),
    )


def _closer(proven: Fault | None, pods: Sequence[Object], now: float, around: Circumstances) -> Fault | None:
    """The same fault in the light of events that the verdict has not seen yet: which probe it was that killed it."""
    if proven is None:
        return None
    named = (pod for pod in pods if pod["metadata"]["name"] == proven.pod)
    again = next((fault_of(pod, now, around) for pod in named), None)
    return again if again and (again.container, again.reason) == (proven.container, proven.reason) else proven


def _cause(verdict: Verdict, fault: Fault | None) -> str:
    """The verdict's sentence, with what is known by now; where only time had run out, with what is in the way, or was waited for."""
    sentence = verdict.sentence
    if fault is None:
        waits = verdict.progress.phase
        return f"{sentence}; {waits.words}" if waits and not verdict.warnings else sentence
    if fault.cause in sentence:
        return sentence
    said = verdict.fault.cause if verdict.fault else next((text for text in verdict.warnings if text in sentence), "")
    if not said:
        return f"{sentence}; {fault.cause}"
    return sentence.replace(said, fault.cause) if verdict.fault or said in fault.cause else sentence


def _newest_first(pods: Sequence[Object]) -> Sequence[Object]:
    return sorted(pods, key=lambda pod: str(pod["metadata"].get("creationTimestamp") or ""), reverse=True)


def _has(pod: Object, fault: Fault, now: float, around: Circumstances) -> bool:
    """Whether the pod is broken in the same way."""
    found = fault_of(pod, now, around) or suspect([pod], around)
    return found is not None and (found.container, found.reason) == (fault.container, fault.reason)


def _revision(pods: Sequence[Object], children: Sequence[Object]) -> str | None:
    """The first revision whose pods are broken so: ``revision 7 (registry/web:1.4.2)``. A hash where it has no number."""
    numbered = [(_number(pod, children), pod) for pod in pods]
    known = [(number, pod) for number, pod in numbered if number is not None]
    if known:
        number, pod = min(known, key=lambda each: each[0])
        return f"revision {number} ({', '.join(_images(pod))})"
    hashed = ((pod["metadata"].get("labels") or {}).get(_HASH) for pod in pods)
    return next((f"revision {hash} ({', '.join(_images(pods[0]))})" for hash in hashed if hash), None)


def _number(pod: Object, children: Sequence[Object]) -> int | None:
    owners = {owner.get("uid") for owner in pod["metadata"].get("ownerReferences") or ()}
    return next((revision_number(dict(child)) for child in children if child["metadata"].get("uid") in owners), None)


def _images(pod: Object) -> list[str]:
    return [str(container.get("image") or "") for container in pod["spec"].get("containers") or ()]


def _last_lines(fault: Fault, read_logs: ReadLogs, hide: Callable[[str], str]) -> str:
    if not fault.ran:
        return ""
    try:
        text = read_logs(fault.pod, fault.container, LINES, fault.previous)
    except ClusterError as error:
        return f"(the log could not be read: {hide(str(error))})"
    lines = hide(text).splitlines()[-LINES:]
    return "\n".join(line if len(line) <= _LINE_LENGTH else line[: _LINE_LENGTH - 1] + "…" for line in lines)


def _is_news(event: Object, since: float) -> bool:
    return event.get("type") != "Normal" and last_seen(event) >= since


def _grouped(events: Iterable[Object], hide: Callable[[str], str]) -> tuple[str, ...]:
    """``Failed ×3: …``, the most frequent first."""  # noqa: RUF002 - the sign for "times"
    counts: Counter[str] = Counter()
    for event in events:
        text = " ".join(hide(str(event.get("message") or "")).split())[:_LINE_LENGTH]
        times = int((event.get("series") or {}).get("count") or event.get("count") or 1)
        counts[f"{event.get('reason')}\0{text}"] += times
    most = counts.most_common(EVENTS)
    return tuple(key.replace("\0", f" ×{count}: " if count > 1 else ": ", 1) for key, count in most)  # noqa: RUF001

"""Probes: a container that runs and is not ready, or was killed for it, with what the probe itself found.

Statuses do not tell which probe fails, nor why; the kubelet's Unhealthy events do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from commands.times import seconds_of
from workers.kinds.faults.container import Container
from workers.kinds.faults.fault import NEVER, TOLERANCE, Circumstances, Fault, Object, ends, last_seen, said

_FAILED = re.compile(r"(?P<kind>Readiness|Liveness|Startup) probe (?:failed|errored)(?: and resulted in \w+ state)?: ?")
_WORDS = {"Readiness": "readiness", "Liveness": "liveness", "Startup": "start-up"}
_KILLED = frozenset({0, 137, 143})
"""How a container ends that was asked to: it obeyed, was killed for not obeying, or let the signal end it."""


def unready(container: Container, around: Circumstances) -> Fault | None:
    """It runs and is not ready: no proof, for some take long; ``patience.not_ready`` makes one of it."""
    running = container.running
    if running is None or container.status.get("ready"):
        return None
    began = seconds_of(running.get("startedAt"))
    if container.part == "init container":
        return container.fault(
            " is still running, and the other containers wait for it",
            ran=True,
            told_at=began + TOLERANCE,
            proven_at=NEVER,
        )
    why = found(container, around)
    cause = f" runs but is not ready{f': {why}' if why else ''}"
    until = ends(began, around.patience.not_ready)
    return container.fault(
        cause, ran=True, reason="Unhealthy" if why else "", told_at=began + TOLERANCE, proven_at=until
    )


def found(container: Container, around: Circumstances) -> str:
    """``its readiness probe fails: HTTP probe failed with statuscode: 503``, of the probe that last failed; or ""."""
    return next((words for _, _, words in _failures(container, around)), "")


def killer(container: Container, around: Circumstances, ended: Object) -> str:
    """The probe for whose failing the kubelet ended that run; or "". One that failed before or after it is another's.

    To the second, which is as exactly as the API tells times.
    """
    if ended.get("exitCode") not in _KILLED:
        return ""
    began, over = seconds_of(ended.get("startedAt")), seconds_of(ended.get("finishedAt"))
    failures = _failures(container, around)
    during = (words for kind, at, words in failures if kind != "Readiness" and began - 1 <= at <= over + 1)
    return next(during, "")


def _failures(container: Container, around: Circumstances) -> Iterator[tuple[str, float, str]]:
    """Kind, time and words of each, the latest first."""
    for event in container.heard(around, "Unhealthy", "ProbeWarning"):
        text = said(event)
        match = _FAILED.match(text)
        if match:
            what = text[match.end() :] or "it found nothing"
            yield match["kind"], last_seen(event), f"its {_WORDS[match['kind']]} probe fails: {what}"

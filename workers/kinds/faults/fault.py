"""A fault as a value, and what is known besides the pods when one is looked for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commands.config import Environment, Patience
from commands.times import seconds_of
from workers.redact import redact

Object = Mapping[str, Any]

TOLERANCE = 30.0
"""Seconds for which a container may run without being ready, or a pod outstay its deletion, before anybody is told."""

NEVER = math.inf
"""``proven_at`` of what only the deadline decides."""

_MESSAGE_LENGTH = 300
_COMBINED = "(combined from similar events): "


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a pod is not ready. ``cause`` is a sentence without its stop; ``container`` is empty where it is none's.

    Until ``proven_at`` it may mend itself, and is a warning from ``told_at`` on (both in Unix seconds, 0: at once).
    """

    cause: str
    pod: str
    container: str = ""
    image: str = ""
    reason: str = ""
    exit_code: int | None = None
    previous: bool = False
    """The run that broke is the one before."""
    ran: bool = False
    """The container has run, so that there is a log."""
    told_at: float = 0.0
    proven_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Circumstances:
    """``events``: warnings that the cluster gave (Events), by the uid of the object that they are about."""

    patience: Patience = field(default_factory=Patience)
    events: Mapping[str, Sequence[Object]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Object], patience: Patience) -> Circumstances:
        about: dict[str, list[Object]] = {}
        for event in events:
            about.setdefault(str((event.get("involvedObject") or {}).get("uid")), []).append(event)
        return cls(patience, about)

    @classmethod
    def under(cls, environment: Environment | None, events: Iterable[Object]) -> Circumstances:
        """As the environment's rules have it. Where Secrets are masked exactly, what probes print waits for the evidence."""
        if environment is None:
            return cls.of(events, Patience())
        hidden = ("Unhealthy", "ProbeWarning") if environment.mask_secrets else ()
        return cls.of((event for event in events if event.get("reason") not in hidden), environment.patience)

    def heard(self, obj: Object, *reasons: str) -> Sequence[Object]:
        """What was said of the object for these reasons, the latest first."""
        found = [e for e in self.events.get(str(obj["metadata"].get("uid")), ()) if e.get("reason") in reasons]
        return sorted(found, key=last_seen, reverse=True)


USUAL = Circumstances()


def ends(began: float, patience: int | None) -> float:
    """When patience with what began then (Unix seconds) is over."""
    return NEVER if patience is None else began + patience


def first_seen(event: Object) -> float:
    return seconds_of(event.get("firstTimestamp") or event.get("eventTime") or event.get("lastTimestamp"))


def last_seen(event: Object) -> float:
    series = event.get("series") or {}
    times = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return max(seconds_of(time) for time in times)


def said(event: Object) -> str:
    """An event's own words."""
    return short(str(event.get("message") or "").removeprefix(_COMBINED))


def short(message: str) -> str:
    """Somebody else's words on one line: redacted, and cut where they are long."""
    return cut(" ".join(redact(message).split()))


def cut(text: str) -> str:
    return text if len(text) <= _MESSAGE_LENGTH else text[: _MESSAGE_LENGTH - 1] + "…"

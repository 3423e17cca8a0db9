"""Where a rollout is, as the watcher last saw it: what the message shows between two transitions. Only values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from commands.operation import SCHEMA


@dataclass(frozen=True, slots=True)
class Phase:
    """What a rollout waits for: ``waiting for 2 of 5 new pods: image is being pulled``, since when (Unix seconds)."""

    words: str
    since: float | None = None


@dataclass(frozen=True, slots=True)
class Startup:
    """How long new pods took from their node's taking them up to Ready, in seconds; ``pod`` is the slowest."""

    pods: int
    median: float
    slowest: float
    pod: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a rollout is; written by the watcher beside the record, read by the view. Moves without a transition."""

    sentence: str
    """What the counts do not tell, such as that nothing can be seen at the moment; empty where they tell all."""
    desired: int
    updated: int
    ready: int
    old: int
    at: float
    warnings: tuple[str, ...] = ()
    phase: Phase | None = None
    still_since: float | None = None
    """Nothing has moved since, which is too long ago."""
    watched_until: float | None = None
    """Everything was ready, and is watched until then."""
    startup: Startup | None = None
    schema: int = field(default=SCHEMA)

    def at_our_time(self, now: float, ahead: float) -> Progress:
        """It was judged by the cluster's clock, than which ours is so many seconds ahead."""
        phase, still = self.phase, self.still_since
        if phase and phase.since is not None:
            phase = replace(phase, since=min(now, phase.since + ahead))
        return replace(self, at=now, phase=phase, still_since=None if still is None else still + ahead)

"""Observing: from what the feeds show to a verdict, and from the verdict to the operation's progress or its end.

Nothing is decided from a feed that is not in sync, nor (by the verdict's own rules) from an object older than our write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from commands import transitions
from commands.config import Environment
from commands.draft import Ref
from commands.objects import Object, selector_of
from commands.operation import Ending, Operation, Settled, State, Written
from commands.progress import Progress
from commands.running import running
from commands.times import duration
from commands.transition import Transition
from workers.kinds import DEADLINE, bake, verdict
from workers.kinds.faults import Circumstances
from workers.kinds.judgement import WAITING, Verdict
from workers.kinds.phase import is_ready
from workers.watcher.bounded import within
from workers.watcher.confirm import Confirm
from workers.watcher.evidence import Evidence
from workers.watcher.feeds import Feeds
from workers.watcher.pace import Pace
from workers.watcher.sight import Blind, Sight, look

log = logging.getLogger(__name__)

BLINK = 5.0
"""Seconds for which a feed may be out of sync before people are told."""

BLINDNESS = 60.0
"""Seconds past the deadline after which what cannot be seen is given up. The record then says that nothing is known."""


class Observer:
    """Called by the loop's thread only. ``deadline``: an environment's name → seconds after which a rollout has failed; ``environment``: its rules."""

    def __init__(
        self,
        feeds: Feeds,
        confirm: Confirm,
        evidence: Evidence,
        pace: Pace,
        deadline: Callable[[str], float],
        now: Callable[[], float],
        environment: Callable[[str], Environment | None],
    ) -> None:
        self._feeds, self._confirm, self._evidence, self._pace = feeds, confirm, evidence, pace
        self._deadline, self._now, self._environment = deadline, now, environment

    def look(self, operation: Operation) -> Transition | None:
        """The move that ends it, or None. Notes progress on the way. Raises ``LeaseLost`` and ``StoreUnavailable``."""
        ref, written = operation.target, operation.followed
        if ref is None or written is None:
            return None
        sight = look(self._feeds, ref, whole=True, beside=operation.beside)
        if isinstance(sight, Blind):
            return self._in_the_dark(operation, sight)
        if sight.workload is None or sight.workload["metadata"]["uid"] != ref.uid:
            return self._replaced(operation, ref)
        found = self._verdict(operation, written, sight.workload, sight)
        return self._judged(operation, ref, written, self._in_time(operation, found), sight)

    def is_overdue(self, operation: Operation, by: float = 0.0) -> bool:
        """Whether it took longer than it may, by more than so many seconds."""
        return self._elapsed(operation) > self._limit(operation) + by

    def _elapsed(self, operation: Operation) -> float:
        """Seconds since the write was recorded; by our clock, for the API server's may go wrong by minutes."""
        return self._now() - operation.since

    def _verdict(self, operation: Operation, written: Written, workload: Object, sight: Sight) -> Verdict:
        """What the cluster dates is judged at the cluster's own time: that of the write, and what elapsed since."""
        theirs = written.at + self._elapsed(operation)
        limit, environment = self._limit(operation), self._environment(operation.environment)
        around = Circumstances.under(environment, sight.events)
        found = verdict(workload, sight.children, sight.pods, written, theirs, deadline=limit, around=around)
        if operation.beside:
            found = within(found, workload, sight.beside, operation.beside, written, theirs, around)
        if settled := _settled(operation):
            found = bake.watched(found, settled, written, around)
        return replace(found, progress=found.progress.at_our_time(self._now(), operation.since - written.at))

    def _limit(self, operation: Operation) -> float:
        """Seconds that its environment gives it; the usual ones where the configuration no longer knows the environment.

        What was ready once has them again from then on, for as long as it may take to replace what others took away.
        """
        try:
            limit = self._deadline(operation.environment)
        except KeyError:
            limit = DEADLINE
        settled = _settled(operation)
        return limit + settled.at - operation.since + self._bake(operation) if settled else limit

    def _bake(self, operation: Operation) -> float:
        """Seconds for which it is watched on after all was ready."""
        environment = self._environment(operation.environment)
        return (environment and environment.bake) or 0 if operation.state is State.OBSERVING else 0

    def _in_time(self, operation: Operation, found: Verdict) -> Verdict:
        """The environment's deadline goes before a Deployment's own, and holds for a paused one too."""
        if found.outcome not in WAITING or not self.is_overdue(operation):
            return found
        why = "; ".join([found.sentence, *found.warnings[:1]])
        return replace(found, outcome="broken", sentence=f"not finished within {self._limit(operation):.0f} s: {why}")

    def _judged(
        self, operation: Operation, ref: Ref, written: Written, found: Verdict, sight: Sight
    ) -> Transition | None:
        match found.outcome:
            case "progressing" | "stuck" | "paused":
                self._pace.offer(operation.id, _heard(found.progress, sight))
                return None
            case "superseded":
                return self._written_over(operation, ref, written, sight)
            case "done":
                return self._done(operation, found, sight)
            case "broken":
                diagnosis = self._evidence.of(operation.id, ref, found, sight, written.at, self._masks(operation))
                if diagnosis is None:
                    self._pace.offer(operation.id, found.progress)
                    return None
                self._pace.end(operation.id, found.progress)
                return transitions.breaks(
                    operation, Ending(_sentence(diagnosis.cause), diagnosis=diagnosis), self._now()
                )

    def _done(self, operation: Operation, found: Verdict, sight: Sight) -> Transition | None:
        """The end; where the environment has a ``bake``, once all has stayed so for that long."""
        seconds, now, settled = self._bake(operation), self._now(), _settled(operation)
        if settled and now < settled.at + seconds:
            self._pace.offer(operation.id, replace(found.progress, watched_until=settled.at + seconds))
            return None
        seen = self._with_pods(operation, found, sight)
        if seen is None:
            self._pace.offer(operation.id, found.progress)
            return None
        if seconds and settled is None:
            return transitions.settle(operation, bake.settled(seen, now), now)
        self._pace.end(operation.id, seen.progress)
        stayed = f", and stayed so for {duration(seconds)}" if seconds else ""
        runs = tuple(running(sight.workload["spec"]["template"], seen.pods)) if sight.workload else ()
        return transitions.succeed(operation, _sentence(f"{seen.sentence}{stayed}"), now, runs)

    def _with_pods(self, operation: Operation, found: Verdict, sight: Sight) -> Verdict | None:
        """What is done, with all its pods: where their feed is behind that of their workload, they are read. None meanwhile."""
        ref, written, workload = operation.target, operation.followed, sight.workload
        if not (ref and written and workload) or sum(map(is_ready, found.pods)) >= found.progress.ready:
            return found
        read = self._confirm.pods(operation.id, ref, selector_of(workload))
        if read is None:
            return None
        again = self._verdict(operation, written, workload, sight.showing(read))
        return again if again.outcome == "done" else found

    def _masks(self, operation: Operation) -> bool:
        """Whether what the pods' Secrets hold is to be masked exactly, for which they have to be read."""
        environment = self._environment(operation.environment)
        return environment is not None and environment.mask_secrets

    def _written_over(self, operation: Operation, ref: Ref, written: Written, sight: Sight) -> Transition | None:
        """By whom stands in the object itself; caches leave it out."""
        confirmed = self._confirm.read(operation.id, ref, operation.beside)
        if isinstance(confirmed, Blind):
            return self._in_the_dark(operation, confirmed)
        if confirmed is None or confirmed.object is None or confirmed.object["metadata"]["uid"] != ref.uid:
            return None  # a deletion is heard of in its turn
        found = self._verdict(operation, written, confirmed.object, replace(sight, beside=confirmed.beside))
        if found.outcome != "superseded":
            return None
        return transitions.supersede(operation, _sentence(found.sentence), self._now())

    def _replaced(self, operation: Operation, ref: Ref) -> Transition | None:
        """Who did it is not to be known."""
        confirmed = self._confirm.read(operation.id, ref)
        if isinstance(confirmed, Blind):
            return self._in_the_dark(operation, confirmed)
        if confirmed is None:
            return None
        if confirmed.object is None:
            sentence = f"{ref.kind} {ref.name} was deleted meanwhile."
        elif confirmed.object["metadata"]["uid"] != ref.uid:
            sentence = f"{ref.kind} {ref.name} was deleted and made anew meanwhile; the new one is not what I changed."
        else:
            return None
        return transitions.supersede(operation, sentence, self._now())

    def _in_the_dark(self, operation: Operation, blind: Blind) -> Transition | None:
        """Say so, and wait; long after the deadline say that nothing is known."""
        if blind.trouble is None or blind.seconds < BLINK:
            return None
        if blind.seconds > BLINDNESS and self.is_overdue(operation, BLINDNESS):
            sentence = f"The change was written, but whether it rolled out I can't see: {blind.trouble}"
            return transitions.fail(operation, Ending(_sentence(sentence)), self._now())
        self._pace.offer(operation.id, self._unseen(operation, blind.trouble))
        return None

    def _unseen(self, operation: Operation, trouble: str) -> Progress:
        """The last known counts and their time, with the trouble in front."""
        last = self._pace.last(operation.id) or Progress("", 0, 0, 0, 0, operation.since)
        last = replace(last, phase=None, still_since=None, watched_until=None)
        return replace(last, sentence=f"I can't see the rollout at the moment: {trouble}")


def _heard(progress: Progress, sight: Sight) -> Progress:
    """With why the cluster's warnings are missing among its own, if they are: it is judged without them."""
    if sight.unheard is None:
        return progress
    return replace(progress, warnings=(*progress.warnings, f"I can't hear the cluster's warnings: {sight.unheard}"))


def _settled(operation: Operation) -> Settled | None:
    """Since when it is watched on; what goes back is not."""
    return operation.settled if operation.state is State.OBSERVING else None


def _sentence(said: str) -> str:
    text = said[:1].upper() + said[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."

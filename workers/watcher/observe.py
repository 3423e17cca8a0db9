"""Observing: from what the feeds show to a verdict, and from the verdict to the operation's progress or its end.

Nothing is decided from a feed that is not in sync, nor (by the verdict's own rules) from an object older than our write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from commands import transitions
from commands.draft import Ref
from commands.operation import Ending, Operation, Progress, Written
from commands.transitions import Transition
from workers.kinds import DEADLINE, verdict
from workers.kinds.judgement import Verdict
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
    """Called by the loop's thread only. ``deadline``: an environment's name → seconds after which a rollout has failed."""

    def __init__(
        self,
        feeds: Feeds,
        confirm: Confirm,
        evidence: Evidence,
        pace: Pace,
        deadline: Callable[[str], float],
        now: Callable[[], float],
    ) -> None:
        self._feeds, self._confirm, self._evidence, self._pace = feeds, confirm, evidence, pace
        self._deadline, self._now = deadline, now

    def look(self, operation: Operation) -> Transition | None:
        """The move that ends it, or None. Notes progress on the way. Raises ``LeaseLost`` and ``StoreUnavailable``."""
        ref, written = operation.target, operation.written
        if ref is None or written is None:
            return None
        sight = look(self._feeds, ref, whole=True)
        if isinstance(sight, Blind):
            return self._in_the_dark(operation, written, sight)
        if sight.workload is None or sight.workload["metadata"]["uid"] != ref.uid:
            return self._replaced(operation, ref)
        limit = self.limit(operation)
        found = verdict(sight.workload, sight.children, sight.pods, written, self._now(), deadline=limit)
        return self._judged(operation, ref, written, self._in_time(found, written, limit), sight)

    def limit(self, operation: Operation) -> float:
        """Seconds that its environment gives it; the usual ones where the configuration no longer knows the environment."""
        try:
            return self._deadline(operation.environment)
        except KeyError:
            return DEADLINE

    def _in_time(self, found: Verdict, written: Written, limit: float) -> Verdict:
        """The environment's deadline goes before a Deployment's own, and holds for a paused one too."""
        if found.outcome != "progressing" or self._now() - written.at <= limit:
            return found
        why = "; ".join([found.sentence, *found.warnings[:1]])
        return replace(found, outcome="broken", sentence=f"not finished within {limit:.0f} s: {why}")

    def _judged(
        self, operation: Operation, ref: Ref, written: Written, found: Verdict, sight: Sight
    ) -> Transition | None:
        match found.outcome:
            case "progressing":
                self._pace.offer(operation.id, found.progress)
                return None
            case "superseded":
                return transitions.supersede(operation, _sentence(found.sentence), self._now())
            case "done":
                self._pace.end(operation.id, found.progress)
                return transitions.succeed(operation, _sentence(found.sentence), self._now())
            case "broken":
                diagnosis = self._evidence.of(operation.id, ref, found, sight, written.at)
                if diagnosis is None:
                    self._pace.offer(operation.id, found.progress)
                    return None
                self._pace.end(operation.id, found.progress)
                return transitions.fail(operation, Ending(_sentence(diagnosis.cause), diagnosis=diagnosis), self._now())

    def _replaced(self, operation: Operation, ref: Ref) -> Transition | None:
        """Who did it is not to be known."""
        confirmed = self._confirm.read(operation.id, ref)
        if confirmed is None:
            return None
        if confirmed.object is None:
            sentence = f"{ref.kind} {ref.name} was deleted meanwhile."
        elif confirmed.object["metadata"]["uid"] != ref.uid:
            sentence = f"{ref.kind} {ref.name} was deleted and made anew meanwhile; the new one is not what I changed."
        else:
            return None
        return transitions.supersede(operation, sentence, self._now())

    def _in_the_dark(self, operation: Operation, written: Written, blind: Blind) -> Transition | None:
        """Say so, and wait; long after the deadline say that nothing is known."""
        if blind.trouble is None or blind.seconds < BLINK:
            return None
        overdue = self._now() - written.at - self.limit(operation)
        if min(overdue, blind.seconds) > BLINDNESS:
            sentence = f"The change was written, but whether it rolled out I can't see: {blind.trouble}"
            return transitions.fail(operation, Ending(_sentence(sentence)), self._now())
        self._pace.offer(operation.id, self._unseen(operation.id, written, blind.trouble))
        return None

    def _unseen(self, id: str, written: Written, trouble: str) -> Progress:
        """The last known counts and their time, with the trouble in front."""
        last = self._pace.last(id) or Progress("", 0, 0, 0, 0, written.at)
        return replace(last, sentence=f"I can't see the rollout at the moment: {trouble}")


def _sentence(said: str) -> str:
    text = said[:1].upper() + said[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."

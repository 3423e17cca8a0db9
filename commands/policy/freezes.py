"""Freezes: whether one is in force at a time, until when, and which come next. Pure; times are Unix seconds.

What has been queued before a freeze began goes on: it was approved, and stopping halfway leaves no better state. What
waits for approval when a freeze begins is refused when it is to be written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commands.config import Config, Freeze
from commands.operation import Operation, State
from commands.policy.calendar import Span, days, hours
from commands.policy.sentences import KEEPER, the_place, the_role
from commands.times import wall

FAR = 400
"""Pieces, of a day at least: of a freeze that goes on and on for so many no end is told."""


@dataclass(frozen=True, slots=True)
class Freezing:
    """One time of one freeze in an environment. ``rule`` says where in the file; ``ends`` is None where no end is in sight."""

    environment: str
    freeze: Freeze
    rule: str
    begins: float
    ends: float | None

    def holds(self, at: float) -> bool:
        return self.begins <= at and (self.ends is None or at < self.ends)

    @property
    def until(self) -> str:
        """``until Mon 2026-11-30 08:00 CET``, by the clock that the freeze goes by."""
        return f"until {wall(self.ends, self.freeze.zone)}" if self.ends is not None else "without an end in sight"


def in_force(config: Config, environment: str, at: float, verb: str | None = None) -> Iterator[Freezing]:
    """Those that hold at that moment in the environment, for the command or for any, in the file's order."""
    return freezings(config, environment, at, at, verb)


def freezings(
    config: Config, environment: str, after: float, before: float, verb: str | None = None
) -> Iterator[Freezing]:
    """Every time of a freeze that touches the time from ``after`` to ``before``; by the file's order, then by time."""
    for place, freeze in enumerate(config.freezes):
        if freeze.is_for(environment) and (verb is None or freeze.covers(verb, environment)):
            rule = f"{freeze.name}, {the_place(config, 'freezes', place)}"
            for begins, ends in _times(freeze, after, before):
                yield Freezing(environment, freeze, rule, begins, ends)


def objecting(config: Config, operation: Operation, now: float) -> Iterator[Freezing]:
    """Those that speak against planning the operation, or against writing it unless it was queued before they began."""
    queued = _queued(operation)
    for found in in_force(config, operation.environment, now, operation.invocation.verb):
        if queued is None or queued >= found.begins:
            yield found


def sentence(config: Config, found: Freezing) -> str:
    """For who is refused: what is frozen, until when, why and by which rule; and what to do."""
    why = f": {found.freeze.reason.rstrip('.')}" if found.freeze.reason else ""
    then = "Ask again then." if found.ends is not None else _lifted(config)
    return f"{found.environment} is frozen {found.until}{why} ({found.rule}). {then}"


def _lifted(config: Config) -> str:
    """Nobody waits for the end of what has none."""
    glass = config.break_glass
    passing = f"; who holds {the_role(glass.roles)} may pass it with `break-glass` and a reason" if glass else ""
    return f"Ask {KEEPER} to lift it there{passing}."


def _queued(operation: Operation) -> float | None:
    """When it was queued, if it still is or is being written; no earlier than anything that the bot has signed of it."""
    if operation.state not in {State.QUEUED, State.ACTING}:
        return None
    moments = [moment.at for moment in operation.moments if moment.state is State.QUEUED]
    return max([operation.created, *moments[-1:], *(vote.at for vote in operation.approvals)])


def _times(freeze: Freeze, after: float, before: float) -> Iterator[tuple[int, int | None]]:
    """Beginning and end of what touches that time, in order; times that meet are one."""
    at: float | None = after
    while at is not None:
        piece = next((p for p in _pieces(freeze, at, before) if p.end > at), None)
        if piece is None or piece.start > before:
            return
        at = end = _end(freeze, piece.start)
        yield _start(freeze, piece.start), end


def _start(freeze: Freeze, at: int) -> int:
    for _ in range(FAR):
        earlier = min((p.start for p in _pieces(freeze, at, at) if p.start <= at <= p.end), default=at)
        if earlier == at:
            break
        at = earlier
    return at


def _end(freeze: Freeze, at: int) -> int | None:
    for _ in range(FAR):
        later = max((p.end for p in _pieces(freeze, at, at) if p.start <= at <= p.end), default=at)
        if later == at:
            return at
        at = later
    return None


def _pieces(freeze: Freeze, after: float, before: float) -> list[Span]:
    """The single hours and dates around that time, by their beginning; some of them may only be near it."""
    zone = freeze.zone
    pieces = [span for weekly in freeze.weekly for span in hours(weekly, zone, after, before)]
    pieces += [days(dates, zone) for dates in freeze.dates]
    return sorted((span for span in pieces if span.start < span.end), key=lambda span: (span.start, span.end))

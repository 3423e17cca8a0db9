"""``freezes``: what is frozen now and what will be, by the calendar of the rules."""

from __future__ import annotations

from collections.abc import Sequence

from commands.declaration import Command, Reads, Takes
from commands.invocation import Invocation
from commands.live import Live
from commands.policy.freezes import Freezing
from commands.report import Report, Table
from commands.times import wall
from commands.wording import counted

DAYS = 14
COLUMNS = ("Freeze", "Where", "From", "Until", "What", "Why")


def report(invocation: Invocation, live: Live) -> Report:
    """As far as the person may see the environments, by their beginning: what is in force comes first."""
    found = live.freezes(invocation.environment, DAYS)
    rows = [(times[0], [each.environment for each in times]) for times in _together(found)]
    in_force = sum(each.holds(invocation.at) for each, _ in rows)
    title = _title(invocation.environment, in_force, len(rows) - in_force)
    table = Table(COLUMNS, tuple(_row(each, environments) for each, environments in rows))
    return Report(title, (table,) if rows else ())


def _together(found: Sequence[Freezing]) -> Sequence[Sequence[Freezing]]:
    """The same time of the same freeze in several environments is one."""
    times: dict[tuple[float, str], list[Freezing]] = {}
    for each in sorted(found, key=lambda each: each.begins):
        times.setdefault((each.begins, each.rule), []).append(each)
    return list(times.values())


def _title(environment: str | None, now: int, later: int) -> str:
    where = f" in {environment}" if environment else ""
    if not now + later:
        return f"Nothing is frozen{where}, and no freeze begins within {DAYS} days"
    frozen = f"{counted(now, 'freeze')} in force" if now else "Nothing is frozen"
    return f"{frozen}{where}; {later or 'none'} to come within {DAYS} days"


def _row(each: Freezing, environments: Sequence[str]) -> tuple[str, ...]:
    freeze = each.freeze
    what = "all changes" if "*" in freeze.commands else ", ".join(freeze.commands)
    ends = wall(each.ends, freeze.zone) if each.ends is not None else "no end in sight"
    return freeze.name, ", ".join(environments), wall(each.begins, freeze.zone), ends, what, freeze.reason or ""


COMMAND = Command(
    name="freezes",
    summary=f"List what is frozen, and what will be within {DAYS} days",
    effect=Reads(report, private=True),  # it lists what the asker may see, and others in the channel perhaps not
    environment=Takes.MAYBE,
    examples=("freezes", "freezes in prod"),
    anyone=True,
    instead="leave it out: who may run anything in an environment sees the freezes there",
)

"""``diff``: what another command would change, by the same plan and the same dry run. It changes nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from commands.consequence import if_it_breaks
from commands.declaration import Argument, Changes, Command, Offered, Reads, Type
from commands.draft import Plan
from commands.errors import UsageError
from commands.invocation import Invocation
from commands.live import Live
from commands.registry import discover
from commands.report import Diff, Prose, Report, Section
from commands.times import utc


def report(invocation: Invocation, live: Live) -> Report:
    """The inner command comes parsed: ``command``, ``arguments``, and ``line``, which is what to type for both."""
    verb = invocation.arguments["command"]
    effect = discover().get(verb).effect
    if not isinstance(effect, Changes):
        raise UsageError(f"{verb} changes nothing, so there is nothing to preview.")
    said = replace(invocation, verb=verb, arguments=invocation.arguments["arguments"])
    draft = effect.plan(said, live)
    sections = _sections(live.preview(verb, draft), live.judge(said).refused, invocation.arguments["line"])
    return Report(f"{verb} {draft.summary} in {live.environment}: preview", tuple(sections))


def _sections(plan: Plan, refused: Sequence[str], line: str) -> Iterator[Section]:
    yield Diff(plan.diff)
    for risk in plan.risks:
        yield Prose(f"⚠️ {risk}")
    for warning in plan.warnings:
        yield Prose(f"The API server warns: {warning}")
    if said := if_it_breaks(plan, utc):
        yield Prose(f"If it breaks: {said}")
    for sentence in refused:
        yield Prose(f"🚫 As things stand it would be refused: {sentence}")
    first = "once that is settled, " if refused else ""
    yield Prose(f"Only a preview, nothing was changed. To carry it out, {first}type: {line}")


COMMAND = Command(
    name="diff",
    summary="Show what a command would change, and change nothing",
    effect=Reads(report),
    arguments=(Argument("line", Type.REST, "the command, as you would say it"),),
    examples=("diff deploy web 1.4.2 to prod", "diff rollback web in prod"),
    aliases=("preview",),
    offered=Offered.CHANGING,
    instead="name the commands that may be previewed: who may run one may preview it",
)

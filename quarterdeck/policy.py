"""``quarterdeck policy``: what the rules in ``quarterdeck.yaml`` say, before they go live. It opens no connection."""

from __future__ import annotations

import time
from collections.abc import Sequence

import click

from commands.config import Case, Config, case_of, load_cases
from commands.errors import UsageError
from commands.policy.explaining import Explanation
from commands.registry import Registry, discover
from quarterdeck import compose
from quarterdeck.audit import Since
from quarterdeck.settings import Settings
from quarterdeck.supposing import explained

NOT_LOOKED_AT = "Not looked at: locks, what else is under way, and who is in which group (say --group)."
SUPPOSED = "The workload is supposed to be as --image, --replicas and --label say; where they say nothing, every rule for approvals that may ask does."


@click.group("policy")
def command() -> None:
    """What the rules say, before they go live."""


@command.command("explain")
@click.option("--user", required=True, metavar="U…", help="Who says it: a Slack user ID.")
@click.option("--group", "groups", multiple=True, metavar="S…", help="A user group they are in; may be repeated.")
@click.option("--guest", is_flag=True, help="They are a guest of the workspace.")
@click.option("--channel", default="C0ANYWHERE", metavar="C…", help="Where they say it.")
@click.option("--at", type=Since(), help="When: 2026-12-24T10:00+01:00. Now, if left out.")
@click.option("--replicas", type=int, help="How many replicas the workload has.")
@click.option("--image", help="The image that it runs.")
@click.option("--label", "labels", multiple=True, metavar="KEY=VALUE", help="A label that it bears; may be repeated.")
@click.argument("says")
@click.pass_context
def explain(
    context: click.Context, user: str, groups: tuple[str, ...], guest: bool, channel: str, at: float | None,
    replicas: int | None, image: str | None, labels: tuple[str, ...], says: str,
) -> None:  # fmt: skip
    """Whether somebody may say SAYS, by which rule and line, and who would have to approve it."""
    config, registry = _rules(context.obj)
    described = {"replicas": replicas, "image": image, "labels": _labels(labels)}
    target = {name: value for name, value in described.items() if value not in (None, {})}
    who = {"user": user, "groups": groups, "guest": guest}
    case = case_of({"who": who, "says": says, "where": channel, "target": target or None, "expected": "allowed"})
    try:
        found = explained(config, registry, case, time.time() if at is None else at)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{says}: {found.outcome}")
    for line in found.told():
        click.echo(f"  {line}")
    click.echo(f"  {NOT_LOOKED_AT}")
    if not target:
        click.echo(f"  {SUPPOSED}")
    context.exit(0 if found.outcome != "refused" else 1)


@command.command("test")
@click.argument("file", type=click.Path())
@click.pass_context
def test(context: click.Context, file: str) -> None:
    """Try every case of FILE; exits with 1 where one comes out otherwise than expected."""
    config, registry = _rules(context.obj)
    failed = 0
    cases = load_cases(file)
    for line, case in cases:
        differences = _differences(config, registry, case)
        failed += bool(differences)
        mark = "FAIL" if differences else "ok  "
        click.echo(f"{mark} {file}:{line}: {case.who.user} says {case.says!r}: {case.expected}")
        for difference in differences:
            click.echo(f"       {difference}")
    click.echo(f"{len(cases)} cases, {failed or 'none'} failed")
    context.exit(1 if failed else 0)


def _differences(config: Config, registry: Registry, case: Case) -> list[str]:
    """What was expected (-), what came (+), and why."""
    try:
        found = explained(config, registry, case, time.time())
    except UsageError as error:
        found = Explanation(refused=(str(error),))
    told = list(found.told())
    differences: list[str] = []
    if found.outcome != case.expected:
        differences += [f"- {case.expected}", f"+ {found.outcome}"]
    if case.approvals is not None and dict(case.approvals) != _asked(found):
        differences += [f"- approvals: {_numbers(dict(case.approvals))}", f"+ approvals: {_numbers(_asked(found))}"]
    if case.because and not any(case.because in line for line in told):
        differences += [f"- because: {case.because}", "+ because: none of these"]
    return [*differences, *(f"  {line}" for line in told)] if differences else []


def _asked(found: Explanation) -> dict[str, int]:
    """So many of each role; several roles that will do are one, joined by ``|``."""
    return {"|".join(need.roles): need.required for need in found.needs}


def _numbers(asked: dict[str, int]) -> str:
    return ", ".join(f"{role} {number}" for role, number in sorted(asked.items())) or "none"


def _rules(config: str | None) -> tuple[Config, Registry]:
    registry = discover()
    return compose.configuration(Settings.read(config), registry), registry


def _labels(said: Sequence[str]) -> dict[str, str]:
    pairs = [label.partition("=") for label in said]
    if wrong := next((label for label, (_, equals, _) in zip(said, pairs, strict=True) if not equals), None):
        raise click.BadParameter(f"{wrong!r} is not KEY=VALUE", param_hint="--label")
    return {key: value for key, _, value in pairs}

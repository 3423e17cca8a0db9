"""Whose yes a change needs, by what it is like: the environment's own demands and those of its rules, made one."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from commands.config import Config, Weekly
from commands.config.approvals import ApprovalRule, Approvals, Asked, When
from commands.config.permissions import ALL
from commands.demand import Need
from commands.draft import Exposure
from commands.policy.calendar import hours
from commands.policy.registries import is_from
from commands.wording import article, counted

UNKNOWN = Exposure()


def needs(config: Config, environment: str, verb: str, exposure: Exposure | None, now: float) -> tuple[Need, ...]:
    """Of the same group the largest number counts; different groups add up. An unknown exposure is as risky as can be."""
    asked = config.environment(environment).approvals
    if asked is None:
        return ()
    found: dict[frozenset[str], Need] = {}
    for need in _all(config, environment, asked, verb, exposure, now):
        group = frozenset(need.roles)
        found[group] = _larger(found[group], need) if group in found else need
    return tuple(found.values())


def _all(
    config: Config, environment: str, asked: Approvals, verb: str, exposure: Exposure | None, now: float
) -> Iterator[Need]:
    yield from _of(asked, asked, ())
    for place, rule in enumerate(asked.rules):
        if _covers(rule, verb) and holds(rule.when, exposure, now):
            why = "; ".join(reasons(rule.when, exposure)) or f"it is {article(verb)}"
            yield from _of(rule, asked, (f"{_place(config, environment, place)}: {why}",))


def _covers(rule: ApprovalRule, verb: str) -> bool:
    return ALL in rule.commands or verb in rule.commands


def _of(asked: Asked, whole: Approvals, because: tuple[str, ...]) -> Iterator[Need]:
    if asked.required is not None:
        yield Need(asked.required, asked.approvers or whole.approvers, because)
    for role, number in asked.each.items():
        yield Need(number, (role,), because)


def _larger(one: Need, other: Need) -> Need:
    """Where both ask for as many, both are named."""
    if one.required == other.required:
        return Need(one.required, one.roles, (*one.because, *other.because) if one.because else ())
    return max(one, other, key=lambda need: need.required)


def _place(config: Config, environment: str, index: int) -> str:
    """``approvals.rules[2] (line 41)``."""
    line = config.line("environments", environment, "approvals", "rules", index)
    return f"approvals.rules[{index}]" + (f" (line {line})" if line else "")


def holds(when: When, exposure: Exposure | None, now: float) -> bool:
    """Whether a change is as the rule says. What is not known is as the rule says."""
    if when.weekly and not any(_is_in(each, ZoneInfo(when.timezone), now) for each in when.weekly):
        return False
    return all(fact is not False for fact, _ in _facts(when, exposure or UNKNOWN, known=exposure is not None))


def reasons(when: When, exposure: Exposure | None) -> list[str]:
    """In words, each thing that the rule is about."""
    timely = ["it is in the rule's hours"] if when.weekly else []
    return timely + [words for _, words in _facts(when, exposure or UNKNOWN, known=exposure is not None)]


def _is_in(weekly: Weekly, zone: ZoneInfo, now: float) -> bool:
    return any(span.holds(now) for span in hours(weekly, zone, now, now))


def _facts(when: When, at_stake: Exposure, *, known: bool) -> Iterator[tuple[bool | None, str]]:
    """Each thing that the rule says, whether it is so (None: not known), and in words."""
    if when.to_zero is not None:
        words = "no replica would be left" if when.to_zero else "some replicas would be left"
        yield (at_stake.to_zero is when.to_zero if known else None), words
    if when.more_than is not None:
        share = at_stake.at_once
        told = f"{share} % of the pods at once" if share is not None else "how many pods at once could not be told"
        yield (None if share is None else share > when.more_than), told
    if when.registries_outside:
        foreign = [image for image in at_stake.images if not is_from(image, when.registries_outside)]
        yield (bool(foreign) if known else None), f"the image {', '.join(foreign) or '(unknown)'} comes from elsewhere"
    if when.no_disruption_budget is not None:
        budgets = at_stake.budgets
        told = "no PodDisruptionBudget covers it" if when.no_disruption_budget else "a PodDisruptionBudget covers it"
        told = "PodDisruptionBudgets could not be read" if budgets is None else told
        yield (None if budgets is None else (not budgets) is when.no_disruption_budget), told
    if when.one_replica is not None:
        pods = at_stake.pods
        yield (None if pods is None else (pods <= 1) is when.one_replica), _replicas(pods)


def _replicas(pods: int | None) -> str:
    if pods is None:
        return "how many pods it has could not be told"
    return f"it has {counted(pods, 'replica')}"

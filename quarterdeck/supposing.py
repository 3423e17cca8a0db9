"""What would come of words that nobody has said: parsed, planned on a described target and judged, without Redis or Slack."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from commands.bounds import Bounds
from commands.config import Case, Config
from commands.config.cases import Described
from commands.config.limits import MOST_REPLICAS
from commands.declaration import Changes
from commands.draft import Exposure, Plan
from commands.errors import NothingToChange, Refusal
from commands.grammar import parse
from commands.invocation import Invocation, Person, Place
from commands.live import Live
from commands.membership import GroupFacts, Membership, PersonFacts
from commands.policy import Circumstances, scope_of
from commands.policy.explaining import Explanation, change, permission
from commands.policy.unruled import unruled
from commands.registry import Registry, right_of
from commands.supposed import SupposedLive, Target

HOME = "T0HOME"
FRESH = {"max_age": 60.0}


def explained(config: Config, registry: Registry, case: Case, now: float) -> Explanation:
    """``now`` (Unix seconds) counts where the case says no time. Raises ``UsageError`` where the words are no command."""
    at = now if case.at is None else case.at
    parsed = parse(case.says, None, registry, config.environment_names)
    person = Person(case.who.user, "T0ELSEWHERE" if case.who.external else HOME)
    said = Invocation(parsed.verb, dict(parsed.arguments), parsed.environment, person, Place(case.where), case.says, at)
    labels = dict(case.target.labels) if case.target else {}
    membership, scope = _known(config, case, at), scope_of(said, right_of(said), labels)
    if registry.is_anyones(said):
        return unruled(config, membership, person, replace(scope, verb=said.verb), registry, now=at, **FRESH)
    permitted = permission(config, membership, person, scope, now=at, **FRESH)
    effect = registry.get(parsed.verb).effect
    if permitted.refused or not isinstance(effect, Changes):
        return permitted
    try:
        plan = _plan(config, said, effect, case.target)
    except NothingToChange:
        return permitted
    except Refusal as error:
        return replace(permitted, refused=(str(error),))
    nothing_else = Circumstances(asked_before=(), running_before=())
    exposure = _exposure(plan, case.target)
    return change(config, membership, permitted, said, plan, nothing_else, exposure, now=at, **FRESH)


def _plan(config: Config, said: Invocation, effect: Changes, target: Described | None) -> Plan:
    assert said.environment  # noqa: S101 - every change has one
    place = config.environment(said.environment)
    supposed = replace(Target(**dict(target)) if target else Target(), bounds=_bounds(said))
    live = SupposedLive(said.environment, place.cluster, place.namespace, supposed)
    return Plan.of(said.verb, effect.plan(said, cast(Live, live)), said.at)


def _bounds(said: Invocation) -> Bounds | None:
    """Who sets an autoscaler's has one; whatever they were, they were others."""
    least, most = said.argument("min"), said.argument("max")
    if least is None and most is None:
        return None
    return Bounds(2 if least == 1 else 1, MOST_REPLICAS - 1 if most == MOST_REPLICAS else MOST_REPLICAS)


def _exposure(plan: Plan, target: Described | None) -> Exposure | None:
    """None where no target is described: every rule that may ask for approvals does."""
    if target is None:
        return None
    images = plan.promise.arguments.get("images")
    return Exposure(
        pods=target.replicas,
        to_zero=plan.promise.arguments.get("replicas") == 0,
        at_once=target.at_once,
        images=tuple(images.values()) if isinstance(images, dict) else (),
        budgets=target.budgets,
    )


def _known(config: Config, case: Case, at: float) -> Membership:
    """Everything that rules can ask of Slack, as the case says it."""
    who = case.who
    facts = PersonFacts(who.user, HOME, guest=who.guest, bot=False, deleted=False, external=who.external, at=at)
    groups = {g: GroupFacts(g, (who.user,) if g in who.groups else (), at) for g in {*config.group_ids, *who.groups}}
    return Membership({who.user: facts}, groups, HOME)

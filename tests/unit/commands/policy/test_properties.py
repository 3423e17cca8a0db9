"""What must hold for any rules: taking away never allows more, unknown people are nobody, nothing acts unapproved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from commands.config import Config
from commands.demand import Demand, Need, Vote
from commands.errors import MembershipUnknown, NotAllowed
from commands.membership import GroupFacts, Membership, PersonFacts
from commands.operation import (
    Operation,
)
from commands.policy import Circumstances, Scope, authorise, may_approve, permit
from tests.unit.commands.policy.building import FRESH, HOME, NOW, SECTIONS, acting, awaiting, plan, voted, who

USERS = ["U0ANN", "U0SAM", "U0ROBIN", "U0OLGA"]
GROUPS = ["S0ONCALL", "S0LEADS"]
ROLES = ["developer", "sre", "dba"]
VERBS = ["deploy", "scale", "status"]
ENVIRONMENTS = ["staging", "prod"]
DIGEST = plan().digest


@dataclass(frozen=True)
class World:
    """Any rules, and anything that may be known of people."""

    members: dict[str, tuple[str, ...]]
    rules: tuple[Any, ...]
    approvals: dict[str, Any] | None
    known: Membership

    @property
    def config(self) -> Config:
        prod: dict[str, Any] = {"cluster": "main", "namespace": "prod"}
        prod |= {"approvals": self.approvals} if self.approvals else {}
        sections = {
            "environments": SECTIONS["environments"] | {"prod": prod},
            "roles": {role: {"members": ids} for role, ids in self.members.items()},
            "permissions": self.rules,
        }
        return Config.model_validate(SECTIONS | sections)

    def allows(self, user: str, verb: str, place: str | None) -> bool:
        return allowed(lambda: authorise(self.config, self.known, who(user), Scope(verb, place), **FRESH))

    def poorer(self) -> Iterator[World]:
        """The same with one thing taken away, in every way."""
        for role, ids in self.members.items():
            for member in ids:
                yield replace(self, members=self.members | {role: tuple(i for i in ids if i != member)})
        for index in range(len(self.rules)):
            yield replace(self, rules=self.rules[:index] + self.rules[index + 1 :])
        for name, facts in self.known.groups.items():
            groups = {other: f for other, f in self.known.groups.items() if other != name}
            yield replace(self, known=replace(self.known, groups=groups))
            yield replace(self, known=replace(self.known, groups=groups | {name: replace(facts, members=())}))
        yield replace(self, known=replace(self.known, people={}))


def allowed(question: Callable[[], object]) -> bool:
    try:
        question()
    except (NotAllowed, MembershipUnknown):
        return False
    return True


def some(values: list[str], at_least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=at_least).map(tuple)


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([*[usual] * 6, *others])


AT = mostly(NOW, NOW - 60, NOW - 61, NOW + 3600)
FLAG = mostly(False, True)
FACTS = st.builds(
    PersonFacts, id=st.just(""), team=mostly(HOME, "T0ELSEWHERE"), guest=FLAG, bot=FLAG, deleted=FLAG, external=FLAG, at=AT
)  # fmt: skip
MEMBERSHIPS = st.builds(
    Membership,
    people=st.fixed_dictionaries(dict.fromkeys(USERS, FACTS)).map(
        lambda found: {user: replace(facts, id=user) for user, facts in found.items()}
    ),
    groups=st.fixed_dictionaries({g: st.builds(GroupFacts, st.just(g), some(USERS, 1), AT) for g in GROUPS}),
    team=mostly(HOME, None),
)
RULE = st.fixed_dictionaries(
    {
        "roles": some(ROLES, 1),
        "commands": some(["*", *VERBS], 1),
        "environments": some(["*", *ENVIRONMENTS], 1),
    }
)
WORLDS = st.builds(
    World,
    members=st.fixed_dictionaries({role: some(["*", *USERS, *GROUPS]) for role in ROLES}),
    rules=st.lists(RULE, min_size=1, max_size=4).map(tuple),
    approvals=st.none()
    | st.fixed_dictionaries({
        "required": st.integers(1, 3), "approvers": some(ROLES, 1), "self_approval": st.booleans(),
    }),
    known=MEMBERSHIPS,
)  # fmt: skip
ANYONE = st.sampled_from(USERS)


@given(WORLDS, ANYONE, st.sampled_from(VERBS), st.sampled_from(ENVIRONMENTS))
def test_taking_something_away_never_allows_more(world: World, user: str, verb: str, place: str) -> None:
    if not world.allows(user, verb, place):
        assert not any(poorer.allows(user, verb, place) for poorer in world.poorer())


DENIES = RULE.map(lambda rule: rule | {"deny": True})


@given(
    WORLDS, st.lists(DENIES, max_size=2), DENIES, ANYONE, st.sampled_from(VERBS), st.sampled_from([*ENVIRONMENTS, None])
)
def test_a_deny_more_never_allows_more(
    world: World, denied: list[Any], more: Any, user: str, verb: str, place: str | None
) -> None:
    before = replace(world, rules=(*world.rules, *denied))
    if not before.allows(user, verb, place):
        assert not replace(world, rules=(*before.rules, more)).allows(user, verb, place)
        assert not replace(world, rules=(more, *before.rules)).allows(user, verb, place)


@given(WORLDS, DENIES, ANYONE, st.sampled_from(VERBS), st.sampled_from(ENVIRONMENTS))
def test_a_deny_takes_away_what_it_is_for_and_nothing_else(
    world: World, more: Any, user: str, verb: str, place: str
) -> None:
    after = replace(world, rules=(*world.rules, more)).allows(user, verb, place)
    meant = not {"*", verb}.isdisjoint(more["commands"]) and not {"*", place}.isdisjoint(more["environments"])
    if not meant:
        assert after is world.allows(user, verb, place)
    elif _surely_holds(world, more["roles"], user):
        assert not after


@given(WORLDS, ANYONE, st.lists(st.sampled_from(["*", *USERS, *GROUPS]), unique=True, min_size=1, max_size=2))
def test_a_member_less_never_allows_more(world: World, user: str, members: list[str]) -> None:
    """Where one role may do everything."""
    rule = {"roles": ("sre",), "commands": ("*",), "environments": ("*",)}
    whole = replace(world, members=world.members | {"sre": tuple(members)}, rules=(rule,))
    if not whole.allows(user, "deploy", "prod"):
        assert not any(poorer.allows(user, "deploy", "prod") for poorer in whole.poorer())


@given(WORLDS, st.sampled_from(VERBS), st.sampled_from([*ENVIRONMENTS, None]))
def test_unknown_people_are_refused_whatever_the_rules(world: World, verb: str, place: str | None) -> None:
    assert not world.allows("U0NOBODY", verb, place)


@given(WORLDS, ANYONE, st.sampled_from(VERBS))
def test_a_right_somewhere_is_a_right_in_some_environment(world: World, user: str, verb: str) -> None:
    assert world.allows(user, verb, None) is any(world.allows(user, verb, place) for place in ENVIRONMENTS)


@given(WORLDS, ANYONE, ANYONE)
def test_nobody_approves_twice(world: World, user: str, by: str) -> None:
    operation = voted(awaiting(by, Demand(2, ("sre",), NOW + 60, self_approval=True)), user)
    assert not allowed(lambda: may_approve(world.config, world.known, operation, who(user), digest=DIGEST, **FRESH))


VOTE = st.builds(
    Vote, ANYONE, mostly(DIGEST, "other"), st.just(NOW), counted=mostly(True, False), no=mostly(None, "not on a Friday")
)  # fmt: skip
DEMAND = st.builds(
    Demand, st.integers(0, 3), some(ROLES, 1), mostly(NOW + 60, NOW), self_approval=st.booleans(),
    also=st.lists(st.builds(Need, st.integers(1, 2), some(ROLES, 1)), max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=200)
@given(WORLDS, ANYONE, st.lists(VOTE, max_size=6).map(tuple), st.none() | DEMAND)
def test_a_permit_has_all_the_approvals_that_are_asked_for(
    world: World, by: str, votes: tuple[Vote, ...], asked: Demand | None
) -> None:
    operation: Operation = replace(acting("U0SAM", "U0ROBIN", by=by), votes=votes, demand=asked)
    given_ = allowed(lambda: permit(world.config, world.known, operation, {}, Circumstances(), **FRESH))
    event(f"permit given: {given_}")
    if given_:
        assert world.allows(by, "deploy", "prod")
        for seats, own in _asked(world, asked):
            assert _can_be_filled(seats, [_yes(world, by, votes, roles, own=own) for roles in seats], frozenset())


def _asked(world: World, then: Demand | None) -> Iterator[tuple[list[tuple[str, ...]], bool]]:
    """For each yes that is asked for, whose it may be; and whether it may be the requester's own."""
    if world.approvals:
        yield [world.approvals["approvers"]] * world.approvals["required"], world.approvals["self_approval"]
    if then:
        yield [need.roles for need in then.needs for _ in range(need.required)], then.self_approval


def _can_be_filled(seats: list[tuple[str, ...]], fitting: list[set[str]], sitting: frozenset[str]) -> bool:
    """By trying every way in which distinct people sit."""
    if not seats:
        return True
    return any(_can_be_filled(seats[1:], fitting[1:], sitting | {who}) for who in fitting[0] - sitting)


def _yes(world: World, by: str, votes: tuple[Vote, ...], roles: tuple[str, ...], *, own: bool) -> set[str]:
    """Counted anew, in the plainest words: distinct people, a counted yes to that digest, not the requester, the role."""
    return {
        vote.person
        for vote in votes
        if vote.counted and vote.no is None and vote.digest == DIGEST
        if own or vote.person != by
        if _surely_holds(world, roles, vote.person)
    }


def _surely_holds(world: World, roles: tuple[str, ...], user: str) -> bool:
    person = world.known.people.get(user)
    if person is None or person.deleted or not NOW - 60 <= person.at <= NOW:
        return False
    ids = {member for role in roles for member in world.members[role]}
    full = not (person.guest or person.bot or person.external) and person.team == world.known.team == HOME
    groups = [g for g in world.known.groups.values() if g.id in ids and NOW - 60 <= g.at <= NOW and user in g.members]
    return user in ids or ("*" in ids and full) or bool(groups)

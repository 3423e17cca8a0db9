"""Which roles somebody holds, and when that is not known. U0SAM, U0ROBIN and U0BOT are sre by id, U0OLGA by S0ONCALL."""

from __future__ import annotations

from typing import Any

import pytest

from commands.errors import MembershipUnknown
from commands.invocation import Person
from commands.membership import GroupFacts, Membership, PersonFacts, age
from commands.policy import roles_of
from tests.unit.commands.policy.building import FRESH, HOME, NOW, aged, config, facts, membership, who, without

HOLD = [
    ("a full member", who("U0ANN"), {"developer"}),
    ("named by id", who("U0ROBIN"), {"developer", "sre"}),
    ("in a group that is named", who("U0OLGA"), {"developer", "sre"}),
    ("named by id and in the group", who("U0SAM"), {"developer", "sre"}),
    ("a guest", who("U0GUEST"), set()),
    ("a bot that a rule names", who("U0BOT"), {"sre"}),
    ("somebody from another workspace", who("U0FAR", "T0ELSEWHERE"), set()),
    ("a member's id said from another workspace", who("U0ANN", "T0ELSEWHERE"), set()),
    ("somebody from elsewhere who says to be from here", who("U0FAR"), set()),
    ("a deactivated member", who("U0GONE"), set()),
    ("no person at all", who("*"), set()),
    ("a group's id", who("S0ONCALL"), set()),
]  # fmt: skip


@pytest.mark.parametrize(("person", "roles"), [row[1:] for row in HOLD], ids=[row[0] for row in HOLD])
def test_who_holds_which_role(person: Person, roles: set[str]) -> None:
    known = membership()
    known.people["*"] = facts("*", bot=True)
    known.people["S0ONCALL"] = facts("S0ONCALL", bot=True)
    assert roles_of(config(), known, person, **FRESH) == roles


def flagged(user: str, flag: str) -> PersonFacts:
    flags: dict[str, Any] = {flag: True}
    return facts(user, **flags)


@pytest.mark.parametrize("flag", ["guest", "bot", "external"])
def test_the_star_is_nobody_but_full_members_however_one_flag_is_set(flag: str) -> None:
    known = membership([flagged("U0ANN", flag)])
    assert roles_of(config(), known, who("U0ANN"), **FRESH) == frozenset()


@pytest.mark.parametrize("flag", ["guest", "bot", "external"])
@pytest.mark.parametrize("user", ["U0ROBIN", "U0OLGA"])
def test_a_rule_can_name_a_guest_a_bot_or_somebody_external_by_id_or_group(user: str, flag: str) -> None:
    known = membership([flagged(user, flag)])
    assert roles_of(config(), known, who(user), **FRESH) == {"sre"}


@pytest.mark.parametrize("user", ["U0ROBIN", "U0OLGA", "U0ANN"])
def test_a_deactivated_person_holds_nothing_whatever_names_them(user: str) -> None:
    known = without(membership([facts(user, deleted=True)]), "S0ONCALL")
    assert roles_of(config(), known, who(user), **FRESH) == frozenset()


def test_a_person_of_another_team_without_any_flag_is_no_member() -> None:
    known = membership([facts("U0ANN", team="T0ELSEWHERE")])
    assert roles_of(config(), known, who("U0ANN"), **FRESH) == frozenset()


UNKNOWN = [
    ("nothing known", Membership(), "U0ANN", {"U0ANN", "S0ONCALL"}),
    ("the person not known", without(membership(), "U0ROBIN"), "U0ROBIN", {"U0ROBIN"}),
    ("a possible member not known", without(membership(), "U0ANN"), "U0ANN", {"U0ANN"}),
    ("the group not known", without(membership(), "S0ONCALL"), "U0ANN", {"S0ONCALL"}),
    ("all too old", aged(membership(), 61), "U0OLGA", {"U0OLGA", "S0ONCALL"}),
    ("from the future", aged(membership(), -61), "U0OLGA", {"U0OLGA", "S0ONCALL"}),
    ("the deactivation too old", aged(membership(), 61), "U0GONE", {"U0GONE", "S0ONCALL"}),
    ("the home workspace not known", Membership({"U0ANN": facts("U0ANN")}, membership().groups), "U0ANN", {"U0ANN"}),
]


@pytest.mark.parametrize(("known", "user", "wanted"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN])
def test_what_has_to_be_read_first(known: Membership, user: str, wanted: set[str]) -> None:
    with pytest.raises(MembershipUnknown) as unknown:
        roles_of(config(), known, who(user), **FRESH)
    assert unknown.value.wanted == wanted


@pytest.mark.parametrize("seconds", [60, 0, -60])
def test_facts_of_just_the_allowed_age_will_do(seconds: float) -> None:
    assert roles_of(config(), aged(membership(), seconds), who("U0OLGA"), **FRESH) == {"developer", "sre"}


def test_a_group_is_not_asked_for_where_the_id_is_named() -> None:
    known = without(membership(), "S0ONCALL")
    assert roles_of(config(), known, who("U0ROBIN"), **FRESH) == {"developer", "sre"}


def test_the_membership_tells_what_is_to_be_read_again() -> None:
    groups = {"S0ONCALL": GroupFacts("S0ONCALL", (), NOW - 90), "S0LEADS": GroupFacts("S0LEADS", (), NOW)}
    known = Membership({"U0ANN": facts("U0ANN", at=NOW - 10)}, groups, HOME)
    assert known.stale(["U0ANN", "U0SAM", "S0ONCALL", "S0LEADS"], **FRESH) == {"U0SAM", "S0ONCALL"}
    assert age(known.groups["S0ONCALL"], NOW) == 90

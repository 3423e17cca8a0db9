"""Whether somebody who may say yes can read the question, from what is known of a conversation and of people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.config import Config
from commands.demand import Demand
from commands.errors import MembershipUnknown, Unsuitable
from commands.membership import ChannelFacts, Membership
from commands.policy import check_audience
from tests.unit.commands.policy.building import (
    ASKED,
    FRESH,
    NOW,
    SECTIONS,
    config,
    facts,
    membership,
    requested,
    without,
)

CONFIG = config()


def place(*readers: str, id: str = "C0CLOSED", at: float = NOW) -> ChannelFacts:
    return ChannelFacts(id, postable=True, at=at, readers=readers)


def check(
    where: ChannelFacts, known: Membership | None = None, asked: Demand | None = ASKED, rules: Config = CONFIG
) -> None:
    check_audience(rules, known or membership(), requested("U0ANN"), asked, where, **FRESH)


def refused(*args: Any, **more: Any) -> str:
    with pytest.raises(Unsuitable) as error:
        check(*args, **more)
    return str(error.value)


@pytest.mark.parametrize("approver", ["U0SAM", "U0OLGA"])
def test_one_who_may_approve_is_enough_be_it_by_id_or_by_a_group(approver: str):
    check(place("U0ANN", "U0DANA", approver))


def test_a_public_channel_is_read_by_whoever_comes_by():
    check(ChannelFacts("C0OPEN", postable=True, at=NOW))


def test_what_asks_nobody_is_read_by_anybody():
    check(place("U0ANN"), asked=None)


def test_where_none_may_approve_it_says_whom_to_ask_where():
    told = refused(place("U0ANN", "U0DANA", "U0GUEST"))
    assert told == (
        "This needs an approval, and nobody who may give one can read <#C0CLOSED>. "
        "Nothing was changed; ask where <@U0SAM>, <@U0ROBIN> or <@U0BOT> can see it."
    )
    assert "nobody but you can read this conversation." in refused(place("U0ANN", id="C0DEPLOYS"))


def test_the_requesters_own_yes_counts_only_where_it_may():
    rules = config(roles=SECTIONS["roles"] | {"sre": {"members": ("U0ANN",)}})
    refused(place("U0ANN", "U0DANA"), rules=rules)
    alone = replace(ASKED, required=1, self_approval=True)
    check(place("U0ANN", "U0DANA"), asked=alone, rules=rules)
    refused(place("U0ANN", "U0DANA"), asked=replace(alone, required=2), rules=rules)


def test_a_role_of_everybody_is_no_bots_and_no_guests():
    asked = replace(ASKED, roles=("developer",))
    refused(place("U0ANN", "U0BOT", "U0GUEST"), asked=asked)
    check(place("U0ANN", "U0BOT", "U0DANA"), asked=asked)


def test_what_is_not_known_is_asked_for_a_few_at_a_time():
    asked = replace(ASKED, roles=("developer",))
    crowd = [f"U{number:05}" for number in range(500)]
    with pytest.raises(MembershipUnknown) as error:
        check(place("U0ANN", *crowd), asked=asked)
    assert 0 < len(error.value.wanted) <= 20
    assert error.value.wanted <= set(crowd)
    with pytest.raises(MembershipUnknown) as error:
        check(place("U0ANN", "U0DANA"), without(membership(), "S0ONCALL"))
    assert error.value.wanted == {"S0ONCALL"}


def test_somebody_may_have_been_added_since_the_conversation_was_read():
    with pytest.raises(MembershipUnknown) as error:
        check(place("U0ANN", at=NOW - 1))
    assert error.value.wanted == {"C0CLOSED"}


def test_who_is_deactivated_reads_no_more():
    known = membership([facts("U0ANN"), facts("U0SAM", deleted=True)])
    refused(place("U0ANN", "U0SAM"), known)

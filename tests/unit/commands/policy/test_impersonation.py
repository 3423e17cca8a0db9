"""Who a person is to the cluster."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from commands.config import Config
from commands.config.impersonate import Impersonate
from commands.errors import MembershipUnknown
from commands.identity import Identity
from commands.policy import identity
from tests.unit.commands.policy.building import FRESH, SECTIONS, config, membership, who, without

RULE = {"user": "slack:{user_id}", "groups": ("quarterdeck:{role}", "from-slack")}


def impersonating(rule: Any = None) -> Config:
    prod = SECTIONS["environments"]["prod"] | {"impersonate": rule or RULE}
    return config(environments=SECTIONS["environments"] | {"prod": prod})


def test_a_person_has_the_groups_of_the_roles_held():
    found = identity(impersonating(), membership(), who("U0SAM"), "prod", **FRESH)
    assert found == Identity("U0SAM", "slack:U0SAM", ("quarterdeck:developer", "quarterdeck:sre", "from-slack"))


def test_elsewhere_the_worker_is_itself():
    assert identity(impersonating(), membership(), who("U0SAM"), "staging", **FRESH) is None


def test_who_is_not_known_is_nobody_yet():
    with pytest.raises(MembershipUnknown):
        identity(impersonating(), without(membership(), "S0ONCALL"), who("U0DANA"), "prod", **FRESH)


def test_where_no_group_is_a_role_s_nothing_need_be_known():
    rule = {"user": "slack:{user_id}"}
    assert identity(impersonating(rule), without(membership(), "U0SAM"), who("U0SAM"), "prod", **FRESH) == Identity(
        "U0SAM", "slack:U0SAM"
    )


@pytest.mark.parametrize(
    "rule",
    [
        {"user": "admin"},
        {"user": "system:{user_id}"},
        {"user": "{user_id}{user_id}"},
        {"user": "slack:{name}"},
        {"user": "slack:{user_id}", "groups": ("system:masters",)},
        {"user": "slack:{user_id}", "groups": ("{user}",)},
    ],
    ids=["nobody in it", "Kubernetes' own", "twice", "another word", "Kubernetes' own group", "another word there"],
)
def test_what_may_not_stand_there(rule: dict[str, Any]):
    with pytest.raises(ValidationError):
        Impersonate.model_validate(rule)

"""Rules for some workloads, for what bears a label, in some channels; and rules that deny."""

from __future__ import annotations

import re
from typing import Any

import pytest

from commands.errors import NotAllowed
from commands.policy import Scope, authorise, verbs_allowed
from tests.unit.commands.policy.building import FRESH, SECTIONS, config, membership, who

PAY = {"roles": ("developer",), "commands": ("deploy",), "environments": ("prod",), "workloads": ("pay-*", "ledger")}
SHOP = {"roles": ("developer",), "commands": ("deploy",), "environments": ("prod",), "labels": {"team": "shop"}}
HERE = {"roles": ("developer",), "commands": ("deploy",), "environments": ("prod",), "channels": ("C0DEPLOYS",)}
ALL = {"roles": ("developer",), "commands": ("*",), "environments": ("*",)}


def denied(**only: Any) -> dict[str, Any]:
    return {"roles": ("dba",), "commands": ("deploy",), "environments": ("*",), "deny": True, **only}


def known(**facts: Any) -> Scope:
    """Everything that can be known is."""
    return Scope("deploy", "prod", **{"workload": "web", "labels": {}, "channel": "C0DEPLOYS", **facts}, exact=True)


def allowed(rules: tuple[dict[str, Any], ...], scope: Scope, user: str = "U0DANA") -> str:
    """The refusal; nothing where it is allowed."""
    try:
        authorise(config(permissions=rules), membership(), who(user), scope, **FRESH)
    except NotAllowed as error:
        return str(error)
    return ""


CASES = [
    ("a name", (PAY,), known(workload="ledger"), True),
    ("a pattern", (PAY,), known(workload="pay-api"), True),
    ("another name", (PAY,), known(workload="web"), False),
    ("a name that only begins so", (PAY,), known(workload="ledger-2"), False),
    ("another case of letters", (PAY,), known(workload="LEDGER"), False),
    ("the whole environment by a rule for some", (PAY,), known(workload=""), False),
    ("the label", (SHOP,), known(labels={"team": "shop", "tier": "web"}), True),
    ("another value of the label", (SHOP,), known(labels={"team": "pay"}), False),
    ("no labels", (SHOP,), known(), False),
    ("the channel", (HERE,), known(), True),
    ("another channel", (HERE,), known(channel="C0OTHER"), False),
    ("denied to a role", (ALL, denied()), known(), False),
    ("denied, whichever comes first", (denied(), ALL), known(), False),
    ("denied elsewhere", (ALL, denied(environments=("staging",))), known(), True),
    ("denied for another command", (ALL, denied(commands=("scale",))), known(), True),
    ("denied for a pattern", (ALL, denied(workloads=("we*",))), known(), False),
    ("denied for another pattern", (ALL, denied(workloads=("pay-*",))), known(), True),
    ("denied for a workload, and so for its pods", (ALL, denied(workloads=("web",))), known(workload="web-5c9-x2x"), False),
    ("denied for a label", (ALL, denied(labels={"team": "shop"})), known(labels={"team": "shop"}), False),
    ("denied for a label it does not bear", (ALL, denied(labels={"team": "shop"})), known(labels={"team": "pay"}), True),
    ("denied in a channel", (ALL, denied(channels=("C0DEPLOYS",))), known(), False),
    ("denied in another channel", (ALL, denied(channels=("C0OTHER",))), known(), True),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "scope", "may"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_the_rules_say(rules: tuple[dict[str, Any], ...], scope: Scope, may: bool) -> None:
    assert (allowed(rules, scope) == "") is may


def test_a_denial_is_for_its_role_alone() -> None:
    assert allowed((ALL, denied()), known(), "U0ANN") == ""


def test_a_denial_for_everyone_is_for_guests_and_strangers_too() -> None:
    """Though a rule that allows it to everyone is for full members alone."""
    named = {"roles": ("contractor",), "commands": ("*",), "environments": ("*",)}
    roles = SECTIONS["roles"] | {"contractor": {"members": ("U0GUEST", "U0FAR")}}
    for rules, said in (((named,), ""), ((named, denied(roles=("developer",))), "is denied to the role developer")):
        for user in ("U0GUEST", "U0FAR"):
            try:
                authorise(config(roles=roles, permissions=rules), membership(), who(user), known(), **FRESH)
                told = ""
            except NotAllowed as error:
                told = str(error)
            assert said in told
            assert bool(said) is bool(told)


@pytest.mark.parametrize("rules", [(PAY,), (SHOP,), (HERE,)], ids=["workloads", "labels", "channels"])
def test_the_first_opinion_lets_pass_what_is_not_known_yet_and_the_last_does_not(rules: Any) -> None:
    assert allowed(rules, Scope("deploy", "prod")) == ""
    assert allowed(rules, Scope("deploy", "prod", exact=True)) != ""


@pytest.mark.parametrize(
    "only", [{"workloads": ("web",)}, {"labels": {"team": "shop"}}, {"channels": ("C0DEPLOYS",)}], ids=str
)
def test_a_denial_that_may_be_meant_counts_only_in_the_last_opinion(only: dict[str, Any]) -> None:
    rules = (ALL, denied(**only))
    assert allowed(rules, Scope("deploy", "prod")) == ""
    assert allowed(rules, Scope("deploy", "prod", exact=True)) != ""


def test_what_is_denied_everywhere_is_not_shown_in_help() -> None:
    rules = config(permissions=(ALL, denied()))
    assert verbs_allowed(rules, membership(), who("U0DANA"), ("deploy", "scale"), **FRESH) == {"scale"}
    here = config(permissions=(ALL, denied(environments=("prod",))))
    assert verbs_allowed(here, membership(), who("U0DANA"), ("deploy", "scale"), **FRESH) == {"deploy", "scale"}


OTHERS = {**ALL, "roles": ("sre",)}
HERE_PAY = {**ALL, "workloads": ("pay-*",), "labels": {"team": "shop"}, "channels": ("C0OTHER",)}
ALL_ELSE = {**ALL, "workloads": ("ledger",)}
THERE = {**ALL, "channels": ("C0OTHER",)}
DENIED = "`deploy` of web in prod is denied to the role dba by permissions[1]. Ask whoever keeps quarterdeck.yaml if that is wrong."
ONLY_THERE = "No rule lets anyone run `deploy` of web in prod: the rules allow it only in <#C0OTHER>. Ask whoever keeps quarterdeck.yaml to add one under permissions."
SAID = [
    ((THERE,), ONLY_THERE),
    ((THERE, denied()), DENIED),
    ((THERE, denied(workloads=("pay-*",))), ONLY_THERE),
    ((THERE, denied(channels=("C0DEPLOYS",))), ONLY_THERE),
    ((THERE, {**denied(), "roles": ("sre",)}), ONLY_THERE),
    (({**THERE, "roles": ("sre",)},), "`deploy` of web in prod needs the role sre, which you do not hold, and the rules allow it only in <#C0OTHER>. Ask <@U0SAM>, <@U0ROBIN> or <@U0BOT>, or whoever keeps quarterdeck.yaml."),
    ((ALL, denied()), "`deploy` of web in prod is denied to the role dba by permissions[1]. Ask whoever keeps quarterdeck.yaml if that is wrong."),
    ((PAY,), "No rule lets anyone run `deploy` of web in prod: the rules allow it only for pay-* or ledger. Ask whoever keeps quarterdeck.yaml to add one under permissions."),
    ((SHOP,), "No rule lets anyone run `deploy` of web in prod: the rules allow it only for what is labelled team=shop. Ask whoever keeps quarterdeck.yaml to add one under permissions."),
    ((OTHERS, HERE_PAY), "`deploy` of web in prod needs the role sre, which you do not hold; permissions[1] allows it to you only for pay-* labelled team=shop in <#C0OTHER>. Ask <@U0SAM>, <@U0ROBIN> or <@U0BOT>, or whoever keeps quarterdeck.yaml."),
    ((HERE_PAY, ALL_ELSE), "No rule lets anyone run `deploy` of web in prod: the rules allow it only for pay-* labelled team=shop in <#C0OTHER>, or for ledger. Ask whoever keeps quarterdeck.yaml to add one under permissions."),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "sentence"), SAID)
def test_the_refusal_says_which_rule(rules: Any, sentence: str) -> None:
    assert re.fullmatch(re.escape(sentence), allowed(rules, known()))

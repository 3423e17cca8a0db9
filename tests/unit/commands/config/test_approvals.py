"""``approvals``: several groups, rules for risks, and what in them can never be met."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.commands.config.building import changed, loaded, problems

ASKED = "approvals: {required: 1, approvers: [sre], expires: 30m}"
PLACE = "quarterdeck.yaml:10: environments.prod.approvals"

GOOD = [
    "approvals: {each: {sre: 1, developer: 2}}",
    "approvals: {required: 1, approvers: [sre], confirm: true, rules: [{when: {to_zero: true}, required: 2}]}",
    "approvals: {rules: [{commands: [deploy], each: {sre: 1}}]}",
    "approvals: {each: {sre: 1}, rules: [{when: {more_than: 50%}, required: 2, approvers: [sre]}]}",
    'approvals: {each: {sre: 1}, rules: [{when: {weekly: [{days: [fri], from: "16:00"}], timezone: UTC}, each: {sre: 2}}]}',
]


@pytest.mark.parametrize("written", GOOD)
def test_groups_and_rules_are_read(tmp_path: Path, written: str):
    assert loaded(tmp_path, changed(ASKED, written)).environment("prod").approvals


BAD = [
    ("{}", ": nothing is asked for; required with approvers, or each, is needed here"),
    ("{required: 1}", ".approvers: this key is missing; a list with at least one role is needed here"),
    ("{approvers: [sre]}", ".required: this key is missing; a whole number from 1 to 20 is needed here"),
    ("{each: {srs: 1}}", '.each.srs: there is no role "srs" (did you mean "sre"?); allowed here: developer, sre'),
    ("{each: {sre: 0}}", ".each.sre: 0 is too small; a whole number from 1 to 20 is allowed here"),
    ("{each: {sre: 1}, rules: [{required: 2}]}", ".rules[0].approvers: this key is missing"),
    ("{each: {sre: 1}, rules: [{when: {to_zero: true}}]}", ".rules[0]: nothing is asked for"),
    ("{each: {sre: 1}, rules: [{commands: [deploi], each: {sre: 2}}]}", '.rules[0].commands[0]: there is no command "deploi"'),
    ("{each: {sre: 1}, rules: [{when: {more_than: 50}, each: {sre: 2}}]}", ".rules[0].when.more_than: 50 is not a percentage"),
    ("{each: {sre: 1}, rules: [{when: {more_than: 101%}, each: {sre: 2}}]}", '.rules[0].when.more_than: "101%" is not a percentage'),
    ("{each: {sre: 1}, rules: [{when: {risky: true}, each: {sre: 2}}]}", ".rules[0].when.risky: there is no such key"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "said"), BAD)
def test_what_cannot_be_meant_is_told_with_its_line(tmp_path: Path, written: str, said: str):
    found = problems(tmp_path, changed(ASKED, f"approvals: {written}"))
    assert any(problem.startswith(f"{PLACE}{said}") for problem in found), found


@pytest.mark.parametrize(("each", "possible"), [
    ("{sre: 2}", True),
    ("{sre: 3}", False),
    ("{sre: 1, dba: 1}", True),
    ("{sre: 2, dba: 1}", False),
    ("{sre: 2, anyone: 20}", True),
    ("{sre: 3, anyone: 1}", False),
])  # fmt: skip
def test_groups_that_share_people_must_have_enough_of_them(tmp_path: Path, each: str, possible: bool):
    """Robin is in both, and says yes for one of them."""
    text = changed("sre: {members: [U0SAM, U0ROBIN, S0ONCALL]}", "sre: {members: [U0SAM, U0ROBIN]}")
    text = text.replace("roles:\n", "roles:\n  dba: {members: [U0ROBIN]}\n  anyone: {on_call: S0ONCALL}\n")
    found = problems(tmp_path, text.replace(ASKED, f"approvals: {{each: {each}}}"))
    assert (found == []) is possible
    assert all("can never be had" in problem for problem in found)


def test_no_role_makes_a_group_of_kubernetes_own(tmp_path: Path) -> None:
    rule = 'impersonate: {user: "slack:{user_id}", groups: ["team:{role}", "{role}:masters"]}'
    text = changed(ASKED, rule)
    assert problems(tmp_path, text) == []
    (found,) = problems(tmp_path, text.replace("roles:\n", "roles:\n  system: {members: [U0DANA]}\n", 1))
    assert found.endswith('with the role "system" it is a group of Kubernetes\' own; name the role otherwise')

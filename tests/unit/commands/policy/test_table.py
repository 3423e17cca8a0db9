"""The table of cases: who says what, where and when, and what comes of it (``table/cases.yaml``, rules beside it).

The other files of the table are about operations: who presses what, and whether it may be written (``judging``).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from commands.config import Case, load, load_cases
from commands.registry import discover
from quarterdeck.supposing import explained
from tests.unit.commands.policy.judging import Judged, outcome

TABLE = Path(__file__).parent / "table"
REGISTRY = discover()
RULES = load(TABLE / "quarterdeck.yaml", registry_names=frozenset(command.name for command in REGISTRY))
NOW = 1_795_500_000.0
"""Tue 24 November 2026: no freeze holds."""


@pytest.mark.parametrize(
    "case", [case for _, case in load_cases(TABLE / "cases.yaml")], ids=lambda case: f"{case.who.user} {case.says}"
)
def test_what_the_rules_say(case: Case) -> None:
    found = explained(RULES, REGISTRY, case, NOW)
    told = "\n".join(found.told())
    assert found.outcome == case.expected, told
    if case.approvals is not None:
        assert {"|".join(need.roles): need.required for need in found.needs} == dict(case.approvals), told
    assert (case.because or "") in told


def _judged() -> list[tuple[str, Judged]]:
    files = sorted(set(TABLE.glob("*.yaml")) - {TABLE / "cases.yaml", TABLE / "quarterdeck.yaml"})
    return [(file.stem, Judged(**case)) for file in files for case in yaml.safe_load(file.read_text())]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{name} {case.who}") for name, case in _judged()])
def test_what_comes_of_an_operation(case: Judged) -> None:
    found, told = outcome(case)
    assert found == case.expected, told
    assert case.because in told

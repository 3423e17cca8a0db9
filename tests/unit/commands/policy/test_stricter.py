"""What waits under rules that have come to ask for more: told by the last yes, before it is queued only to fail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.demand import Demand
from commands.draft import Exposure, FieldChange
from commands.operation import Operation
from commands.policy import stricter
from tests.unit.commands.policy.building import FRESH, NOW, awaiting, counted, membership, with_approvals, without

ONE = Demand(1, ("sre",), NOW + 1800)
DBA_TOO = {"required": 1, "approvers": ("sre",), "each": {"dba": 1}}


def approved(*people: str, asked: Demand | None = ONE) -> Operation:
    """Of a plan that asked for one SRE's yes, unless another is said; roles are those of now."""
    operation = counted(awaiting("U0ANN", Demand(9, ("sre",), NOW + 1800)), *people)
    return replace(operation, demand=asked)


@pytest.mark.parametrize(
    ("now", "operation", "asked"),
    [
        ({"required": 1, "approvers": ("sre",)}, approved("U0SAM"), None),
        ({"required": 2, "approvers": ("sre",)}, approved("U0SAM"), "2 from the role sre"),
        ({"required": 1, "approvers": ("dba",)}, approved("U0SAM"), "1 from the role dba"),
        (DBA_TOO, approved("U0SAM"), "1 from the role sre and 1 from the role dba"),
        (DBA_TOO, approved("U0SAM", "U0DANA"), None),
        ({"required": 2, "approvers": ("sre",)}, approved("U0SAM", "U0ROBIN"), None),
        (None, approved("U0SAM"), None),
        ({"required": 2, "approvers": ("sre",)}, approved(asked=None), None),
    ],
)
def test_only_what_is_not_given_already(now: dict[str, Any] | None, operation: Operation, asked: str | None) -> None:
    found = stricter(with_approvals(now), membership(), operation, **FRESH)
    assert found == ((FieldChange("approvals", "1 from the role sre", asked),) if asked else ())


def test_rules_for_what_is_risky_are_about_the_plan_as_it_was_made() -> None:
    risky = {"required": 1, "approvers": ("sre",), "rules": ({"when": {"to_zero": True}, "each": {"dba": 1}},)}
    operation = approved("U0SAM")
    assert operation.plan
    for to_zero in (False, True):
        plan = replace(operation.plan, exposure=Exposure(pods=3, to_zero=to_zero))
        found = stricter(with_approvals(risky), membership(), replace(operation, plan=plan), **FRESH)
        assert bool(found) is to_zero


def test_the_same_demand_is_not_judged_again_here() -> None:
    """Who has lost the role since is the worker's to tell, with everything else of that moment."""
    same = {"required": 1, "approvers": ("sre",)}
    assert stricter(with_approvals(same), membership(), approved("U0ANN"), **FRESH) == ()


def test_where_it_cannot_be_told_a_worker_judges() -> None:
    more = with_approvals({"required": 2, "approvers": ("sre",)})
    known = without(membership(), "U0ROBIN")
    assert stricter(more, known, approved("U0SAM", "U0ROBIN"), **FRESH) == ()

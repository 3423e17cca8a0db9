"""What a freeze stops, and what it lets go on; until when, and by which rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commands import transitions
from commands.config import load
from commands.errors import NotAllowed
from commands.operation import Operation
from commands.policy import Circumstances, check_objections, permit
from tests.unit.commands.policy.building import (
    ASKED,
    FRESH,
    NOW,
    awaiting,
    config,
    counted,
    membership,
    plan,
    requested,
    voted,
)

DAY = 86_400
MONDAY = datetime(1970, 1, 12, 13, 46, 40, tzinfo=UTC).timestamp()
assert MONDAY == NOW

QUIET = {"name": "quiet", "environments": ("prod",), "timezone": "Europe/Berlin", "reason": "The sale is on."}


def weekly(days: str = "mon", begins: str = "14:00", ends: str = "18:00", **more: Any) -> Any:
    """Berlin's clock was an hour ahead in 1970: NOW is 14:46 there, on a Monday."""
    return config(freezes=({**QUIET, "weekly": ({"days": (days,), "from": begins, "to": ends},), **more},))


def refused(rules: Any, operation: Operation, now: float = NOW) -> str | None:
    try:
        check_objections(rules, operation, plan(), Circumstances(), now)
    except NotAllowed as error:
        return str(error)
    return None


def test_planning_is_refused_with_until_when_why_and_by_which_rule() -> None:
    said = "prod is frozen until Mon 1970-01-12 18:00 CET: The sale is on (quiet, freezes[0]). Ask again then."
    assert refused(weekly(), requested()) == said


@pytest.mark.parametrize(
    ("rules", "stops"),
    [
        (weekly(), True),
        (weekly(days="tue"), False),
        (weekly(begins="14:46"), True),
        (weekly(begins="14:47"), False),
        (weekly(begins="12:00", ends="14:46"), False),
        (weekly(begins="12:00", ends="14:47"), True),
        (weekly(days="sun", begins="15:00", ends="14:50"), True),  # from yesterday
        (weekly(environments=("staging",)), False),
        (weekly(environments=("*",)), True),
        (weekly(commands=("scale",)), False),
        (weekly(commands=("scale", "deploy")), True),
        (config(), False),
    ],
)
def test_a_freeze_stops_what_it_covers_while_it_is_in_force(rules: Any, stops: bool) -> None:
    assert (refused(rules, requested()) is not None) is stops


def test_the_line_of_the_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "quarterdeck.yaml"
    file.write_text("""\
clusters: {main: {}}
environments: {prod: {cluster: main, namespace: prod}}
freezes:
  - name: other
    environments: [prod]
    timezone: UTC
    dates: [{from: 2026-12-20, to: "2026-12-21"}]
  - name: mondays
    environments: ["*"]
    timezone: UTC
    weekly: [{days: [mon], from: 9:00, to: 18:00}]
""")
    rules = load(file, registry_names=frozenset({"deploy"}))
    assert refused(rules, requested()) == (
        "prod is frozen until Mon 1970-01-12 18:00 UTC (mondays, freezes[1] (line 8)). Ask again then."
    )


def test_what_was_queued_before_the_freeze_began_goes_on_and_what_was_queued_since_does_not() -> None:
    began = NOW - 46 * 60 - 40
    early = replace(requested(), created=began - 100)
    for move, stops in ((began - 1, False), (began, True), (began + 1, True)):
        waiting = transitions.planned(early, plan(), None, move).after
        for operation in (waiting, transitions.act(waiting, NOW).after):
            assert (refused(weekly(), operation) is not None) is stops, move


def test_a_record_that_says_it_was_queued_before_it_was_asked_for_is_not_believed() -> None:
    began = NOW - 46 * 60 - 40
    backdated = transitions.planned(replace(requested(), created=began + 1), plan(), None, began - 1).after
    assert refused(weekly(), backdated)


def test_a_record_that_says_it_was_queued_before_it_was_approved_is_not_believed() -> None:
    began = NOW - 46 * 60 - 40
    waiting = replace(awaiting(), created=began - 100)
    late = voted(waiting, "U0SAM", at=began + 1)
    approved = transitions.count(late, late.votes[0], began - 1).after
    last = voted(approved, "U0ROBIN", at=began - 2)
    operation = transitions.act(transitions.count(last, last.votes[1], began - 1).after, began - 1).after
    assert refused(weekly(), operation)


def test_what_drifted_and_is_planned_again_was_never_queued() -> None:
    began = NOW - 46 * 60 - 40
    early = replace(requested(), created=began - 100)
    again = transitions.drifted(transitions.planned(early, plan(), None, began - 1).after, (), NOW).after
    assert refused(weekly(), again)


def test_a_worker_is_given_no_permit_in_a_freeze() -> None:
    operation = transitions.act(counted(awaiting(asked=ASKED), "U0SAM", "U0ROBIN"), NOW).after
    assert permit(config(), membership(), operation, {}, Circumstances(), **FRESH)
    with pytest.raises(NotAllowed, match="prod is frozen until"):
        permit(weekly(), membership(), operation, {}, Circumstances(), **FRESH)


def test_of_several_freezes_all_are_told() -> None:
    rules = config(
        freezes=(
            {**QUIET, "weekly": ({"days": ("mon",), "to": "15:00"},)},
            {**QUIET, "name": "other", "reason": None, "weekly": ({"days": ("mon",), "to": "16:00"},)},
        )
    )
    said = refused(rules, requested())
    assert said
    assert "until Mon 1970-01-12 15:00 CET: The sale is on (quiet, freezes[0])" in said
    assert "until Mon 1970-01-12 16:00 CET (other, freezes[1])" in said

"""``freezes``: what is in force, what comes, and where."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from commands.policy.freezes import freezings
from commands.report import Report, Table
from tests.unit.commands.live import FakeLive
from tests.unit.commands.policy.building import config
from tests.unit.commands.saying import reported

NOW = datetime(2026, 7, 28, 10, tzinfo=UTC).timestamp()
"""When everything is said: a Tuesday, noon in Berlin."""

QUIET = {"name": "quiet", "environments": ("prod",), "timezone": "Europe/Berlin"}


def shown(*freezes: Any, words: str = "freezes") -> Report:
    rules = config(freezes=tuple({**QUIET, **freeze} for freeze in freezes))
    found = [f for name in rules.environments for f in freezings(rules, name, NOW, NOW + 14 * 86_400)]
    return reported(words, FakeLive(frozen=found))


def rows(report: Report) -> list[tuple[str, ...]]:
    [table] = report.sections
    assert isinstance(table, Table)
    return list(table.rows)


def test_what_is_in_force_comes_first_by_the_clock_that_it_goes_by() -> None:
    report = shown(
        {"weekly": ({"days": ("tue",), "from": "14:00", "to": "15:00"},), "commands": ("deploy", "scale")},
        {"name": "sale", "dates": ({"from": date(2026, 7, 27), "to": date(2026, 7, 28)},), "reason": "The sale is on"},
    )
    assert report.title == "1 freeze in force; 2 to come within 14 days"
    assert rows(report) == [
        ("sale", "prod", "Mon 2026-07-27 00:00 CEST", "Wed 2026-07-29 00:00 CEST", "all changes", "The sale is on"),
        ("quiet", "prod", "Tue 2026-07-28 14:00 CEST", "Tue 2026-07-28 15:00 CEST", "deploy, scale", ""),
        ("quiet", "prod", "Tue 2026-08-04 14:00 CEST", "Tue 2026-08-04 15:00 CEST", "deploy, scale", ""),
    ]


def test_the_same_time_in_several_environments_is_one_row() -> None:
    everywhere = {"environments": ("*",), "dates": ({"from": date(2026, 8, 1), "to": date(2026, 8, 1)},)}
    assert [row[1] for row in rows(shown(everywhere))] == ["staging, prod"]
    report = shown(everywhere, words="freezes in prod")
    assert report.title == "Nothing is frozen in prod; 1 to come within 14 days"
    assert [row[1] for row in rows(report)] == ["prod"]


def test_where_nothing_is_frozen_it_says_so() -> None:
    assert shown() == Report("Nothing is frozen, and no freeze begins within 14 days")
    later = {"dates": ({"from": date(2026, 8, 12), "to": date(2026, 8, 12)},)}
    assert shown(later, words="freezes in prod") == Report(
        "Nothing is frozen in prod, and no freeze begins within 14 days"
    )


def test_an_end_that_is_not_in_sight_is_not_told() -> None:
    report = shown({"weekly": ({"days": ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},)})
    assert report.title == "1 freeze in force; none to come within 14 days"
    assert [row[3] for row in rows(report)] == ["no end in sight"]

"""``audit``: who did what, when, and what came of it."""

from __future__ import annotations

from commands.declaration import Reads
from commands.entry import Entry
from commands.report import Table
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import REGISTRY, reported

ASKED = Entry(1_785_000_000.0, "requested", "U0DEV", "prod", "web", "op-7k3f", "/deploy web 1.4.2 to prod", "")
ENDED = Entry(
    1_785_000_060.0, "failed", "quarterdeck", "prod", "web", "op-7k3f", "/deploy web 1.4.2 to prod", "no image"
)


def test_a_row_says_who_what_when_and_the_outcome() -> None:
    report = reported("audit web in prod", FakeLive(entries=[ENDED, ASKED]))
    assert report.title == "audit of web in prod: the latest 2"
    what = "op-7k3f, /deploy web 1.4.2 to prod"
    assert report.sections[0] == Table(
        ("When", "Who", "What", "Outcome"),
        (
            ("2026-07-25 17:21:00 UTC", "quarterdeck", what, "failed: no image"),
            ("2026-07-25 17:20:00 UTC", "<@U0DEV>", what, "requested"),
        ),
    )


def test_nothing_is_said_where_there_is_nothing() -> None:
    assert reported("audit in prod", FakeLive()).title == "audit of prod: no entries"


def test_without_an_environment_each_entry_says_its_own() -> None:
    report = reported("audit", FakeLive(entries=[ENDED]))
    assert report.title == "audit of all that you may see: the latest 1"
    [row] = report.sections[0].rows  # type: ignore[union-attr]
    assert row[2] == "prod, op-7k3f, /deploy web 1.4.2 to prod"
    assert reported("audit web", FakeLive(entries=[ENDED])).title == "audit of web: the latest 1"


def test_it_is_private_and_needs_a_right_of_its_own() -> None:
    command = REGISTRY.get("audit")
    assert isinstance(command.effect, Reads)
    assert command.effect.private
    assert not command.anyone

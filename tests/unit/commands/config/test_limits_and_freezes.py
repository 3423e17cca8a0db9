"""Limits and freezes in the file: what is left out, times as people write them, and what is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.unit.commands.config.building import DESIGN, changed, loaded, problems

FREEZE = "freezes:\n  - {name: quiet, environments: [prod], timezone: Europe/Berlin, %s}\n"


def limited(limits: str) -> str:
    return changed("    channel: C0DEPLOYS", f"    limits: {limits}")


def test_an_environment_without_limits_has_none(tmp_path: Path) -> None:
    assert loaded(tmp_path, DESIGN).environment("prod").limits is None


def test_limits_that_are_left_out_limit_nothing(tmp_path: Path) -> None:
    limits = loaded(tmp_path, limited("{replicas: {max: 20}, images: {}}")).environment("prod").limits
    assert limits
    assert limits.replicas
    assert (limits.replicas.min, limits.replicas.max, limits.replicas.step) == (0, 20, None)
    assert limits.images
    assert (limits.images.registries, limits.images.refuse_tags) == ((), ())
    assert (limits.per_person_per_hour, limits.concurrent) == (None, None)


@pytest.mark.parametrize("quoted", ['"', ""])
@pytest.mark.parametrize(
    ("written", "minutes"),
    [("16:00", 960), ("08:30", 510), ("8:30", 510), ("0:00", 0), ("00:05", 5), ("24:00", 1440), ("10:10", 610)],
)
def test_times_of_day_may_stand_without_quotes(tmp_path: Path, written: str, minutes: int, quoted: str) -> None:
    """YAML 1.1 reads ``16:00`` as 960 and ``08:30`` as text."""
    said = f"weekly: [{{days: [fri], to: {quoted}{written}{quoted}}}]"
    [freeze] = loaded(tmp_path, DESIGN + FREEZE % said).freezes
    assert freeze.weekly[0].ends == minutes


def test_hours_that_are_left_out_are_the_whole_day(tmp_path: Path) -> None:
    [freeze] = loaded(tmp_path, DESIGN + FREEZE % "weekly: [{days: [sat, sun]}]").freezes
    assert [(w.begins, w.ends) for w in freeze.weekly] == [(0, 1440)]
    assert (freeze.commands, freeze.reason) == (("*",), None)


@pytest.mark.parametrize("quote", ['"', ""])
def test_dates_may_stand_without_quotes(tmp_path: Path, quote: str) -> None:
    said = f"dates: [{{from: {quote}2026-12-20{quote}, to: 2027-01-03}}]"
    [freeze] = loaded(tmp_path, DESIGN + FREEZE % said).freezes
    assert [(d.first, d.last) for d in freeze.dates] == [(dt.date(2026, 12, 20), dt.date(2027, 1, 3))]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("weekly: []", "freezes[0]: a mapping says neither weekly hours nor dates;"),
        ("weekly: [{days: [friday]}]", 'weekly[0].days[0]: "friday" is no day of the week; one of mon, tue, wed, thu, fri, sat, sun is allowed here'),
        ("weekly: [{days: []}]", "weekly[0].days: an empty list is not enough;"),
        ("weekly: [{from: 16:00}]", "weekly[0].days: this key is missing;"),
        ("weekly: [{days: [fri], from: 16}]", "weekly[0].from: 16 is no time of day; a time of day such as 16:00, at most 24:00, is allowed here"),
        ("weekly: [{days: [fri], from: 24:01}]", 'weekly[0].from: "24:01" is no time of day;'),
        ("weekly: [{days: [fri], to: 16:60}]", 'weekly[0].to: "16:60" is no time of day;'),
        ("weekly: [{days: [fri], to: 4 pm}]", 'weekly[0].to: "4 pm" is no time of day;'),
        ("weekly: [{days: [fri], form: 16:00}]", 'weekly[0].form: there is no such key (did you mean "from"?); allowed here: days, from, to'),
        ("weekly: [{days: [fri], begins: 16:00}]", "weekly[0].begins: there is no such key;"),
        ("dates: [{from: 2026-12-20}]", "dates[0].to: this key is missing; a date such as 2026-12-20 is needed here"),
        ("dates: [{from: 2026-12-20, to: 2026-12-19}]", "dates[0]: a mapping ends before it begins;"),
        ("dates: [{from: 2026-13-20, to: 2026-12-19}]", 'dates[0].from: "2026-13-20" is no date of these times;'),
        ("dates: [{from: 2026-12-20 10:00:00, to: 2026-12-29}]", "dates[0].from: 2026-12-20 10:00:00 is no date of these times;"),
        ("dates: [{from: 0026-12-20, to: 2026-12-29}]", "dates[0].from: 0026-12-20 is no date of these times;"),
        ("dates: [{from: 12, to: 2026-12-29}]", "dates[0].from: 12 is no date of these times;"),
        ("weekly: [{days: [fri]}], commands: [dploy]", 'commands[0]: there is no command "dploy" (did you mean "deploy"?)'),
        ("weekly: [{days: [fri]}], commands: []", "commands: an empty list is not enough;"),
        ("weekly: [{days: [fri]}], reason: ''", 'reason: "" is empty;'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_freeze_is_told(tmp_path: Path, said: str, problem: str) -> None:
    [found] = problems(tmp_path, DESIGN + FREEZE % said)
    assert found.startswith("quarterdeck.yaml:18: freezes[0]")
    assert problem in found


@pytest.mark.parametrize("zone", ["Europe/Berln", "Europe", "CEST", "../etc/passwd", "+02:00", '""'])
def test_a_zone_that_is_not_known_is_told(tmp_path: Path, zone: str) -> None:
    said = FREEZE % "weekly: [{days: [fri]}]"
    [found] = problems(tmp_path, DESIGN + said.replace("Europe/Berlin", zone))
    assert "is no time zone that this machine knows; the name of a time zone such as Europe/Berlin or UTC" in found


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ("{replicas: {min: 3, max: 2}}", "limits.replicas: a mapping has a max below its min;"),
        ("{replicas: {step: 1}}", "limits.replicas.step: 1 is too small; a whole number from 2 to 1000 is allowed here"),
        ("{replicas: {max: -1}}", "limits.replicas.max: -1 is too small;"),
        ("{replicas: 3}", "limits.replicas: 3 is not a mapping; a mapping with the keys min, max, step is allowed here"),
        ("{images: {registries: ['https://registry.example']}}", 'limits.images.registries[0]: "https://registry.example" is not a registry;'),
        ("{images: {registries: [registry.example/]}}", 'limits.images.registries[0]: "registry.example/" is not a registry;'),
        ("{images: {refuse_tags: ['a b']}}", 'limits.images.refuse_tags[0]: "a b" is not a pattern of tags;'),
        ("{concurrent: 0}", "limits.concurrent: 0 is too small;"),
        ("{per_person_per_hour: many}", 'limits.per_person_per_hour: "many" is not a number;'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_limits_is_told(tmp_path: Path, limits: str, problem: str) -> None:
    [found] = problems(tmp_path, limited(limits))
    assert found.startswith(f"quarterdeck.yaml:9: environments.prod.{problem}")

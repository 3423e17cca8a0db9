"""Freezes by the calendar, against a plain oracle that looks at every single minute of the clock on the wall."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.config.freezes import WEEK
from commands.policy.freezes import Freezing, freezings, in_force
from tests.unit.commands.policy.building import config

MINUTE = 60
DAY = 86_400

# Days on which a clock leaps or is put back, with the day before: at 2 and 3, at midnight, by half an hour, over a whole day.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)), ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)), ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 11, 4)), ("America/Sao_Paulo", date(2018, 2, 17)),
    ("America/Havana", date(2026, 3, 8)), ("America/Havana", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)), ("Africa/Cairo", date(2026, 10, 29)),
    ("America/St_Johns", date(2010, 3, 14)), ("America/St_Johns", date(2010, 11, 7)),
    ("Pacific/Apia", date(2011, 12, 30)), ("Asia/Kolkata", date(2026, 3, 29)), ("UTC", date(2026, 3, 29)),
]  # fmt: skip


def frozen(zone: str, **when: Any) -> Any:
    return config(freezes=({"name": "quiet", "environments": ("prod",), "timezone": zone, **when},))


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@cache
def walls(zone: str, around: date, days: int) -> list[tuple[int, datetime]]:
    """Every minute from ``days`` before that day to ``days`` after it: Unix seconds, and what the clock shows."""
    middle = int(datetime(around.year, around.month, around.day, 12, tzinfo=UTC).timestamp())
    there = ZoneInfo(zone)
    return [
        (at, datetime.fromtimestamp(at, there).replace(tzinfo=None))
        for at in range(middle - days * DAY, middle + days * DAY, MINUTE)
    ]


def between(minutes: list[tuple[int, datetime]], begins: datetime, ends: datetime) -> set[int]:
    """From the first minute to the last at which the clock shows a time between."""
    shown = [at for at, wall in minutes if begins <= wall < ends]
    return set(range(shown[0], shown[-1] + MINUTE, MINUTE)) if shown else set()


def days_of(minutes: list[tuple[int, datetime]]) -> Iterator[datetime]:
    first = minutes[0][1].replace(hour=0, minute=0)
    while first <= minutes[-1][1]:
        yield first
        first += timedelta(days=1)


MINUTES_OF_DAY = st.integers(0, 1439) | st.sampled_from([0, 60, 90, 119, 120, 121, 150, 179, 180, 1380, 1410, 1439])


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(CHANGES), st.sets(st.sampled_from(WEEK), min_size=1), MINUTES_OF_DAY,
    MINUTES_OF_DAY | st.just(1440),
)  # fmt: skip
def test_weekly_hours_are_the_minutes_that_the_clock_shows(
    change: tuple[str, date], days: set[str], begins: int, ends: int
) -> None:
    zone, around = change
    rules = frozen(zone, weekly=({"days": tuple(days), "from": clock(begins), "to": clock(ends)},))
    minutes = walls(zone, around, days=4)
    expected: set[int] = set()
    for day in days_of(minutes):
        if WEEK[day.weekday()] in days:
            last = ends + (1440 if ends <= begins else 0)
            expected |= between(minutes, day + timedelta(minutes=begins), day + timedelta(minutes=last))
    _agree(rules, [at for at, _ in minutes[2 * 1440 : -2 * 1440]], expected)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CHANGES), st.integers(-1, 1), st.integers(0, 1))
def test_dates_are_whole_days_where_the_clock_hangs(change: tuple[str, date], first: int, length: int) -> None:
    zone, around = change
    begins, ends = around + timedelta(days=first), around + timedelta(days=first + length)
    rules = frozen(zone, dates=({"from": begins, "to": ends},))
    minutes = walls(zone, around, days=4)
    expected = between(
        minutes, datetime.combine(begins, datetime.min.time()),
        datetime.combine(ends + timedelta(days=1), datetime.min.time()),
    )  # fmt: skip
    _agree(rules, [at for at, _ in minutes], expected)


def _agree(rules: Any, minutes: list[int], expected: set[int]) -> None:
    """At every minute alike; and each time that is told is one unbroken stretch of them."""
    found = list(freezings(rules, "prod", minutes[0], minutes[-1]))
    assert [at for at in minutes if any(f.holds(at) for f in found)] == [at for at in minutes if at in expected]
    for at in minutes[:: 7 * MINUTE]:
        assert bool(list(in_force(rules, "prod", at))) is (at in expected)
    for earlier, later in pairwise(found):
        assert earlier.ends is not None
        assert earlier.ends < later.begins


@pytest.mark.parametrize(
    ("zone", "day", "begins", "ends", "hours"),
    [
        ("Europe/Berlin", "sat", "22:00", "06:00", 7),  # the night in which an hour is lost
        ("Europe/Berlin", "sat", "22:00", "02:30", 4),  # ends at a time that does not exist
        ("Europe/Berlin", "sun", "02:30", "08:00", 5),  # begins at one
        ("Europe/Berlin", "sun", "02:10", "02:50", 0),  # neither exists
        ("UTC", "sat", "22:00", "06:00", 8),
    ],
)
def test_a_freeze_over_the_leap_is_as_long_as_the_wall_says(
    zone: str, day: str, begins: str, ends: str, hours: int
) -> None:
    assert _length(zone, day, begins, ends, datetime(2026, 3, 28, 12, tzinfo=UTC)) == hours * 3600


@pytest.mark.parametrize(
    ("day", "begins", "ends", "hours"),
    [
        ("sat", "22:00", "06:00", 9),  # the night in which an hour is there twice
        ("sat", "22:00", "02:30", 5.5),  # ends when that time comes for the second time
        ("sun", "02:30", "08:00", 6.5),  # begins when it comes for the first
    ],
)
def test_a_freeze_over_the_hour_that_is_there_twice_holds_in_both(
    day: str, begins: str, ends: str, hours: float
) -> None:
    assert _length("Europe/Berlin", day, begins, ends, datetime(2026, 10, 24, 12, tzinfo=UTC)) == hours * 3600


def test_a_day_that_has_begun_goes_on_while_the_clock_is_put_back_before_its_midnight() -> None:
    """In Newfoundland it was 00:00 on Sunday, and a minute later 23:01 on Saturday once more."""
    rules = frozen("America/St_Johns", weekly=({"days": ("sun",)},))
    saturday_again = datetime(2010, 11, 7, 3, 0, tzinfo=UTC)
    assert told(rules, saturday_again) == ["until Mon 2010-11-08 00:00 NST"]


def _length(zone: str, day: str, begins: str, ends: str, around: datetime) -> float:
    rules = frozen(zone, weekly=({"days": (day,), "from": begins, "to": ends},))
    found = list(freezings(rules, "prod", around.timestamp(), around.timestamp() + DAY))
    return sum(f.ends - f.begins for f in found if f.ends is not None)


def told(rules: Any, at: datetime) -> list[str]:
    said: Callable[[Freezing], str] = lambda found: found.until  # noqa: E731
    return [said(found) for found in in_force(rules, "prod", at.timestamp())]


def test_times_that_meet_are_one_freeze_with_one_end() -> None:
    weekend = ({"days": ("fri",), "from": "16:00"}, {"days": ("sat", "sun")}, {"days": ("mon",), "to": "08:00"})
    rules = frozen("Europe/Berlin", weekly=weekend, dates=({"from": date(2026, 12, 21), "to": date(2027, 1, 3)},))
    assert told(rules, datetime(2026, 12, 4, 14, 59, tzinfo=UTC)) == []
    assert told(rules, datetime(2026, 12, 4, 15, 0, tzinfo=UTC)) == ["until Mon 2026-12-07 08:00 CET"]
    assert told(rules, datetime(2026, 12, 18, 20, 0, tzinfo=UTC)) == ["until Mon 2027-01-04 08:00 CET"]
    [found] = in_force(rules, "prod", datetime(2027, 1, 1, tzinfo=UTC).timestamp())
    assert found.begins == datetime(2026, 12, 18, 15, 0, tzinfo=UTC).timestamp()


def test_a_freeze_that_is_always_in_force_has_no_end() -> None:
    rules = frozen("Europe/Berlin", weekly=({"days": WEEK},))
    assert told(rules, datetime(2026, 12, 4, tzinfo=UTC)) == ["without an end in sight"]


def test_a_long_freeze_by_dates_has_its_end() -> None:
    rules = frozen("UTC", dates=({"from": date(2020, 1, 1), "to": date(2040, 12, 31)},))
    assert told(rules, datetime(2026, 12, 4, tzinfo=UTC)) == ["until Tue 2041-01-01 00:00 UTC"]

"""Walls' clocks and calendars as spans of time: which instants a rule's hours and dates are, daylight saving included.

A span begins at the first instant at which the clock on the wall has come to its beginning, and ends at the last before
which the clock had not come to its end. So a time that does not exist is the moment of the leap, and one that exists
twice begins with the first and ends with the second.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from commands.config import Dates, Weekly
from commands.config.freezes import WEEK

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` up to, but not including, ``end``: Unix seconds."""

    start: int
    end: int

    def holds(self, at: float) -> bool:
        return self.start <= at < self.end


def hours(weekly: Weekly, zone: ZoneInfo, after: float, before: float) -> Iterator[Span]:
    """Those of the weekly hours that may touch the time from ``after`` to ``before`` (Unix seconds), in order."""
    day, last = _date(after, zone) - 2 * DAY, _date(before, zone) + DAY
    lasts = weekly.ends + (24 * 60 if weekly.ends <= weekly.begins else 0)
    while day <= last:
        if WEEK[day.weekday()] in weekly.days:
            yield Span(_first(_wall(day, weekly.begins), zone), _last(_wall(day, lasts), zone))
        day += DAY


def days(dates: Dates, zone: ZoneInfo) -> Span:
    """From midnight to midnight."""
    return Span(_first(_wall(dates.first, 0), zone), _last(_wall(dates.last + DAY, 0), zone))


def _date(at: float, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at, zone).date()


def _wall(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - a wall's clock knows no zone


def _first(wall: datetime, zone: ZoneInfo) -> int:
    """The first instant at which the clock shows that, or has leapt over it."""
    early, late = _instants(wall, zone)
    if _shown(early, zone) == wall:
        return early
    return _leap(early, late, wall, zone)


def _last(wall: datetime, zone: ZoneInfo) -> int:
    """The last instant before which the clock did not yet show that."""
    early, late = _instants(wall, zone)
    if _shown(early, zone) != wall:
        return _leap(early, late, wall, zone)
    return late if _shown(late - 1, zone) < wall else early


def _instants(wall: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """By the offset before and by the one after a change, whichever is earlier; the same where nothing changes."""
    both = [int(wall.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)]
    return min(both), max(both)


def _leap(early: int, late: int, wall: datetime, zone: ZoneInfo) -> int:
    """The moment between at which the clock leaps from before that time to after it."""
    return early + bisect_left(range(early, late), True, key=lambda at: _shown(at, zone) >= wall)


def _shown(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).replace(tzinfo=None)

"""When a CronJob is due: five fields, or ``@hourly`` and the like. Mistakes are told as the API server's cron library does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_BOUNDS: tuple[tuple[int, int, Mapping[str, int]], ...] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, _MONTHS),
    (0, 6, _DAYS),
)
"""Minute, hour, day of the month, month, day of the week: least, greatest, names."""
_NAMED = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_YEARS_AHEAD = 5


@dataclass(frozen=True)
class Schedule:
    """``any_day``: neither kind of day is limited by the other, so both must fit; else one is enough (crontab's rule)."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool

    def next(self, after: float, zone: ZoneInfo) -> float | None:
        """The first due time after that one, both in seconds since 1970; None if there is none for years."""
        day = datetime.fromtimestamp(after, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(366 * _YEARS_AHEAD):
            if self._fits(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        due = day.replace(hour=hour, minute=minute).timestamp()
                        if due > after:
                            return due
            day = (day + timedelta(days=1)).replace(hour=0)
        return None

    def _fits(self, day: datetime) -> bool:
        on_day, on_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        fits = (on_day and on_weekday) if self.any_day else (on_day or on_weekday)
        return day.month in self.months and fits


def read(text: str) -> Schedule:
    """Raises ValueError with the sentence that the API server adds to the field's name."""
    if text.startswith(("TZ=", "CRON_TZ=")):
        raise ValueError("cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
    if text.startswith("@") and text not in _NAMED:
        raise ValueError(f"unrecognized descriptor: {text}")
    fields = _NAMED.get(text, text).split()
    if len(fields) != len(_BOUNDS):
        raise ValueError(f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]")
    minutes, hours, days, months, weekdays = (
        _field(field, *bounds) for field, bounds in zip(fields, _BOUNDS, strict=True)
    )
    any_day = any(part[0] in "*?" for field in (fields[2], fields[4]) for part in field.split(","))
    return Schedule(minutes, hours, days, months, weekdays, any_day)


def _field(text: str, least: int, greatest: int, names: Mapping[str, int]) -> frozenset[int]:
    return frozenset(number for part in text.split(",") for number in _range(part, least, greatest, names))


def _range(part: str, least: int, greatest: int, names: Mapping[str, int]) -> range:
    span, *steps = part.split("/")
    low, *highs = span.split("-")
    if len(steps) > 1:
        raise ValueError(f"too many slashes: {part}")
    if len(highs) > 1:
        raise ValueError(f"too many hyphens: {part}")
    start = least if low in {"*", "?"} else _number(low, names)
    end = greatest if low in {"*", "?"} else _number(highs[0], names) if highs else greatest if steps else start
    step = _number(steps[0], {}) if steps else 1
    if start < least:
        raise ValueError(f"beginning of range ({start}) below minimum ({least}): {part}")
    if end > greatest:
        raise ValueError(f"end of range ({end}) above maximum ({greatest}): {part}")
    if start > end:
        raise ValueError(f"beginning of range ({start}) beyond end of range ({end}): {part}")
    if step == 0:
        raise ValueError(f"step of range should be a positive number: {part}")
    return range(start, end + 1, step)


def _number(text: str, names: Mapping[str, int]) -> int:
    if text.lower() in names:
        return names[text.lower()]
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax') from None
    if number < 0:
        raise ValueError(f"negative number ({number}) not allowed: {text}")
    return number

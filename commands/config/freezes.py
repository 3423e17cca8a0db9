"""``freezes``: when nothing is changed in some environments, by the calendar and the wall clock of a place."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from commands.config.fields import Allowed, CommandName, EnvironmentName, Name, Section, Text, matching

WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT: Final = 24 * 60


def _minutes(value: Any) -> int:
    """``16:00`` as minutes of the day; ``24:00`` is its end."""
    match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", value.strip()) if isinstance(value, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else MIDNIGHT + 1
    if minutes > MIDNIGHT:
        raise PydanticCustomError("malformed", "is no time of day")
    return minutes


def _date(value: Any) -> dt.date:
    """YAML has made a date of it already, unless it stands in quotes."""
    try:
        read = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        read = dt.date.max
    if isinstance(read, dt.datetime) or not 2000 <= read.year < 3000:
        raise PydanticCustomError("malformed", "is no date of these times")
    return read


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("malformed", "is no time zone that this machine knows") from None
    return name


Day = Annotated[str, matching("|".join(WEEK), "is no day of the week"), Allowed(f"one of {', '.join(WEEK)}")]
TimeOfDay = Annotated[int, BeforeValidator(_minutes), Allowed("a time of day such as 16:00, at most 24:00,")]
"""In minutes since midnight, as a clock on the wall shows them."""
Date = Annotated[dt.date, BeforeValidator(_date), Allowed("a date such as 2026-12-20")]
Zone = Annotated[str, AfterValidator(_known_zone), Allowed("the name of a time zone such as Europe/Berlin or UTC")]


class Weekly(Section):
    """On each of these days from one time to another; where ``to`` is not later than ``from``, it is the next day's.

    Left out, they are the day's beginning and end: ``{days: [sat, sun]}`` is the whole weekend.
    """

    days: Annotated[tuple[Day, ...], Field(min_length=1)]
    begins: Annotated[TimeOfDay, Field(alias="from")] = 0
    ends: Annotated[TimeOfDay, Field(alias="to")] = MIDNIGHT


class Dates(Section):
    """From one day to another, both whole."""

    first: Annotated[Date, Field(alias="from")]
    last: Annotated[Date, Field(alias="to")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("malformed", "ends before it begins")
        return self


class Freeze(Section):
    """At these times nobody runs these commands (left out: none that changes anything) in these environments.

    ``weekly`` hours and ``dates`` are meant as clocks and calendars in ``timezone`` show them, daylight saving included.
    What has been queued before a freeze begins goes on; what still waits for approval does not. ``reason`` is told in
    every refusal.
    """

    name: Name
    environments: Annotated[tuple[EnvironmentName, ...], Field(min_length=1)]
    timezone: Zone
    weekly: tuple[Weekly, ...] = ()
    dates: tuple[Dates, ...] = ()
    commands: Annotated[tuple[CommandName, ...], Field(min_length=1)] = ("*",)
    reason: Text | None = None

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if not (self.weekly or self.dates):
            raise PydanticCustomError("malformed", "says neither weekly hours nor dates")
        return self

    def covers(self, verb: str, environment: str) -> bool:
        """Whether it is about this command there, whenever."""
        return not {verb, "*"}.isdisjoint(self.commands) and self.is_for(environment)

    def is_for(self, environment: str) -> bool:
        return not {environment, "*"}.isdisjoint(self.environments)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

"""When a schedule is due next."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from playground.cluster import schedule


@pytest.mark.parametrize(
    ("text", "after", "due"),
    [
        ("* * * * *", "2026-01-01T12:00:00", "2026-01-01T12:01:00"),
        ("*/15 * * * *", "2026-01-01T12:16:30", "2026-01-01T12:30:00"),
        ("30 3 * * *", "2026-01-01T12:00:00", "2026-01-02T03:30:00"),
        ("0 9-17/4 * * mon-fri", "2026-01-02T18:00:00", "2026-01-05T09:00:00"),
        ("0 0 29 feb *", "2026-01-01T00:00:00", "2028-02-29T00:00:00"),
        ("0 0 13 * 5", "2026-01-01T00:00:00", "2026-01-02T00:00:00"),  # either day is enough
        ("0 0 */2 * 5", "2026-01-01T00:00:00", "2026-01-09T00:00:00"),  # with a star both must fit
        ("5,10 0 1 1,6 *", "2026-01-01T00:05:00", "2026-01-01T00:10:00"),
        ("@hourly", "2026-01-01T12:00:00", "2026-01-01T13:00:00"),
        ("@weekly", "2026-01-01T12:00:00", "2026-01-04T00:00:00"),
        ("5/20 * * * *", "2026-01-01T12:06:00", "2026-01-01T12:25:00"),
    ],
)
def test_next(text: str, after: str, due: str):
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC).timestamp()
    assert (
        schedule.read(text).next(moment, ZoneInfo("UTC")) == datetime.fromisoformat(due).replace(tzinfo=UTC).timestamp()
    )


def test_a_time_zone_moves_it():
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()
    due = schedule.read("0 9 * * *").next(noon, ZoneInfo("Europe/Berlin"))
    assert due == datetime(2026, 7, 2, 7, tzinfo=UTC).timestamp()


def test_a_day_that_never_comes():
    assert schedule.read("0 0 31 feb *").next(0.0, ZoneInfo("UTC")) is None

"""Times as people read them, and as the Kubernetes API writes them."""

from __future__ import annotations

import pytest

from commands.times import age, clock, duration, rfc3339, seconds_of, utc

AT = 1_785_232_800.0


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0s"), (59.6, "1m"), (125, "2m 5s"), (3_600, "1h"), (100_000, "1d 3h"), (-5, "0s")]
)
def test_durations_have_two_units_at_most(seconds: float, said: str):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(-3, "0s"), (0.9, "0s"), (119, "119s"), (120, "2m"), (7_199, "119m"), (172_800, "2d")]
)
def test_ages_as_kubectl_says_them(seconds: float, said: str):
    assert age(AT, AT + seconds) == said


def test_a_time_is_said_in_utc():
    assert utc(AT) == "2026-07-28 10:00:00 UTC"
    assert clock(AT) == "10:00 UTC"


def test_what_is_written_for_the_api_is_read_again():
    assert rfc3339(AT) == "2026-07-28T10:00:00Z"
    assert seconds_of(rfc3339(AT)) == AT
    assert seconds_of(None) == 0.0

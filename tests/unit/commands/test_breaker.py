"""When a cluster that does not answer is asked again: less and less often, and never as if nothing had been."""

from __future__ import annotations

import pytest

from commands.breaker import FIRST, FORGOTTEN, LONGEST, MISSES, Silence, missed

NOW = 1_000.0
WHY = "it took too long to answer"


def silence(misses: int) -> Silence:
    """After so many calls in a row, each made as soon as it may be."""
    found = missed(None, WHY, NOW)
    for _ in range(misses - 1):
        found = missed(found, WHY, max(NOW, found.again))
    return found


def test_a_call_that_failed_once_holds_nobody_up():
    found = silence(MISSES - 1)
    assert not found.opens
    assert not found.holds(NOW)


def test_a_call_that_waited_all_its_time_is_enough():
    assert missed(None, WHY, NOW, waited=True) == silence(MISSES)
    assert missed(silence(MISSES), WHY, NOW + FIRST, waited=True) == silence(MISSES + 1)


def test_it_opens_after_some_in_a_row_and_remembers_since_when():
    found = silence(MISSES)
    assert (found.since, found.again) == (NOW, NOW + FIRST)
    assert found.holds(NOW + FIRST - 0.1)
    assert not found.holds(NOW + FIRST), "now somebody may try"


@pytest.mark.parametrize("more", range(8))
def test_each_pause_is_longer_up_to_the_longest(more: int):
    before, after = silence(MISSES + more), silence(MISSES + more + 1)
    assert after.since == NOW
    assert after.again - before.again == min(LONGEST, FIRST * 2 ** (more + 1))


def test_the_latest_reason_is_the_one_that_is_told():
    assert missed(silence(MISSES), "nothing listens at its address", NOW).why == "nothing listens at its address"


def test_what_was_long_ago_says_nothing():
    found = silence(MISSES + 3)
    assert not found.is_stale(found.again + FORGOTTEN)
    assert found.is_stale(later := found.again + FORGOTTEN + 1)
    assert missed(found, WHY, later) == missed(None, WHY, later)

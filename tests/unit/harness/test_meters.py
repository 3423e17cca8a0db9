"""What a soak calls grown: what goes up again and again, and neither a pool that fills nor what comes and goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.endurance.meters import growing

MINUTES = [number / 6 for number in range(1, 31)]


def told(files: Callable[[int], float]) -> list[str]:
    return growing(MINUTES, [{"bot files": files(number), "audit": number} for number in range(len(MINUTES))])


@pytest.mark.parametrize("step", range(30))
def test_one_more_once_is_flat(step: int) -> None:
    assert told(lambda number: 18 + (number >= step)) == []


def test_what_comes_and_goes_is_flat() -> None:
    assert told(lambda number: 18 + (0, 4, 0, 1, 0, 3, 5)[number % 7]) == []


def test_what_goes_up_a_little_each_minute_while_others_come_and_go_is_told() -> None:
    [line] = told(lambda number: 18 + number // 6 + number % 2)
    assert line.startswith("bot files (+")

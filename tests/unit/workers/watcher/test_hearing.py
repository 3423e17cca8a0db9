"""The bell: every move of a record is heard, by one subscription."""

import pytest

from tests.unit.workers.watcher import records
from workers.watcher.hearing import Hearing
from workers.watcher.wake import Records, Wake


@pytest.fixture
def wake(store):
    wake = Wake()
    hearing = Hearing(store, wake)
    hearing.start()
    yield wake
    hearing.stop()
    hearing.join(2)


def test_it_says_once_that_it_listens_and_then_what_it_hears(store, wake):
    assert wake.wait(2) == {Records()}, "what was rung before it listened was not heard"
    assert wake.wait(1.2) == set(), "nothing was rung"
    records.requested(store)
    assert wake.wait(2) == {Records()}

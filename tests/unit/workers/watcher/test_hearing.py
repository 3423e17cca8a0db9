"""The bell: every move of a record is heard, by one subscription."""

import pytest

from tests.unit.workers.watcher import records
from workers.watcher.hearing import Hearing
from workers.watcher.wake import Records, Wake


@pytest.fixture
def wake():
    return Wake()


@pytest.fixture
def listening(store, wake):
    hearing = Hearing(store, wake)
    hearing.start()
    yield hearing
    hearing.stop()
    hearing.join(2)


def test_it_says_once_that_it_listens_and_then_what_it_hears(store, listening, wake):
    assert wake.wait(2) == {Records()}, "what was rung before it listened was not heard"
    assert wake.wait(0.4) == set(), "nothing was rung"
    records.requested(store)
    assert wake.wait(2) == {Records()}


def test_a_fault_of_ours_does_not_make_it_deaf(store, wake, request, monkeypatch, caplog):
    class Cracked:
        def wait(self, seconds):
            raise ValueError("I/O operation on closed file.")

    bells, bell = [Cracked], store.bell
    monkeypatch.setattr(store, "bell", lambda *names: bells.pop()() if bells else bell(*names))
    request.getfixturevalue("listening")
    assert wake.wait(5) == {Records()}
    assert "I/O operation on closed file" in caplog.text

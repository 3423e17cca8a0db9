"""Progress is written when it changed, at most so often, and the last one always."""

from dataclasses import replace

import pytest

from commands.progress import Progress
from tests.unit.workers.watcher.scripted import Monotonic
from workers.watcher import pace as module
from workers.watcher.pace import Pace

HALF = Progress("1 of 2", 2, 2, 1, 0, 10.0)
FULL = Progress("2 of 2", 2, 2, 2, 0, 11.0)


@pytest.fixture
def clock(monkeypatch):
    clock = Monotonic()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def written():
    return []


@pytest.fixture
def pace(clock, written):
    return Pace(lambda op, progress: written.append((op, progress.sentence)))


def test_the_first_at_once_the_next_when_its_time_has_come(pace, clock, written):
    pace.offer("op-1", HALF)
    clock.now += 0.25
    pace.offer("op-1", replace(HALF, sentence="between"))
    pace.offer("op-1", FULL)
    pace.flush()
    assert written == [("op-1", "1 of 2")]
    assert pace.wait == 0.75
    clock.now += 0.75
    pace.flush()
    assert written == [("op-1", "1 of 2"), ("op-1", "2 of 2")], "what was held back is written, by its latest"
    assert pace.wait is None


def test_time_alone_is_no_news(pace, clock, written):
    pace.offer("op-1", HALF)
    clock.now += 5
    pace.offer("op-1", replace(HALF, at=99.0))
    assert written == [("op-1", "1 of 2")]


def test_what_went_back_to_what_was_written_is_not_written(pace, clock, written):
    pace.offer("op-1", HALF)
    pace.offer("op-1", FULL)
    pace.offer("op-1", HALF)
    clock.now += 5
    pace.flush()
    assert written == [("op-1", "1 of 2")]


def test_each_operation_has_its_own_pace(pace, written):
    pace.offer("op-1", HALF)
    pace.offer("op-2", HALF)
    assert written == [("op-1", "1 of 2"), ("op-2", "1 of 2")]


def test_the_last_is_written_whenever_it_comes(pace, written):
    pace.offer("op-1", HALF)
    pace.end("op-1", FULL)
    assert written[-1] == ("op-1", "2 of 2")
    pace.end("op-1", FULL)
    assert len(written) == 2
    assert pace.wait is None


def test_what_could_not_be_written_is_written_later(clock):
    written, broken = [], [True]

    def write(id, progress):
        if broken:
            raise ConnectionError
        written.append((id, progress.sentence))

    pace = Pace(write)
    with pytest.raises(ConnectionError):
        pace.offer("op-1", HALF)
    broken.clear()
    pace.offer("op-1", HALF)
    assert written == [("op-1", "1 of 2")]
    assert pace.last("op-1") == HALF
    pace.forget("op-1")
    assert pace.last("op-1") is None

"""Slow reads are off the loop, at most so long, and answered once."""

import threading
from collections.abc import Iterator

import pytest

from commands.errors import Missing
from tests.unit.workers.watcher.scripted import Monotonic
from workers.watcher import lookups as module
from workers.watcher.lookups import Found, Lookups
from workers.watcher.wake import Named, Wake


@pytest.fixture
def wake() -> Wake:
    return Wake()


@pytest.fixture
def lookups(wake: Wake) -> Iterator[Lookups]:
    lookups = Lookups(wake, threads=2)
    yield lookups
    lookups.close()


def test_the_answer_comes_later_wakes_the_loop_and_is_given_once(lookups, wake):
    assert lookups.ask("op-1", "logs", "main", lambda: "text", 5) is None
    assert wake.wait(45) == {Named("op-1")}
    assert lookups.ask("op-1", "logs", "main", lambda: "text", 5) == Found("text")
    assert lookups.wait is None
    assert lookups.ask("op-1", "logs", "main", lambda: "again", 5) is None, "asked anew"


def test_it_is_read_once_however_often_it_is_asked_for(lookups, wake):
    reads, go = [], threading.Event()

    def read():
        reads.append(1)
        go.wait(45)

    for _ in range(5):
        assert lookups.ask("op-1", "logs", "main", read, 5) is None
    go.set()
    wake.wait(45)
    assert reads == [1]


def test_no_means_no_and_a_fault_of_ours_is_no_answer(lookups, wake, caplog):
    missing = Missing("no such pod")

    def refuse():
        raise missing

    lookups.ask("op-1", "get", "main", refuse, 5)
    wake.wait(45)
    assert lookups.ask("op-1", "get", "main", refuse, 5) == Found(error=missing)
    lookups.ask("op-2", "get", "main", lambda: 1 / 0, 5)
    wake.wait(45)
    assert lookups.ask("op-2", "get", "main", lambda: 1 / 0, 5) == Found()
    assert "ZeroDivisionError" in caplog.text


def test_what_hangs_is_given_up_and_delays_nobody_else(lookups, wake, monkeypatch):
    clock = Monotonic()
    monkeypatch.setattr(module, "time", clock)
    hang = threading.Event()
    lookups.ask("op-1", "logs", "main", hang.wait, 4)
    lookups.ask("op-2", "logs", "main", lambda: "quick", 5)
    assert wake.wait(45) == {Named("op-2")}
    assert lookups.wait == 4
    assert lookups.late() == set()
    clock.now += 4
    assert lookups.late() == {"op-1"}
    assert lookups.late() == set(), "said once, or the loop would spin"
    assert lookups.ask("op-1", "logs", "main", hang.wait, 4) == Found()
    hang.set()


def test_what_was_read_before_the_operation_moved_is_forgotten(lookups, wake):
    lookups.ask("op-1", "logs", "main", lambda: "old", 5)
    wake.wait(45)
    lookups.forget("op-1")
    assert lookups.ask("op-1", "logs", "main", lambda: "new", 5) is None
    wake.wait(45)
    assert lookups.ask("op-1", "logs", "main", lambda: "new", 5) == Found("new")


def test_a_cluster_that_hangs_delays_no_other(lookups, wake):
    hang = threading.Event()
    for number in range(3):
        lookups.ask(f"op-{number}", "logs", "slow", hang.wait, 5)
    lookups.ask("op-9", "logs", "quick", lambda: "text", 5)
    assert wake.wait(45) == {Named("op-9")}
    hang.set()

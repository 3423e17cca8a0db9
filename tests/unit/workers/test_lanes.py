"""A process has several lanes: one that falls over ends them all, and at the end a job that hangs is killed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from commands.errors import QuarterdeckError
from tests.harness.processes import wait_until
from workers import cluster
from workers.lanes import Lanes


class Lane:
    """As much of a worker as is asked of one. ``hangs``: its job ends only when it is killed."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.ending, self.killed = threading.Event(), threading.Event()
        self._last = self.killed if hangs else self.ending
        self.horse_pid = 4711 if hangs else 0
        self.fails = threading.Event()

    def queue_names(self) -> list[str]:
        return ["quarterdeck@main"]

    def work(self, logging_level: str) -> None:
        while not self._last.wait(0.005):
            if self.fails.is_set():
                return

    def end_soon(self) -> None:
        self.ending.set()

    def kill_horse(self) -> None:
        self.killed.set()


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process forks nothing."""
    monkeypatch.setattr(cluster, "preload", lambda: None)


@pytest.fixture
def idle() -> Iterator[Lane]:
    lane = Lane()
    yield lane
    lane.end_soon()


def test_one_that_falls_over_is_noticed(idle: Lane):
    other = Lane()
    lanes = Lanes([idle, other])  # type: ignore[list-item]
    lanes.start()
    assert lanes.running
    other.fails.set()
    wait_until(lambda: not lanes.running, 45)


def test_a_job_that_hangs_is_killed_when_its_time_is_over_and_no_other(idle: Lane):
    hanging = Lane(hangs=True)
    lanes = Lanes([idle, hanging])  # type: ignore[list-item]
    lanes.start()
    lanes.end(0.05)
    assert hanging.killed.is_set()
    assert not idle.killed.is_set()
    assert not lanes.running


def test_the_end_of_idle_lanes_waits_for_nothing(idle: Lane):
    lanes = Lanes([idle])  # type: ignore[list-item]
    lanes.start()
    lanes.end(60)
    assert not lanes.running


def test_a_process_says_which_lane_fell_over_and_ends_the_others(idle: Lane, monkeypatch: pytest.MonkeyPatch):
    """Else it would end as if it had been told to."""
    monkeypatch.setattr("workers.lanes.LOOK", 0.01)
    other = Lane()
    other.fails.set()
    with pytest.raises(QuarterdeckError, match=r"the lane quarterdeck@main ended"):
        Lanes([idle, other]).serve(threading.Event(), 1)  # type: ignore[list-item]
    assert idle.ending.is_set()


def test_and_none_where_it_is_told_to_end(idle: Lane):
    stop = threading.Event()
    stop.set()
    Lanes([idle]).serve(stop, 60)  # type: ignore[list-item]
    assert idle.ending.is_set()

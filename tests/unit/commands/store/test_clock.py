"""Machines whose clocks are minutes apart have one time: Redis's."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from commands.store import Clock, Store, hurried
from commands.store import clock as module
from tests.unit.commands.store.test_outbox import request

MINUTES = [-600.0, 600.0]


def machine(ahead: float) -> Callable[[], float]:
    return lambda: time.time() + ahead


@pytest.mark.parametrize("ahead", MINUTES)
def test_a_machine_that_is_minutes_off_tells_rediss_time(store: Store, ahead: float):
    assert store.clock(machine(ahead))() == pytest.approx(time.time(), abs=60)


@pytest.mark.parametrize("ahead", MINUTES)
def test_nobody_takes_what_another_holds_however_clocks_differ(store: Store, ahead: float):
    """Nor is anything due before its time, and nothing waits for the time that one machine thinks it is."""
    right, wrong = store.clock(time.time), store.clock(machine(ahead))
    request(store, "op-2345")
    taken = store.outbox.take(right())
    assert taken
    assert store.outbox.take(wrong()) is None
    store.outbox.done(taken, again=right())
    assert store.outbox.take(wrong() + module.SLOW), "what one marks for now is for now, as well as clocks are measured"
    store.operations.put_off("op-2345", wrong() + 60)
    assert store.operations.due(right()) == []


@pytest.mark.parametrize("ahead", MINUTES)
def test_a_clock_that_is_set_meanwhile_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch, ahead: float):
    monkeypatch.setattr(module, "MEASURED_EVERY", 0.0)
    off = 0.0
    now = store.clock(lambda: time.time() + off)
    now()
    off = ahead
    assert now() == pytest.approx(time.time(), abs=60)


def test_while_redis_is_away_it_goes_on_with_what_it_knows(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MEASURED_EVERY", 0.0)
    now: Clock = store.clock(machine(600))
    now()
    monkeypatch.setattr(now, "_wire", Store(hurried("redis://127.0.0.1:1"))._wire)
    assert now() == pytest.approx(time.time(), abs=60)


def test_an_answer_that_took_long_tells_too_little_but_where_nothing_is_known(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "MEASURED_EVERY", 0.0)
    monkeypatch.setattr(module, "SLOW", 0.0)
    off = 600.0
    now = store.clock(lambda: time.time() + off)
    assert now() == pytest.approx(time.time(), abs=60)
    off = 1200.0
    assert now() == pytest.approx(time.time() + 600, abs=60)

"""The leader writes the audit's head to the log: at its beginning, at an interval where it moved, and at its end."""

from __future__ import annotations

import logging

import pytest

from tests.unit.workers.watcher.scripted import eventually
from workers.watcher import duty


def heads(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [str(record.args[0]) for record in caplog.records if "the audit's head is" in record.msg and record.args]  # type: ignore[index]


def test_a_leader_tells_the_head_when_it_moved_and_at_its_end(run, store, caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    monkeypatch.setitem(duty.EVERY, duty.ANCHOR, 0.05)
    store.audit.note("op-1", "one", 1.0)
    watcher = run()
    eventually(lambda: heads(caplog) == [str(store.audit.head())])
    store.audit.note("op-1", "two", 2.0)
    eventually(lambda: len(heads(caplog)) == 2 and heads(caplog)[-1] == str(store.audit.head()))
    monkeypatch.setattr(watcher._duty._timers, "due", lambda _: False)
    store.audit.note("op-1", "three", 3.0)
    watcher.stop()
    eventually(lambda: len(heads(caplog)) == 3 and heads(caplog)[-1] == str(store.audit.head()))
    events = [entry["event"] for entry in store.audit.export()]
    assert events == ["noted", "head", "noted", "head", "noted", "head"]


def test_who_stands_by_tells_nothing(run, store, caplog):
    caplog.set_level(logging.INFO)
    store.audit.note("op-1", "one", 1.0)
    first = run(lease_seconds=10)
    eventually(lambda: first.ready()[1]["role"] == "leading" and heads(caplog))
    second = run(lease_seconds=10)
    eventually(lambda: second.ready()[0])
    second.stop()
    assert len(heads(caplog)) == 1

"""Credentials that a program fetches anew while the process runs, and what follows where it hangs or fails."""

from __future__ import annotations

import io
import os
import shutil
import sys
import threading
from pathlib import Path

import pytest

from commands.errors import Unanswered
from tests.harness.plugins import HangingPlugin
from tests.unit.workers.cluster.stub import answer, stubbed
from workers.cluster import attempt, configuration, credentials, open_cluster
from workers.cluster.attempt import Attempt

POD = {"metadata": {"name": "web-1"}}


class Told:
    """A gate that lets everything through, and notes what it is told."""

    def __init__(self) -> None:
        self.errors: list[Unanswered] = []

    def tries(self) -> bool:
        return False

    def answered(self) -> None: ...

    def missed(self, error: Unanswered) -> None:
        self.errors.append(error)


def test_a_program_that_hangs_while_it_fetches_anew_holds_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plugin, gate = HangingPlugin(tmp_path, given=1), Told()
    with stubbed(tmp_path, answer(200, POD)) as (stub, _):
        cluster = open_cluster("west", plugin.kubeconfig(stub.url), gate=gate)
        monkeypatch.setattr(credentials, "PATIENCE", 0.0)
        for _ in range(2):
            with pytest.raises(Unanswered, match="^The cluster west cannot be reached: the program or server that its"):
                cluster.get("Pod", "shop", "web-1")
        assert [error.waited for error in gate.errors] == [True, True]
        plugin.hangs()
        assert (plugin.runs, stub.requests) == (2, [])
        monkeypatch.setattr(credentials, "PATIENCE", 20.0)
        plugin.release()
        assert cluster.get("Pod", "shop", "web-1") == POD
        cluster.close()
        assert stub.headers[-1]["authorization"] == "Bearer fresh"


def test_a_program_that_does_not_end_is_ended_and_nobody_is_asked_without_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(configuration, "FETCHING", 0.1)
    with pytest.raises(Unanswered, match="^The cluster west cannot be reached: its credentials cannot be fetched"):
        open_cluster("west", HangingPlugin(tmp_path).kubeconfig("http://127.0.0.1:1"))
    assert "exec: process returned" in caplog.text


def test_a_fork_amid_it_does_the_work_itself():
    """A worker forks for each job while its other threads go on."""
    parent, released = os.getpid(), threading.Event()

    def work() -> int:
        if os.getpid() == parent:
            released.wait()
        return os.getpid()

    held = Attempt("held", work)
    held.begin()
    child = os.fork()
    if not child:
        try:
            os._exit(0 if held.result(20) == os.getpid() else 1)
        finally:
            os._exit(2)
    released.set()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert held.result(20) == parent


def test_what_failed_or_is_stale_is_begun_anew():
    answers = iter([ValueError("no"), "first", "second"])

    def work() -> str:
        answer = next(answers)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    stale = Attempt("work", work, fresh=0.0)
    with pytest.raises(ValueError, match="no"):
        stale.result(20)
    assert [stale.result(20), stale.result(20)] == ["first", "second"]
    kept = Attempt("work", iter(["once", "twice"]).__next__)
    assert [kept.result(20), kept.result(20)] == ["once", "once"]


def test_what_does_not_end_for_long_is_begun_anew(monkeypatch: pytest.MonkeyPatch):
    """Nobody ends the client's own question to a server, and its connection may be dead."""
    monkeypatch.setattr(attempt, "GIVEN_UP", 0.0)
    dead, turns = threading.Event(), iter(["first", "second"])

    def work() -> str:
        turn = next(turns)
        if turn == "first":
            dead.wait()
        return turn

    held = Attempt("held", work)
    with pytest.raises(TimeoutError):
        held.result(0.0)
    assert held.result(20) == "second"
    dead.set()


def test_a_program_that_may_ask_somebody_keeps_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plugin = HangingPlugin(tmp_path, given=1)
    file = plugin.kubeconfig("http://127.0.0.1:1")
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(shutil, "which", lambda _: "/no/such/timeout")
    with pytest.raises(Unanswered):
        open_cluster("west", file)
    file.write_text(file.read_text().replace("Never", "IfAvailable"))
    open_cluster("west", file).close()
    assert plugin.runs == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

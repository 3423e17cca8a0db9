"""A job, its worker too, or the watcher is killed between any two writes, to Redis and to the cluster."""

from __future__ import annotations

import os
import signal

import pytest

from tests.faults.conftest import Tell
from tests.faults.points import dies_at, struck
from tests.harness.controlplane import ControlPlane
from tests.scenarios.stack import SECONDS, Stack

pytestmark = pytest.mark.control_plane

POINTS = [
    ("before recording: planned", "prod"),
    ("after recording: planned", "prod"),
    ("after recording: planned", "staging"),
    ("before recording: acting, worker too", "prod"),
    ("after recording: acting", "prod"),
    ("after writing", "prod"),
    ("after writing, worker too", "staging"),
    ("after recording: written, worker too", "prod"),
]
"""In staging nobody is asked, and the job that plans goes on to act."""


@pytest.mark.parametrize(("point", "environment"), POINTS)
def test_a_job_dies(stack: Stack, tell: Tell, point: str, environment: str) -> None:
    with dies_at(stack, "worker", point) as marker:
        story = tell(environment=environment)
        story.ask()
        if environment == "prod":
            story.approve()
        story.ends()
        story.true_in_the_end()
    story.hurt = struck(marker)


@pytest.mark.parametrize("point", ["before recording: succeeded", "after recording: succeeded"])
def test_the_watcher_dies(stack: Stack, tell: Tell, point: str) -> None:
    with dies_at(stack, "watcher", point) as marker:
        story = tell()
        story.ask()
        story.approve()
        story.ends()
        story.true_in_the_end()
    story.hurt = struck(marker)


def test_the_write_is_answered_too_late(stack: Stack, tell: Tell, control_plane: ControlPlane) -> None:
    """The API server is frozen as the write reaches it, until the job has given up: whether it happened is not known.

    Measured: thawed, it answers 504 to nobody, and has sometimes made the change, sometimes not.
    """
    server = control_plane.pids["kube-apiserver"]
    with dies_at(stack, "worker", f"freezing before writing: {server}") as marker:
        story = tell()
        story.ask()
        story.approve()
        try:
            stack.workspace.wait(
                lambda: "acting is put off" in stack.log("worker-mortal"), SECONDS, "a job that gave up"
            )
        finally:
            os.kill(server, signal.SIGCONT)
        story.ends()
        story.true_in_the_end(unanswered=True)
    story.hurt = struck(marker)

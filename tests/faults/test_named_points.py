"""A process is killed at the worst moments: between any two writes. Each time it ends true, with one change and one message."""

from __future__ import annotations

import pytest

from tests.faults.story import Story, supervised
from tests.harness.controlplane import ControlPlane
from tests.scenarios.stack import Stack

POINTS = [
    ("bot", "request stored, not enqueued"),
    ("bot", "vote received, not counted"),
    ("bot", "approved, not enqueued"),
    ("bot", "posted, not noted"),
    ("bot", "before the final update"),
    ("bot", "after the final update"),
    ("worker", "planned, job gone"),
    ("worker", "acting, not written"),
    ("worker", "written, not recorded"),
    ("worker", "written, not recorded, worker gone too"),
    ("watcher", "verdict, not recorded"),
]


@pytest.mark.control_plane
@pytest.mark.parametrize(("kind", "point"), POINTS, ids=[point for _, point in POINTS])
def test_killed_at(stack: Stack, control_plane: ControlPlane, kind: str, point: str):
    marker = stack.folder / "died"
    others = [name for name in ("bot", "worker", "watcher") if name != kind]
    stack.spawn(kind, program=("-m", "tests.faults.killable", point, str(marker)))
    stack.start(*others)
    stack.wait_ready(kind)
    story = Story(stack, control_plane, "web")
    with supervised(stack):
        story.ask()
        story.approve()
        story.ends()
    assert marker.exists(), "the point was never reached"
    story.true_in_the_end()

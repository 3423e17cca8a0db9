"""Each process is told to end (SIGTERM) in the midst of its work, as an upgrade does: it ends what it has begun, in time."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Tell
from tests.faults.supervisor import supervised
from tests.scenarios.stack import SECONDS, Stack

pytestmark = pytest.mark.control_plane

MOMENTS = {"bot": "after posting: parent", "worker": "after writing", "watcher": "before recording: succeeded"}
"""Between two writes that belong together."""


def test_whoever_is_told_to_end_ends_well_and_the_next_goes_on(stack: Stack, tell: Tell) -> None:
    programs = {}
    for kind, point in MOMENTS.items():
        marker, instance = stack.folder / f"{kind} told at {point}", f"{kind}-mortal"
        programs[instance] = ("tests.faults.killable", f"{point}, gently", str(marker))
        stack.processes.pop(kind).terminate()
        stack.spawn(kind, program=programs[instance], instance=instance)
    for instance in programs:
        stack.wait_ready(instance)
    with supervised(stack, programs) as gone:
        story = tell()
        story.ask()
        story.approve()
        story.ends()
        story.true_in_the_end()
        stack.workspace.wait(lambda: len(gone) == len(MOMENTS), SECONDS, "three that have ended")
    for child in gone:
        child.assert_exit(0)
        assert "something still hangs" not in child.log.read_text()

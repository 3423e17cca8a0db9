"""The bot is killed between any two of its writes, to Redis and to Slack. Each time the deploy ends true, and once."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Tell
from tests.faults.points import dies_at, struck
from tests.scenarios.stack import Stack

pytestmark = pytest.mark.control_plane

POINTS = [
    "before enqueuing: plan",
    "before recording: vote received",
    "after recording: vote received",
    "before recording: approved",
    "after recording: approved",
    "after posting: parent",
    "after posting: approvers",
    "after posting: end",
    "before showing: succeeded",
    "after showing: succeeded",
]


@pytest.mark.parametrize("point", POINTS)
def test_the_bot_dies(stack: Stack, tell: Tell, point: str) -> None:
    with dies_at(stack, "bot", point) as marker:
        story = tell()
        story.ask()
        story.approve()
        story.ends()
        story.true_in_the_end()
    story.hurt = struck(marker)

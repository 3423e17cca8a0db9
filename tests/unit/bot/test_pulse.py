"""Over HTTP nothing tells that Slack is there but asking it."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot.pauses import Pauses
from bot.pulse import EVERY, WITHIN, Pulse
from bot.slack import Slack
from tests.unit.bot.desk import Desk, Silent


@pytest.fixture
def pulse(desk: Desk) -> Pulse:
    client = WebClient(token=desk.workspace.bot_token, base_url=desk.workspace.url)
    return Pulse(Slack(client, Silent(), Pauses(desk.store, desk.now)), desk.now)


def test_it_beats_from_the_first_answer_on(pulse: Pulse):
    assert not pulse.beats()
    assert pulse.told() == "auth.test has not been answered yet"
    pulse.step()
    assert pulse.beats()
    assert pulse.told() == "auth.test answered 0 s ago"


@pytest.mark.parametrize("fault", ["500", "502", "drop_before", "429"])
def test_silence_counts_after_a_while_and_is_told_once(
    desk: Desk, pulse: Pulse, fault: str, caplog: pytest.LogCaptureFixture
):
    pulse.step()
    desk.workspace.faults.add("auth.test", fault, times=10, **({"retry_after": 1} if fault == "429" else {}))
    desk.time += EVERY
    pulse.step()
    assert pulse.beats(), "one lost call is no news"
    desk.time += WITHIN
    pulse.step()
    assert not pulse.beats()
    assert pulse.told().startswith("auth.test answered 40 s ago; Slack")
    assert len([record for record in caplog.records if record.name == "bot.pulse"]) == 1
    desk.workspace.faults.clear()
    desk.time += EVERY
    pulse.step()
    assert pulse.beats()


def test_a_token_that_slack_refuses_counts_at_once(desk: Desk, pulse: Pulse):
    pulse.step()
    desk.workspace.faults.add("auth.test", "error", code="token_revoked")
    pulse.step()
    assert not pulse.beats()
    assert pulse.told().endswith("Slack refused auth.test: token_revoked")

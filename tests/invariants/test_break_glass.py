"""Break-glass: without approvals and whatever is frozen, for who may; told once, looked at by somebody else, kept for ever."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commands.config import BreakGlass, Freeze
from commands.operation import State
from playground.workspace import Message, User
from tests.invariants.deck import Deck
from tests.invariants.test_locks import lock

BREAKING = '/deploy web 1.4.2 to prod break-glass reason="the shop is down"'


@pytest.fixture(autouse=True)
def alarms(deck: Deck) -> Any:
    """SREs may break the glass, DBAs acknowledge it (sam is one, robin is none); prod is frozen for ever."""
    channel = deck.workspace.add_channel("alarms", members=[deck.sam, deck.robin, deck.dev], bot_in=True)
    rule = {"roles": ("sre",), "channel": channel.id, "reviewers": ("dba",)}
    frozen = {
        "name": "always",
        "environments": ("prod",),
        "timezone": "UTC",
        "weekly": ({"days": ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},),
    }
    object.__setattr__(deck.config, "break_glass", BreakGlass.model_validate(rule))
    object.__setattr__(deck.config, "freezes", (Freeze.model_validate(frozen),))
    deck.bot._directory.read([channel.id])
    return channel


def alarm(deck: Deck, channel: Any) -> Message:
    [message] = deck.workspace.messages(channel)
    return message


def broken(deck: Deck, person: User | None = None, text: str = BREAKING) -> str:
    id = deck.planned(person or deck.robin, text)
    deck.publish()
    return id


def test_it_skips_approvals_and_freezes(deck: Deck):
    assert deck.load(deck.planned(deck.robin, "/deploy web 1.4.2 to prod")).state is State.REJECTED
    assert deck.load(broken(deck)).state is State.OBSERVING
    assert deck.cluster.images() == ["registry/web:1.4.2"]


def test_it_is_told_once_in_its_channel_and_marked_on_the_message_and_in_the_audit(deck: Deck, alarms: Any):
    id = broken(deck)
    deck.publish()
    told = alarm(deck, alarms).plain()
    for words in ("breaks the glass", "deploy web", "in prod", id, "the shop is down", "dba"):
        assert words in told
    assert "Break-glass" in deck.message().plain()
    assert all(e["break_glass"] for e in deck.store.audit.export() if e["operation"] == id and "requester" in e)


def test_its_announcement_links_the_message_once_that_is_there(deck: Deck, alarms: Any):
    id = broken(deck)
    for _ in range(2):  # the announcement may have come first
        deck.publish()
    link = deck.parts.client.chat_getPermalink(channel=deck.channel.id, message_ts=deck.message().ts)["permalink"]
    assert f"<{link}|{id}>" in json.dumps(alarm(deck, alarms).blocks)


def test_planned_twice_it_is_told_once(deck: Deck, alarms: Any):
    """The target moves between plan and write."""
    deck.cluster.meanwhile = lambda: deck.cluster.change(lambda web: web["spec"]["template"]["spec"].update(priority=1))
    id = broken(deck)
    deck.plan(id)
    deck.publish()
    alarm(deck, alarms)


@pytest.mark.parametrize(
    ("who", "text", "why"),
    [
        ("dev", BREAKING, "Break-glass needs the role sre"),
        ("robin", "/deploy web 1.4.2 to prod break-glass", "No reason, no break-glass"),
        ("robin", '/deploy web 1.4.2 to prod break-glass reason=" "', ""),
    ],
)
def test_who_may_not_and_who_says_no_reason_is_refused_at_once(deck: Deck, who: str, text: str, why: str):
    assert why in deck.say(getattr(deck, who), text)
    assert not deck.store.operations.in_flight()


def test_where_nothing_is_said_of_it_nobody_may(deck: Deck):
    object.__setattr__(deck.config, "break_glass", None)
    assert "quarterdeck.yaml has no break_glass" in deck.say(deck.robin, BREAKING)


def test_rights_and_locks_hold_all_the_same(deck: Deck):
    developer, _sre = deck.config.permissions
    object.__setattr__(developer, "commands", (*developer.commands, "lock"))
    lock(deck)
    op = deck.load(broken(deck))
    assert op.state is State.REJECTED
    assert op.ending
    assert "locked by" in op.ending.sentence
    object.__setattr__(developer, "environments", ("staging",))
    assert "No rule lets anyone run `deploy` in prod" in deck.say(deck.robin, BREAKING)


def test_the_role_is_asked_for_again_when_it_is_carried_out(deck: Deck):
    """Robin is on call no longer, a second after asking."""
    id = deck.asked(deck.robin, BREAKING)
    rule = deck.config.break_glass
    assert rule
    deck.cluster.slowness = lambda: object.__setattr__(rule, "roles", ("dba",))
    op = deck.plan(id)
    assert op.state is State.FAILED
    assert op.ending
    assert "Break-glass needs the role dba" in op.ending.sentence
    assert not deck.cluster.writes


def test_not_who_broke_it_nor_who_may_not_acknowledges_it(deck: Deck, alarms: Any):
    broken(deck, deck.sam)
    deck.press(deck.sam, "Acknowledge", alarm(deck, alarms))
    deck.workspace.wait(
        lambda: any("You broke the glass yourself" in m.plain() for m in deck.workspace.private(deck.sam, alarms))
    )
    deck.press(deck.robin, "Acknowledge", alarm(deck, alarms))
    deck.workspace.wait(
        lambda: any("needs the role dba" in m.plain() for m in deck.workspace.private(deck.robin, alarms))
    )
    assert "Acknowledged" not in alarm(deck, alarms).plain()


def test_it_says_who_has_acknowledged_it_and_no_button_is_left(deck: Deck, alarms: Any):
    id = broken(deck)
    deck.press(deck.sam, "Acknowledge", alarm(deck, alarms))
    deck.publish()
    assert "Acknowledged by @sam" in alarm(deck, alarms).plain()
    assert not alarm(deck, alarms).buttons()
    assert "break-glass acknowledged" in deck.events(id)


def test_overdue_it_is_said_once_more_to_those_who_may(deck: Deck, alarms: Any):
    broken(deck)
    for _ in range(2):
        deck.pass_time(86_400)
        deck.sweep()
        deck.publish()
        [reply] = deck.workspace.thread(alarms, alarm(deck, alarms))
        assert "@sam" in reply.plain()
        assert "nobody has acknowledged" in reply.plain()


def test_taken_away_it_is_posted_again(deck: Deck, alarms: Any):
    broken(deck)
    deck.parts.client.chat_delete(channel=alarms.id, ts=alarm(deck, alarms).ts)
    deck.pass_time(86_401)
    deck.sweep()
    deck.publish()
    assert "nobody has acknowledged" in deck.workspace.thread(alarms, alarm(deck, alarms))[0].plain()


def test_acknowledged_in_time_nothing_more_is_said(deck: Deck, alarms: Any):
    broken(deck)
    deck.press(deck.sam, "Acknowledge", alarm(deck, alarms))
    deck.pass_time(86_401)
    deck.sweep()
    deck.publish()
    assert not deck.workspace.thread(alarms, alarm(deck, alarms))


def test_a_press_of_retry_breaks_no_glass(deck: Deck):
    lost = deck.cluster.slowness
    rule = deck.config.break_glass
    assert rule
    id = deck.asked(deck.robin, BREAKING)
    deck.cluster.slowness = lambda: object.__setattr__(rule, "roles", ("dba",))
    deck.plan(id)
    deck.publish()
    deck.cluster.slowness = lost
    object.__setattr__(rule, "roles", ("sre",))
    deck.press(deck.robin, "Retry")
    again = next(op for op in deck.store.operations.in_flight() if op.origin)
    assert not again.invocation.breaks_glass
    assert "break-glass" not in again.invocation.text
    assert deck.plan(again.id).state is State.REJECTED

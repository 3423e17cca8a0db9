"""1. A slash command is acknowledged at once, from what is at hand; what reaches us too late is not carried out."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import closing
from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.listeners import LATE
from bot.socket_mode import SocketMode
from commands.errors import StoreUnavailable
from commands.operation import Operation, State
from commands.store import Store, hurried
from tests.invariants.deck import Deck, NoMeter


def test_a_command_signed_three_seconds_ago_is_not_carried_out(deck: Deck):
    ack = deck.workspace.say(deck.dev, deck.channel, "/scale web 5 in staging", sent_ago=3).ack
    assert ack == {"text": LATE}
    assert deck.store.operations.in_flight() == []


def test_a_command_that_waited_at_the_socket_is_not_carried_out(deck: Deck):
    wire = Wire(deck)
    wire.receive()
    deck.pass_time(2.6)
    wire.handle()
    assert wire.sent[0]["text"] == LATE
    assert deck.store.operations.in_flight() == []


def test_an_ack_that_could_not_be_sent_calls_off_what_it_acknowledged(deck: Deck):
    wire = Wire(deck, broken=True)
    wire.receive()
    wire.handle()
    assert deck.store.operations.in_flight() == []
    assert [operation.state for operation in deck.store.operations.ended()] == [State.CANCELLED]


def test_what_has_acted_already_is_followed_to_its_end_though_its_ack_was_lost(deck: Deck):
    id = deck.planned(deck.dev, "/scale web 5 in staging")
    assert deck.load(id).state is State.OBSERVING
    deck.bot.unacknowledged(id)
    assert deck.load(id).state is State.OBSERVING


def test_no_slack_call_is_made_before_the_ack(deck: Deck):
    """Whatever needs Slack is left to the threads that run after the ack; here they are all busy."""
    deck.awaiting()
    before = len(deck.workspace.calls())
    release = threading.Event()
    for _ in range(4):
        deck.bot._later.submit(release.wait)
    try:
        deck.say(deck.dev, "/scale web 5 in prod")
        deck.say(deck.guest, "/scale web 5 in prod")
        deck.press(deck.dev, "Approve")
        deck.press(deck.sam, "Deny")
        deck.press(deck.sam, "Approve")
        assert len(deck.workspace.calls()) == before
    finally:
        release.set()
    deck.told(deck.dev, "You asked for")


def test_listeners_ask_redis_once_and_for_a_third_of_a_second():
    with closing(hurried("redis://127.0.0.1:1")) as client:
        options = client.connection_pool.connection_kwargs
        assert options["socket_timeout"] <= 0.3
        assert options["socket_connect_timeout"] <= 0.3
    assert calls_of_a_redis_that_hangs_up() == 1


def calls_of_a_redis_that_hangs_up() -> int:
    """How often one command connects, where the other end closes each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted: list[int] = []

        def hang_up() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                accepted.append(1)  # before the other end can know
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with (
            closing(hurried(f"redis://127.0.0.1:{server.getsockname()[1]}")) as client,
            pytest.raises(StoreUnavailable),
        ):
            Store(client).operations.load("op-2345")
        server.shutdown(socket.SHUT_RDWR)
        return len(accepted)


class Wire:
    """Socket Mode's client, as our adapter sees it: what was received waits until it is handled."""

    def __init__(self, deck: Deck, *, broken: bool = False) -> None:
        self.socket_mode_request_listeners: list[Any] = []
        self.sent: list[dict[str, Any]] = []
        self._deck, self._broken = deck, broken
        self._adapter = SocketMode(self, deck.bot.app, deck.clock, deck.bot.unacknowledged, NoMeter(), deck.bot.rush)  # type: ignore[arg-type]

    def receive(self) -> None:
        self.enqueue_message(json.dumps({"envelope_id": "e1"}))

    def enqueue_message(self, message: str) -> None:
        """Our adapter hears it first."""

    def handle(self) -> None:
        deck = self._deck
        payload = {
            "command": "/scale", "text": "web 5 in staging", "trigger_id": "1.2.3", "team_id": deck.workspace.team_id,
            "user_id": deck.dev.id, "channel_id": deck.channel.id, "channel_name": "deploys",
        }  # fmt: skip
        request = SocketModeRequest("slash_commands", "e1", payload)
        self.socket_mode_request_listeners[0](self, request)

    def send_socket_mode_response(self, response: Any) -> None:
        if self._broken:
            raise BrokenPipeError("the socket is closed")
        self.sent.append(response.payload)


def test_one_that_is_planned_as_its_ack_fails_is_called_off_all_the_same(deck: Deck, monkeypatch: pytest.MonkeyPatch):
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    load = deck.bot._parts.hurried.operations.load

    def read_just_before_it_was_planned(wanted: str) -> Operation:
        found = load(wanted)
        monkeypatch.undo()
        assert deck.plan(id).state is State.AWAITING
        return found

    monkeypatch.setattr(deck.bot._parts.hurried.operations, "load", read_just_before_it_was_planned)
    deck.bot.unacknowledged(id)
    assert deck.load(id).state is State.CANCELLED

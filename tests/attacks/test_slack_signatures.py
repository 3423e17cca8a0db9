"""Somebody reaches the bot's HTTP port and plays Slack: what Slack has not signed, just now and to the byte, is not heard."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlencode

import pytest

from commands.operation import State
from playground.workspace.delivery import Delivery, SentRequest
from playground.workspace.http_delivery import sign
from tests.invariants.deck import Deck

TIME, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


def sent(deck: Deck, request: SentRequest) -> int:
    """The status that the bot answers with."""
    post = urllib.request.Request(deck.workspace._server.http.request_url, request.body, request.headers)
    try:
        with urllib.request.urlopen(post, timeout=45) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def said(deck: Deck) -> SentRequest:
    """A genuine request, as whoever listens in on the wire has it."""
    handle = deck.workspace.say(deck.dev, deck.channel, "/deploy web 1.4.2 to staging")
    assert handle.delivery
    return handle.delivery.sent[0]


def heard(deck: Deck) -> int:
    return len(deck.store.operations.in_flight())


def another_secret(request: SentRequest) -> SentRequest:
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    return sign("0" * 32, Delivery("slash_commands", form | {"trigger_id": "1.1.other"}))


def another_body(request: SentRequest) -> SentRequest:
    return SentRequest(request.body.replace(b"staging", b"prod"), request.headers)


def another_time(request: SentRequest) -> SentRequest:
    return SentRequest(request.body, {**request.headers, TIME: str(int(time.time()) + 1)})


def no_signature(request: SentRequest) -> SentRequest:
    return SentRequest(request.body, {name: value for name, value in request.headers.items() if name != SIGNATURE})


def older_scheme(request: SentRequest) -> SentRequest:
    return SentRequest(request.body, {**request.headers, SIGNATURE: request.headers[SIGNATURE].removeprefix("v0=")})


@pytest.mark.parametrize(
    "forge", [another_secret, another_body, another_time, no_signature, older_scheme], ids=lambda forge: forge.__name__
)
def test_what_slack_did_not_sign_is_refused(deck: Deck, forge):
    request = said(deck)
    assert heard(deck) == 1
    assert sent(deck, forge(request)) == 401
    assert heard(deck) == 1


def test_what_slack_signed_six_minutes_ago_is_refused(deck: Deck):
    handle = deck.workspace.say(deck.dev, deck.channel, "/deploy web 1.4.2 to staging", sent_ago=360)
    assert handle.delivery
    assert sent(deck, handle.delivery.sent[0]) == 401
    assert heard(deck) == 0


def test_what_slack_signed_just_now_is_heard_once_however_often_it_is_sent(deck: Deck):
    request = said(deck)
    assert {sent(deck, request) for _ in range(3)} == {200}
    assert heard(deck) == 1


def test_a_press_cannot_be_made_anothers(deck: Deck):
    """The requester presses Approve, and puts sam's name into the payload."""
    id = deck.awaiting()
    pressed = deck.press(deck.dev, "Approve").delivery
    assert pressed
    payload = json.loads(parse_qs(pressed.sent[0].body.decode())["payload"][0])
    payload["user"]["id"] = deck.sam.id
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert sent(deck, SentRequest(body, pressed.sent[0].headers)) == 401
    deck.count()
    assert (deck.load(id).state, deck.load(id).votes) == (State.AWAITING, ())

"""Misbehaviour on request, as slack_sdk's client meets it."""

import time
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.workspace import Channel, User, Workspace
from tests.unit.playground.workspace.apps import http_app


def post(client: WebClient, channel: Channel) -> object:
    return client.chat_postMessage(channel=channel.id, text="x")


@pytest.fixture
def bare(ws: Workspace) -> WebClient:
    """Without slack_sdk's default retry of connection errors."""
    return WebClient(ws.bot_token, base_url=ws.url, retry_handlers=[])


def test_too_many_requests(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    ws.faults.add("chat.postMessage", 429, retry_after=7)
    with pytest.raises(SlackApiError) as refusal:
        post(client, deploys)
    assert refusal.value.response.status_code == 429
    assert refusal.value.response.headers["retry-after"] == "7"
    post(client, deploys)
    assert len(ws.messages(deploys)) == 1


def test_server_error_and_chosen_error(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    ws.faults.add("chat.postMessage", "500")
    ws.faults.add("chat.postMessage", "error", code="restricted_action")
    for expected in ("internal_error", "restricted_action"):
        with pytest.raises(SlackApiError, match=expected):
            post(client, deploys)
    assert ws.messages(deploys) == []


@pytest.mark.parametrize(("kind", "written"), [("drop_before", 0), ("drop_after", 1)])
def test_dropped_connections(ws: Workspace, bare: WebClient, deploys: Channel, kind: str, written: int) -> None:
    ws.faults.add("chat.postMessage", kind)
    with pytest.raises((ConnectionError, RemoteDisconnected)):
        post(bare, deploys)
    assert len(ws.messages(deploys)) == written
    assert [call.fault for call in ws.calls("chat.postMessage")] == [kind]


def test_a_dropped_answer_makes_the_sdk_post_twice(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    """What the product must survive: the default retry handler repeats a write that happened."""
    ws.faults.add("chat.postMessage", "drop_after")
    post(client, deploys)
    assert len(ws.messages(deploys)) == 2


def test_delay_and_times(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    ws.faults.add("*", "delay", times=2, seconds=0.05)
    started = time.perf_counter()
    for _ in range(3):
        post(client, deploys)
    assert time.perf_counter() - started >= 0.1
    assert len(ws.messages(deploys)) == 3


def test_unknown_kinds_are_refused(ws: Workspace) -> None:
    with pytest.raises(ValueError, match="there are 429, 500"):
        ws.faults.add("chat.postMessage", "418")
    ws.faults.add("chat.postMessage", "500")
    ws.faults.clear()
    assert ws.faults.next_for("chat.postMessage") is None


@pytest.mark.usefixtures("impatient")
def test_a_lost_delivery(ws: Workspace, sam: User, deploys: Channel) -> None:
    ws.faults.add("delivery", "drop_before")
    with http_app(ws, lambda body, headers: (200, {}, "here")):
        assert ws.say(sam, deploys, "/deploy web").error == "operation_timeout"
        ws.set_ack_timeout(45)
        assert ws.say(sam, deploys, "/deploy web").ack == {"text": "here"}

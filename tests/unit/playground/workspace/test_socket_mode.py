"""Socket Mode, seen from Slack's own clients: hello, envelopes, acknowledgements, disconnects, ten connections."""

import threading
from typing import Any

import pytest
from slack_sdk import WebClient

from playground.workspace import Channel, User, Workspace
from tests.unit.playground.workspace.apps import bolt_app, over_sockets, raw_socket

# slack_sdk's client forgets to close a socket it loses; that is its business.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def test_bolt_answers_a_command(ws: Workspace, sam: User, deploys: Channel) -> None:
    app = bolt_app(ws)

    @app.command("/deploy")
    def deploy(ack: Any, command: dict[str, Any]) -> None:
        ack(f"deploying {command['text']}")

    with over_sockets(ws, app):
        said = ws.say(sam, deploys, "/deploy web 1.4.2 to prod")
    assert said.ack == {"text": "deploying web 1.4.2 to prod"}
    [seen] = ws.private(sam)
    assert (seen.plain(), seen.source) == ("deploying web 1.4.2 to prod", "ack")
    assert ws.messages(deploys) == []


@pytest.mark.usefixtures("impatient")
def test_a_command_nobody_acknowledges_times_out(ws: Workspace, sam: User, deploys: Channel) -> None:
    with raw_socket(ws, answer=lambda request: None):
        said = ws.say(sam, deploys, "/deploy web")
    assert said.ack == said.error == "operation_timeout"
    assert ws.private(sam)[0].plain() == '/deploy failed with the error "operation_timeout"'


@pytest.mark.usefixtures("impatient")
def test_a_late_acknowledgement_changes_nothing(ws: Workspace, sam: User, deploys: Channel) -> None:
    late = threading.Event()

    def answer(request: Any) -> dict[str, Any]:
        late.wait(45)
        return {"text": "too late"}

    with raw_socket(ws, answer):
        assert ws.say(sam, deploys, "/deploy web").error == "operation_timeout"
        late.set()
        ws.wait(lambda: ws.late_acks == 1)
    assert [m.source for m in ws.private(sam)] == ["slackbot"]


def test_without_a_connection_dispatch_fails(ws: Workspace, sam: User, deploys: Channel) -> None:
    assert ws.say(sam, deploys, "/deploy web").error == "dispatch_failed"


def test_each_payload_goes_to_one_connection(ws: Workspace, sam: User, deploys: Channel) -> None:
    seen: list[tuple[str, str]] = []

    def named(name: str) -> Any:
        return lambda request: seen.append((name, request.payload["text"])) or {}

    with raw_socket(ws, named("a")), raw_socket(ws, named("b")):
        for number in range(4):
            ws.say(sam, deploys, f"/deploy {number}")
    assert sorted(text for _, text in seen) == ["0", "1", "2", "3"]
    assert {name for name, _ in seen} == {"a", "b"}


def test_socket_connections(ws: Workspace) -> None:
    """The row of that name: ten connections are greeted, the eleventh is sent away."""
    import asyncio

    import aiohttp

    web = WebClient(base_url=ws.url)

    async def connect(count: int) -> list[dict[str, Any]]:
        async with aiohttp.ClientSession() as session:
            sockets = []
            for _ in range(count):
                url = web.apps_connections_open(app_token=ws.app_token)["url"]
                sockets.append(await session.ws_connect(url))
            first = [await socket.receive_json() for socket in sockets]
            for socket in sockets:
                await socket.close()
            return first

    greetings = asyncio.run(connect(11))
    assert [hello["type"] for hello in greetings] == ["hello"] * 10 + ["disconnect"]
    assert greetings[9]["num_connections"] == 10
    assert greetings[10]["reason"] == "too_many_websockets"


def test_a_ticket_works_once(ws: Workspace) -> None:
    import asyncio

    import aiohttp

    url = WebClient(base_url=ws.url).apps_connections_open(app_token=ws.app_token)["url"]

    async def connect_twice() -> int:
        async with aiohttp.ClientSession() as session, session.ws_connect(url):
            try:
                async with session.ws_connect(url):
                    return 101
            except aiohttp.WSServerHandshakeError as refused:
                return refused.status

    assert asyncio.run(connect_twice()) == 401


def test_clients_come_back_after_a_refresh(ws: Workspace, sam: User, deploys: Channel) -> None:
    with raw_socket(ws, answer=lambda request: {"text": "here"}):
        ws.disconnect("refresh_requested")
        ws.wait(lambda: ws.sockets_greeted == 2 and ws.sockets)
        assert ws.say(sam, deploys, "/deploy web").ack == {"text": "here"}


def test_a_warned_connection_stays_open(ws: Workspace) -> None:
    """slack_sdk opens a new one at once, and reads it when its old one's receive call has timed out (three seconds)."""
    with raw_socket(ws):
        ws.disconnect("warning")
        ws.wait(lambda: ws.sockets_greeted == 2)
        assert ws.sockets == 2


def test_cut_connections_take_nothing(ws: Workspace, sam: User, deploys: Channel) -> None:
    with raw_socket(ws) as client:
        client.auto_reconnect_enabled = False
        client.on_error_listeners.clear()
        ws.close_sockets()
        ws.wait(lambda: ws.sockets == 0)
        assert ws.say(sam, deploys, "/deploy web").error == "dispatch_failed"


@pytest.mark.usefixtures("impatient")
def test_muted_connections_look_alive_and_are_not(ws: Workspace, sam: User, deploys: Channel) -> None:
    with raw_socket(ws):
        ws.mute_sockets()
        assert ws.sockets == 1
        assert ws.say(sam, deploys, "/deploy web").error == "operation_timeout"
        ws.mute_sockets(False)
        ws.set_ack_timeout(45)
        assert ws.say(sam, deploys, "/deploy web").ack == {}


def test_link_disabled_refuses_new_connections(ws: Workspace) -> None:
    ws.disconnect("link_disabled")
    answer = ws._server.api.handle("apps.connections.open", ws.app_token, {})
    assert not answer.body["ok"]


def test_events_are_retried_with_the_same_id(ws: Workspace, sam: User, deploys: Channel) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> dict[str, Any] | None:
        seen.append((request.payload["event_id"], request.retry_attempt, request.retry_reason))
        return {} if len(seen) == 3 else None

    ws.set_ack_timeout(1)
    with raw_socket(ws, answer):
        assert ws.say(sam, deploys, "@bot status").error == "operation_timeout"
        ws.wait(lambda: len(seen) == 3)
    assert [(attempt, reason) for _, attempt, reason in seen] == [(0, ""), (1, "http_timeout"), (2, "http_timeout")]
    assert len({event_id for event_id, _, _ in seen}) == 1


def test_redelivery_is_the_same_payload_in_a_new_envelope(ws: Workspace, sam: User, deploys: Channel) -> None:
    seen: list[Any] = []
    with raw_socket(ws, answer=lambda request: seen.append(request) or {}):
        said = ws.say(sam, deploys, "/deploy web")
        assert ws.redeliver(said).ack == {}
    first, second = seen
    assert first.payload == second.payload
    assert first.envelope_id != second.envelope_id
    assert first.accepts_response_payload

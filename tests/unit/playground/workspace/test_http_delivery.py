"""Deliveries over HTTP, checked by Bolt, which verifies the signatures with its own code."""

import threading
from typing import Any
from urllib.parse import parse_qs

import pytest

from playground.workspace import Channel, User, Workspace
from tests.unit.playground.workspace.apps import Answer, bolt_app, http_app, over_http

Headers = dict[str, str]


def test_bolt_accepts_commands_clicks_and_events(ws: Workspace, sam: User, deploys: Channel) -> None:
    app, heard = bolt_app(ws), []
    button = {"type": "button", "action_id": "go", "value": "op-1", "text": {"type": "plain_text", "text": "Go"}}

    @app.command("/deploy")
    def deploy(ack: Any) -> None:
        ack(blocks=[{"type": "actions", "elements": [button]}], text="ready", response_type="in_channel")

    @app.action("go")
    def go(ack: Any, action: dict[str, Any]) -> None:
        ack()
        heard.append(action["value"])

    @app.event("app_mention")
    def mentioned(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    with over_http(ws, app):
        ws.say(sam, deploys, "/deploy web")
        ws.click(sam, ws.messages(deploys)[0], "Go")
        ws.say(sam, deploys, "@bot status")
    assert heard == ["op-1", f"<@{ws.bot_user_id}> status"]


def test_bolt_refuses_an_old_signature(ws: Workspace, sam: User, deploys: Channel) -> None:
    app = bolt_app(ws)
    app.command("/deploy")(lambda ack: ack("done"))
    with over_http(ws, app):
        assert ws.say(sam, deploys, "/deploy web", sent_ago=60).ack == {"text": "done"}
        assert ws.say(sam, deploys, "/deploy web", sent_ago=301).error == "dispatch_failed"


def test_redelivery_is_identical_to_the_byte(ws: Workspace, sam: User, deploys: Channel) -> None:
    seen: list[tuple[str, Headers]] = []

    def answer(body: str, headers: Headers) -> Answer:
        seen.append((body, headers))
        return 200, {}, ""

    with http_app(ws, answer):
        ws.redeliver(ws.say(sam, deploys, "/deploy web"))
    assert seen[0] == seen[1]


def test_a_command_is_a_form_with_the_documented_fields(ws: Workspace, sam: User, deploys: Channel) -> None:
    seen: list[str] = []
    with http_app(ws, lambda body, headers: seen.append(body) or (200, {}, "")):
        said = ws.say(sam, deploys, "/deploy  web 1.4.2 & <b>")
    form = {name: values[0] for name, values in parse_qs(seen[0]).items()}
    assert form["command"] == "/deploy"
    assert form["text"] == "web 1.4.2 & <b>"
    assert (form["user_id"], form["channel_id"], form["team_id"]) == (sam.id, deploys.id, ws.team_id)
    assert form["trigger_id"] == said.trigger_id
    assert form["response_url"] == said.response_url


@pytest.mark.usefixtures("impatient")
def test_the_person_is_told_of_timeouts_and_failures(ws: Workspace, sam: User, deploys: Channel) -> None:
    release = threading.Event()
    with http_app(ws, lambda body, headers: (200, {}, str(release.wait(45)))):
        assert ws.say(sam, deploys, "/deploy web").error == "operation_timeout"
        release.set()
    ws.set_ack_timeout(45)
    with http_app(ws, lambda body, headers: (500, {}, "oops")):
        assert ws.say(sam, deploys, "/deploy web").error == "dispatch_failed"
    assert ws.say(sam, deploys, "/deploy web").error == "dispatch_failed"
    assert [m.source for m in ws.private(sam)] == ["slackbot"] * 3


def test_text_and_invalid_blocks_as_acknowledgements(ws: Workspace, sam: User, deploys: Channel) -> None:
    json = {"Content-Type": "application/json"}
    with http_app(ws, lambda body, headers: (200, {"Content-Type": "text/plain"}, "just text")):
        assert ws.say(sam, deploys, "/deploy web").ack == {"text": "just text"}
    with http_app(ws, lambda body, headers: (200, json, '{"blocks": [{"type": "nonsense"}]}')):
        assert ws.say(sam, deploys, "/deploy web").error == "invalid_blocks"


def test_events_are_retried_with_headers_until_told_not_to(ws: Workspace, sam: User, deploys: Channel) -> None:
    seen: list[Headers] = []

    def answer(body: str, headers: Headers) -> Answer:
        seen.append(headers)
        return 500, {"X-Slack-No-Retry": "1"} if len(seen) == 2 else {}, ""

    with http_app(ws, answer):
        assert ws.say(sam, deploys, "@bot status").error == "dispatch_failed"
        ws.wait(lambda: len(seen) == 2)
    assert "x-slack-retry-num" not in seen[0]
    assert (seen[1]["x-slack-retry-num"], seen[1]["x-slack-retry-reason"]) == ("1", "http_error")


@pytest.mark.usefixtures("impatient")
def test_a_delayed_delivery_carries_its_old_timestamp(ws: Workspace, sam: User, deploys: Channel) -> None:
    """The person has read operation_timeout by then; the app can see from the signature that it is late."""
    seen: list[Headers] = []
    ws.faults.add("delivery", "delay", seconds=0.6)
    with http_app(ws, lambda body, headers: seen.append(headers) or (200, {}, "")):
        said = ws.say(sam, deploys, "/deploy web")
        assert said.error == "operation_timeout"
        ws.wait(lambda: seen)
    assert seen[0]["x-slack-request-timestamp"]
    assert said.delivery is not None
    assert said.delivery.signed_ago == 0.6

"""What people do and see: clicks, menus, modals, response_urls, shortcuts, threads, and what Slack would not let them."""

from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.workspace import Channel, Message, NotPossible, User, View, Workspace
from tests.unit.playground.workspace.apps import Answer, bolt_app, http_app, over_http
from tests.unit.playground.workspace.cases import (
    actions,
    button,
    confirm,
    manifest,
    options,
    plain,
    section,
    shortcut,
    text_input,
)

ACCEPT: Answer = (200, {}, "")


def post(ws: Workspace, client: WebClient, channel: Channel, *blocks: dict[str, Any]) -> Message:
    client.chat_postMessage(channel=channel.id, text="x", blocks=list(blocks))
    return ws.messages(channel)[-1]


def test_a_click_carries_message_value_and_ways_to_answer(
    ws: Workspace, client: WebClient, sam: User, deploys: Channel
) -> None:
    message = post(ws, client, deploys, *actions(button(action_id="go", value="op-1", text=plain("Approve"))))
    with http_app(ws, lambda body, headers: ACCEPT):
        payload = ws.click(sam, message, "Approve").payload
    assert payload["type"] == "block_actions"
    [action] = payload["actions"]
    assert (action["action_id"], action["value"], action["text"]["text"]) == ("go", "op-1", "Approve")
    assert payload["message"]["ts"] == payload["container"]["message_ts"] == message.ts
    assert payload["user"]["id"] == sam.id
    assert payload["response_url"].startswith(ws.state.base_url)


def test_menus_and_confirmations(ws: Workspace, client: WebClient, sam: User, deploys: Channel) -> None:
    overflow = {"type": "overflow", "action_id": "more", "options": options(2)}
    choose = {"type": "static_select", "action_id": "env", "placeholder": plain("Where"), "options": options(2)}
    message = post(ws, client, deploys, *actions(overflow, choose), *confirm())
    with http_app(ws, lambda body, headers: ACCEPT):
        assert (
            ws.click(sam, message, action_id="more", option="v1").payload["actions"][0]["selected_option"]["value"]
            == "v1"
        )
        click = ws.click(sam, message, "Where", option="x0")
        asked = ws.click(sam, message, "x").confirm
    assert click.payload["actions"][0]["selected_option"]["value"] == "v0"
    assert click.payload["state"]["values"][message.blocks[0]["block_id"]]["env"]["selected_option"]["value"] == "v0"
    assert asked is not None
    assert asked["title"]["text"] == "x"


def test_what_is_not_there_cannot_be_clicked(ws: Workspace, client: WebClient, sam: User, deploys: Channel) -> None:
    message = post(ws, client, deploys, *actions(button(text=plain("Approve"))))
    with pytest.raises(NotPossible, match="no control 'Deny'"):
        ws.click(sam, message, "Deny")
    client.chat_update(channel=deploys.id, ts=message.ts, text="done")
    with pytest.raises(NotPossible, match="no control 'Approve'"):
        ws.click(sam, message, "Approve")
    with http_app(ws, lambda body, headers: ACCEPT):
        assert ws.click(sam, message, "Approve", stale=True).ack == {}
    with pytest.raises(NotPossible, match="sees no message"):
        ws.click(ws.add_user("stranger"), message, "Approve")
    ws.delete_message(message)
    with pytest.raises(NotPossible, match="sees no message"):
        ws.click(sam, message, "Approve")


def opened(ws: Workspace, client: WebClient, user: User, **more: Any) -> View:
    view = {"type": "modal", "title": plain("Deny"), "submit": plain("Send"), "blocks": [section()], **more}
    client.views_open(trigger_id=ws.state.new_trigger(user.id), view=view)
    return ws.open_modals(user)[-1]


def test_a_modal_from_click_to_submission(ws: Workspace, client: WebClient, sam: User, deploys: Channel) -> None:
    app, reasons = bolt_app(ws), []
    reason = text_input(label=plain("Reason"), block_id="why", element={"action_id": "text"})

    @app.action("deny")
    def deny(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        view = {
            "type": "modal",
            "callback_id": "deny",
            "title": plain("Deny"),
            "submit": plain("Send"),
            "blocks": [reason],
        }
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("deny")
    def denied(ack: Any, view: dict[str, Any]) -> None:
        said = view["state"]["values"]["why"]["text"]["value"]
        reasons.append(said)
        ack(response_action="errors", errors={"why": "too short"}) if len(said) < 3 else ack()

    message = post(ws, client, deploys, *actions(button(action_id="deny", text=plain("Deny"))))
    with over_http(ws, app):
        ws.click(sam, message, "Deny")
        modal = ws.wait(lambda: ws.open_modals(sam))[-1]
        first = ws.submit(sam, modal, {"Reason": "no"})
        assert (first.errors, first.closed) == ({"why": "too short"}, False)
        second = ws.submit(sam, modal, {"why": "not today"})
        assert (second.errors, second.closed) == ({}, True)
    assert reasons == ["no", "not today"]
    with pytest.raises(NotPossible, match="not open"):
        ws.submit(sam, modal, {"Reason": "again"})


def test_required_inputs_and_unknown_ones(ws: Workspace, client: WebClient, sam: User) -> None:
    modal = opened(ws, client, sam, blocks=[text_input(label=plain("Reason"), element={"min_length": 3})])
    with pytest.raises(NotPossible, match="'Reason': Slack shows 'Please complete this required field.'"):
        ws.submit(sam, modal, {})
    with pytest.raises(NotPossible, match="no input 'Raison'"):
        ws.submit(sam, modal, {"Raison": "x"})
    with pytest.raises(NotPossible, match="Enter 3 to 3000 characters"):
        ws.submit(sam, modal, {"Reason": "no"})


def test_submissions_can_update_push_and_clear(ws: Workspace, client: WebClient, sam: User) -> None:
    json = {"Content-Type": "application/json"}
    modal = opened(ws, client, sam)
    view = '{"type": "modal", "title": {"type": "plain_text", "text": "Next"}, "submit": {"type": "plain_text", "text": "x"}, '
    view += '"blocks": [{"type": "divider"}]}'
    with http_app(ws, lambda body, headers: (200, json, f'{{"response_action": "push", "view": {view}}}')):
        ws.submit(sam, modal)
    assert [m.title for m in ws.open_modals(sam)] == ["Deny", "Next"]
    with http_app(ws, lambda body, headers: (200, json, f'{{"response_action": "update", "view": {view}}}')):
        ws.submit(sam, modal)
    assert [m.title for m in ws.open_modals(sam)] == ["Next", "Next"]
    with http_app(ws, lambda body, headers: (200, json, '{"response_action": "errors", "errors": {"no such": "x"}}')):
        assert "invalid_arguments" in ws.submit(sam, modal).error
    with http_app(ws, lambda body, headers: (200, json, '{"response_action": "clear"}')):
        ws.submit(sam, modal)
    assert ws.open_modals(sam) == []


def test_modals_are_updated_by_id_and_hash(ws: Workspace, client: WebClient, sam: User) -> None:
    modal = opened(ws, client, sam)
    view = {"type": "modal", "title": plain("New"), "blocks": [section()]}
    old = modal.hash
    client.views_update(view_id=modal.id, view=view, hash=old)
    assert ws.open_modals(sam)[0].title == "New"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=modal.id, view=view, hash=old)
    with http_app(ws, lambda body, headers: ACCEPT):
        ws.dismiss(sam, ws.open_modals(sam)[0])
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id=modal.id, view=view)


def test_the_home_tab(ws: Workspace, client: WebClient, sam: User) -> None:
    client.views_publish(user_id=sam.id, view={"type": "home", "blocks": [section("Operations")]})
    home = ws.open_home(sam)
    assert home is not None
    assert "Operations" in home.plain()


def test_response_urls_answer_the_person_or_the_channel(
    ws: Workspace, client: WebClient, sam: User, deploys: Channel
) -> None:
    with http_app(ws, lambda body, headers: ACCEPT):
        said = ws.say(sam, deploys, "/deploy web")
        message = post(ws, client, deploys, *actions(button(text=plain("Approve"))))
        click = ws.click(sam, message, "Approve")

    def respond(url: str, **answer: Any) -> requests.Response:
        return requests.post(url, json=answer, timeout=5)

    assert respond(said.response_url, text="for you").text == "ok"
    assert respond(said.response_url, text="for all", response_type="in_channel").ok
    assert respond(click.response_url, text="replaced", replace_original=True).ok
    assert [m.plain() for m in ws.private(sam)] == ["for you"]
    assert [m.plain() for m in ws.messages(deploys)] == ["replaced", "for all"]
    assert respond(click.response_url, delete_original=True).ok
    assert [m.plain() for m in ws.messages(deploys)] == ["for all"]
    wrong = respond(said.response_url, text="x", colour="red")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_payload")
    ws.advance(1801)
    gone = respond(said.response_url, text="x")
    assert (gone.status_code, gone.json()["error"]) == (404, "expired_url")


def test_what_a_command_was_answered_stays(ws: Workspace, sam: User, deploys: Channel) -> None:
    """A command has no message of its own that its response_url could replace or delete."""
    with http_app(ws, lambda body, headers: (200, {"Content-Type": "application/json"}, '{"text": "Looking"}')):
        said = ws.say(sam, deploys, "/deploy web")
    for answer in ({"text": "found", "replace_original": True}, {"delete_original": True}):
        assert requests.post(said.response_url, json=answer, timeout=5).ok
    assert [m.plain() for m in ws.private(sam)] == ["Looking", "found"]


def test_ephemeral_messages_can_be_clicked_and_replaced(
    ws: Workspace, client: WebClient, sam: User, robin: User, deploys: Channel
) -> None:
    client.chat_postEphemeral(channel=deploys.id, user=sam.id, text="sure?", blocks=actions(button(text=plain("Yes"))))
    [question] = ws.private(sam)
    with pytest.raises(NotPossible):
        ws.click(robin, question, "Yes")
    with http_app(ws, lambda body, headers: ACCEPT):
        click = ws.click(sam, question, "Yes")
    assert click.payload["container"]["is_ephemeral"]
    assert "message" not in click.payload
    requests.post(click.response_url, json={"text": "done", "replace_original": True}, timeout=5)
    assert [m.plain() for m in ws.private(sam)] == ["done"]


def test_commands_are_refused_in_threads_and_when_unknown(ws: Workspace, sam: User, deploys: Channel) -> None:
    parent = ws.say(sam, deploys, "hello").message
    assert parent is not None
    assert ws.say(sam, deploys, "/deploy web", thread=parent).ack == "not_supported_in_threads"
    assert ws.say(sam, deploys, "/nonsense").ack == "invalid_command"
    assert [m.plain() for m in ws.private(sam)] == [
        "/deploy is not supported in threads. Sorry!",
        "/nonsense is not a valid command.",
    ]


def test_nobody_writes_where_they_are_not(ws: Workspace, sam: User, deploys: Channel) -> None:
    with pytest.raises(NotPossible, match="is not in deploys"):
        ws.say(ws.add_user("stranger"), deploys, "hello")
    ws.archive(deploys)
    with pytest.raises(NotPossible, match="archived"):
        ws.say(sam, deploys, "hello")


def test_events_for_mentions_direct_messages_and_groups(
    ws: Workspace, sam: User, robin: User, deploys: Channel
) -> None:
    app, heard = bolt_app(ws), []
    app.event("app_mention")(lambda event: heard.append((event["type"], event["text"])))
    app.event("message")(lambda event: heard.append((event["channel_type"], event["text"])))
    app.event("subteam_members_changed")(lambda event: heard.append(("group", event["added_users"])))
    oncall = ws.add_group("oncall", [sam])
    with over_http(ws, app):
        ws.say(sam, deploys, "@bot status & <more>")
        assert ws.say(sam, ws.dm(sam), "help").payload["event"]["channel_type"] == "im"
        ws.set_group(oncall, [sam, robin])
        ws.wait(lambda: len(heard) == 3)
    assert heard == [
        ("app_mention", f"<@{ws.bot_user_id}> status &amp; &lt;more&gt;"),
        ("im", "help"),
        ("group", [robin.id]),
    ]


def test_the_manifest_decides_what_works(ws: Workspace, client: WebClient, sam: User, deploys: Channel) -> None:
    message = post(ws, client, deploys, *actions(button(text=plain("Approve"))))
    made = manifest()
    del made["settings"]["interactivity"]
    ws.install(made)
    with pytest.raises(NotPossible, match="interactivity"):
        ws.click(sam, message, "Approve")
    with pytest.raises(NotPossible, match="home tab"):
        ws.open_home(sam)
    assert ws.say(sam, ws.dm(sam), "help").ack == {}


def test_shortcuts_come_from_the_manifest(ws: Workspace, client: WebClient, sam: User, deploys: Channel) -> None:
    message = post(ws, client, deploys, section("log me"))
    with pytest.raises(NotPossible, match="no message shortcut"):
        ws.shortcut(sam, "logs", message)
    ws.install(manifest(shortcuts=[shortcut(callback_id="logs")]))
    with http_app(ws, lambda body, headers: ACCEPT):
        payload = ws.shortcut(sam, "logs", message).payload
    assert (payload["type"], payload["message_ts"]) == ("message_action", message.ts)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("@sam, look", "{sam}, look"),
        ("@Sam look", "{sam} look"),
        ("ask @sam.", "ask {sam}."),
        ("@Sam Reliable & <me>", "{sam} &amp; &lt;me&gt;"),  # as the page shows them
        ("@sammy @sam.x a@sam @nobody", "@sammy @sam.x a@sam @nobody"),
        ("@here #deploys #nowhere", "<!here> {deploys} #nowhere"),
    ],
)
def test_names_become_mentions(ws: Workspace, sam: User, deploys: Channel, typed: str, stored: str) -> None:
    sam.real_name = "Sam Reliable"
    ws.say(sam, deploys, typed)
    assert ws.messages(deploys)[-1].text == stored.format(sam=sam.mention, deploys=f"<#{deploys.id}|deploys>")

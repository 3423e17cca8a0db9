"""The Web API as slack_sdk's client meets it: tokens, scopes, arguments, channels, messages, files, paging."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.workspace import Channel, User, Workspace


def error_of(call: Callable[..., Any], **args: Any) -> str:
    with pytest.raises(SlackApiError) as refusal:
        call(**args)
    return str(refusal.value.response["error"])


def test_auth_test_tells_who_the_bot_is(ws: Workspace, client: WebClient) -> None:
    answer = client.auth_test()
    assert (answer["user_id"], answer["team_id"]) == (ws.bot_user_id, ws.team_id)
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


def test_tokens(ws: Workspace, client: WebClient) -> None:
    assert error_of(WebClient(base_url=ws.url).auth_test) == "not_authed"
    assert error_of(WebClient("xoxb-wrong", base_url=ws.url).auth_test) == "invalid_auth"
    assert error_of(WebClient(ws.app_token, base_url=ws.url).users_list) == "not_allowed_token_type"
    assert error_of(client.apps_connections_open, app_token=ws.bot_token) == "not_allowed_token_type"
    ws.revoke_token()
    assert error_of(client.auth_test) == "token_revoked"


def test_a_missing_scope_is_named(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    ws.revoke_scopes("chat:write")
    with pytest.raises(SlackApiError) as refusal:
        client.chat_postMessage(channel=deploys.id, text="x")
    assert refusal.value.response["error"] == "missing_scope"
    assert refusal.value.response["needed"] == "chat:write"
    assert "users:read" in refusal.value.response["provided"]


def test_history_needs_the_scope_of_the_channels_kind(ws: Workspace, client: WebClient, sam: User) -> None:
    secret = ws.add_channel("secret", [sam], private=True)
    ws.revoke_scopes("channels:history")
    assert client.conversations_history(channel=secret.id)["ok"]
    ws.revoke_scopes("groups:history")
    assert error_of(client.conversations_history, channel=secret.id) == "missing_scope"


def test_unknown_methods_and_arguments_are_refused(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    assert error_of(client.api_test) == "unknown_method"
    with pytest.raises(SlackApiError) as refusal:
        client.chat_postMessage(channel=deploys.id, text="x", thread="1.2")
    assert refusal.value.response["error"] == "invalid_arguments"
    assert "invalid additional property: thread" in refusal.value.response["response_metadata"]["messages"][0]


def test_form_json_and_query_are_all_understood(ws: Workspace, deploys: Channel) -> None:
    header, blocks = {"Authorization": f"Bearer {ws.bot_token}"}, [{"type": "divider"}]
    url = ws.url + "chat.postMessage"
    form = {"channel": deploys.id, "blocks": '[{"type": "divider"}]', "token": ws.bot_token}
    assert requests.post(url, data=form, timeout=5).json()["ok"]
    assert requests.post(url, json={"channel": deploys.id, "blocks": blocks}, headers=header, timeout=5).json()["ok"]
    assert requests.get(url, params=form, timeout=5).json()["ok"]
    token_in_json = {"channel": deploys.id, "text": "x", "token": ws.bot_token}
    assert requests.post(url, json=token_in_json, timeout=5).json()["error"] == "not_authed"
    bad = requests.post(url, data="{", headers={**header, "Content-Type": "application/json"}, timeout=5).json()
    assert bad["error"] == "invalid_json"


def test_where_the_bot_may_write(ws: Workspace, client: WebClient, sam: User) -> None:
    public = ws.add_channel("public", [sam], bot_in=False)
    private = ws.add_channel("private", [sam], bot_in=False, private=True)
    archived = ws.add_channel("old", [sam], archived=True)
    post = client.chat_postMessage
    assert post(channel=public.id, text="x")["ok"]
    assert post(channel="#public", text="x")["channel"] == public.id
    assert post(channel=sam.id, text="x")["channel"] == ws.dm(sam).id
    assert error_of(post, channel=private.id, text="x") == "channel_not_found"
    assert error_of(post, channel=archived.id, text="x") == "is_archived"
    assert error_of(post, channel="C0NOWHERE", text="x") == "channel_not_found"
    ws.revoke_scopes("chat:write.public")
    assert error_of(post, channel=public.id, text="x") == "not_in_channel"


def test_a_message_needs_something_to_show(client: WebClient, deploys: Channel) -> None:
    with pytest.warns(UserWarning, match="`text` argument is missing"):
        assert error_of(client.chat_postMessage, channel=deploys.id, text="  ") == "no_text"
    assert error_of(client.chat_postMessage, channel=deploys.id, text="x", blocks="{}") == "invalid_blocks_format"


def test_updates_replace_and_are_remembered(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    ts = client.chat_postMessage(channel=deploys.id, text="planning", blocks=[{"type": "divider"}])["ts"]
    client.chat_update(channel=deploys.id, ts=ts, text="succeeded")
    [message] = ws.messages(deploys)
    assert (message.text, message.blocks) == ("succeeded", [])
    assert [version.text for version in message.edits] == ["planning", "succeeded"]
    assert message.edits[0].at <= message.edits[1].at
    assert message.edited


def test_only_its_own_living_messages_can_be_changed(
    ws: Workspace, client: WebClient, sam: User, deploys: Channel
) -> None:
    theirs = ws.say(sam, deploys, "hello").message
    assert theirs is not None
    assert error_of(client.chat_update, channel=deploys.id, ts=theirs.ts, text="x") == "cant_update_message"
    assert error_of(client.chat_delete, channel=deploys.id, ts=theirs.ts) == "cant_delete_message"
    ts = client.chat_postMessage(channel=deploys.id, text="x")["ts"]
    ws.delete_message(ws.messages(deploys)[1])
    assert error_of(client.chat_update, channel=deploys.id, ts=ts, text="x") == "message_not_found"
    ephemeral = client.chat_postEphemeral(channel=deploys.id, user=sam.id, text="x")["message_ts"]
    assert error_of(client.chat_update, channel=deploys.id, ts=ephemeral, text="x") == "message_not_found"


def test_updates_fail_where_the_bot_no_longer_is(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    ts = client.chat_postMessage(channel=deploys.id, text="x")["ts"]
    ws.remove_bot(deploys)
    assert error_of(client.chat_update, channel=deploys.id, ts=ts, text="x") == "not_in_channel"
    ws.invite_bot(deploys)
    ws.archive(deploys)
    assert error_of(client.chat_update, channel=deploys.id, ts=ts, text="x") == "is_archived"


def test_ephemerals_are_for_one_member(
    ws: Workspace, client: WebClient, sam: User, robin: User, deploys: Channel
) -> None:
    client.chat_postEphemeral(channel=deploys.id, user=sam.id, text="psst")
    assert [m.plain() for m in ws.private(sam, deploys)] == ["psst"]
    assert ws.private(robin) == []
    assert ws.messages(deploys) == []
    stranger = ws.add_user("stranger")
    assert error_of(client.chat_postEphemeral, channel=deploys.id, user=stranger.id, text="x") == "user_not_in_channel"


def test_threads_and_history(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    metadata = {"event_type": "operation", "event_payload": {"id": "op-7k3f"}}
    parent = client.chat_postMessage(channel=deploys.id, text="parent", metadata=metadata)["ts"]
    for number in range(3):
        client.chat_postMessage(channel=deploys.id, text=f"reply {number}", thread_ts=parent)
    client.chat_postMessage(channel=deploys.id, text="later")
    newest, oldest = client.conversations_history(channel=deploys.id, include_all_metadata=True)["messages"]
    assert (newest["text"], oldest["text"], oldest["reply_count"]) == ("later", "parent", 3)
    assert oldest["metadata"] == metadata
    assert "metadata" not in client.conversations_history(channel=deploys.id)["messages"][1]
    thread = client.conversations_replies(channel=deploys.id, ts=parent)["messages"]
    assert [m["text"] for m in thread] == ["parent", "reply 0", "reply 1", "reply 2"]
    assert [m.text for m in ws.thread(deploys, parent)] == ["reply 0", "reply 1", "reply 2"]
    assert error_of(client.conversations_replies, channel=deploys.id, ts="1.2") == "thread_not_found"


def test_history_is_paged_and_bounded(client: WebClient, deploys: Channel) -> None:
    ts = [client.chat_postMessage(channel=deploys.id, text=str(n))["ts"] for n in range(5)]
    pages = client.conversations_history(channel=deploys.id, limit=2)
    assert [[m["text"] for m in page["messages"]] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]
    between = client.conversations_history(channel=deploys.id, oldest=ts[1], latest=ts[3])["messages"]
    assert [m["text"] for m in between] == ["2"]
    inclusive = client.conversations_history(channel=deploys.id, oldest=ts[1], latest=ts[3], inclusive=True)["messages"]
    assert [m["text"] for m in inclusive] == ["3", "2", "1"]
    assert error_of(client.conversations_history, channel=deploys.id, cursor="nonsense") == "invalid_cursor"


@pytest.mark.parametrize(
    "metadata",
    [{"event_type": "x"}, {"event_payload": {}}, {"event_type": "x", "event_payload": {}, "more": 1}],
)
def test_metadata_must_be_complete(client: WebClient, deploys: Channel, metadata: dict[str, Any]) -> None:
    error = error_of(client.chat_postMessage, channel=deploys.id, text="x", metadata=metadata)
    assert error == "invalid_metadata_format"


def test_people(ws: Workspace, client: WebClient) -> None:
    ws.add_user("guest", is_restricted=True)
    gone = ws.add_user("gone", deleted=True)
    foreign = ws.add_user("foreign", team_id="T0OTHER", email="f@example.com")
    listed = {m["name"]: m for page in client.users_list(limit=2) for m in page["members"]}
    assert set(listed) == {"slackbot", "bot", "guest", "gone"}
    assert listed["guest"]["is_restricted"]
    assert not listed["slackbot"]["is_bot"]
    assert listed["bot"]["is_bot"]
    shown = client.users_info(user=gone.id)["user"]
    assert shown["deleted"]
    assert "is_restricted" not in shown
    assert client.users_info(user=foreign.id)["user"]["team_id"] == "T0OTHER"
    assert client.users_lookupByEmail(email="F@example.com")["user"]["id"] == foreign.id
    assert error_of(client.users_info, user="U0NOBODY") == "user_not_found"
    ws.revoke_scopes("users:read.email")
    assert "email" not in client.users_info(user=foreign.id)["user"]["profile"]


def test_user_groups(ws: Workspace, client: WebClient, sam: User, robin: User) -> None:
    oncall = ws.add_group("oncall", [sam, robin])
    assert client.usergroups_users_list(usergroup=oncall.id)["users"] == [sam.id, robin.id]
    [listed] = client.usergroups_list(include_users=True)["usergroups"]
    assert (listed["handle"], listed["users"]) == ("oncall", [sam.id, robin.id])
    ws.deactivate(robin)
    assert client.usergroups_users_list(usergroup=oncall.id)["users"] == [sam.id]
    assert error_of(client.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


def test_channels(ws: Workspace, client: WebClient, sam: User, deploys: Channel) -> None:
    ws.add_channel("hidden", [sam], bot_in=False, private=True)
    assert [c["name"] for c in client.conversations_list()["channels"]] == ["deploys"]
    assert client.conversations_info(channel=deploys.id)["channel"]["is_member"]
    assert sam.id in client.conversations_members(channel=deploys.id)["members"]
    group = ws.group_dm(sam)
    assert client.conversations_info(channel=group.id)["channel"]["is_mpim"]
    assert client.conversations_members(channel=group.id)["members"] == sorted([sam.id, ws.bot_user_id])
    direct = client.conversations_open(users=sam.id)["channel"]["id"]
    assert direct == ws.dm(sam).id
    assert client.conversations_info(channel=direct)["channel"]["user"] == sam.id
    assert error_of(client.conversations_open, users="USLACKBOT, U0NOBODY") == "too_many_users"
    assert [c["name"] for c in client.users_conversations()["channels"]] == ["deploys"]


def test_files_are_announced_uploaded_and_shared(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    parent = client.chat_postMessage(channel=deploys.id, text="logs below")["ts"]
    client.files_upload_v2(content="line 1\n", filename="web.log", channel=deploys.id, thread_ts=parent)
    [shared] = ws.thread(deploys, parent)
    assert shared.files[0]["name"] == "web.log"
    assert ws.file_content(shared.files[0]["id"]) == b"line 1\n"
    announced = client.files_getUploadURLExternal(filename="x", length=3)
    short = requests.post(announced["upload_url"], data=b"ab", timeout=5)
    assert short.status_code == 400
    error = error_of(client.files_completeUploadExternal, files=[{"id": announced["file_id"]}])
    assert error == "file_not_found"


def test_reactions_and_permalinks(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    ts = client.chat_postMessage(channel=deploys.id, text="x")["ts"]
    client.reactions_add(channel=deploys.id, name="eyes", timestamp=ts)
    assert ws.messages(deploys)[0].reactions == {"eyes": [ws.bot_user_id]}
    assert error_of(client.reactions_add, channel=deploys.id, name="eyes", timestamp=ts) == "already_reacted"
    assert ts.replace(".", "") in client.chat_getPermalink(channel=deploys.id, message_ts=ts)["permalink"]


def test_calls_are_logged_without_tokens(ws: Workspace, client: WebClient, deploys: Channel) -> None:
    client.chat_postMessage(channel=deploys.id, text="x")
    client.apps_connections_open(app_token=ws.app_token)
    [post] = ws.calls("chat.postMessage")
    assert post.args == {"channel": deploys.id, "text": "x"}
    assert post.result["ok"]
    shown = repr(ws.calls())
    assert ws.bot_token not in shown
    assert "ticket" not in shown

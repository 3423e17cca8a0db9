"""The payloads of commands, interactions and events, field by field as Slack sends them.

docs.slack.dev/interactivity/implementing-slash-commands, .../reference/interaction-payloads, .../apis/events-api.
"""

from __future__ import annotations

import secrets
from typing import Any

from playground.workspace import modals, posting
from playground.workspace.model import Channel, Message, User, View
from playground.workspace.state import State

Json = dict[str, Any]


def command(state: State, user: User, channel: Channel, name: str, text: str) -> Json:
    return {
        "token": state.app.verification_token, "team_id": state.team_id, "team_domain": state.domain,
        "channel_id": channel.id, "channel_name": _channel_name(channel), "user_id": user.id, "user_name": user.name,
        "command": name, "text": text, "api_app_id": state.app.app_id, "is_enterprise_install": "false",
        "response_url": state.new_response_url(user.id, channel.id), "trigger_id": state.new_trigger(user.id),
    }  # fmt: skip


def message_action(state: State, user: User, message: Message, action: Json, values: Json) -> Json:
    """block_actions from a message. An ephemeral one is not included (interaction-payloads/block_actions-payload)."""
    channel = state.channels[message.channel]
    ephemeral = message.seen_by is not None
    payload = _interaction(state, user, "block_actions") | {
        "container": {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": ephemeral},
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "response_url": state.new_response_url(user.id, channel.id, message),
        "state": {"values": values}, "actions": [action | {"action_ts": state.clock.ts()}],
    }  # fmt: skip
    if message.thread_ts:
        payload["container"]["thread_ts"] = message.thread_ts
    return payload if ephemeral else payload | {"message": posting.as_json(state, message)}


def view_action(state: State, user: User, view: View, action: Json, values: Json) -> Json:
    return _interaction(state, user, "block_actions", view.id) | {
        "container": {"type": "view", "view_id": view.id}, "view": modals.as_json(state, view, values),
        "actions": [action | {"action_ts": state.clock.ts()}],
    }  # fmt: skip


def view_submission(state: State, user: User, view: View, values: Json) -> Json:
    return _interaction(state, user, "view_submission", view.id) | {
        "view": modals.as_json(state, view, values), "response_urls": []
    }  # fmt: skip


def view_closed(state: State, user: User, view: View, cleared: bool) -> Json:
    payload = _interaction(state, user, "view_closed", view.id)
    del payload["trigger_id"]
    return payload | {"view": modals.as_json(state, view), "is_cleared": cleared}


def shortcut(state: State, user: User, callback_id: str, message: Message | None) -> Json:
    """A global shortcut, or with a message a message shortcut."""
    kind = "shortcut" if message is None else "message_action"
    payload = _interaction(state, user, kind) | {"callback_id": callback_id, "action_ts": state.clock.ts()}
    if message is None:
        return payload
    channel = state.channels[message.channel]
    return payload | {"message_ts": message.ts, "message": posting.as_json(state, message),
                      "channel": {"id": channel.id, "name": _channel_name(channel)},
                      "response_url": state.new_response_url(user.id, channel.id, message)}  # fmt: skip


def event(state: State, inner: Json) -> Json:
    """The outer event; its `event_id` is what redeliveries share."""
    return {
        "token": state.app.verification_token, "team_id": state.team_id, "api_app_id": state.app.app_id,
        "event": inner, "type": "event_callback", "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(state.clock.now()), "is_ext_shared_channel": False, "event_context": secrets.token_hex(12),
        "authorizations": [{"enterprise_id": None, "team_id": state.team_id, "user_id": state.app.bot_user_id,
                            "is_bot": True, "is_enterprise_install": False}],
    }  # fmt: skip


def _interaction(state: State, user: User, kind: str, view_id: str | None = None) -> Json:
    return {
        "type": kind, "team": {"id": state.team_id, "domain": state.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": state.app.app_id, "token": state.app.verification_token, "enterprise": None,
        "is_enterprise_install": False, "trigger_id": state.new_trigger(user.id, view_id),
    }  # fmt: skip


def _channel_name(channel: Channel) -> str:
    """Slack does not tell apps the names of private channels and direct messages here."""
    return {"channels": channel.name, "im": "directmessage"}.get(channel.kind, "privategroup")

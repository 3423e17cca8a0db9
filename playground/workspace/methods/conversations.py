"""conversations.* that list and open channels (docs.slack.dev/apis/web-api/using-the-conversations-api)."""

from __future__ import annotations

from typing import Any

from playground.workspace.errors import SlackError
from playground.workspace.methods.lookup import known_user, page, visible_channel
from playground.workspace.methods.registry import Context, method
from playground.workspace.model import Channel
from playground.workspace.rules import limit
from playground.workspace.state import State

Json = dict[str, Any]
_TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


@method("conversations.info", required="channel", optional="include_num_members:bool include_locale:bool")
def info(context: Context) -> Json:
    channel = visible_channel(context.state, context.args["channel"])
    context.need(f"{channel.kind}:read")
    shown = as_json(context.state, channel)
    if context.args.get("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


@method("conversations.members", required="channel", optional="cursor limit:int")
def members(context: Context) -> Json:
    channel = visible_channel(context.state, context.args["channel"])
    context.need(f"{channel.kind}:read")
    count = context.args.get("limit", 100)
    if not 1 <= count <= limit("members.limit"):
        raise SlackError("invalid_limit")
    chosen, cursor = page(sorted(channel.members), count, context.args.get("cursor", ""))
    return {"members": chosen, "response_metadata": {"next_cursor": cursor}}


@method("conversations.open", optional="channel users return_im:bool prevent_creation:bool")
def open_direct(context: Context) -> Json:
    """One user only here; several (an mpim) are not played."""
    context.need("im:write")
    state, users = context.state, [u for u in context.args.get("users", "").split(",") if u]
    if context.args.get("channel"):
        return {"channel": {"id": visible_channel(state, context.args["channel"]).id}}
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("too_many_users")
    user = known_user(state, users[0])
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    channel = state.dm(user.id)
    return {"channel": as_json(state, channel) if context.args.get("return_im") else {"id": channel.id}}


@method("conversations.list", optional="cursor exclude_archived:bool limit:int types")
def list_all(context: Context) -> Json:
    return _listed(context, lambda channel: channel.kind == "channels" or context.state.bot_is_in(channel))


@method("users.conversations", optional="cursor exclude_archived:bool limit:int types user")
def list_joined(context: Context) -> Json:
    user = context.args.get("user", context.state.app.bot_user_id)
    known_user(context.state, user)
    return _listed(context, lambda channel: user in channel.members
                   and (channel.kind == "channels" or context.state.bot_is_in(channel)))  # fmt: skip


def _listed(context: Context, chosen: Any) -> Json:
    kinds = []
    for name in context.args.get("types", "public_channel").split(","):
        if name.strip() not in _TYPES:
            raise SlackError("invalid_types")
        kinds.append(_TYPES[name.strip()])
    context.need(*(f"{kind}:read" for kind in kinds))
    found = [
        as_json(context.state, channel)
        for channel in context.state.channels.values()
        if channel.kind in kinds and chosen(channel)
        and not (channel.is_archived and context.args.get("exclude_archived"))
    ]  # fmt: skip
    chosen_page, cursor = page(found, context.args.get("limit", 100), context.args.get("cursor", ""))
    return {"channels": chosen_page, "response_metadata": {"next_cursor": cursor}}


def as_json(state: State, channel: Channel) -> Json:
    """docs.slack.dev/reference/objects/conversation-object"""
    shown: Json = {
        "id": channel.id, "created": int(channel.created), "is_archived": channel.is_archived, "is_im": channel.is_im,
        "is_channel": channel.kind == "channels", "is_group": channel.kind == "groups", "is_mpim": channel.is_mpim,
        "is_private": channel.is_private or channel.is_im, "context_team_id": state.team_id,
    }  # fmt: skip
    if channel.is_im:
        return shown | {"user": next(iter(channel.members - {state.app.bot_user_id}), state.app.bot_user_id)}
    topic = {"value": channel.topic, "creator": "", "last_set": 0}
    return shown | {"name": channel.name, "name_normalized": channel.name, "is_member": state.bot_is_in(channel),
                    "is_general": False, "is_shared": False, "is_ext_shared": False, "topic": topic}  # fmt: skip

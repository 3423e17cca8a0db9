"""chat.*: writing into channels (docs.slack.dev/reference/methods/chat.postMessage and its neighbours)."""

from __future__ import annotations

from typing import Any

from playground.workspace import posting
from playground.workspace.blocks import message_blocks
from playground.workspace.errors import SlackError
from playground.workspace.methods.lookup import joined_channel, own_message, postable_channel, visible_channel
from playground.workspace.methods.registry import Context, method
from playground.workspace.rules import limit

Json = dict[str, Any]
_SHARED = (
    "text blocks:json attachments:json thread_ts parse link_names:bool mrkdwn:bool unfurl_links:bool unfurl_media:bool"
)
_LOOK = "username icon_emoji icon_url as_user:bool"


@method("chat.postMessage", scopes="chat:write", required="channel",
        optional=f"{_SHARED} {_LOOK} metadata:json reply_broadcast:bool markdown_text")  # fmt: skip
def post_message(context: Context) -> Json:
    args = context.args
    channel = postable_channel(context, args["channel"])
    text, blocks, attachments = _content(args)
    metadata = _metadata(args)
    thread = _thread(context, channel.id)
    message = posting.post(
        context.state, channel, context.state.app.bot_user_id, text[: limit("post.text")], blocks,
        attachments=attachments, thread_ts=thread, metadata=metadata or None,
        broadcast=args.get("reply_broadcast", False), link_names=_names_link(args),
    )  # fmt: skip
    return {"channel": channel.id, "ts": message.ts, "message": posting.as_json(context.state, message)}


@method("chat.postEphemeral", scopes="chat:write", required="channel user", optional=f"{_SHARED} {_LOOK} markdown_text")
def post_ephemeral(context: Context) -> Json:
    args, state = context.args, context.state
    channel = postable_channel(context, args["channel"])
    if args["user"] not in state.users:
        raise SlackError("user_not_found")
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks, attachments = _content(args)
    thread = _thread(context, channel.id)
    message = posting.post_private(state, channel.id, args["user"], text[: limit("post.text")], blocks,
                                   thread_ts=thread, attachments=attachments, source="postEphemeral")  # fmt: skip
    return {"message_ts": message.ts}


@method("chat.update", scopes="chat:write", required="channel ts",
        optional="text blocks:json attachments:json metadata:json parse link_names:bool as_user:bool "
        "reply_broadcast:bool file_ids:json markdown_text")  # fmt: skip
def update(context: Context) -> Json:
    """Blocks left out with a text given go away; blocks alone keep the old text (measured: facts/slack.md)."""
    args, state = context.args, context.state
    channel = joined_channel(context, args["channel"])
    if channel.is_archived:
        raise SlackError("is_archived")
    message = own_message(state, channel, args["ts"], "cant_update_message")
    if len(args.get("text", "")) > limit("update.text"):
        raise SlackError("msg_too_long")
    text, blocks, attachments = _content(args)
    metadata = _metadata(args)
    if "attachments" in args:
        message.attachments = attachments
    if metadata is not None:
        message.metadata = metadata or None
    posting.edit(state, message, text if "text" in args or "markdown_text" in args else message.text, blocks)
    return {"channel": channel.id, "ts": message.ts, "text": message.text,
            "message": posting.as_json(state, message)}  # fmt: skip


@method("chat.delete", scopes="chat:write", required="channel ts", optional="as_user:bool")
def delete(context: Context) -> Json:
    state = context.state
    channel = visible_channel(state, context.args["channel"])
    message = own_message(state, channel, context.args["ts"], "cant_delete_message")
    posting.delete(state, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", required="channel message_ts")
def permalink(context: Context) -> Json:
    state, ts = context.state, context.args["message_ts"]
    channel = visible_channel(state, context.args["channel"])
    if state.message(channel.id, ts) is None:
        raise SlackError("message_not_found")
    link = f"https://{state.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def _content(args: Json) -> tuple[str, list[Json], list[Json]]:
    """Text, checked blocks and attachments; `no_text` when there is nothing to show."""
    blocks = message_blocks(args["blocks"]) if args.get("blocks") not in (None, []) else []
    attachments = args.get("attachments") or []
    if len(attachments) > limit("post.attachments"):
        raise SlackError("too_many_attachments")
    text = args.get("text", "")
    if markdown := args.get("markdown_text"):
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        blocks = message_blocks([{"type": "markdown", "text": markdown}])
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    return text, blocks, attachments


def _metadata(args: Json) -> Json | None:
    """None when not given, {} to remove it (docs.slack.dev/messaging/message-metadata)."""
    metadata = args.get("metadata")
    if metadata in (None, {}):
        return None if metadata is None else {}
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if set(metadata) != {"event_type", "event_payload"} or not metadata["event_type"]:
        raise SlackError("invalid_metadata_format")
    return metadata


def _thread(context: Context, channel: str) -> str | None:
    """The thread to reply in: always the parent's timestamp, even when a reply's was given."""
    ts = context.args.get("thread_ts")
    if not ts:
        return None
    found = context.state.message(channel, ts)
    if found is None:
        raise SlackError("thread_not_found")
    return found.thread_ts or found.ts


def _names_link(args: Json) -> bool:
    return bool(args.get("link_names")) or args.get("parse") == "full"

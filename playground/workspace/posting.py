"""Posting, editing, deleting: the only code that changes messages, so that edits, pings and events are never missed."""

from __future__ import annotations

from typing import Any

from playground.workspace.model import Channel, Message, Notification, Version
from playground.workspace.state import State

Json = dict[str, Any]


def post(
    state: State, channel: Channel, user: str, text: str, blocks: list[Json] | None = None, **more: Any
) -> Message:
    """Add a message and notify whom it mentions. `more` sets other fields of Message."""
    message = _new(state, channel.id, user, text, blocks or [], **more)
    channel.messages.append(message)
    _notify(state, channel, message)
    state.emit(f"message.{channel.kind}", {**as_json(state, message, with_metadata=False), "channel": channel.id,
                                           "channel_type": _channel_type(channel), "event_ts": message.ts})  # fmt: skip
    state.changed()
    return message


def post_private(
    state: State, channel: str, viewer: str, text: str, blocks: list[Json] | None = None, **more: Any
) -> Message:
    """Add an ephemeral message: `viewer` alone sees it, no history shows it, no API edits it."""
    message = _new(state, channel, more.pop("user", state.app.bot_user_id), text, blocks or [], **more)
    message.seen_by = viewer
    state.private.append(message)
    state.changed()
    return message


def edit(state: State, message: Message, text: str, blocks: list[Json]) -> None:
    """Replace what a message says. Notifies nobody: edits do not (docs.slack.dev/reference/methods/chat.update)."""
    message.text, message.blocks = text, blocks
    message.edited = state.clock.ts()
    message.edits.append(Version(state.clock.now(), text, tuple(blocks)))
    channel = state.channels.get(message.channel)
    if channel and not message.seen_by:
        state.emit(f"message.{channel.kind}", {
            "type": "message", "subtype": "message_changed", "channel": channel.id, "hidden": True,
            "ts": message.edited, "channel_type": _channel_type(channel), "event_ts": message.edited,
            "message": as_json(state, message),
        })  # fmt: skip
    state.changed()


def delete(state: State, message: Message) -> None:
    message.deleted = True
    channel = state.channels.get(message.channel)
    if channel and not message.seen_by:
        ts = state.clock.ts()
        state.emit(f"message.{channel.kind}", {
            "type": "message", "subtype": "message_deleted", "channel": channel.id, "hidden": True, "ts": ts,
            "channel_type": _channel_type(channel), "event_ts": ts, "deleted_ts": message.ts,
        })  # fmt: skip
    state.changed()


def replies(channel: Channel, ts: str) -> list[Message]:
    return [m for m in channel.messages if m.thread_ts == ts and m.ts != ts and not m.deleted]


def as_json(state: State, message: Message, with_metadata: bool = True) -> Json:
    """The message as Slack's API and payloads show it (docs.slack.dev/reference/events/message)."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": state.team_id,
    }
    optional = {
        "bot_id": message.bot_id,
        "app_id": state.app.app_id if message.bot_id else "",
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "subtype": "thread_broadcast" if message.broadcast else "",
        "edited": {"user": message.user, "ts": message.edited} if message.edited else None,
        "metadata": message.metadata if with_metadata else None,
        "files": message.files,
        "attachments": message.attachments,
        "reactions": [{"name": n, "users": u, "count": len(u)} for n, u in message.reactions.items()],
    }
    shown |= {name: value for name, value in optional.items() if value}
    channel = state.channels.get(message.channel)
    if channel and not message.thread_ts and (answers := replies(channel, message.ts)):
        shown |= {"thread_ts": message.ts, "reply_count": len(answers), "latest_reply": answers[-1].ts,
                  "reply_users": sorted({m.user for m in answers})}  # fmt: skip
    return shown


def _new(state: State, channel: str, user: str, text: str, blocks: list[Json], **more: Any) -> Message:
    if user == state.app.bot_user_id:
        more = {"bot_id": state.app.bot_id, **more}
    version = Version(state.clock.now(), text, tuple(blocks))
    return Message(state.clock.ts(), channel, user, text, blocks, state.names, edits=[version], **more)


def _channel_type(channel: Channel) -> str:
    return {"channels": "channel", "groups": "group"}.get(channel.kind, channel.kind)


def _notify(state: State, channel: Channel, message: Message) -> None:
    """Who is told of a new message: those mentioned who are in the channel, and the other side of a direct message."""
    shot = message.snapshot()
    seen = shot.visible_pings
    everyone = seen & {"channel", "here", "everyone"}
    for user in sorted(channel.members - {message.user, state.app.bot_user_id}):
        groups = {gid for gid, group in state.groups.items() if user in group.members and not group.disabled}
        if user in seen:
            why = "mention"
        elif groups & seen:
            why = "group"
        elif everyone:
            why = min(everyone)
        elif channel.is_im:
            why = "dm"
        else:
            continue
        state.notifications.append(Notification(user, shot, why))

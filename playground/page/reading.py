"""What one person can see of the workspace now, as plain values: channels with unread counts, messages, a thread.

Pure, but for taking the workspace's lock. Times are seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.workspace import Channel, Message, User, Workspace

SHOWN = 80
"""Messages of a channel on the page, the latest ones: as many as a person scrolls through in a try-out."""


@dataclass(frozen=True, slots=True)
class Room:
    """A channel in the list. ``mentions`` counts what would make a phone buzz; it is part of ``unread``."""

    id: str
    label: str
    is_dm: bool
    is_private: bool
    unread: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Post:
    """A message as one reader sees it. ``follows`` the one before by the same author within five minutes."""

    message: Message
    author: User
    is_private: bool
    is_mention: bool
    is_new: bool
    follows: bool
    replies: int
    last_reply: float


def people(workspace: Workspace) -> list[User]:
    """Everyone one can be: not bots, nor who was deactivated."""
    with workspace.state.lock:
        return [user for user in workspace.state.users.values()
                if not user.is_bot and not user.deleted and user.id != "USLACKBOT"]  # fmt: skip


def rooms(workspace: Workspace, reader: User, read: dict[str, str]) -> list[Room]:
    """The reader's channels, then the direct messages with the app. ``read``: by channel, the ts read last."""
    with workspace.state.lock:
        mine = [channel for channel in workspace.state.channels.values() if reader.id in channel.members]
        return [_room(workspace, channel, reader, read.get(channel.id, "")) for channel in sorted(mine, key=_order)]


def posts(workspace: Workspace, channel: Channel, reader: User, read: str = "") -> list[Post]:
    """The channel's messages and what only this reader sees, oldest first."""
    with workspace.state.lock:
        held = [*workspace.messages(channel), *_private(workspace, channel, reader, None)]
        return _posts(workspace, channel, reader, sorted(held, key=_ts)[-SHOWN:], read)


def thread(workspace: Workspace, channel: Channel, reader: User, root: str) -> list[Post]:
    """The parent and its replies; nothing if it was deleted."""
    with workspace.state.lock:
        parent = workspace.state.message(channel.id, root)
        if parent is None:
            return []
        held = [*workspace.thread(channel, root), *_private(workspace, channel, reader, root)]
        return _posts(workspace, channel, reader, [parent.snapshot(), *sorted(held, key=_ts)], "")


def _room(workspace: Workspace, channel: Channel, reader: User, read: str) -> Room:
    others = [m for m in channel.messages if not m.deleted and m.ts > read and m.user != reader.id]
    rung = {
        n.message.ts for n in workspace.state.notifications if n.user == reader.id and n.message.channel == channel.id
    }
    new = [m for m in others if m.ts in rung or m.thread_ts in {None, m.ts} or m.broadcast]
    label = "Quarterdeck" if channel.is_im else channel.name
    return Room(channel.id, label, channel.is_im, channel.is_private, len(new), sum(m.ts in rung for m in new))


def _private(workspace: Workspace, channel: Channel, reader: User, root: str | None) -> list[Message]:
    return [m for m in workspace.private(reader, channel) if not m.deleted and m.thread_ts == root]


def _posts(workspace: Workspace, channel: Channel, reader: User, held: list[Message], read: str) -> list[Post]:
    rung = {n.message.ts for n in workspace.state.notifications if n.user == reader.id}
    found: list[Post] = []
    for message in held:
        before = found[-1].message if found else None
        answers = [] if message.seen_by else workspace.thread(channel, message.ts)
        found.append(
            Post(
                message, workspace.state.users[message.user], message.seen_by is not None, message.ts in rung,
                bool(read) and message.ts > read and message.user != reader.id, _follows(before, message),
                len(answers), answers[-1].at if answers else 0.0,
            )
        )  # fmt: skip
    return found


def _follows(before: Message | None, message: Message) -> bool:
    return (before is not None and before.user == message.user and message.at - before.at < 300
            and bool(before.seen_by) == bool(message.seen_by))  # fmt: skip


def _order(channel: Channel) -> tuple[bool, str]:
    return channel.is_im, channel.name


def _ts(message: Message) -> float:
    return float(message.ts)

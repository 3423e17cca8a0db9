"""The one place where the workspace's state lives, guarded by one lock.

`lock` is held for every read and write; nobody holds it across an await or a network call. Whoever changes something
calls `changed()`, which wakes every waiter. `emit` hands an event to whoever
delivers events; until a server runs that is nobody.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any

from playground.workspace.clock import Clock
from playground.workspace.installation import Installation
from playground.workspace.model import Call, Channel, Message, Notification, ResponseUrl, Trigger, User, UserGroup, View

Json = dict[str, Any]


def unheard(name: str, event: Json) -> None:
    """The `emit` of a workspace without a server."""


class State:
    def __init__(self, team_id: str = "T0PLAYGRND", domain: str = "playground") -> None:
        self.lock = threading.Condition(threading.RLock())
        self.version = 0
        self.clock = Clock()
        self.team_id = team_id
        self.domain = domain
        self.app = Installation()
        self.users: dict[str, User] = {}
        self.groups: dict[str, UserGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.names: dict[str, str] = {}
        self.private: list[Message] = []
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[str]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.notifications: list[Notification] = []
        self.calls: list[Call] = []
        self.files: dict[str, Json] = {}
        self.tickets: set[str] = set()
        self.base_url = ""
        self.emit: Callable[[str, Json], None] = unheard
        self.listeners: list[Callable[[], None]] = []
        """Called at every change, by whichever thread makes it and with the lock held: they only take note."""
        self._counter = 0

    def changed(self) -> None:
        with self.lock:
            self.version += 1
            self.lock.notify_all()
            for listener in self.listeners:
                listener()

    def new_id(self, kind: str, name: str = "") -> str:
        """An ID of Slack's form (kind letter, capitals and digits) in which a person can still read the name."""
        self._counter += 1
        readable = "".join(c for c in name.upper() if c.isascii() and c.isalnum())[:6]
        return f"{kind}0{readable}{self._counter:0{9 - len(readable)}d}"

    def new_trigger(self, user: str, view_id: str | None = None) -> str:
        trigger = Trigger(f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}", user,
                          self.clock.now(), view_id=view_id)  # fmt: skip
        self.triggers[trigger.id] = trigger
        return trigger.id

    def new_response_url(self, user: str, channel: str, message: Message | None = None) -> str:
        key = secrets.token_hex(12)
        self.response_urls[key] = ResponseUrl(key, user, channel, self.clock.now(), message=message)
        path = "commands" if message is None else "actions"
        return f"{self.base_url}/{path}/{self.team_id}/{key}"

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        self.names[user.id] = user.name
        self.changed()
        return user

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        self.names[channel.id] = channel.name
        self.changed()
        return channel

    def dm(self, user: str) -> Channel:
        """The direct channel between the bot and `user`, made when first asked for."""
        members = {user, self.app.bot_user_id}
        for channel in self.channels.values():
            if channel.is_im and channel.members == members:
                return channel
        return self.add_channel(
            Channel(self.new_id("D", self.names.get(user, "")), "", members, self.clock.now(), is_im=True)
        )

    def message(self, channel: str, ts: str) -> Message | None:
        """The message posted as `ts`, unless it was deleted."""
        held = self.channels.get(channel)
        return next((m for m in reversed(held.messages) if m.ts == ts and not m.deleted), None) if held else None

    def bot_is_in(self, channel: Channel) -> bool:
        return self.app.bot_user_id in channel.members

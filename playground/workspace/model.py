"""What a workspace consists of: people, groups, channels, messages, modals. Plain records, no behaviour of Slack's.

Everything a page would show is here: messages with their edits, threads, ephemerals, modals and users.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from playground.workspace import mrkdwn, reading
from playground.workspace.reading import Button

Json = dict[str, Any]


@dataclass
class User:
    """A member (or guest, bot, deactivated or external person). `id` never changes; everything else may."""

    id: str
    name: str
    team_id: str
    real_name: str = ""
    email: str = ""
    tz: str = "Europe/Amsterdam"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    deleted: bool = False

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass
class UserGroup:
    id: str
    handle: str
    members: list[str]
    updated: float
    disabled: bool = False

    @property
    def mention(self) -> str:
        return f"<!subteam^{self.id}>"


@dataclass(frozen=True)
class Version:
    """What a message said from `at` (seconds since the epoch) on."""

    at: float
    text: str
    blocks: tuple[Json, ...]


@dataclass
class Message:
    """A message, or (`seen_by` set) an ephemeral one. `edits` holds every version, the current one last."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    names: Mapping[str, str] = field(repr=False, compare=False)
    bot_id: str = ""
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    edited: str | None = None
    deleted: bool = False
    seen_by: str | None = None
    source: str = ""
    link_names: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    edits: list[Version] = field(default_factory=list)

    @property
    def at(self) -> float:
        """When it was posted, seconds since the epoch."""
        return self.edits[0].at

    @property
    def pings(self) -> frozenset[str]:
        """User and group IDs, `channel`, `here`, `everyone`: all that its text *or* blocks would ping.

        Slack shows blocks instead of the text when there are both; the union is the safe side for "nothing pings".
        """
        return mrkdwn.pings_in(self.text, self.link_names) | mrkdwn.pings_in_blocks(self.blocks)

    @property
    def visible_pings(self) -> frozenset[str]:
        """As `pings`, of what is shown: the blocks when there are any, else the text."""
        return mrkdwn.pings_in_blocks(self.blocks) if self.blocks else mrkdwn.pings_in(self.text, self.link_names)

    def plain(self) -> str:
        """The text, and below it the blocks, as a person reads them."""
        if self.deleted:
            return "(deleted)"
        files = [f"(file {item.get('name', '')})" for item in self.files]
        return "\n".join(
            part
            for part in (mrkdwn.readable(self.text, self.names), reading.plain(self.blocks, self.names), *files)
            if part
        )

    def buttons(self) -> list[Button]:
        return [] if self.deleted else reading.controls(self.blocks)

    def button(self, text_or_action_id: str) -> Button | None:
        return next((b for b in self.buttons() if text_or_action_id in (b.text, b.action_id)), None)

    def snapshot(self) -> Message:
        """A copy that later edits leave alone (versions and blocks are replaced, never changed in place)."""
        return replace(
            self,
            edits=list(self.edits),
            reactions={name: list(users) for name, users in self.reactions.items()},
            files=list(self.files),
        )


@dataclass
class Channel:
    id: str
    name: str
    members: set[str]
    created: float
    is_private: bool = False
    is_archived: bool = False
    is_im: bool = False
    is_mpim: bool = False
    topic: str = ""
    messages: list[Message] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The family its scopes and events belong to: channels, groups, im or mpim."""
        return "im" if self.is_im else "mpim" if self.is_mpim else "groups" if self.is_private else "channels"


@dataclass
class View:
    """An open modal or a home tab. `body` is the view as the app sent it, block and action IDs filled in."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    is_open: bool = True
    names: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def title(self) -> str:
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.body["blocks"])

    def buttons(self) -> list[Button]:
        return reading.controls(self.blocks)

    def plain(self) -> str:
        return f"{self.title}\n{reading.plain(self.blocks, self.names)}"


@dataclass
class Trigger:
    """A `trigger_id`: lets the app open one modal for `user` within three seconds."""

    id: str
    user: str
    created: float
    used: bool = False
    view_id: str | None = None


@dataclass
class ResponseUrl:
    """Where an app answers an interaction: five times within thirty minutes."""

    key: str
    user: str
    channel: str
    created: float
    uses: int = 0
    message: Message | None = None


@dataclass(frozen=True)
class Notification:
    """Someone's phone buzzes: `why` is mention, group, channel, here, everyone or dm."""

    user: str
    message: Message
    why: str


@dataclass(frozen=True)
class Call:
    """One Web API request as the workspace saw it, tokens redacted. `at` is seconds since the epoch."""

    method: str
    args: Json
    status: int
    result: Json
    at: float
    fault: str = ""

    @property
    def error(self) -> str:
        return str(self.result.get("error", ""))

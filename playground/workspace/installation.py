"""The app as installed in the workspace: its tokens, its scopes, and what its manifest declared."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

EVERY_SCOPE = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "pins:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
USUAL_EVENTS = ("app_home_opened", "app_mention", "message.im", "subteam_members_changed")


@dataclass(frozen=True)
class Command:
    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    callback_id: str
    name: str
    type: str


@dataclass
class Installation:
    """One app in one workspace. Tokens are made up anew for every workspace."""

    app_id: str = "A0PLAYGRND"
    bot_id: str = "B0PLAYGRND"
    bot_user_id: str = "U0PLAYBOT"
    bot_token: str = field(default_factory=lambda: f"xoxb-playground-{secrets.token_hex(12)}", repr=False)
    app_token: str = field(default_factory=lambda: f"xapp-playground-{secrets.token_hex(12)}", repr=False)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)
    scopes: frozenset[str] = EVERY_SCOPE
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    commands: dict[str, Command] = field(default_factory=dict)
    shortcuts: dict[str, Shortcut] = field(default_factory=dict)
    events: frozenset[str] = frozenset(USUAL_EVENTS)
    home_tab: bool = True
    interactivity: bool = True
    socket_mode: bool = True
    revoked: bool = False

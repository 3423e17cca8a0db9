"""What Slack's client makes of what a person types: commands apart, mentions turned into IDs, the rest escaped."""

from __future__ import annotations

import re

from playground.workspace.mrkdwn import escape
from playground.workspace.state import State

_COMMAND = re.compile(r"(/[^\s/]\S*)(?:[ \n]+(.*))?", re.DOTALL)
_AT = re.compile(r"(?<![\w<@!^])@([a-z0-9][a-z0-9._-]*)")
_HASH = re.compile(r"(?<![\w<#])#([a-z0-9][a-z0-9._-]*)")


def split_command(typed: str) -> tuple[str, str] | None:
    """`/deploy web 1.4.2` as its name and its text; None when it is a message."""
    match = _COMMAND.fullmatch(typed)
    return (match[1], (match[2] or "").strip()) if match else None


def as_message(state: State, typed: str) -> str:
    """The text Slack stores for a typed message: escaped, `@name` and `#channel` as `<@U...>` and `<#C...|name>`."""
    return _linked(state, escape(typed), with_names=False)


def as_command_text(state: State, text: str, should_escape: bool) -> str:
    """A command's text: as typed, or with `should_escape` with mentions as `<@U...|name>`.

    docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling ("escape channels, users, links").
    """
    return _linked(state, escape(text), with_names=True) if should_escape else text


def _linked(state: State, text: str, with_names: bool) -> str:
    users = {user.name: user.id for user in state.users.values()}
    groups = {group.handle: group.id for group in state.groups.values()}
    channels = {channel.name: channel.id for channel in state.channels.values() if channel.name}

    def at(match: re.Match[str]) -> str:
        name = match[1].rstrip(".-")
        rest = match[1][len(name) :]
        if name in users:
            return f"<@{users[name]}{'|' + name if with_names else ''}>{rest}"
        if name in groups:
            return f"<!subteam^{groups[name]}|@{name}>{rest}"
        return f"<!{name}>{rest}" if name in ("channel", "here", "everyone") else match[0]

    def channel(match: re.Match[str]) -> str:
        return f"<#{channels[match[1]]}|{match[1]}>" if match[1] in channels else match[0]

    return _HASH.sub(channel, _AT.sub(at, text))

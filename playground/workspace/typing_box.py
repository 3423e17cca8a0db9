"""What Slack's client makes of what a person types: commands apart, mentions turned into IDs, the rest escaped."""

from __future__ import annotations

import re

from playground.workspace.mrkdwn import escape
from playground.workspace.state import State

_COMMAND = re.compile(r"(/[^\s/]\S*)(?:[ \n]+(.*))?", re.DOTALL)
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
    """Names are matched as whole words, the longest first, and however they are capitalised, as Slack's client offers them."""
    channels = {channel.name: channel.id for channel in state.channels.values() if channel.name}
    known = _known(state, with_names)
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))

    def channel(match: re.Match[str]) -> str:
        return f"<#{channels[match[1]]}|{match[1]}>" if match[1] in channels else match[0]

    at = re.compile(rf"(?<![\w<@!^])@({names})(?![\w-]|\.\w)", re.IGNORECASE)
    return _HASH.sub(channel, at.sub(lambda match: known[match[1].lower()], text))


def _known(state: State, with_names: bool) -> dict[str, str]:
    """What Slack stores, by what may stand behind ``@``, escaped and in lower case: a handle, or a name as it is shown."""
    found = {name: f"<!{name}>" for name in ("channel", "here", "everyone")}
    found |= {group.handle: f"<!subteam^{group.id}|@{group.handle}>" for group in state.groups.values()}
    for user in state.users.values():
        stored = f"<@{user.id}|{user.name}>" if with_names else user.mention
        found |= {name: stored for name in (user.real_name, user.name) if name}
    return {escape(name).lower(): stored for name, stored in found.items()}

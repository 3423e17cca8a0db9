"""Slack's message text: what it pings, and how it reads.

Source: docs.slack.dev/messaging/formatting-message-text (escaping, mentions, links, dates). Text is stored as given;
`&amp;`, `&lt;` and `&gt;` are the only escapes. A control sequence is `<...>` in the raw text: an escaped one is inert.
Sequences inside backticks count as pings here: Slack parses them before formatting, and this way errs on the safe side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

_SEQUENCE = re.compile(r"<([^<>\n]+)>")
_BROADCAST = re.compile(r"!(channel|here|everyone)(\||$)")
_SUBTEAM = re.compile(r"!subteam\^(S[A-Z0-9]+)(\||$)")
_USER = re.compile(r"@([UW][A-Z0-9]+)(\||$)")
_NAMED = re.compile(r"(?<![\w<!|])@(channel|here|everyone)\b")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """What Slack's client does to what a person types."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def pings_in(text: str, link_names: bool = False) -> frozenset[str]:
    """IDs of the users and groups `text` mentions, and `channel`, `here`, `everyone`."""
    found = set()
    for sequence in _SEQUENCE.findall(text):
        for pattern in (_BROADCAST, _SUBTEAM, _USER):
            if match := pattern.match(sequence):
                found.add(match[1])
    if link_names:
        found.update(_NAMED.findall(text))
    return frozenset(found)


def readable(text: str, names: Mapping[str, str]) -> str:
    """The text as a person reads it: mentions by name, links by label, dates by their fallback."""

    def said(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target.startswith("@"):
            return "@" + names.get(target[1:], label or target[1:])
        if target.startswith("#"):
            return "#" + names.get(target[1:], label or target[1:])
        if target.startswith("!subteam^"):
            return "@" + names.get(target[9:], label or target[9:])
        if target.startswith("!date^"):
            return label
        return "@" + (label or target[1:]) if target.startswith("!") else label or target

    return unescape(_SEQUENCE.sub(said, text))


def _texts(node: Any) -> Iterator[Json]:
    """Every text-bearing object in a tree of blocks, in reading order."""
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        yield node
        for key, value in node.items():
            if key not in ("confirm", "options", "option_groups") and isinstance(value, dict | list):
                yield from _texts(value)


def pings_in_blocks(blocks: list[Json]) -> frozenset[str]:
    """As `pings_in`, for blocks: mrkdwn and markdown texts, and rich text's user, usergroup and broadcast elements.

    `plain_text` never pings (docs.slack.dev/reference/block-kit/composition-objects/text-object).
    """
    found: set[str] = set()
    for node in _texts(blocks):
        match node.get("type"):
            case "mrkdwn" | "markdown":
                found |= pings_in(str(node.get("text", "")))
            case "user" if "user_id" in node:
                found.add(node["user_id"])
            case "usergroup" if "usergroup_id" in node:
                found.add(node["usergroup_id"])
            case "broadcast" if "range" in node:
                found.add(node["range"])
    return frozenset(found)

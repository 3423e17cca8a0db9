"""Slack's limits and escapes, written a second time and from facts/slack.md alone, so that a mistake in the views cannot hide.

``problems(blocks)`` lists what Slack would refuse; ``pings(view)`` lists whom a message would notify.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

TOKEN = re.compile(r"<[^<>]*>")
KNOWN = re.compile(
    r"<@[UW][A-Z0-9]+>|<#[CGD][A-Z0-9]+>|"
    r"<!subteam\^S[A-Z0-9]+>|<!date\^\d+\^(?:\{[a-z_]+\}|[a-z, ])+\|[0-9a-z: -]+>|<https?://[^\s<>|]+>",
    re.IGNORECASE,
)
ESCAPE = re.compile(r"&(?:amp|lt|gt);")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def text_problems(text: str, limit: int, where: str) -> Iterator[str]:
    """A ``mrkdwn`` text: its length, and nothing in it that is half of something."""
    yield from raw_problems(text, limit, where)
    rest = TOKEN.sub("", text)
    if "<" in rest or ">" in rest:
        yield f"{where}: a bare angle bracket"
    if "&" in ESCAPE.sub("", text):
        yield f"{where}: a bare or cut ampersand"
    for token in TOKEN.findall(text):
        if not KNOWN.fullmatch(token):
            yield f"{where}: a control sequence that is not ours: {token}"
    if text.count("```") % 2:
        yield f"{where}: an open fence"


def raw_problems(text: str, limit: int, where: str) -> Iterator[str]:
    if not text.strip():
        yield f"{where}: empty"
    try:
        if units(text) > limit:
            yield f"{where}: {units(text)} of {limit}"
    except UnicodeEncodeError:
        yield f"{where}: half a surrogate pair"
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
        yield f"{where}: a control character"


def text_object(node: Json, limit: int, where: str) -> Iterator[str]:
    if node["type"] == "mrkdwn":
        yield from text_problems(node["text"], limit, where)
        if node.get("verbatim") is not True:
            yield f"{where}: not verbatim"
    else:
        yield from raw_problems(node["text"], limit, where)
        if re.search(r"<[@!#]", node["text"]):
            yield f"{where}: looks like a control sequence"


def block_problems(block: Json) -> Iterator[str]:
    where = block.get("block_id", "")
    if not 0 < len(where) <= 255:
        yield "block_id"
    kinds = {
        "section": section_problems,
        "context": context_problems,
        "actions": actions_problems,
        "table": table_problems,
    }
    yield from kinds[block["type"]](block, where)


def section_problems(block: Json, where: str) -> Iterator[str]:
    yield from text_object(block["text"], 3000, where)


def context_problems(block: Json, where: str) -> Iterator[str]:
    if not 0 < len(block["elements"]) <= 10:
        yield f"{where}: elements"
    for element in block["elements"]:
        yield from text_object(element, 3000, where)


def actions_problems(block: Json, where: str) -> Iterator[str]:
    if not 0 < len(block["elements"]) <= 25:
        yield f"{where}: elements"
    for element in block["elements"]:
        yield from (select_problems if element["type"] == "static_select" else button_problems)(element, where)


def select_problems(select: Json, where: str) -> Iterator[str]:
    yield from text_object(select["placeholder"], 150, where)
    if not 0 < len(select["options"]) <= 100 or len(select["action_id"]) > 255:
        yield f"{where}: options or action_id"
    for option in select["options"]:
        yield from text_object(option["text"], 75, where)
        yield from raw_problems(option["value"], 150, where)
    yield from confirm_problems(select, where)


def button_problems(button: Json, where: str) -> Iterator[str]:
    yield from text_object(button["text"], 75, where)
    yield from raw_problems(button["accessibility_label"], 75, where)
    if len(button["value"]) > 2000 or len(button["action_id"]) > 255:
        yield f"{where}: value or action_id"
    if button.get("style") not in {None, "primary", "danger"}:
        yield f"{where}: style"
    yield from confirm_problems(button, where)


def confirm_problems(element: Json, where: str) -> Iterator[str]:
    if confirm := element.get("confirm"):
        yield from text_object(confirm["title"], 100, where)
        yield from text_object(confirm["text"], 300, where)
        yield from text_object(confirm["confirm"], 30, where)
        yield from text_object(confirm["deny"], 30, where)


def table_problems(block: Json, where: str) -> Iterator[str]:
    rows = block["rows"]
    if not 0 < len(rows) <= 100 or any(not 0 < len(row) <= 20 for row in rows) or len({len(row) for row in rows}) != 1:
        yield f"{where}: rows"
    cells = [cell for row in rows for cell in row]
    if sum(units(cell["text"]) for cell in cells) > 10_000:
        yield f"{where}: all cells"
    for cell in cells:
        yield from text_object(cell, 10_000, where)


def message_size(blocks: tuple[Json, ...]) -> int:
    return sum(units(json.dumps(block, ensure_ascii=False)) for block in blocks if block["type"] != "table")


def problems(text: str, blocks: tuple[Json, ...]) -> list[str]:
    """All that is wrong with a message. Empty: Slack takes it, and shows it whole."""
    found = list(text_problems(text, 4000, "text"))
    for block in blocks:
        found += block_problems(block)
    if len(blocks) > 50:
        found.append("more than 50 blocks")
    if message_size(blocks) > 13_000:
        found.append("msg_blocks_too_long")
    if sum(block["type"] == "table" for block in blocks) > 1:
        found.append("more than one table")
    found += [f"block_id {name} twice" for name, n in Counter(block["block_id"] for block in blocks).items() if n > 1]
    return found


def pings(text: str, blocks: tuple[Json, ...]) -> set[str]:
    """Whom it would notify, wherever in the message it stands."""
    whole = text + json.dumps(blocks, ensure_ascii=False)
    return set(re.findall(r"<@([^<>|]+)", whole)) | set(re.findall(r"<!(?!date\^)([^<>|]+)", whole))

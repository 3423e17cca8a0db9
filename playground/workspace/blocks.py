"""Checks blocks as a whole: each by its shape, then what holds across them; fills in the IDs the app left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from playground.workspace.block_kit import MESSAGE_BLOCKS
from playground.workspace.errors import SlackError
from playground.workspace.reading import ACTIVE_TYPES
from playground.workspace.rules import limit, rule
from playground.workspace.shapes import Problems, Shape

Json = dict[str, Any]


def message_blocks(blocks: Any) -> list[Json]:
    """A message's blocks with IDs filled in. Raises SlackError `invalid_blocks` with the path of each problem."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = Problems()
    check_blocks(blocks, MESSAGE_BLOCKS, "/blocks", problems)
    if not problems.messages:
        _check_totals(blocks, problems)
    if problems.messages:
        raise SlackError(next(iter(problems.errors), "invalid_blocks"), problems.messages)
    return with_ids(blocks)


def check_blocks(blocks: list[Any], shape: Shape, path: str, problems: Problems) -> None:
    shape.check(blocks, path, problems)
    if not problems.messages:
        _check_ids(blocks, path, problems)


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every interactive element an action_id, as Slack makes them up."""
    copied: list[Json] = json.loads(json.dumps(blocks))
    for number, block in enumerate(copied):
        block.setdefault("block_id", f"auto{number}")
        for index, element in enumerate(_active(block)):
            element.setdefault("action_id", f"auto{number}-{index}")
    return copied


def _active(block: Json) -> Iterator[Json]:
    for item in (*block.get("elements", []), block.get("accessory"), block.get("element")):
        if isinstance(item, dict) and item.get("type") in ACTIVE_TYPES:
            yield item


def _check_ids(blocks: list[Json], path: str, problems: Problems) -> None:
    """block_ids are unique in a message or view, action_ids within their block (.../block-elements/button-element)."""
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        if (block_id := block.get("block_id")) in seen:
            problems.add(f"`block_id` {block_id} already exists", f"{path}/{number}/block_id")
        seen.update([block_id] if block_id else [])
        actions = [element["action_id"] for element in _active(block) if "action_id" in element]
        for action_id in sorted({a for a in actions if actions.count(a) > 1}):
            problems.add(f"`action_id` {action_id} already exists for another element", f"{path}/{number}/elements")


def _check_totals(blocks: list[Json], problems: Problems) -> None:
    """What is limited per message, not per block."""
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > limit("markdown.text"):
        problems.add(f"must be less than {limit('markdown.text') + 1} characters in all", "/blocks")
    if sum(block["type"] == "table" for block in blocks) > limit("table.per_message"):
        problems.add("only_one_table_allowed", "/blocks", rule("table.per_message").error)
    if sum(map(len, _texts(blocks))) > limit("message.blocks_text"):
        problems.add("blocks are too long in all", "/blocks", rule("message.blocks_text").error)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)

"""Checks a message's blocks."""

from __future__ import annotations

from typing import Any

from playground.workspace.errors import SlackError

Json = dict[str, Any]


def message_blocks(blocks: Any) -> list[Json]:
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    return with_ids(blocks)


def with_ids(blocks: list[Json]) -> list[Json]:
    return [{"block_id": f"b{n}", **block} for n, block in enumerate(blocks)]

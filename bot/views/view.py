"""What every view returns, and the two blocks that nearly all consist of.

Texts are ``verbatim``: Slack resolves our control sequences, and turns no plain text into links, channels or mentions
(docs.slack.dev/reference/block-kit/composition-objects/text-object).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject, SectionBlock

from bot.views import limits
from bot.views.text import cut, length

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """``text`` is the top-level text, what notifications and screen readers get; ``blocks`` are plain JSON."""

    text: str
    blocks: tuple[Json, ...] = ()


def view(text: str, blocks: Iterable[Block | None] = ()) -> View:
    """Seals blocks, without those that are None, into JSON. Raises ``SlackObjectFormationError`` past Slack's limits."""
    shown = [block.to_dict() for block in blocks if block is not None]
    return View(cut(text, limits.TEXT), tuple(_fitted(shown[: limits.BLOCKS])))


def weight(block: Json) -> int:
    """What a block counts for in ``limits.MESSAGE``; of a table, its texts (which have a limit of their own)."""
    if block["type"] == "table":
        return sum(length(cell["text"]) for row in block["rows"] for cell in row)
    return length(json.dumps(block, ensure_ascii=False))


def _fitted(blocks: list[Json]) -> list[Json]:
    """The last resort for pathological texts: the heaviest part gives way to a note; the buttons stay."""
    while sum(map(weight, blocks)) > limits.MESSAGE:
        at = max(range(len(blocks)), key=lambda i: weight(blocks[i]) if blocks[i]["type"] != "actions" else 0)
        note = context(f"left-out-{at}", "A part that is too long for Slack is left out here.")
        blocks[at : at + 1] = [note.to_dict()] if note else []
    return blocks


def section(block_id: str, text: str) -> SectionBlock | None:
    """None where there is nothing to say: Slack refuses an empty text."""
    return SectionBlock(block_id=block_id, text=markdown(text, limits.SECTION)) if text.strip() else None


def context(block_id: str, *texts: str) -> ContextBlock | None:
    """Small print."""
    elements = [markdown(text, limits.FIELD) for text in texts if text.strip()]
    return ContextBlock(block_id=block_id, elements=elements[: limits.CONTEXT_ELEMENTS]) if elements else None


def markdown(text: str, limit: int) -> MarkdownTextObject:
    return MarkdownTextObject(text=cut(text, limit), verbatim=True)

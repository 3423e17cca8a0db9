"""Block Kit as HTML: one pure function per type of block, found by its name. Text is escaped where it is taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from playground.page.blocks.form import input_block
from playground.page.blocks.layout import actions, context, divider, header, image, markdown, section
from playground.page.blocks.rich_text import rich_text
from playground.page.blocks.table import table
from playground.page.look import Look

__all__ = ["Look", "blocks_html"]

Json = dict[str, Any]
_BY_TYPE: Mapping[str, Callable[[Json, Look], Markup]] = {
    "actions": actions, "context": context, "divider": divider, "header": header, "image": image, "markdown": markdown,
    "rich_text": rich_text, "section": section, "table": table,
}  # fmt: skip


def blocks_html(blocks: Sequence[Json], look: Look, errors: Mapping[str, str] | None = None) -> Markup:
    """``errors``: what is wrong with a form's inputs, by block id."""
    return Markup("\n").join(_block(block, look, (errors or {}).get(block.get("block_id", ""), "")) for block in blocks)


def _block(block: Json, look: Look, error: str) -> Markup:
    if block["type"] == "input":
        return input_block(block, look, error)
    painted = _BY_TYPE.get(block["type"])
    if painted is None:
        return Markup('<p class="faint">(a block of type {} that this page cannot show)</p>').format(block["type"])
    return painted(block, look)

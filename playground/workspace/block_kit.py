"""The blocks, and which of them a message, a modal and a home tab may hold.

docs.slack.dev/reference/block-kit/blocks; blocks not listed here are refused as unsupported, even if Slack knows them.
"""

from __future__ import annotations

from typing import Any

from playground.workspace.elements import (
    BUTTON,
    IMAGE,
    MULTI_SELECTS,
    OVERFLOW,
    PICKERS,
    SELECTS,
    TEXT_INPUTS,
    TYPE,
    any_text,
    one_of,
    plain,
)
from playground.workspace.rich_text import RICH_TEXT_PARTS
from playground.workspace.shapes import ByType, Choice, Fields, Flag, Many, Problems, Shape, Text

Json = dict[str, Any]
_BLOCK: dict[str, Shape] = {"type!": TYPE, "block_id": Text("block.block_id", least=1)}


def _text_or_fields(value: Json, path: str, problems: Problems) -> None:
    if not value.get("text") and not value.get("fields"):
        problems.add("missing required field: text", path)


RICH_TEXT = Fields({**_BLOCK, "elements!": Many(RICH_TEXT_PARTS)})
_CELL = ByType(
    {
        "raw_text": Fields({"type!": TYPE, "text!": Text(least=1)}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = Fields({"align": Choice(("left", "center", "right")), "is_wrapped": Flag()})

_EVERYWHERE: dict[str, Shape] = {
    "actions": Fields(
        {
            **_BLOCK,
            "elements!": Many(
                ByType({"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **PICKERS}),
                "actions.elements",
            ),
        }
    ),
    "context": Fields(
        {
            **_BLOCK,
            "elements!": Many(
                ByType({"image": IMAGE, "plain_text": plain(), "mrkdwn": any_text()}),
                "context.elements",
            ),
        }
    ),
    "divider": Fields(_BLOCK),
    "header": Fields({**_BLOCK, "text!": plain("header.text")}),
    "image": Fields(
        {
            **_BLOCK,
            "image_url": Text("image.image_url"),
            "slack_file": Fields({"id": Text(), "url": Text()}),
            "alt_text!": Text("image.alt_text"),
            "title": plain("image.title"),
        },
        one_of("image_url", "slack_file"),
    ),
    "input": Fields(
        {
            **_BLOCK,
            "label!": plain("input.label"),
            "element!": ByType({**TEXT_INPUTS, **SELECTS, **MULTI_SELECTS, **PICKERS}),
            "hint": plain("input.hint"),
            "optional": Flag(),
            "dispatch_action": Flag(),
        }
    ),
    "rich_text": RICH_TEXT,
    "section": Fields(
        {
            **_BLOCK,
            "text": any_text("section.text"),
            "fields": Many(any_text("section.field"), "section.fields"),
            "accessory": ByType(
                {"button": BUTTON, "image": IMAGE, "overflow": OVERFLOW, **SELECTS, **MULTI_SELECTS, **PICKERS}
            ),
            "expand": Flag(),
        },
        _text_or_fields,
    ),
}
_ONLY_IN_MESSAGES: dict[str, Shape] = {
    "markdown": Fields({**_BLOCK, "text!": Text("markdown.text", least=1)}),
    "table": Fields(
        {
            **_BLOCK,
            "rows!": Many(Many(_CELL, "table.columns"), "table.rows"),
            "column_settings": Many(_COLUMN, "table.column_settings"),
        }
    ),
}

MESSAGE_BLOCKS = Many(ByType({**_EVERYWHERE, **_ONLY_IN_MESSAGES}), "message.blocks", least=0)
VIEW_BLOCKS = Many(ByType(_EVERYWHERE), "view.blocks")

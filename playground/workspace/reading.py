"""Blocks as a person sees them: plain text to assert on, and the controls that can be pressed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.workspace.mrkdwn import readable

Json = dict[str, Any]
_SKIPPED = ("confirm", "placeholder")
_SELECTS = ("static_select", "external_select", "users_select", "channels_select", "conversations_select")
_NAMING = {"user": "user_id", "usergroup": "usergroup_id", "broadcast": "range", "channel": "channel_id"}
_LABELLED = ("button", "overflow", *_SELECTS)
ACTIVE_TYPES = frozenset(
    {
        *_SELECTS,
        *(f"multi_{kind}" for kind in _SELECTS),
        "button",
        "checkboxes",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "number_input",
        "overflow",
        "plain_text_input",
        "radio_buttons",
        "timepicker",
        "url_text_input",
    }
)


@dataclass(frozen=True)
class Button:
    """A control in a message or a modal: a button, a select or an overflow menu."""

    text: str
    action_id: str
    block_id: str
    type: str
    element: Json = field(repr=False, compare=False)

    @property
    def value(self) -> str:
        return str(self.element.get("value", ""))

    @property
    def style(self) -> str:
        return str(self.element.get("style", ""))

    @property
    def confirm(self) -> Json | None:
        return self.element.get("confirm")

    @property
    def url(self) -> str:
        return str(self.element.get("url", ""))


def elements_of(block: Json) -> list[Json]:
    """The block's interactive elements, in order."""
    candidates = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [item for item in candidates if isinstance(item, dict) and "action_id" in item]


def controls(blocks: list[Json]) -> list[Button]:
    return [
        Button(label(element), element["action_id"], block.get("block_id", ""), element["type"], element)
        for block in blocks
        for element in elements_of(block)
    ]


def label(element: Json) -> str:
    text = element.get("text") or element.get("placeholder") or {}
    return str(text.get("text", "")) if isinstance(text, dict) else str(text)


def plain(blocks: list[Json], names: Mapping[str, str]) -> str:
    """One line per block or row; buttons as `[Approve]`, images by their alt text."""
    return "\n".join(line for block in blocks if (line := _block(block, names)))


def _block(block: Json, names: Mapping[str, str]) -> str:
    match block.get("type"):
        case "divider":
            return "---"
        case "table":
            rows = ([" ".join(_pieces(cell, names)) for cell in row] for row in block.get("rows", []))
            return "\n".join(" | ".join(row) for row in rows)
        case "rich_text":
            return "\n".join("".join(_pieces(part, names)) for part in block.get("elements", []))
        case "section":
            parts = [block.get("text"), *block.get("fields", []), block.get("accessory")]
            return "\n".join(text for part in parts if part and (text := " ".join(_pieces(part, names))))
        case _:
            return " ".join(_pieces(block, names))


def _pieces(node: Any, names: Mapping[str, str]) -> Iterator[str]:
    """The texts under a node, in the order Slack shows them."""
    if isinstance(node, list):
        for item in node:
            yield from _pieces(item, names)
    elif isinstance(node, dict):
        shown = _leaf(node, names)
        if shown is not None:
            yield shown
            return
        for key, value in node.items():
            if key not in _SKIPPED:
                yield from _pieces(value, names)


def _leaf(node: Json, names: Mapping[str, str]) -> str | None:
    """How a node without inner parts reads; None for one that has some."""
    kind = node.get("type")
    if kind in _LABELLED:
        return f"[{label(node) or '...'}]"
    if kind in _NAMING:
        target = str(node[_NAMING[kind]])
        return "@" + names.get(target, target)
    text = node.get("text")
    shown = {
        "mrkdwn": readable(str(text), names),
        "markdown": readable(str(text), names),
        "image": f"({node.get('alt_text', 'image')})",
        "link": str(text or node.get("url", "")),
        "emoji": f":{node.get('name', '')}:",
    }
    return shown.get(str(kind), text if isinstance(text, str) else None)

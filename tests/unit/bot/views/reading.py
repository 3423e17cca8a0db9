"""A message as a person reads it: what tests compare, so that they show what the channel shows."""

from __future__ import annotations

import re
from typing import Any


def readable(text: str) -> str:
    """Dates by their UTC time, mentions as ``@U1``, escapes resolved, bold without its asterisks."""
    text = re.sub(
        r"<!date\^\d+\^([^|]*)\|(\D*)\S+ (\S+) UTC>",
        lambda m: m[2] + m[3] + (" (ago)" if "{ago}" in m[1] else ""),
        text,
    )
    text = re.sub(r"<!subteam\^(\w+)>", r"@\1", text)
    text = re.sub(r"<([^<>]+)>", r"\1", text)
    text = re.sub(r"\*([^*\n]+)\*", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def screen(blocks: tuple[dict[str, Any], ...]) -> str:
    """All blocks, one below the other; buttons in brackets, cells between bars."""
    return "\n".join(line for block in blocks for line in _block(block))


def _control(element: dict[str, Any]) -> str:
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    options = ", ".join(option["text"]["text"] for option in element["options"])
    return f"[{element['placeholder']['text']}: {options}]"


def _block(block: dict[str, Any]) -> list[str]:
    match block["type"]:
        case "section":
            return readable(block["text"]["text"]).split("\n")
        case "context":
            return [readable(element["text"]) for element in block["elements"]]
        case "actions":
            return [" ".join(map(_control, block["elements"]))]
        case "table":
            return [" | ".join(cell["text"] for cell in row) for row in block["rows"]]
        case other:
            return [f"({other})"]

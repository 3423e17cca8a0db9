"""Blocks that show: sections, contexts, headers, images, dividers, and rows of controls."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from playground.page import mrkdwn
from playground.page.blocks.controls import control
from playground.page.blocks.text import text
from playground.page.look import Look

Json = dict[str, Any]


def section(block: Json, look: Look) -> Markup:
    parts = [Markup('<div class="text">{}</div>').format(text(block.get("text"), look))] if block.get("text") else []
    if fields := block.get("fields"):
        cells = Markup("").join(Markup("<div>{}</div>").format(text(field, look)) for field in fields)
        parts.append(Markup('<div class="fields2">{}</div>').format(cells))
    shown = Markup('<div class="main">{}</div>').format(Markup("").join(parts))
    beside = block.get("accessory")
    accessory = (
        Markup('<div class="accessory">{}</div>').format(_accessory(beside, block, look)) if beside else Markup()
    )
    return Markup('<div class="section">{}{}</div>').format(shown, accessory)


def context(block: Json, look: Look) -> Markup:
    items = Markup("").join(
        Markup("<span>{}</span>").format(_picture(item, "icon") if item["type"] == "image" else text(item, look))
        for item in block["elements"]
    )
    return Markup('<div class="context">{}</div>').format(items)


def actions(block: Json, look: Look) -> Markup:
    items = Markup("").join(control(element, block.get("block_id", ""), look) for element in block["elements"])
    return Markup('<div class="actions" role="group" aria-label="Actions">{}</div>').format(items)


def header(block: Json, look: Look) -> Markup:
    return Markup('<h3 class="header">{}</h3>').format(text(block["text"], look))


def divider(block: Json, look: Look) -> Markup:
    del block, look
    return Markup("<hr>")


def image(block: Json, look: Look) -> Markup:
    caption = (
        Markup("<figcaption>{}</figcaption>").format(text(block["title"], look)) if block.get("title") else Markup()
    )
    return Markup("<figure>{}{}</figure>").format(caption, _picture(block, "picture"))


def markdown(block: Json, look: Look) -> Markup:
    """Shown as the mrkdwn that it mostly is; headings and lists keep their signs."""
    return Markup('<div class="text">{}</div>').format(mrkdwn.html(str(escape(block["text"])), look))


def _accessory(element: Json, block: Json, look: Look) -> Markup:
    if element["type"] == "image":
        return _picture(element, "thumbnail")
    return control(element, block.get("block_id", ""), look)


def _picture(item: Json, kind: str) -> Markup:
    return Markup('<img class="{}" src="{}" alt="{}">').format(kind, item.get("image_url", ""), item["alt_text"])

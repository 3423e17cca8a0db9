"""Rich text: sections, lists, quotes and preformatted text of styled pieces."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from playground.page import mrkdwn
from playground.page.emoji import emoji
from playground.page.look import Look

Json = dict[str, Any]
_TAGS = {"bold": "strong", "italic": "em", "strike": "s", "code": "code", "underline": "u"}


def rich_text(block: Json, look: Look) -> Markup:
    return Markup("").join(_part(part, look) for part in block["elements"])


def pieces(elements: list[Json], look: Look) -> Markup:
    return Markup("").join(_styled(element, look) for element in elements)


def _part(part: Json, look: Look) -> Markup:
    if part["type"] == "rich_text_list":
        tag = "ol" if part["style"] == "ordered" else "ul"
        items = Markup("").join(
            Markup("<li>{}</li>").format(pieces(item["elements"], look)) for item in part["elements"]
        )
        indent = min(int(part.get("indent", 0)), 8)
        return Markup('<{0} class="list indent{1}">{2}</{0}>').format(Markup(tag), indent, items)  # noqa: S704 - ours
    tag = {"rich_text_preformatted": "pre", "rich_text_quote": "blockquote"}.get(part["type"], "p")
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), pieces(part["elements"], look))  # noqa: S704 - ours


def _styled(element: Json, look: Look) -> Markup:
    shown = _piece(element, look)
    for style, tag in _TAGS.items():
        if element.get("style", {}).get(style):
            shown = Markup("<{0}>{1}</{0}>").format(Markup(tag), shown)  # noqa: S704 - ours
    return shown


def _piece(element: Json, look: Look) -> Markup:
    match element["type"]:
        case "user" | "usergroup" | "channel" | "broadcast" as kind:
            return _mention(kind, element, look)
        case "link":
            return mrkdwn.link(element["url"], element.get("text") or element["url"])
        case "emoji":
            return escape(emoji(element["name"]) or f":{element['name']}:")
        case "date":
            return mrkdwn.date(str(element["timestamp"]), element["format"], element.get("fallback", ""))
        case _:
            said = str(element.get("text", element.get("value", "")))
            return Markup("<br>").join(escape(line) for line in said.split("\n"))


def _mention(kind: str, element: Json, look: Look) -> Markup:
    if kind == "broadcast":
        return Markup('<span class="mention me">@{}</span>').format(element["range"])
    id = element[f"{kind}_id"]
    if kind == "channel":
        return Markup('<span class="mention">#{}</span>').format(look.names.get(id, id))
    return mrkdwn.mention(id, look.names.get(id, id), look)

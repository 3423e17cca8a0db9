"""Interactive elements in messages and sections: buttons, menus and pickers, as the browser's own controls."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape

from playground.page import mrkdwn
from playground.page.look import Look

Json = dict[str, Any]
Choice = tuple[str, str]
"""Value and label."""


def control(element: Json, block_id: str, look: Look) -> Markup:
    match element["type"]:
        case "button":
            return _button(element)
        case "overflow":
            return _overflow(element)
        case kind if kind.removeprefix("multi_") in _MENUS:
            return menu(
                element,
                block_id,
                look,
                Markup(' data-action="{}" data-dispatch="yes"{}').format(element["action_id"], confirm(element)),
            )
        case _:
            from playground.page.blocks.form import field  # noqa: PLC0415 - inputs in messages are rare, and built on this file

            return field(
                element, block_id, look, Markup(' data-action="{}" data-dispatch="yes"').format(element["action_id"])
            )


def confirm(element: Json) -> Markup:
    """The dialog to ask first, as the page's script reads it; Slack's own words where the app gives none."""
    asked = element.get("confirm")
    if not asked:
        return Markup()
    words = {key: asked[key]["text"] for key in ("title", "text", "confirm", "deny") if asked.get(key)}
    said = {
        "title": "Are you sure?",
        "text": "",
        "confirm": "Yes",
        "deny": "Cancel",
        **words,
        "style": asked.get("style", ""),
    }
    return Markup(" data-confirm='{}'").format(json.dumps(said))


def menu(element: Json, block_id: str, look: Look, more: Markup) -> Markup:
    """A select of any kind. The choices of people and channels are the workspace's own."""
    many = element["type"].startswith("multi_")
    chosen = set(_initial(element))
    offered = [*_choices(element, look)]
    blank = Markup('<option value="">{}</option>').format(placeholder(element) or "Choose …") if not many else Markup()
    options = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if value in chosen else "", label)
        for value, label in offered
    )
    return Markup('<select name="{}" data-key="{}" aria-label="{}"{}{}>{}{}</select>').format(
        block_id, f"{block_id}-{element['action_id']}", placeholder(element) or "Choose",
        Markup(" multiple") if many else "", more, blank, options,
    )  # fmt: skip


def placeholder(element: Json) -> str:
    return str((element.get("placeholder") or {}).get("text", ""))


def options(element: Json) -> list[Choice]:
    groups = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [(option["value"], option["text"]["text"]) for option in [*element.get("options", []), *groups]]


def _button(element: Json) -> Markup:
    style = {"primary": "primary", "danger": "danger"}.get(element.get("style", ""), "plain")
    key = f"{element['action_id']}-{element.get('value', '')}"
    label = element.get("accessibility_label")
    named = Markup(' aria-label="{}"').format(label) if label else Markup()
    return Markup('<button type="button" class="{}" data-action="{}" data-key="{}"{}{}>{}</button>').format(
        style, element["action_id"], key, named, confirm(element), mrkdwn.plain(element["text"]["text"])
    )


def _overflow(element: Json) -> Markup:
    items = Markup("").join(
        Markup('<li><button type="button" data-action="{}" data-option="{}"{}>{}</button></li>').format(
            element["action_id"], value, confirm(element), label)
        for value, label in options(element)
    )  # fmt: skip
    return Markup(
        '<details class="overflow" data-key="{}"><summary aria-label="More actions">⋯</summary><ul>{}</ul></details>'
    ).format(element["action_id"], items)


def _choices(element: Json, look: Look) -> Iterable[Choice]:
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        return look.people
    if kind in {"channels_select", "conversations_select"}:
        return [(id, f"#{name}") for id, name in look.names.items() if id.startswith("C")]
    return options(element)


def _initial(element: Json) -> list[str]:
    """The values chosen at first, whatever the element calls them."""
    found = [value for key, value in element.items() if key.startswith("initial_")]
    flat = [item for value in found for item in (value if isinstance(value, list) else [value])]
    return [str(item["value"]) if isinstance(item, dict) else str(escape(item)) for item in flat]


_MENUS = ("static_select", "external_select", "users_select", "channels_select", "conversations_select")

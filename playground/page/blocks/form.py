"""Inputs of forms: a label, the browser's own field, a hint, and what is wrong with what was entered."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from playground.page.blocks.controls import menu, options, placeholder
from playground.page.blocks.text import text
from playground.page.look import Look

Json = dict[str, Any]
_PICKERS = {"datepicker": ("date", "initial_date"), "timepicker": ("time", "initial_time")}
_TEXTS = {"plain_text_input": "text", "email_text_input": "email", "url_text_input": "url", "number_input": "number"}


def input_block(block: Json, look: Look, error: str = "") -> Markup:
    id, element = block["block_id"], block["element"]
    described = " ".join([f"{id}-error"] * bool(error) + [f"{id}-hint"] * bool(block.get("hint")))
    more = Markup(' id="{}-field"').format(id) if element["type"] not in {"checkboxes", "radio_buttons"} else Markup()
    more += Markup(' aria-describedby="{}"').format(described) if described else Markup()
    more += Markup(' aria-invalid="true"') if error else Markup()
    more += Markup() if block.get("optional") else Markup(" required")
    optional = Markup(' <span class="faint">(optional)</span>') if block.get("optional") else Markup()
    hint = (
        Markup('<p class="hint" id="{}-hint">{}</p>').format(id, text(block["hint"], look))
        if block.get("hint")
        else Markup()
    )
    wrong = Markup('<p class="wrong" id="{}-error" role="alert">{}</p>').format(id, error) if error else Markup()
    label = text(block["label"], look) + optional
    return _labelled(element, id, label, field(element, id, look, more)) + wrong + hint


def field(element: Json, block_id: str, look: Look, more: Markup) -> Markup:
    """The element as a field named after its block; ``more`` are further attributes."""
    kind = element["type"]
    if kind in {"checkboxes", "radio_buttons"}:
        return _ticks(element, block_id, "checkbox" if kind == "checkboxes" else "radio")
    if kind == "plain_text_input" and element.get("multiline"):
        return Markup('<textarea name="{}" rows="4" placeholder="{}"{}{}>{}</textarea>').format(
            block_id, placeholder(element), _lengths(element), more, element.get("initial_value", "")
        )
    if kind in _TEXTS:
        return _entry(
            _TEXTS[kind],
            block_id,
            str(element.get("initial_value", "")),
            placeholder(element),
            _lengths(element) + more,
        )
    if kind in _PICKERS:
        type, initial = _PICKERS[kind]
        return _entry(type, block_id, str(element.get(initial, "")), "", more)
    return menu(element, block_id, look, more)


def _labelled(element: Json, id: str, label: Markup, shown: Markup) -> Markup:
    if element["type"] in {"checkboxes", "radio_buttons"}:
        return Markup('<fieldset class="input"><legend>{}</legend>{}</fieldset>').format(label, shown)
    return Markup('<div class="input"><label for="{}-field">{}</label>{}</div>').format(id, label, shown)


def _entry(type: str, name: str, value: str, shown: str, more: Markup) -> Markup:
    return Markup('<input type="{}" name="{}" value="{}" placeholder="{}"{}>').format(type, name, value, shown, more)


def _ticks(element: Json, name: str, type: str) -> Markup:
    ticked = [*element.get("initial_options", []), *filter(None, [element.get("initial_option")])]
    chosen = {option["value"] for option in ticked}
    return Markup("").join(
        Markup('<label class="tick"><input type="{}" name="{}" value="{}"{}> {}</label>').format(
            type, name, value, Markup(" checked") if value in chosen else "", label)
        for value, label in options(element)
    )  # fmt: skip


def _lengths(element: Json) -> Markup:
    high = element.get("max_length")
    return Markup(' maxlength="{}"').format(high) if high else Markup()

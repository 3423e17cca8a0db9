"""Filling in inputs as a person would: the state a modal or message sends along, and what Slack's client insists on.

Shapes: docs.slack.dev/reference/interaction-payloads/view-interactions-payload (`view.state.values`).
"""

from __future__ import annotations

from typing import Any

from playground.workspace.errors import NotEntered, NotPossible
from playground.workspace.reading import elements_of

Json = dict[str, Any]
_CHOSEN = {"static_select": "selected_option", "external_select": "selected_option", "radio_buttons": "selected_option",
           "users_select": "selected_user", "channels_select": "selected_channel",
           "conversations_select": "selected_conversation", "datepicker": "selected_date",
           "timepicker": "selected_time", "datetimepicker": "selected_date_time"}  # fmt: skip
_CHOSEN_MANY = {"multi_static_select": "selected_options", "checkboxes": "selected_options",
                "multi_users_select": "selected_users", "multi_channels_select": "selected_channels",
                "multi_conversations_select": "selected_conversations"}  # fmt: skip
_STATELESS = ("button", "overflow")


def entered(blocks: list[Json], given: Json) -> Json:
    """`{block_id: {action_id: {...}}}` with initial values, overlaid by `given` (by block ID, action ID or label).

    Raises NotPossible for an input that is not there and for what Slack's client would refuse to send.
    """
    _refuse_unknown(blocks, given)
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in _STATELESS:
                continue
            key = next((name for name in _names(block, element) if name in given), None)
            value = state_of(element) if key is None else state_of(element, given[key])
            if block["type"] == "input":
                _insist(block, element, value)
            values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def _names(block: Json, element: Json) -> tuple[str, ...]:
    """What an input may be called: its label, its block ID, its action ID."""
    return (str((block.get("label") or {}).get("text", "")), str(block.get("block_id", "")), str(element["action_id"]))


def _refuse_unknown(blocks: list[Json], given: Json) -> None:
    inputs = [_names(b, e) for b in blocks for e in elements_of(b) if e["type"] not in _STATELESS]
    for name in given:
        if not any(name in names for names in inputs):
            raise NotPossible(f"no input {name!r}; there are: {[names[0] or names[1] for names in inputs]}")


def state_of(element: Json, value: Any = None) -> Json:
    """One element's state, from `value` or else its initial one."""
    kind = element["type"]
    if kind in _CHOSEN:
        key = _CHOSEN[kind]
        initial = element.get("initial" + key.removeprefix("selected"))
        return {"type": kind, key: initial if value is None else _option(element, value)}
    if kind in _CHOSEN_MANY:
        key = _CHOSEN_MANY[kind]
        initial = element.get("initial" + key.removeprefix("selected"), [])
        return {"type": kind, key: initial if value is None else [_option(element, item) for item in value]}
    return {"type": kind, "value": element.get("initial_value") if value is None else value or None}


def options(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def _option(element: Json, wanted: Any) -> Any:
    """The option whose value or text is `wanted`; elements without options (users, dates) take it as it is."""
    if "options" not in element and "option_groups" not in element:
        return wanted
    for option in options(element):
        if wanted in (option["value"], option["text"]["text"]):
            return option
    raise NotPossible(f"no option {wanted!r}; there are: {[option['text']['text'] for option in options(element)]}")


def _insist(block: Json, element: Json, value: Json) -> None:
    """What the client checks before it sends: required inputs are filled, text lengths are kept."""
    entry = next((v for k, v in value.items() if k != "type"), None)
    name = block["label"]["text"]
    if entry in (None, [], ""):
        if not block.get("optional"):
            raise NotEntered(block["block_id"], name, "Please complete this required field.")
        return
    if isinstance(entry, str) and element["type"] == "plain_text_input":
        low, high = element.get("min_length", 0), element.get("max_length", 3000)
        if not low <= len(entry) <= high:
            raise NotEntered(block["block_id"], name, f"Enter {low} to {high} characters; these are {len(entry)}.")

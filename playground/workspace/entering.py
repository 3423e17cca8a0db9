"""Filling in inputs as a person would: the state a modal or message sends along, and what Slack's client insists on.

Shapes: docs.slack.dev/reference/interaction-payloads/view-interactions-payload (`view.state.values`).
"""

from __future__ import annotations

from typing import Any

from playground.workspace.errors import NotPossible
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
    left = dict(given)
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in _STATELESS:
                continue
            names = (block.get("block_id"), element["action_id"], (block.get("label") or {}).get("text"))
            key = next((name for name in names if name in left), None)
            value = state_of(element) if key is None else state_of(element, left.pop(key))
            if block["type"] == "input":
                _insist(block, element, value)
            values.setdefault(block["block_id"], {})[element["action_id"]] = value
    if left:
        inputs = [(block.get("label") or {}).get("text") or block["block_id"] for block in blocks if elements_of(block)]
        raise NotPossible(f"no input {', '.join(map(repr, left))}; there are: {inputs}")
    return values


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
            raise NotPossible(f"{name!r} is required: Slack shows 'Please complete this required field.'")
        return
    if isinstance(entry, str) and element["type"] == "plain_text_input":
        low, high = element.get("min_length", 0), element.get("max_length", 3000)
        if not low <= len(entry) <= high:
            raise NotPossible(f"{name!r} takes {low} to {high} characters, not {len(entry)}")

"""Block elements and composition objects: the shapes of docs.slack.dev/reference/block-kit/block-elements.

Field names also in slack_sdk/models/blocks/block_elements.py and basic_components.py.
"""

from __future__ import annotations

from typing import Any

from playground.workspace.shapes import ByType, Choice, Fields, Flag, Many, Number, Problems, Shape, Text

Json = dict[str, Any]


def plain(limit: str = "text.text") -> Shape:
    return ByType({"plain_text": _text_fields(limit, markdown=False)})


def any_text(limit: str = "text.text") -> Shape:
    return ByType({"plain_text": _text_fields(limit, markdown=False), "mrkdwn": _text_fields(limit, markdown=True)})


def _text_fields(limit: str, *, markdown: bool) -> Shape:
    only = {"verbatim": Flag()} if markdown else {"emoji": Flag()}
    return Fields({"type!": Text(), "text!": Text(limit, least=1), **only})


def one_of(first: str, second: str) -> Any:
    """Exactly one of two fields must be there."""

    def check(value: Json, path: str, problems: Problems) -> None:
        if (first in value) == (second in value):
            problems.add(f"exactly one of {first} and {second} is required", path)

    return check


STYLE = Choice(("primary", "danger"))
TYPE = Text()
CONFIRM = Fields(
    {
        "title!": plain("confirm.title"),
        "text!": any_text("confirm.text"),
        "confirm!": plain("confirm.confirm"),
        "deny!": plain("confirm.deny"),
        "style": STYLE,
    }
)
OPTION = Fields(
    {
        "text!": plain("option.text"),
        "value!": Text("option.value", least=1),
        "description": plain("option.description"),
    }
)
MARKED_OPTION = Fields(
    {
        "text!": any_text("option.text"),
        "value!": Text("option.value", least=1),
        "description": any_text("option.description"),
    }
)
OVERFLOW_OPTION = Fields(
    {
        "text!": plain("option.text"),
        "value!": Text("option.value", least=1),
        "description": plain("option.description"),
        "url": Text("option.url"),
    }
)
OPTION_GROUP = Fields({"label!": plain("option_group.label"), "options!": Many(OPTION, "option_group.options")})
FILTER = Fields(
    {
        "include": Many(Choice(("im", "mpim", "private", "public"))),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    }
)
DISPATCH = Fields(
    {"trigger_actions_on": Many(Choice(("on_enter_pressed", "on_character_entered")))},
)

_ACTIVE: dict[str, Shape] = {"type!": TYPE, "action_id": Text("element.action_id", least=1)}
_INPUT: dict[str, Shape] = {**_ACTIVE, "focus_on_load": Flag(), "confirm": CONFIRM}
_TYPED: dict[str, Shape] = {**_ACTIVE, "focus_on_load": Flag(), "dispatch_action_config": DISPATCH,
                            "placeholder": plain("select.placeholder")}  # fmt: skip
_SELECT: dict[str, Shape] = {**_INPUT, "placeholder": plain("select.placeholder")}


def initial_is_an_option(value: Json, path: str, problems: Problems) -> None:
    """The initial option must be one of the options, word for word (.../select-menu-element)."""
    one_of("options", "option_groups")(value, path, problems)
    groups = value.get("option_groups") or []
    known = [*(value.get("options") or []), *(o for g in groups if isinstance(g, dict) for o in g.get("options", []))]
    if value.get("initial_option") is not None and value["initial_option"] not in known:
        problems.add("must match exactly one of the options", f"{path}/initial_option")


BUTTON = Fields(
    {
        **_ACTIVE,
        "text!": plain("button.text"),
        "value": Text("button.value"),
        "url": Text("button.url"),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": Text("button.accessibility_label"),
    }
)
IMAGE = Fields(
    {
        "type!": TYPE,
        "image_url": Text("image.image_url"),
        "slack_file": Fields({"id": Text(), "url": Text()}),
        "alt_text!": Text("image.alt_text"),
    },
    one_of("image_url", "slack_file"),
)
_STATIC: dict[str, Shape] = {
    **_SELECT,
    "options": Many(OPTION, "select.options"),
    "option_groups": Many(OPTION_GROUP, "select.option_groups"),
}
_MOST = {"max_selected_items": Number(least=1)}
SELECTS: dict[str, Shape] = {
    "static_select": Fields({**_STATIC, "initial_option": OPTION}, initial_is_an_option),
    "external_select": Fields({**_SELECT, "initial_option": OPTION, "min_query_length": Number()}),
    "users_select": Fields({**_SELECT, "initial_user": Text()}),
    "channels_select": Fields({**_SELECT, "initial_channel": Text(), "response_url_enabled": Flag()}),
    "conversations_select": Fields(
        {
            **_SELECT,
            "initial_conversation": Text(),
            "default_to_current_conversation": Flag(),
            "response_url_enabled": Flag(),
            "filter": FILTER,
        }
    ),
}
MULTI_SELECTS: dict[str, Shape] = {
    "multi_static_select": Fields(
        {**_STATIC, **_MOST, "initial_options": Many(OPTION)}, one_of("options", "option_groups")
    ),
    "multi_users_select": Fields({**_SELECT, **_MOST, "initial_users": Many(Text())}),
    "multi_channels_select": Fields({**_SELECT, **_MOST, "initial_channels": Many(Text())}),
    "multi_conversations_select": Fields(
        {
            **_SELECT,
            **_MOST,
            "initial_conversations": Many(Text()),
            "default_to_current_conversation": Flag(),
            "filter": FILTER,
        }
    ),
}
PICKERS: dict[str, Shape] = {
    "datepicker": Fields({**_SELECT, "initial_date": Text()}),
    "timepicker": Fields({**_SELECT, "initial_time": Text(), "timezone": Text()}),
    "datetimepicker": Fields({**_INPUT, "initial_date_time": Number()}),
    "checkboxes": Fields(
        {
            **_INPUT,
            "options!": Many(MARKED_OPTION, "checkboxes.options"),
            "initial_options": Many(MARKED_OPTION),
        }
    ),
    "radio_buttons": Fields(
        {
            **_INPUT,
            "options!": Many(MARKED_OPTION, "radio_buttons.options"),
            "initial_option": MARKED_OPTION,
        }
    ),
}
OVERFLOW = Fields(
    {
        **_ACTIVE,
        "options!": Many(OVERFLOW_OPTION, "overflow.options"),
        "confirm": CONFIRM,
    }
)
TEXT_INPUTS: dict[str, Shape] = {
    "plain_text_input": Fields(
        {
            **_TYPED,
            "initial_value": Text(),
            "multiline": Flag(),
            "min_length": Number("plain_text_input.min_length"),
            "max_length": Number("plain_text_input.max_length", least=1),
        }
    ),
    "email_text_input": Fields({**_TYPED, "initial_value": Text()}),
    "url_text_input": Fields({**_TYPED, "initial_value": Text()}),
    "number_input": Fields(
        {
            **_TYPED,
            "is_decimal_allowed!": Flag(),
            "initial_value": Text(),
            "min_value": Text(),
            "max_value": Text(),
        }
    ),
}

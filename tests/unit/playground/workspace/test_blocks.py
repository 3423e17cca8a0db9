"""What is refused in blocks and views beyond sizes: unknown fields, wrong places, double IDs; and what is filled in."""

from typing import Any

import pytest

from playground.workspace import SlackError
from playground.workspace.blocks import message_blocks
from playground.workspace.view_check import checked_view
from tests.unit.playground.workspace.cases import actions, button, confirm, mrkdwn, plain, section, select, text_input

Json = dict[str, Any]

REFUSED = {
    "no type": ([{}], "missing required field: type [json-pointer:/blocks/0]"),
    "unknown block": ([{"type": "carousel"}], "unsupported type: carousel [json-pointer:/blocks/0/type]"),
    "unknown field": ([section(txt="x")], "invalid additional property: txt [json-pointer:/blocks/0]"),
    "empty section": ([{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
    "empty text": ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "mrkdwn in a header": (
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "emoji on mrkdwn": (
        [{"type": "section", "text": {**mrkdwn("x"), "emoji": True}}],
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    "style": (actions(button(style="green")), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
    "default style": (
        actions(button(style="default")),
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
    ),
    "confirm without deny": (
        actions(button(confirm={k: plain("x") for k in ("title", "text", "confirm")})),
        "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    "no buttons": (actions(), "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    "input in actions": (
        actions({"type": "plain_text_input"}),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    "button in context": (
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    "number as value": (actions(button(value=1)), "must be a string [json-pointer:/blocks/0/elements/0/value]"),
    "double block_id": (
        [{"type": "divider", "block_id": "a"}] * 2,
        "`block_id` a already exists [json-pointer:/blocks/1/block_id]",
    ),
    "double action_id": (
        actions(button(action_id="a"), button(action_id="a")),
        "`action_id` a already exists for another element [json-pointer:/blocks/0/elements]",
    ),
    "foreign initial option": (
        select(initial_option={"text": plain("other"), "value": "other"}),
        "must match exactly one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    "rich text list of text": (
        [{"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [{}]}]}],
        "missing required field: type [json-pointer:/blocks/0/elements/0/elements/0]",
    ),
}


@pytest.mark.parametrize(("blocks", "problem"), REFUSED.values(), ids=REFUSED)
def test_refused(blocks: list[Json], problem: str) -> None:
    with pytest.raises(SlackError) as refusal:
        message_blocks(blocks)
    assert refusal.value.code == "invalid_blocks"
    assert problem in refusal.value.problems
    assert f"[ERROR] {problem}" in refusal.value.body()["response_metadata"]["messages"]


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(SlackError) as refusal:
        message_blocks([section(""), {"type": "header", "text": plain("x" * 151)}])
    assert len(refusal.value.problems) == 2


def test_one_action_id_may_serve_in_two_blocks() -> None:
    assert message_blocks([*actions(button(action_id="a")), *actions(button(action_id="a"))])


def test_missing_ids_are_filled_in_and_the_rest_is_kept() -> None:
    given = [section(), *actions(button(), button(action_id="mine")), *confirm()]
    made = message_blocks(given)
    assert len({block["block_id"] for block in made}) == 3
    assert made[1]["elements"][1]["action_id"] == "mine"
    assert made[1]["elements"][0]["action_id"]
    assert "block_id" not in given[0]


def test_rich_text_and_tables_of_every_part() -> None:
    inline = [
        {"type": "text", "text": "x", "style": {"bold": True}},
        {"type": "link", "url": "https://example.com"},
        {"type": "emoji", "name": "eyes"},
        {"type": "user", "user_id": "U1"},
    ]
    paragraph = {"type": "rich_text_section", "elements": inline}
    parts = [
        paragraph,
        {"type": "rich_text_preformatted", "elements": inline[:1]},
        {"type": "rich_text_list", "style": "ordered", "elements": [paragraph]},
    ]
    cell = {"type": "rich_text", "elements": [paragraph]}
    table = {"type": "table", "rows": [[cell, {"type": "raw_text", "text": "x"}]]}
    assert message_blocks([{"type": "rich_text", "elements": parts}, table])


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("T"), "blocks": [section()], **more}


def test_views_have_rules_of_their_own() -> None:
    for view, problem in (
        (modal(blocks=[text_input()]), "missing required field: submit [json-pointer:/view]"),
        (modal(blocks=[]), "no less than 1 items allowed [json-pointer:/view/blocks]"),
        (modal(blocks=[{"type": "markdown", "text": "x"}]), "unsupported type: markdown"),
        (modal(colour="red"), "invalid additional property: colour [json-pointer:/view]"),
        ({"type": "home", "blocks": [section()]}, "must be of type modal [json-pointer:/view/type]"),
        ("nonsense", "must be an object [json-pointer:/view]"),
    ):
        with pytest.raises(SlackError) as refusal:
            checked_view(view, "modal")
        assert refusal.value.code == "invalid_arguments"
        assert problem in refusal.value.problems[0]

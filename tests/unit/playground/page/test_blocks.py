"""Each type of block as HTML: what a person reads and can press, and what the page's script needs to know."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from playground.page.blocks import Look, blocks_html

Json = dict[str, Any]
LOOK = Look(reader="U1", names={"U1": "sam", "C1": "deploys"}, people=(("U1", "Sam"), ("U2", "Dana")))
EVIL = '"><script>alert(1)</script>'


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def shown(*blocks: Json, **errors: str) -> str:
    return str(blocks_html(blocks, LOOK, errors))


OPTIONS = [{"text": plain("Three"), "value": "3"}, {"text": plain("Five"), "value": "5"}]
SAMPLES: dict[str, Json] = {
    "section": {"type": "section", "text": mrkdwn("*hi*"), "fields": [plain("a"), mrkdwn("`b`")]},
    "context": {"type": "context", "elements": [plain("small"), {"type": "image", "image_url": "https://e.x/i.png", "alt_text": "icon"}]},
    "divider": {"type": "divider"},
    "header": {"type": "header", "text": plain("Title")},
    "image": {"type": "image", "image_url": "https://e.x/i.png", "alt_text": "a graph", "title": plain("Load")},
    "markdown": {"type": "markdown", "text": "**as it is**"},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "name"}], [{"type": "raw_text", "text": "web"}]]},
    "rich_text": {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "b", "style": {"bold": True}}, {"type": "user", "user_id": "U1"}]},
            {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
        ],
    },
}  # fmt: skip
READ = {
    "section": "<strong>hi</strong>", "context": 'alt="icon"', "divider": "<hr>", "header": "Title</h3>", "image": "Load</figcaption>",
    "markdown": "as it is", "table": "<td", "rich_text": "<strong>b</strong>",
}  # fmt: skip


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_type_of_block_is_shown(kind: str) -> None:
    assert READ[kind] in shown(SAMPLES[kind])


def test_a_button_says_what_it_is_and_asks_first_where_it_shall() -> None:
    confirm = {"title": plain("Sure?"), "text": plain("It's prod"), "confirm": plain("Do it"), "deny": plain("No")}
    button = {
        "type": "button",
        "action_id": "approve",
        "value": "op-1",
        "text": plain("Approve"),
        "style": "primary",
        "confirm": confirm,
    }
    text = shown({"type": "actions", "block_id": "b", "elements": [button]})
    assert '<button type="button" class="primary" data-action="approve"' in text
    asked = json.loads(html.unescape(text.split("data-confirm='")[1].split("'")[0]))
    assert asked == {"title": "Sure?", "text": "It's prod", "confirm": "Do it", "deny": "No", "style": ""}


def test_menus_offer_their_options_and_those_of_people_the_workspaces() -> None:
    select = {"type": "static_select", "action_id": "n", "options": OPTIONS, "initial_option": OPTIONS[1]}
    text = shown({"type": "actions", "block_id": "b", "elements": [select]})
    assert '<option value="5" selected>Five</option>' in text
    people = {"type": "users_select", "action_id": "u"}
    assert '<option value="U2">Dana</option>' in shown({"type": "section", "text": plain("x"), "accessory": people})
    overflow = {"type": "overflow", "action_id": "more", "options": OPTIONS}
    assert 'data-action="more" data-option="3"' in shown({"type": "actions", "elements": [overflow]})


@pytest.mark.parametrize(
    ("element", "read"),
    [
        ({"type": "plain_text_input", "initial_value": "x", "max_length": 9}, '<input type="text" name="b" value="x"'),
        ({"type": "plain_text_input", "multiline": True, "initial_value": "x"}, ">x</textarea>"),
        ({"type": "number_input"}, '<input type="number"'),
        ({"type": "url_text_input"}, '<input type="url"'),
        ({"type": "datepicker", "initial_date": "2026-11-28"}, 'type="date" name="b" value="2026-11-28"'),
        ({"type": "timepicker"}, '<input type="time"'),
        ({"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS[:1]}, 'value="3" checked'),
        (
            {"type": "radio_buttons", "options": OPTIONS, "initial_option": OPTIONS[0]},
            'type="radio" name="b" value="3" checked',
        ),
        ({"type": "static_select", "options": OPTIONS}, '<option value="3">Three</option>'),
        ({"type": "multi_static_select", "options": OPTIONS}, " multiple"),
    ],
)
def test_inputs_are_named_after_their_block_and_tell_what_is_wrong(element: Json, read: str) -> None:
    block = {
        "type": "input",
        "block_id": "b",
        "label": plain("Why?"),
        "element": {"action_id": "a", **element},
        "hint": plain("A hint"),
    }
    text = shown(block, b="Say more")
    assert read in text
    assert "Why?" in text
    assert 'role="alert">Say more</p>' in text
    assert "A hint" in text
    assert "Say more" not in shown(block)


@pytest.mark.parametrize("kind", [*SAMPLES, "input"])
def test_no_text_becomes_markup(kind: str) -> None:
    block = SAMPLES.get(kind) or {
        "type": "input", "block_id": "b", "label": plain("x"), "element": {"type": "plain_text_input", "action_id": "a", "initial_value": "x"},
    }  # fmt: skip
    text = shown(_poisoned(block), b=EVIL)
    assert "<script" not in text
    assert ("alert(1)" in text) == (kind != "divider"), "it is shown, as text"


def _poisoned(node: Any) -> Any:
    """Every text of the block replaced by one that would break out."""
    if isinstance(node, dict):
        return {
            key: EVIL if isinstance(value, str) and key in {"text", "alt_text", "initial_value"} else _poisoned(value)
            for key, value in node.items()
        }
    return [_poisoned(item) for item in node] if isinstance(node, list) else node


def test_a_block_that_the_page_does_not_know_is_said_to_be_there() -> None:
    assert "video" in shown({"type": "video"})

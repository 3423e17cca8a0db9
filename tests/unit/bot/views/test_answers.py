"""Private answers, the deny form, and finding our own posts again."""

from __future__ import annotations

import pytest

from bot.views import actions, metadata
from bot.views.modal import deny, reason
from bot.views.refusal import refusal, sentence
from commands.errors import Busy, StoreUnavailable, UsageError
from tests.unit.bot.views import life
from tests.unit.bot.views.reading import screen
from tests.unit.bot.views.slack_rules import problems

USAGE = (
    "There is no environment `prd`. Did you mean `prod`?\n\n"
    "deploy web <1.4.2> to prd\n                      ^^^\n"
    "Usage: deploy WORKLOAD VERSION to ENVIRONMENT"
)


def test_a_refusal_is_its_own_sentence_and_names_people():
    view = refusal(Busy("web is held by op-1a2b, asked for by <@U0SAM>.", holder="op-1a2b"))
    assert view.text == "web is held by op-1a2b, asked for by <@U0SAM>."
    assert screen(view.blocks) == "web is held by op-1a2b, asked for by @U0SAM."


def test_every_error_of_ours_is_a_sentence():
    assert "nothing was changed" in refusal(StoreUnavailable()).text


def test_a_usage_error_points_at_the_word():
    view = refusal(UsageError(USAGE))
    assert problems(view.text, view.blocks) == []
    assert screen(view.blocks) == (
        "There is no environment `prd`. Did you mean `prod`?\n"
        "```\ndeploy web <1.4.2> to prd\n                      ^^^\nUsage: deploy WORKLOAD VERSION to ENVIRONMENT\n```"
    )


def test_a_long_sentence_is_cut():
    view = sentence("word " * 5_000)
    assert problems(view.text, view.blocks) == []
    assert view.text.endswith("… (cut)")


def test_the_deny_form_asks_why_and_remembers_the_plan():
    form = deny(life.awaiting())
    assert form["title"]["text"] == "Deny op-7k3f"
    assert form["callback_id"] == actions.DENY_MODAL
    assert actions.read(form["private_metadata"]) == actions.Click("op-7k3f", life.DIGEST, 1)
    asked = form["blocks"][1]
    assert (asked["block_id"], asked["element"]["action_id"]) == (actions.REASON_BLOCK, actions.REASON_INPUT)
    assert asked["element"]["max_length"] == 500


@pytest.mark.parametrize(("typed", "read"), [(" not now ", "not now"), ("  ", ""), (None, "")])
def test_the_reason_that_was_typed(typed: str | None, read: str):
    values = {actions.REASON_BLOCK: {actions.REASON_INPUT: {"type": "plain_text_input", "value": typed}}}
    assert reason({"state": {"values": values}}) == read


def test_our_posts_are_found_again():
    assert metadata.read(metadata.metadata("op-7k3f", "end")) == metadata.Mark("op-7k3f", "end")
    assert metadata.read(metadata.metadata("op-7k3f")) == metadata.Mark("op-7k3f", metadata.PARENT)


@pytest.mark.parametrize(
    "foreign",
    [
        None,
        {},
        {"event_type": "other"},
        {"event_type": metadata.EVENT},
        {"event_type": metadata.EVENT, "event_payload": {"key": 1}},
    ],
)
def test_what_is_not_ours_is_not_found(foreign: dict | None):
    assert metadata.read(foreign) is None

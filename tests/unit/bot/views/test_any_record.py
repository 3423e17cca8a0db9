"""Whatever stands in a record, Slack takes the message, and nobody is notified who was not meant to be."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings

from bot.views import actions
from bot.views.ack import ack
from bot.views.ending import people_of
from bot.views.modal import deny
from bot.views.operation import parent, private, replies
from bot.views.report import report
from commands.operation import Operation
from commands.progress import Progress
from commands.report import Report
from tests.unit.bot.views import nasty
from tests.unit.bot.views.slack_rules import pings, problems, section_problems

MENTIONS = {"sre": ("U0SAM", "S0ONCALL"), "": ("W0ROBIN",)}


def thorough(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(max_examples=examples // 2, deadline=None, suppress_health_check=list(HealthCheck))


@thorough(30)
@given(nasty.operations, nasty.progresses, nasty.tuples(nasty.texts, 3))
def test_parent(op: Operation, progress: Progress | None, notices: tuple[str, ...]):
    view = parent(op, progress, now=1_700_000_000.0, notices=notices)
    assert problems(view.text, view.blocks) == []
    assert "\n" not in view.text
    assert view.text.endswith(f": {op.state.value}")
    assert pings(view.text, view.blocks) <= people_of(op)


@thorough(30)
@given(nasty.operations)
def test_replies(op: Operation):
    thread = replies(op, MENTIONS)
    for reply in thread:
        assert problems(reply.text, reply.blocks) == [], reply.key
        meant = people_of(op) | {"U0SAM", "W0ROBIN", "subteam^S0ONCALL"}
        assert pings(reply.text, reply.blocks) <= meant, reply.key
    assert len({reply.key for reply in thread}) == len(thread)


@thorough(30)
@given(nasty.operations)
def test_private_answers(op: Operation):
    view = private(op)
    assert problems(view.text, view.blocks) == []
    assert not {name for name in pings(view.text, view.blocks) if not name.startswith(("U", "W"))}
    assert problems(ack(op, "C0PROD").text, ()) == []


@thorough(30)
@given(nasty.reports)
def test_reports(shown: Report):
    view = report(shown)
    assert [p for p in problems(view.text, view.blocks) if p != "text: empty" or shown.title.strip()] == []
    assert pings(view.text, view.blocks) == set()


@thorough(30)
@given(nasty.operations)
def test_deny_modal(op: Operation):
    view = deny(op)
    assert list(section_problems(view["blocks"][0], "about")) == []
    assert pings("", tuple(view["blocks"])) == set()
    assert all(0 < len(view[name]["text"]) <= 24 for name in ("title", "submit", "close"))
    assert actions.read(view["private_metadata"]) == actions.click(op)

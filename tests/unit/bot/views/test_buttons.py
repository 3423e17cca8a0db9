"""Buttons: what can be done in each state, and what a press carries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.views import actions
from bot.views.operation import parent
from commands.draft import Edit, Plan
from commands.errors import Refusal
from commands.operation import Operation
from tests.unit.bot.views import life


def buttons(op: Operation) -> list[dict]:
    rows = [block["elements"] for block in parent(op, None, now=life.NOON).blocks if block["type"] == "actions"]
    return rows[0] if rows else []


def offered(op: Operation) -> list[str]:
    return [button["action_id"] for button in buttons(op)]


@pytest.mark.parametrize(
    ("op", "actions_"),
    [
        (life.planning(), ["cancel"]),
        (life.awaiting(), ["approve", "deny", "cancel"]),
        (life.half_approved(), ["approve", "deny", "cancel", "withdraw"]),
        (life.queued(), ["cancel", "withdraw"]),
        (life.acting(), []),
        (life.observing(), ["logs", "cancel"]),
        (life.succeeded(), ["rollback"]),
        (life.failed(), ["rollback", "retry", "logs"]),
        (replace(life.failed(), written=None), ["retry"]),
        (life.denied(), ["retry"]),
        (life.expired(), ["retry"]),
        (life.cancelled(), ["retry"]),
        (life.unfollowed(), ["rollback", "logs"]),
        (life.superseded(), ["retry"]),
        (life.rejected(), []),
    ],
    ids=lambda value: value.state.value if isinstance(value, Operation) else None,
)
def test_what_can_be_done_now(op: Operation, actions_: list[str]):
    assert offered(op) == actions_


@pytest.mark.parametrize(
    ("path", "undoable"),
    [
        ("/spec/replicas", True),
        ("/spec/template/spec/containers/0/image", True),
        ("/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt", False),
    ],
)
def test_only_what_can_be_gone_back_from_offers_roll_back(path: str, undoable: bool):
    draft = replace(life.DRAFT, patch=replace(life.DRAFT.patch, edits=(Edit(path, 1, 2),)))
    op = replace(life.succeeded(), plan=Plan.of("deploy", draft, life.NOON))
    assert ("rollback" in offered(op)) is undoable


def test_a_press_carries_the_plan_it_was_shown_beside():
    assert actions.read(buttons(life.awaiting())[0]["value"]) == actions.Click("op-7k3f", life.DIGEST, 1)
    assert actions.read(buttons(life.drifted())[0]["value"]) == actions.Click("op-7k3f", "e" * 64, 2)
    assert actions.read(buttons(life.planning())[0]["value"]) == actions.Click("op-7k3f", None, 1)


@pytest.mark.parametrize("value", ["", "approve", "{}", '{"operation":1,"digest":null,"round":1}', "[]"])
def test_a_foreign_press_is_refused(value: str):
    with pytest.raises(Refusal, match="Nothing was changed"):
        actions.read(value)


def test_a_screen_reader_hears_which_operation_a_button_is_for():
    assert buttons(life.awaiting())[0]["accessibility_label"] == "Approve: deploy web 1.4.2 in prod"


def test_roll_back_asks_first():
    rollback, retry, _ = buttons(life.failed())
    assert rollback["confirm"]["text"]["text"] == (
        "deploy web 1.4.2 in prod is undone by a new operation, with its own plan and approvals."
    )
    assert "confirm" not in retry

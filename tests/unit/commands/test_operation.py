"""An operation in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.operation import Operation
from tests.unit.commands.test_transitions import requested


def saying(text: str) -> Operation:
    op = requested()
    return replace(op, invocation=replace(op.invocation, text=text))


@pytest.mark.parametrize(
    "text",
    [
        "/deploy web 1.4.2 to prod",
        "/qd-deploy web 1.4.2 prod",
        'deploy web 1.4.2 in prod reason="of a fix" link=https://tracker/1',
        "deploy in prod web 1.4.2",
    ],
)
def test_while_there_is_no_plan_the_words_say_what_it_is_and_the_place_is_said_once(text: str):
    assert saying(text).headline == "deploy web 1.4.2 in prod: planning"

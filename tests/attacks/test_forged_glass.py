"""Somebody writes into Redis that the glass was broken: approvals are skipped for nobody who did not say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands.config import BreakGlass
from commands.operation import Operation, State
from tests.attacks.test_forged_records import put
from tests.invariants.deck import Deck


@pytest.fixture(autouse=True)
def _sres_may(deck: Deck) -> None:
    rule = {"roles": ("sre",), "channel": deck.channel.id, "reviewers": ("dba",)}
    object.__setattr__(deck.config, "break_glass", BreakGlass.model_validate(rule))


def broken(op: Operation, **changes: Any) -> Operation:
    """With a reason: everything that a true one has, but that its person said so."""
    arguments = {**op.invocation.arguments, "break-glass": True, "reason": "the shop is down"}
    return replace(op, invocation=replace(op.invocation, arguments=arguments), **changes)


def test_what_waits_for_approval_is_not_carried_out_as_broken_glass(deck: Deck):
    op = deck.load(deck.awaiting(by=deck.sam))
    put(deck, broken(op, state=State.QUEUED, demand=None))
    ended = deck.act(op.id)
    assert (ended.state, deck.cluster.writes) == (State.FAILED, [])
    assert ended.ending
    assert "signature" in ended.ending.sentence


def test_what_was_asked_is_not_planned_as_broken_glass(deck: Deck):
    op = deck.load(deck.asked(deck.sam, "/deploy web 1.4.2 to prod"))
    put(deck, broken(op))
    ended = deck.plan(op.id)
    assert (ended.state, deck.cluster.writes) == (State.REJECTED, [])

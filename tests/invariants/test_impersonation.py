"""Where the environment says so, plan and write are made as the requester; who is asked for afresh when it is written."""

from __future__ import annotations

from typing import Any

import pytest

from commands.config.impersonate import Impersonate
from commands.identity import Identity
from commands.operation import State
from tests.invariants.deck import Deck


@pytest.fixture
def made_as(deck: Deck, monkeypatch: pytest.MonkeyPatch) -> list[Identity]:
    """As whom the cluster was written to, or asked."""
    seen: list[Identity] = []

    def acting_as(who: Identity) -> Any:
        seen.append(who)
        return deck.cluster

    monkeypatch.setattr(deck.cluster, "acting_as", acting_as, raising=False)
    rule = Impersonate(user="slack:{user_id}", groups=("quarterdeck:{role}",))
    object.__setattr__(deck.config.environments["prod"], "impersonate", rule)
    return seen


def test_plan_and_write_are_the_requester_s_not_the_approver_s(deck: Deck, made_as: list[Identity]):
    op = deck.act(deck.approved())
    assert op.state is State.OBSERVING
    dev = Identity(deck.dev.id, f"slack:{deck.dev.id}", ("quarterdeck:developer",))
    assert made_as == [dev, dev]


def test_elsewhere_the_worker_is_itself(deck: Deck, made_as: list[Identity]):
    deck.planned(deck.dev, "/deploy web 1.4.2 to staging")
    assert not made_as

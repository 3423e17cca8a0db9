"""Ways around the rules: another name of an environment, and a membership that nobody can read any more."""

from __future__ import annotations

import pytest
import yaml

from commands.config import load
from commands.errors import ConfigError
from commands.operation import State
from commands.registry import discover
from tests.invariants.deck import Deck


def aliased(deck: Deck) -> None:
    environments = deck.written()["environments"]
    deck.now_in_force(environments={**environments, "prod": {**environments["prod"], "aliases": ["live"]}})


def test_the_requester_approves_no_more_by_another_name_of_the_environment(deck: Deck):
    aliased(deck)
    id = deck.awaiting("/deploy web 1.4.2 to live", by=deck.sam)
    assert deck.load(id).environment == "prod"
    deck.press(deck.sam, "Approve")
    deck.told(deck.sam, "wants somebody else's approval")
    deck.count()
    assert (deck.load(id).state, deck.load(id).approvals) == (State.AWAITING, ())


def test_another_name_of_a_target_that_is_held_is_the_same_target(deck: Deck):
    aliased(deck)
    deck.approved()
    other = deck.planned(deck.robin, "/scale web 5 in live")
    assert deck.load(other).state is State.REJECTED


def test_a_second_environment_over_the_same_namespace_is_no_way_around_the_first(deck: Deck):
    environments = deck.written()["environments"]
    lax = {"cluster": "main", "namespace": "prod"}
    deck.settings.config.write_text(yaml.safe_dump(deck.written() | {"environments": {**environments, "lax": lax}}))
    with pytest.raises(ConfigError, match="its rules could be bypassed"):
        load(deck.settings.config, registry_names=frozenset(command.name for command in discover()))


class TestMembershipThatCannotBeRead:
    """Slack says nothing more of anybody, for longer than what it said is good for."""

    @pytest.fixture(autouse=True)
    def silent(self, deck: Deck) -> None:
        for method in ("users.info", "usergroups.users.list"):
            deck.workspace.faults.add(method, 500, times=10_000)

    def test_nothing_is_planned(self, deck: Deck):
        id = deck.asked(deck.dev, "/scale web 5 in staging")
        deck.pass_time(601)
        assert deck.plan(id).state is State.REJECTED
        assert deck.cluster.writes == []

    def test_nobody_becomes_an_approver(self, deck: Deck):
        id = deck.awaiting()
        deck.pass_time(31)
        deck.press(deck.robin, "Approve")
        deck.count()
        assert (deck.load(id).state, deck.load(id).approvals) == (State.AWAITING, ())

    def test_what_was_approved_before_is_not_carried_out(self, deck: Deck, monkeypatch: pytest.MonkeyPatch):
        id = deck.awaiting()
        deck.workspace.faults.clear()
        deck.press(deck.robin, "Approve")
        deck.count()
        assert deck.load(id).state is State.QUEUED
        deck.workspace.faults.add("users.info", 500, times=10_000)
        deck.workspace.faults.add("usergroups.users.list", 500, times=10_000)
        deck.pass_time(61)
        assert deck.act(id).state is State.ACTING
        deck.pass_time(601)
        failed = deck.act(id)
        assert (failed.state, deck.cluster.writes) == (State.FAILED, [])

"""What Roll back on a message asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.undo import undo
from bot.views.buttons import is_undoable
from commands.bounds import MAX, MIN, Bounds
from commands.config.slack import Slack
from commands.draft import Beside, Draft, Edit, Plan
from commands.errors import Unsuitable
from tests.invariants.deck import Deck
from tests.unit.bot.views import life


def planned(draft: Draft) -> Plan:
    return Plan.of("deploy", draft, life.NOON)


def test_a_deploy_goes_back_to_the_very_template_that_it_replaced():
    done = replace(life.succeeded(), plan=planned(replace(life.DRAFT, revision=7)))
    assert undo(done) == ("rollback", {"workload": "Deployment/web", "template": life.DRAFT.template, "revision": 7})


def test_a_number_is_said_only_where_it_is_known():
    assert undo(life.succeeded()) == ("rollback", {"workload": "Deployment/web", "template": life.DRAFT.template})


@pytest.mark.parametrize("old", [3, None])
def test_a_scale_goes_back_to_the_number_before_though_it_was_never_set(old: int | None):
    replicas = old or 1
    patch = replace(life.DRAFT.patch, edits=(Edit("/spec/replicas", old, 5),))
    done = replace(life.succeeded(), plan=planned(replace(life.DRAFT, patch=patch, replicas=replicas)))
    assert undo(done) == ("scale", {"workload": "Deployment/web", "replicas": replicas})


def test_the_bounds_of_an_autoscaler_go_back_to_those_before():
    beside = Beside("HorizontalPodAutoscaler", "web", "uid-hpa")
    patch = replace(life.DRAFT.patch, edits=(Edit(MIN, 2, 2), Edit(MAX, 9, 5)), beside=beside)
    done = replace(life.succeeded(), plan=planned(replace(life.DRAFT, patch=patch, replicas=3, bounds=Bounds(2, 9))))
    assert undo(done) == ("scale", {"workload": "Deployment/web", "min": 2, "max": 9})
    assert is_undoable(done)


def test_what_was_never_written_has_no_way_back():
    with pytest.raises(Unsuitable, match="op-7k3f changed nothing"):
        undo(life.cancelled())


def test_the_words_to_type_instead_bear_the_prefix_of_this_workspaces_commands(deck: Deck):
    prefixed = deck.config.model_copy(update={"slack": Slack(command_prefix="qd-")})
    deck.rules.now = prefixed
    deck.planned(deck.dev, "/scale web 5 in staging")
    deck.publish()
    deck.press(deck.dev, "Stop following")
    deck.publish()
    deck.cluster.change(lambda web: web["spec"].update(replicas=9), "staging")
    deck.press(deck.dev, "Roll back")
    (id,) = [op.id for op in deck.store.operations.in_flight()]
    deck.plan(id)
    deck.publish()
    assert deck.told(deck.dev, "say `/qd-rollback` yourself to choose a revision (`/qd-ops history` lists them)")

"""``/ops audit``: who may reads who did what and what came of it, alone; who may not is refused, and that is an entry too."""

from __future__ import annotations

import pytest

from playground.workspace import User
from tests.invariants.deck import Deck
from workers.jobs.report import report


def asked(deck: Deck, person: User, text: str) -> str:
    """What the person reads of it."""
    told = deck.say(person, text)
    for id in deck.questions():
        report(deck.context, id)
    while deck.store.outbox.waiting():
        deck.publish()
    return "\n".join([told, *(m.plain() for m in deck.workspace.private(person, deck.channel))])


def test_who_may_reads_what_happened_and_nobody_else(deck: Deck):
    rule = {"roles": ["sre"], "commands": ["audit"], "environments": ["prod"]}
    deck.now_in_force(permissions=[*deck.written()["permissions"], rule])
    id = deck.approved()
    deck.act(id)
    before = len(deck.messages())
    told = asked(deck, deck.sam, "/ops audit web in prod")
    assert "audit of web in prod" in told
    assert all(f"{event}" in told for event in ("requested", "planned", "approved", "acting"))
    assert f"{id}, /deploy web 1.4.2 to prod" in told
    assert len(deck.messages()) == before, "nobody else reads it"

    refused = asked(deck, deck.dev, "/ops audit web in prod")
    assert "needs the role sre" in refused
    assert "audit of web" not in refused
    assert "needs the role sre" in asked(deck, deck.sam, "/ops audit in prod"), "as who asks next is told"


def test_a_right_in_one_environment_is_none_in_another(deck: Deck):
    rule = {"roles": ["developer"], "commands": ["audit"], "environments": ["staging"]}
    deck.now_in_force(permissions=[*deck.written()["permissions"], rule])
    deck.approved()
    assert "No rule lets anyone" in asked(deck, deck.dev, "/ops audit in prod")
    assert "audit of staging: no entries" in asked(deck, deck.dev, "/ops audit in staging")


@pytest.mark.parametrize(
    ("text", "title"),
    [("/ops audit", "audit of all that you may see: the latest"), ("/ops audit web", "audit of web: the latest")],
)
def test_without_an_environment_it_is_of_all_that_the_person_may_see(deck: Deck, text: str, title: str):
    """Also of one workload, where a rule is about labels: there is no object to read them of."""
    audit = {"roles": ["developer"], "commands": ["audit"], "environments": ["staging"]}
    labelled = {**audit, "environments": ["vault"], "labels": {"tier": "money"}, "deny": True}
    deck.now_in_force(permissions=[*deck.written()["permissions"], audit, labelled])
    hidden, shown = deck.approved(), deck.planned(deck.dev, "/deploy web 1.4.2 to staging")
    told = asked(deck, deck.dev, text)
    assert title in told
    assert f"staging, {shown}" in told
    assert hidden not in told.partition("audit of")[2]


def test_without_an_environment_it_is_not_for_those_who_may_read_it_nowhere(deck: Deck):
    audit = {"roles": ["developer"], "commands": ["audit"], "environments": ["staging"]}
    deck.now_in_force(permissions=[*deck.written()["permissions"], audit])
    assert "`audit` needs the role developer" in asked(deck, deck.guest, "/ops audit")

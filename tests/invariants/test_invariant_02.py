"""2. No change without a plan, none without the approvals of that digest, none of a plan that no longer fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import transitions
from commands.demand import Vote
from commands.errors import ImpossibleTransition
from commands.operation import (
    Operation,
    State,
)
from commands.proof.signatures import signed_plan
from tests.invariants.deck import Deck

NEW = "registry/web:1.4.2"


def test_planning_writes_nothing_where_approval_is_asked(deck: Deck):
    id = deck.planned(deck.dev, "/deploy web 1.4.2 to prod")
    assert (deck.load(id).state, deck.cluster.writes) == (State.AWAITING, [])
    deck.act(id)
    assert (deck.load(id).state, deck.cluster.writes) == (State.AWAITING, [])


def test_nothing_is_queued_or_acted_on_without_the_approvals_of_its_plan(deck: Deck):
    waits = deck.load(deck.awaiting())
    assert waits.plan
    for votes in [(), pending(waits), for_another_plan(waits), (replace(pending(waits)[0], no="no", counted=True),)]:
        with pytest.raises(ImpossibleTransition):
            transitions.act(replace(waits, state=State.QUEUED, votes=votes), deck.clock())
    with pytest.raises(ImpossibleTransition):
        transitions.act(replace(waits, state=State.QUEUED, plan=None, demand=None), deck.clock())


def pending(op: Operation) -> tuple[Vote, ...]:
    assert op.plan
    return (Vote("U0SAM", op.plan.digest, 1.0),)


def for_another_plan(op: Operation) -> tuple[Vote, ...]:
    assert op.plan
    return (Vote("U0SAM", replace(op.plan.promise, verb="scale").digest, 1.0, counted=True),)


def test_a_yes_to_an_earlier_plan_is_no_yes_to_this_one(deck: Deck):
    """The person's client still shows the message as it was before the target moved."""
    id = deck.awaiting()
    shown = deck.message()
    drift(deck, id)
    deck.plan(id)
    deck.press(deck.sam, "Approve", shown)
    deck.count()
    assert deck.load(id).votes == ()
    deck.told(deck.sam, "has changed since that message was shown")


def drift(deck: Deck, id: str) -> None:
    """Somebody else deploys another version, and the watcher sees it."""
    deck.cluster.change(lambda web: app(web).update(image="registry/web:9"))
    deck.store.operations.apply(transitions.drifted(deck.load(id), (), deck.clock()))


def app(web: dict) -> dict:
    return web["spec"]["template"]["spec"]["containers"][0]


def test_what_moved_before_acting_is_planned_and_asked_again_and_said(deck: Deck):
    id = deck.approved()
    deck.cluster.change(lambda web: app(web).update(image="registry/web:9"))
    again = deck.act(id)
    assert (again.state, again.votes, deck.cluster.writes) == (State.PLANNING, (), [])
    assert [change.new for seen in again.drifts for change in seen.changes] == ["registry/web:9"]
    deck.plan(id)
    deck.publish()
    assert deck.load(id).state is State.AWAITING
    assert "registry/web:9" in deck.message().plain()


def test_acting_makes_the_plan_again_where_only_planning_would_see_the_difference(deck: Deck):
    """A paused Deployment takes the patch, whose tests all hold; but today nobody would plan it."""
    id = deck.approved()
    deck.cluster.change(lambda web: web["spec"].update(paused=True))
    again = deck.act(id)
    assert (again.state, deck.cluster.writes) == (State.PLANNING, [])
    assert ["is paused" in str(change.new) for seen in again.drifts for change in seen.changes] == [True]


def test_what_is_written_is_what_was_approved_though_the_revision_reads_otherwise_now(deck: Deck):
    """Nothing moved in the Deployment, so that the patch's tests all hold: it is the old ReplicaSet that somebody edits."""
    revision(deck, "registry/web:1.4.0")
    id = deck.approved("/rollback web in prod to 1")
    revision(deck, "registry/evil:1")
    again = deck.act(id)
    assert (again.state, again.votes, deck.cluster.writes) == (State.PLANNING, (), [])
    assert [change.path for seen in again.drifts for change in seen.changes] == ["what would be written"]


def revision(deck: Deck, image: str) -> None:
    """The revision before web's current one."""
    web = deck.cluster.get("Deployment", "prod", "web")
    app(web)["image"] = image
    web["metadata"] |= {
        "name": "web-1", "uid": "uid-rs-1", "creationTimestamp": "2026-07-28T09:00:00Z",
        "annotations": {"deployment.kubernetes.io/revision": "1"},
        "ownerReferences": [{"controller": True, "kind": "Deployment", "name": "web", "uid": web["metadata"]["uid"]}],
    }  # fmt: skip
    deck.cluster.put(web | {"kind": "ReplicaSet"})


def test_a_worker_believes_no_record_that_lacks_its_approvals(deck: Deck):
    """However it came there: here somebody with access to Redis, and with the key, wrote it."""
    op = deck.load(deck.approved())
    forged = transitions.act(op, deck.clock())
    lacking = replace(forged.after, demand=None, votes=())
    forged = replace(forged, after=signed_plan(deck.store.key, lacking))
    deck.store.operations.apply(forged)
    failed = deck.act(op.id)
    assert (failed.state, deck.cluster.writes) == (State.FAILED, [])
    assert failed.ending
    assert "has 0 of the 1 approval that" in failed.ending.sentence


def test_exactly_what_was_shown_is_written(deck: Deck):
    id = deck.approved()
    assert deck.act(id).state is State.OBSERVING
    assert deck.cluster.images() == [NEW]
    assert len(deck.cluster.writes) == 1


@pytest.mark.parametrize(("since", "ends"), [(5, State.OBSERVING), (9, State.REJECTED)])
def test_roll_back_undoes_what_its_own_operation_wrote_and_nobody_elses_scaling(deck: Deck, since: int, ends: State):
    scaled = deck.planned(deck.dev, "/scale web 5 in staging")
    deck.publish()
    deck.press(deck.dev, "Stop following")
    deck.publish()
    deck.cluster.change(lambda web: web["spec"].update(replicas=since), "staging")
    deck.press(deck.dev, "Roll back")
    (id,) = [op.id for op in deck.store.operations.in_flight()]
    assert deck.plan(id).state is ends
    assert deck.load(id).origin.id == scaled
    assert deck.cluster.replicas("staging") == (3 if ends is State.OBSERVING else since)


@pytest.mark.parametrize(("since", "ends"), [(NEW, State.AWAITING), ("registry/web:9", State.REJECTED)])
def test_a_retry_of_roll_back_means_that_very_roll_back(deck: Deck, since: str, ends: State):
    revision(deck, "registry/web:1.4.1")
    deployed = deck.approved()
    written = deck.act(deployed)
    deck.publish()
    deck.press(deck.dev, "Stop following")
    deck.publish()
    for button in ("Roll back", "Cancel"):
        deck.press(deck.dev, button)
        [deck.plan(op.id) for op in deck.store.operations.in_flight()]
        deck.publish()
    deck.cluster.change(lambda web: app(web).update(image=since))
    deck.press(deck.dev, "Ask again")
    (id,) = [op.id for op in deck.store.operations.in_flight()]
    assert deck.plan(id).state is ends
    assert deck.load(id).origin.undone == deployed
    assert written.plan.promise.template == deck.load(id).invocation.arguments["template"]

"""What follows by itself where a change breaks: it goes back once, as approved, over nobody else's change, and is held."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands import transitions
from commands.canonical import dump
from commands.draft import Failing
from commands.errors import LeaseLost
from commands.operation import Diagnosis, Ending, Operation, State, Written
from playground.workspace import User
from tests.invariants.deck import Deck, failing
from tests.invariants.test_invariant_03 import Died, containers, die
from workers.jobs.act import act
from workers.jobs.report import report

WHY = Ending("Container app: image registry/web:1.4.2 not found.", diagnosis=Diagnosis("image not found"))


@pytest.fixture(autouse=True)
def _rules(deck: Deck) -> None:
    """prod and staging go back by themselves; SREs may lift a hold."""
    environments: dict[str, Any] = deck.written()["environments"]
    for name in ("prod", "staging"):
        environments[name]["on_failure"] = "rollback"
    developer, sre = deck.written()["permissions"]
    sre["commands"] += ["unlock"]
    deck.now_in_force(environments=environments, permissions=[developer, {**sre, "environments": ["*"]}])
    for namespace in ("prod", "staging"):
        deck.cluster.kept(6, "registry/web:1.4.1", namespace)


def broken(deck: Deck, id: str) -> Operation:
    """The watcher has proof."""
    return deck.store.operations.apply(transitions.breaks(deck.load(id), WHY, deck.clock()))


def acted(deck: Deck) -> str:
    id = deck.approved()
    assert deck.act(id).state is State.OBSERVING
    return id


def going_back(deck: Deck) -> str:
    """Approved, written, and broken."""
    id = acted(deck)
    assert broken(deck, id).state is State.ROLLING_BACK
    return id


def well(deck: Deck, id: str) -> Operation:
    """The watcher sees that all is ready."""
    return deck.store.operations.apply(transitions.succeed(deck.load(id), "3 of 3 pods ready.", deck.clock()))


def say(deck: Deck, person: User, text: str) -> None:
    deck.say(person, text)
    answered(deck)


def answered(deck: Deck) -> None:
    for id in deck.store.operations.due(deck.clock() + 60):
        if id.startswith("re-"):
            with failing():
                report(deck.context, id)
    deck.publish()


def test_the_plan_says_where_it_would_go_back_to_before_anybody_approves_it(deck: Deck):
    id = deck.awaiting()
    told = deck.message().plain()
    assert (
        "If it breaks:* it goes back by itself to what it ran before (registry/web:1.4.1), complete and ready" in told
    )
    plan = deck.load(id).plan
    assert plan
    assert plan.promise.failing
    assert plan.promise.failing.template == plan.promise.template
    assert plan.promise.digest == plan.digest


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "deploy web 1.4.2 to prod",
            "it goes back by itself to what it ran before (registry/web:1.4.1), complete and ready 2",
        ),
        ("scale web 4 in prod", "it goes back by itself to 3 replicas, complete and ready 2"),
    ],
)
def test_a_preview_tells_the_same(deck: Deck, line: str, told: str):
    say(deck, deck.dev, f"/ops diff {line}")
    shown = deck.workspace.messages(deck.channel)[-1].plain()
    assert f"If it breaks: {told}" in shown
    assert "and web is held until somebody lifts that." in shown


def test_where_it_goes_back_to_is_what_was_approved(deck: Deck):
    """A record whose way back was put in afterwards bears no digest that anybody approved."""
    plan = deck.load(deck.awaiting()).plan
    assert plan
    assert plan.promise.failing
    other = replace(plan.promise, failing=replace(plan.promise.failing, template="0" * 64))
    assert other.digest != plan.digest


def test_the_whole_story(deck: Deck):
    id = going_back(deck)
    deck.publish()
    assert "rolling back" in deck.message().plain()
    assert (
        "Container app: image registry/web:1.4.2 not found. Going back to what it ran before" in deck.message().plain()
    )
    op = deck.act(id)
    assert (op.state, deck.cluster.images()) == (State.ROLLING_BACK, ["registry/web:1.4.1"])
    assert op.undone
    assert well(deck, id).state is State.ROLLED_BACK
    deck.publish()
    message = deck.message().plain()
    assert "rolled back" in message
    assert "It went back to what it ran before (registry/web:1.4.1): 3 of 3 pods ready." in message
    assert "web is held" in message
    assert [button.text for button in deck.message().buttons()] == ["Lift the hold", "Logs"]
    assert deck.events(id)[-5:] == ["acting", "written", "broken", "way back written", "rolled back"]
    assert len(deck.cluster.writes) == 2


def test_the_evidence_is_in_the_thread_before_anything_is_undone(deck: Deck):
    id = going_back(deck)
    deck.publish()
    assert len(deck.cluster.writes) == 1
    replies = [m.plain() for m in deck.workspace.thread(deck.channel, deck.message().ts)]
    assert any("Why:" in told and "image not found" in told for told in replies)
    assert deck.load(id).broken == WHY


def test_what_goes_back_expects_its_own_write_and_is_stamped(deck: Deck):
    id = going_back(deck)
    deck.act(id)
    patch = deck.cluster.writes[-1]
    tested = {op["path"]: op["value"] for op in patch if op["op"] == "test"}
    assert tested["/metadata/uid"] == "uid-1"
    assert tested.get("/metadata/annotations/quarterdeck~1operation") == id
    assert containers({"spec": {"template": tested["/spec/template"]}})[0]["image"] == "registry/web:1.4.2"
    web = deck.cluster.get("Deployment", "prod", "web")
    assert web["metadata"]["annotations"]["quarterdeck/undone"] == id
    assert web["metadata"]["annotations"]["team"] == "shop"


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_it_does_not_go_back_over_somebody_else_s_change(deck: Deck, when: str):
    id = going_back(deck)

    def hotfix() -> None:
        deck.cluster.change(lambda web: containers(web)[0].update(image="registry/web:hotfix"))

    if when == "before":
        hotfix()
    else:
        deck.cluster.meanwhile = hotfix
    op = deck.act(id)
    assert (op.state, deck.cluster.images()) == (State.SUPERSEDED, ["registry/web:hotfix"])
    assert op.ending
    assert "somebody changed the pod template meanwhile" in op.ending.sentence
    assert "image registry/web:1.4.2 not found" in op.ending.sentence
    assert len(deck.cluster.writes) == 1
    assert deck.store.locks.in_force(deck.clock()) == []


def test_it_does_not_go_back_over_another_operation_with_the_same_values(deck: Deck):
    """The template reads as ours, but it was somebody else who asked for it since."""
    id = going_back(deck)
    deck.cluster.change(lambda web: web["metadata"]["annotations"].update({"quarterdeck/operation": "op-2222"}))
    assert deck.act(id).state is State.SUPERSEDED
    assert len(deck.cluster.writes) == 1


def test_a_target_that_was_deleted_or_made_anew_is_left_alone(deck: Deck):
    id = going_back(deck)
    deck.cluster.web(uid="uid-2", image="registry/web:1.4.2")
    assert deck.act(id).state is State.SUPERSEDED
    assert len(deck.cluster.writes) == 1


def test_a_worker_that_died_after_going_back_is_followed_by_one_that_writes_nothing(deck: Deck, monkeypatch):
    id = going_back(deck)
    with monkeypatch.context() as patch:
        patch.setattr("commands.transitions.undid", die)
        with pytest.raises(Died):
            deck.act(id)
    assert (deck.load(id).undone, len(deck.cluster.writes)) == (None, 2)
    op = deck.act(id)
    assert op.undone
    assert len(deck.cluster.writes) == 2


def test_a_way_back_whose_answer_was_lost_is_recognised(deck: Deck):
    id = going_back(deck)
    deck.cluster.loses_answers = True
    assert deck.act(id).undone
    assert len(deck.cluster.writes) == 2


def test_a_repeated_job_goes_back_once(deck: Deck):
    id = going_back(deck)
    deck.act(id)
    deck.cluster.change(lambda web: containers(web)[0].update(image="registry/web:1.4.2"))
    deck.act(id)
    assert len(deck.cluster.writes) == 2


def test_a_lost_job_is_made_good_by_the_sweep(deck: Deck):
    """The watcher died between its move and its enqueuing."""
    id = going_back(deck)
    deck.pass_time(6)
    deck.sweep()
    assert ("act", id) in deck.jobs()


def test_a_worker_that_lost_its_lease_does_not_record_what_it_wrote(deck: Deck):
    id = going_back(deck)

    def steal() -> None:
        name = deck.store._wire.key("lease", f"operation-{id}")
        deck.store._wire.client.set(name, "another")

    deck.cluster.meanwhile = steal
    with pytest.raises(LeaseLost):
        act(deck.context, id)
    assert deck.load(id).undone is None


def test_nothing_else_gets_the_target_while_it_goes_back(deck: Deck):
    id = going_back(deck)
    op = deck.load(deck.planned(deck.dev, "/deploy web 1.4.3 to prod"))
    assert op.state is State.REJECTED
    assert op.ending
    assert id in op.ending.sentence


def test_what_is_no_longer_kept_is_said_and_the_target_held(deck: Deck):
    id = going_back(deck)
    del deck.cluster._objects["ReplicaSet", "prod", "web-h6"]
    op = deck.act(id)
    assert op.state is State.ROLLBACK_FAILED
    assert op.ending
    assert "no longer among its revisions" in op.ending.sentence
    assert deck.store.locks.in_force(deck.clock())
    deck.publish()
    assert [button.text for button in deck.message().buttons()] == ["Lift the hold", "Logs"]


def test_a_scale_goes_back_to_the_number_before(deck: Deck):
    id = deck.planned(deck.dev, "/scale web 5 in staging")
    broken(deck, id)
    deck.act(id)
    assert deck.cluster.replicas("staging") == 3


def test_a_rollback_is_not_taken_back_and_is_held(deck: Deck):
    deck.cluster.kept(5, "registry/web:1.4.0", "staging")
    id = deck.planned(deck.dev, "/rollback web in staging to 5")
    plan = deck.load(id).plan
    assert plan
    assert plan.promise.failing == Failing()
    assert broken(deck, id).state is State.FAILED
    assert deck.store.locks.in_force(deck.clock())


def test_what_is_held_is_refused_until_somebody_with_the_right_lifts_it(deck: Deck):
    id = going_back(deck)
    deck.act(id)
    well(deck, id)
    op = deck.load(deck.planned(deck.dev, "/deploy web 1.4.3 to prod"))
    assert op.state is State.REJECTED
    assert op.ending
    why = "until somebody lifts it. Container app: image registry/web:1.4.2 not found. It went back"
    for words in (f"web in prod is held by {id} since", why, "Look into that first, then lift the hold (`unlock"):
        assert words in op.ending.sentence
    say(deck, deck.dev, "/ops unlock web in prod")
    assert deck.told(deck.dev, "`unlock` in prod needs the role sre")
    say(deck, deck.sam, "/ops unlock web in prod")
    assert f"The hold of {id} on web in prod is lifted" in deck.message().plain()
    assert deck.store.locks.in_force(deck.clock()) == []
    assert [e["event"] for e in deck.store.audit.export() if e["operation"] == id][-1] == "hold lifted"


def test_a_hold_refuses_what_waited_before_and_does_not_end_by_itself(deck: Deck):
    second = deck.awaiting("/scale web 5 in prod")
    waiting = deck.message()
    first = going_back(deck)
    deck.act(first)
    well(deck, first)
    deck.press(deck.sam, "Approve", waiting)
    deck.count()
    assert deck.load(second).state is State.AWAITING
    assert deck.told(deck.sam, f"web in prod is held by {first} since")
    assert len(deck.cluster.writes) == 2
    deck.pass_time(30 * 86_400)
    deck.sweep()
    assert [lock.operation for lock in deck.store.locks.in_force(deck.clock())] == [first]


def test_the_button_lifts_the_hold(deck: Deck):
    id = going_back(deck)
    deck.act(id)
    well(deck, id)
    deck.publish()
    deck.press(deck.dev, "Lift the hold")
    answered(deck)
    assert deck.store.locks.in_force(deck.clock())
    deck.press(deck.sam, "Lift the hold")
    answered(deck)
    assert deck.store.locks.in_force(deck.clock()) == []


def test_with_hold_nothing_is_undone(deck: Deck):
    environments = deck.written()["environments"]
    environments["prod"]["on_failure"] = "hold"
    deck.now_in_force(environments=environments)
    id = acted(deck)
    op = broken(deck, id)
    assert op.state is State.FAILED
    deck.act(id)
    assert len(deck.cluster.writes) == 1
    assert [lock.operation for lock in deck.store.locks.in_force(deck.clock())] == [id]
    deck.publish()
    assert [button.text for button in deck.message().buttons()] == ["Lift the hold", "Logs"]


def test_what_the_hold_refused_is_offered_once_it_is_lifted(deck: Deck):
    """The message was final: it is edited once more."""
    environments = deck.written()["environments"]
    environments["prod"]["on_failure"] = "hold"
    deck.now_in_force(environments=environments)
    broken(deck, acted(deck))
    deck.publish()
    assert "web is held" in deck.message().plain()
    where = deck.message().ts
    deck.press(deck.sam, "Lift the hold")
    answered(deck)
    message = next(m for m in deck.workspace.messages(deck.channel) if m.ts == where)
    assert [button.text for button in message.buttons()] == ["Roll back", "Retry", "Logs"]
    assert "is held" not in message.plain()


def test_rules_that_change_meanwhile_change_no_promise(deck: Deck):
    id = acted(deck)
    environments = deck.written()["environments"]
    environments["prod"]["on_failure"] = "ask"
    deck.now_in_force(environments=environments)
    assert broken(deck, id).state is State.ROLLING_BACK
    deck.act(id)
    assert deck.cluster.images() == ["registry/web:1.4.1"]


def test_what_was_not_complete_is_not_gone_back_to(deck: Deck):
    deck.cluster.change(lambda web: web["status"].update(availableReplicas=1, readyReplicas=1))
    id = deck.awaiting()
    told = deck.message().plain()
    assert "if it breaks there is no way back" in told
    assert "If it breaks:* it stays as it is, and web is held" in told
    plan = deck.load(id).plan
    assert plan
    assert plan.promise.failing
    assert not plan.promise.failing.goes_back


def test_what_an_operation_of_ours_ended_well_on_is_gone_back_to(deck: Deck):
    """What runs now is broken; the newest that is known to be good is that of an earlier operation."""
    first = acted(deck)
    deck.cluster.kept(7, "registry/web:1.4.2")
    well(deck, first)
    deck.cluster.change(lambda web: containers(web)[0].update(image="registry/web:broken"))
    deck.cluster.change(lambda web: web["status"].update(availableReplicas=1, readyReplicas=1))
    id = deck.awaiting("/deploy web 1.4.3 to prod")
    assert f"it goes back by itself to revision 7 (registry/web:1.4.2), verified by {first}" in deck.message().plain()
    deck.press(deck.sam, "Approve")
    deck.count()
    deck.act(id)
    broken(deck, id)
    deck.act(id)
    assert deck.cluster.images() == ["registry/web:1.4.2"]


def test_what_ended_well_without_pods_is_not_gone_back_to(deck: Deck):
    """Of that nothing has ever run."""
    deck.cluster.change(lambda web: web["spec"].update(replicas=0))
    first = acted(deck)
    deck.cluster.kept(7, "registry/web:1.4.2")
    well(deck, first)
    deck.cluster.change(lambda web: web["spec"].update(replicas=2))
    deck.cluster.change(lambda web: containers(web)[0].update(image="registry/web:broken"))
    deck.cluster.change(lambda web: web["status"].update(availableReplicas=1, readyReplicas=1))
    deck.awaiting("/deploy web 1.4.3 to prod")
    assert "if it breaks there is no way back" in deck.message().plain()


def test_a_record_that_was_put_back_by_somebody_is_not_believed(deck: Deck):
    """Its signatures are good, but what it would take back was approved too long ago."""
    id = going_back(deck)
    deck.pass_time(3 * 3600)
    op = deck.act(id)
    assert op.state is State.ROLLBACK_FAILED
    assert len(deck.cluster.writes) == 1


def test_a_plan_that_promises_otherwise_than_it_was_signed_takes_nothing_back(deck: Deck):
    id = going_back(deck)
    op = deck.load(id)
    assert op.plan
    assert op.plan.promise.failing
    promise = replace(op.plan.promise, failing=replace(op.plan.promise.failing, template="0" * 64))
    forged = replace(op, plan=replace(op.plan, promise=promise))
    key = deck.store._wire.key("operation", id)
    deck.store._wire.client.hset(key, "record", dump(forged))
    assert deck.act(id).state is State.ROLLBACK_FAILED
    assert len(deck.cluster.writes) == 1


def test_written(deck: Deck):
    """What was undone is told by its own generation: an older status is not about it."""
    id = going_back(deck)
    op = deck.act(id)
    assert isinstance(op.undone, Written)
    assert op.written
    assert op.undone.generation == op.written.generation + 1

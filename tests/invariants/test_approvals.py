"""Approvals that mean something: what an approver sees, how a yes is said and taken back."""

from __future__ import annotations

from threading import Event

import pytest

from commands import transitions
from commands.operation import State
from playground.workspace import Message, User
from tests.invariants.deck import Deck, failing
from workers.jobs.report import report


def button(message: Message, text: str):
    return next((each for each in message.buttons() if each.text == text), None)


def test_an_approver_sees_what_is_at_stake_before_pressing(deck: Deck):
    def share(web):
        web["spec"]["template"]["spec"]["volumes"] = [{"name": "v", "configMap": {"name": "settings"}}]

    deck.cluster.change(share)
    other = deck.cluster.get("Deployment", "prod", "web")
    other["metadata"] |= {"name": "api", "uid": "uid-2"}
    deck.cluster.put(other)
    id = deck.awaiting("/scale web 1 in prod")
    shown = deck.message().plain()
    assert "3 pods, up to 67 % of them missing at once" in shown
    assert "no PodDisruptionBudget" in shown
    assert "also used by Deployment/api (ConfigMap settings)" in shown
    assert "if it breaks: it stays as it is, the message says why, and Roll back and Retry are offered" in shown
    deck.press(deck.sam, "Approve")
    deck.count()
    deck.publish()
    assert "At stake" not in deck.message().plain()
    assert deck.load(id).state is State.QUEUED


def test_approve_asks_once_more_only_where_the_environment_says_so(deck: Deck):
    deck.awaiting()
    assert button(deck.message(), "Approve").confirm is None
    deck.ask_for(required=1, approvers=("sre",), confirm=True)
    deck.awaiting("/scale web 0 in prod")
    asked = button(deck.message(), "Approve").confirm
    assert "scale web 3 → 0 replicas in prod · no replicas: nothing of it will run" in asked["text"]["text"]
    assert button(deck.message(), "Deny").confirm is None


# ---------------------------------------------------------------------- withdrawing


def test_a_yes_is_withdrawn_until_it_is_acted_on_and_the_plan_waits_again(deck: Deck):
    id = deck.approved()
    deck.publish()
    deck.press(deck.sam, "Withdraw my approval")
    op = deck.load(id)
    assert (op.state, op.votes) == (State.AWAITING, ())
    assert deck.events(id)[-1] == "approval withdrawn"
    assert deck.store.operations.holder(op.target.claim) is None
    deck.told(deck.sam, "is withdrawn. It waits for approval again.")
    assert deck.act(id).state is State.AWAITING
    deck.publish()
    assert "@sam withdrew the approval of deploy web" in said(deck)
    deck.press(deck.sam, "Approve")
    deck.count()
    deck.publish()
    assert said(deck).count("\n👍 @sam approved deploy web") == 2
    assert deck.act(id).state is State.OBSERVING


def said(deck: Deck) -> str:
    return "\n".join(["", *(m.plain().splitlines()[0] for m in deck.workspace.thread(deck.channel, deck.message()))])


def test_one_of_two_is_withdrawn_while_it_waits(deck: Deck):
    id = deck.awaiting("/deploy web 1.4.2 to vault")
    deck.press(deck.sam, "Approve")
    deck.count()
    deck.publish()
    assert button(deck.message(), "Withdraw my approval")
    assert "withdrawn" in deck.say(deck.sam, f"/ops withdraw {id}")
    assert deck.load(id).votes == ()
    deck.publish()
    assert "0 of 2 approvals" in deck.message().plain()
    assert button(deck.message(), "Withdraw my approval") is None


def test_nobody_withdraws_anothers_yes_or_one_that_was_acted_on(deck: Deck):
    id = deck.approved()
    assert "You have not approved" in deck.say(deck.robin, f"/ops withdraw {id}")
    assert deck.load(id).state is State.QUEUED
    deck.act(id)
    assert "only before that" in deck.say(deck.sam, f"/ops withdraw {id}")
    assert deck.load(id).state is State.OBSERVING


# ---------------------------------------------------------------------- typed


def test_a_typed_yes_is_about_the_plan_of_that_moment_and_says_which(deck: Deck):
    id = deck.awaiting()
    told = deck.say(deck.sam, f"/ops approve {id}")
    plan = deck.load(id).plan
    assert f"Approving {id}: deploy web 1.4.1 → 1.4.2 in prod, plan {plan.digest[:12]}" in told
    assert "containers[app].image: registry/web:1.4.1 → registry/web:1.4.2" in told
    deck.count()
    assert deck.load(id).state is State.QUEUED
    assert deck.act(id).state is State.OBSERVING


def test_a_typed_no_has_its_reason(deck: Deck):
    id = deck.awaiting()
    assert "reason" in deck.say(deck.sam, f"/ops deny {id}")
    assert deck.load(id).votes == ()
    deck.say(deck.sam, f'/ops deny {id} reason="not on a Friday"')
    deck.count()
    op = deck.load(id)
    assert (op.state, op.ending.sentence, op.ending.by) == (State.DENIED, "not on a Friday", deck.sam.id)


@pytest.mark.parametrize("words", ["approve {}", 'deny {} reason="no"'])
def test_words_go_the_way_of_the_buttons(deck: Deck, words: str):
    """Refused at once where it is known, and audited."""
    id = deck.awaiting()
    assert "needs the role sre, which you do not hold" in deck.say(deck.guest, f"/ops {words.format(id)}")
    assert deck.load(id).votes == ()
    refused = [entry for entry in deck.store.audit.export() if entry["actor"] == deck.guest.id][-1]
    assert (refused["operation"], refused["event"]) == (id, "refused")


def test_a_typed_yes_of_who_left_the_group_is_struck_out_and_the_person_told(deck: Deck):
    id = deck.awaiting()
    deck.oncall.members = []
    deck.say(deck.robin, f"/ops approve {id}")
    deck.count()
    assert (deck.load(id).state, deck.load(id).votes) == (State.AWAITING, ())
    deck.told(deck.robin, "needs the role sre, which you do not hold")


def test_there_is_nothing_to_approve_before_there_is_a_plan(deck: Deck):
    id = deck.asked(deck.dev, "/deploy web 1.4.2 to prod")
    assert "is still being planned" in deck.say(deck.sam, f"/ops approve {id}")


# ---------------------------------------------------------------------- pending


def pending(deck: Deck, person: User) -> str:
    return answered(deck, person, "/ops pending")


def answered(deck: Deck, person: User, text: str) -> str:
    """What the person reads when asking that."""
    assert deck.say(person, text) == ""
    for id in deck.store.operations.due(deck.clock() + 60):
        if id.startswith("re-"):
            with failing():
                report(deck.context, id)
    deck.bot._publisher.step(Event())  # without letting time pass: words that come late are not heard
    return deck.workspace.private(person, deck.channel)[-1].plain()


def test_pending_lists_what_waits_for_a_person_and_what_of_theirs_waits(deck: Deck):
    first, second = deck.awaiting(by=deck.sam), deck.awaiting("/scale web 5 in vault", by=deck.dev)
    deck.press(deck.robin, "Approve")
    deck.count()
    told = pending(deck, deck.sam)
    assert "1 waiting for your approval, 1 of yours waiting for others'" in told
    assert told.index("For you to answer") < told.index(second) < told.index("Yours") < told.index(first)
    assert "1 of 2" in told
    assert "1 waiting for your approval, 0 of yours" in pending(deck, deck.robin), "robin has answered the second"
    assert "0 waiting for your approval, 1 of yours" in pending(deck, deck.dev)
    assert "Nothing waits for your approval" in pending(deck, deck.guest)


# ---------------------------------------------------------------------- reminders


def heard(deck: Deck, person: User) -> list[str]:
    return [message.plain() for message in deck.workspace.messages(deck.workspace.dm(person))]


def test_half_way_to_the_end_each_approver_is_reminded_once_whichever_bots_run(deck: Deck):
    id = deck.awaiting()
    deck.pass_time(14 * 60)
    deck.sweep()
    deck.publish()
    assert heard(deck, deck.sam) == []
    deck.pass_time(60)
    for bot in (deck.bot, deck.made_bot(deck.made_parts())):
        deck.sweep()
        deck.publish(bot)
        deck.store.outbox.mark(id, deck.clock())
        deck.publish(bot)
    for person in (deck.sam, deck.robin):
        [told] = heard(deck, person)
        assert "deploy web 1.4.1 → 1.4.2 in prod still waits for your approval (0 of 1 approval)" in told
        assert id in told
    assert heard(deck, deck.dev) == [], "who asked does not approve"
    assert deck.events(id).count("approvers reminded") == 1
    assert "⏰" not in said(deck), "the channel hears nothing of it"


def test_who_has_answered_is_not_reminded_and_nobody_of_a_plan_that_is_approved(deck: Deck):
    deck.awaiting("/deploy web 1.4.2 to vault")
    deck.press(deck.sam, "Approve")
    deck.count()
    deck.pass_time(15 * 60)
    deck.sweep()
    deck.publish()
    assert (len(heard(deck, deck.sam)), len(heard(deck, deck.robin))) == (0, 1)


def test_after_the_reminder_it_still_expires_and_can_be_asked_for_again(deck: Deck):
    id = deck.awaiting()
    for minutes in (16, 15):
        deck.pass_time(minutes * 60)
        deck.sweep()
        deck.publish()
    assert deck.load(id).state is State.EXPIRED
    deck.press(deck.dev, "Ask again")
    [again] = [op for op in deck.store.operations.in_flight() if op.id != id]
    assert (again.origin.id, again.state) == (id, State.PLANNING)
    deck.know()
    deck.plan(again.id)
    assert deck.load(again.id).state is State.AWAITING


# ---------------------------------------------------------------------- one that waits already


def test_a_second_request_for_a_target_is_told_who_waits_with_what_and_replaces_nothing_by_itself(deck: Deck):
    first = deck.awaiting(by=deck.sam)
    second = deck.awaiting("/scale web 5 in prod")
    shown = deck.message().plain()
    assert f"{first}: deploy web 1.4.1 → 1.4.2, asked by @sam" in shown
    assert [deck.load(id).state for id in (first, second)] == [State.AWAITING] * 2
    deck.press(deck.robin, "Replace what waits")
    deck.told(deck.robin, f"Only who asked for {second}")
    assert deck.load(first).state is State.AWAITING


def test_its_author_replaces_what_waits_and_yeses_to_that_are_worth_nothing(deck: Deck):
    first = deck.awaiting(by=deck.sam)
    shown = deck.message()
    second = deck.awaiting("/scale web 5 in prod")
    asked = button(deck.message(), "Replace what waits").confirm
    assert f"{first}: deploy web 1.4.1 → 1.4.2" in asked["text"]["text"]
    deck.press(deck.dev, "Replace what waits")
    gone = deck.load(first)
    assert (gone.state, gone.ending.by) == (State.SUPERSEDED, deck.dev.id)
    assert deck.events(first)[-1] == "superseded"
    deck.press(deck.robin, "Approve", shown)
    deck.told(deck.robin, "was superseded by @dev: nothing was changed")
    deck.publish()
    [message] = [m for m in deck.messages() if m.plain().startswith("deploy web")]
    assert f"asks for {second} in its place; nothing was changed" in message.plain()
    assert deck.load(second).state is State.AWAITING


def test_nobody_replaces_what_they_might_not_cancel(deck: Deck):
    """Only SREs restart, so a developer cannot end a restart of sam's."""
    restart = deck.awaiting("/ops restart web in prod", by=deck.sam)
    deck.awaiting("/scale web 5 in prod")
    deck.press(deck.dev, "Replace what waits")
    deck.told(deck.dev, "needs the role sre")
    assert deck.load(restart).state is State.AWAITING


def test_where_nothing_waits_there_is_nothing_to_replace(deck: Deck):
    deck.awaiting()
    assert button(deck.message(), "Replace what waits") is None


def test_said_with_the_request_it_replaces_what_waited_before_and_nothing_that_is_asked_for_later(deck: Deck):
    first = deck.awaiting(by=deck.sam)
    second = deck.awaiting("/scale web 5 in prod supersede")
    gone = deck.load(first)
    assert (gone.state, gone.ending.by) == (State.SUPERSEDED, deck.dev.id)
    assert gone.ending.sentence == f"<@{deck.dev.id}> asks for {second} in its place; nothing was changed."
    assert button(deck.message(), "Replace what waits") is None
    third = deck.awaiting(by=deck.sam)
    deck.cluster.change(lambda web: web["metadata"]["annotations"].update(note="x"))
    deck.store.operations.apply(transitions.drifted(deck.load(second), (), deck.clock()))
    deck.plan(second)
    assert [deck.load(id).state for id in (second, third)] == [State.AWAITING] * 2


def test_said_of_what_they_might_not_cancel_it_is_rejected_and_nothing_else_ends(deck: Deck):
    deploy = deck.awaiting(by=deck.sam)
    restart = deck.awaiting("/ops restart web in prod", by=deck.sam)
    op = deck.load(deck.planned(deck.dev, "/scale web 5 in prod supersede"))
    assert op.state is State.REJECTED
    assert f"{restart} waits on the same target, and you may not replace it: `restart` in prod" in op.ending.sentence
    assert [deck.load(id).state for id in (deploy, restart)] == [State.AWAITING] * 2


def test_where_nobody_is_asked_it_is_replaced_too(deck: Deck):
    first = deck.awaiting(by=deck.sam)
    environments = deck.written()["environments"]
    del environments["prod"]["approvals"]
    deck.now_in_force(environments=environments)
    deck.planned(deck.dev, "/scale web 5 in prod supersede")
    assert deck.load(first).state is State.SUPERSEDED


def test_a_press_that_asks_again_replaces_nothing(deck: Deck):
    """What waits by then, nobody has spoken of."""
    second = deck.awaiting("/scale web 5 in prod supersede")
    deck.press(deck.dev, "Cancel")
    deck.publish()
    shown = deck.message()
    first = deck.awaiting(by=deck.sam)
    deck.press(deck.dev, "Ask again", shown)
    [again] = [op for op in deck.store.operations.in_flight() if op.origin]
    assert again.origin.id == second
    assert "supersede" not in again.invocation.text
    assert deck.plan(again.id).state is State.AWAITING
    assert deck.load(first).state is State.AWAITING


# ---------------------------------------------------------------------- what its labels say


def test_what_a_rule_about_labels_denies_to_somebody_they_neither_see_nor_call_off(deck: Deck):
    """By the labels that its plan was made on, and the rules of now."""
    deck.cluster.change(lambda web: web["metadata"].setdefault("labels", {}).update(tier="money"))
    id = deck.awaiting("/deploy web 1.4.2 to prod", by=deck.sam)
    assert deck.load(id).plan.labels["tier"] == "money"
    assert id in answered(deck, deck.dev, "/ops operations")
    rules = deck.written()["permissions"]
    deny = {
        "roles": ["developer"],
        "commands": ["*"],
        "environments": ["prod"],
        "labels": {"tier": "money"},
        "deny": True,
    }
    deck.now_in_force(permissions=[*rules, deny])
    assert id not in answered(deck, deck.dev, "/ops operations")
    deck.press(deck.dev, "Cancel")
    deck.told(deck.dev, "`deploy` of web in prod is denied to the role developer")
    assert deck.load(id).state is State.AWAITING

"""Every refused attempt is answered privately and stands in the audit once: who, what, where, and why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from redis import Connection

from bot.controls import OperationControls
from bot.listeners import EVENTS_PATIENCE, LATE
from bot.views.actions import BUTTONS, click
from commands import transitions
from commands.config import Rules
from commands.invocation import Person
from commands.operation import Ending, Operation
from playground.workspace import Message, User
from tests.invariants.deck import Deck

Entry = dict[str, Any]


def refused(deck: Deck) -> list[Entry]:
    return [entry for entry in deck.store.audit.export() if entry["event"] in {"refused", "click refused"}]


def forged(shown: Message, value: str) -> Message:
    """The message with every button there is, each carrying ``value``."""
    buttons = [
        {"type": "button", "action_id": id, "value": value, "text": {"type": "plain_text", "text": id}}
        for id in BUTTONS
    ]
    return replace(shown, blocks=[{"type": "actions", "block_id": "buttons", "elements": buttons}])


def press(deck: Deck, person: User, action: str, operation: Operation) -> None:
    """A button that this message does not offer (any more)."""
    deck.workspace.click(person, forged(deck.message(), click(operation).value), action_id=action, stale=True)


def denied(deck: Deck) -> Operation:
    """One that a person may ask for again."""
    id = deck.awaiting()
    deck.press(deck.dev, "Cancel")
    deck.publish()
    return deck.load(id)


def test_a_button_that_was_pressed_already(deck: Deck):
    first = denied(deck)
    for person in (deck.dev, deck.sam):
        press(deck, person, "retry", first)
    [entry] = refused(deck)
    [after] = deck.store.operations.in_flight()
    assert entry["actor"] == deck.sam.id
    assert (entry["event"], entry["verb"], entry["operation"]) == ("click refused", "retry", first.id)
    assert entry["channel"] == deck.channel.id
    assert entry["detail"] == f"That button was pressed already: it became {after.id}."
    assert deck.told(deck.sam, entry["detail"])


@pytest.mark.parametrize("action", ["retry", "rollback"])
def test_following_up_on_what_has_not_ended(deck: Deck, action: str):
    id = deck.awaiting()
    press(deck, deck.dev, action, deck.load(id))
    [entry] = refused(deck)
    assert (entry["actor"], entry["verb"], entry["operation"]) == (deck.dev.id, action, id)
    plan = deck.load(id).plan
    assert plan
    assert (entry["environment"], entry["digest"]) == ("prod", plan.digest)
    assert entry["detail"] == f"{id} is still awaiting approval; wait for its end, or cancel it."


def test_rolling_back_what_changed_nothing(deck: Deck):
    ended = denied(deck)
    press(deck, deck.dev, "rollback", ended)
    [entry] = refused(deck)
    assert (entry["verb"], entry["operation"]) == ("rollback", ended.id)
    assert "changed nothing, so there is nothing to roll back" in entry["detail"]


@pytest.mark.parametrize("action", ["retry", "logs"])
def test_what_no_rule_allows_stands_there_once(deck: Deck, action: str):
    ended = denied(deck)
    press(deck, deck.guest, action, ended)
    [entry] = refused(deck)
    assert (entry["event"], entry["verb"], entry["operation"]) == ("click refused", action, ended.id)
    assert entry["actor"] == deck.guest.id
    assert "needs the role developer" in entry["detail"]


def test_a_foreign_button(deck: Deck):
    deck.awaiting()
    deck.workspace.click(deck.dev, forged(deck.message(), '{"not": "ours"}'), action_id="approve", stale=True)
    [entry] = refused(deck)
    assert (entry["actor"], entry["verb"], entry["operation"]) == (deck.dev.id, "approve", None)
    assert "not one of mine" in entry["detail"]


@pytest.mark.parametrize("action", BUTTONS)
def test_an_operation_that_is_not_there(deck: Deck, action: str):
    ghost = replace(deck.load(deck.awaiting()), id="op-gone")
    press(deck, deck.dev, action, ghost)
    [entry] = refused(deck)
    assert (entry["verb"], entry["operation"], entry["environment"]) == (action, "op-gone", None)
    assert "op-gone" in entry["detail"]


def test_who_is_told_no_while_slack_limits_the_clicks_own_hook_is_told_beside_the_message(deck: Deck):
    id = deck.awaiting()
    deck.workspace.faults.add("response_url", "429", retry_after=30)
    press(deck, deck.dev, "retry", deck.load(id))
    assert deck.told(deck.dev, f"{id} is still awaiting approval")
    assert deck.workspace.calls("chat.postEphemeral")


def test_whose_vote_does_not_count_is_told_so_while_slack_limits_the_clicks_own_hook(deck: Deck):
    deck.awaiting()
    deck.oncall.members = []
    deck.press(deck.robin, "Approve")
    deck.workspace.faults.add("response_url", "429", retry_after=30)
    deck.count()
    assert deck.told(deck.robin, "needs the role sre")
    assert deck.workspace.calls("chat.postEphemeral")


def test_whose_vote_finds_the_target_taken_is_told_by_whom_with_what_and_since_when(deck: Deck):
    id = deck.awaiting()
    first = deck.message()
    deck.awaiting("/deploy web 1.4.3 to prod", by=deck.robin)
    deck.press(deck.sam, "Approve")
    deck.count()
    deck.press(deck.sam, "Approve", first)
    deck.count()
    [holder] = [op for op in deck.store.operations.in_flight() if op.id != id]
    assert deck.told(deck.sam, f"{holder.id} is at work on it: {holder.headline}, asked for by")
    assert deck.told(deck.sam, f"press again when {holder.id} has ended")
    assert deck.load(id).votes == ()


def test_one_that_moved_as_it_was_cancelled(deck: Deck, monkeypatch: pytest.MonkeyPatch):
    id = deck.awaiting()
    operations = deck.bot._parts.hurried.operations
    monkeypatch.setattr(operations, "load", just_before(operations.load, lambda op: move(deck, op)))
    deck.press(deck.dev, "Cancel")
    [entry] = refused(deck)
    assert (entry["verb"], entry["operation"]) == ("cancel", id)
    assert "moved that very moment" in entry["detail"]


def just_before(load: Callable[[str], Operation], then: Callable[[Operation], None]) -> Callable[[str], Operation]:
    once = [then]

    def read(id: str) -> Operation:
        found = load(id)
        while once:
            once.pop()(found)
        return found

    return read


def move(deck: Deck, op: Operation) -> None:
    deck.store.operations.apply(transitions.drifted(op, (), deck.clock()))


def test_a_form_that_was_filled_in_too_late(deck: Deck):
    id = deck.awaiting()
    deck.press(deck.sam, "Deny")
    [form] = deck.workspace.wait(lambda: deck.workspace.open_modals(deck.sam))
    deck.press(deck.dev, "Cancel")
    sent = deck.workspace.submit(deck.sam, form, {"Why not? The requester and the channel read it.": "no"})
    assert "was cancelled by" in "".join(sent.errors.values())
    [entry] = refused(deck)
    assert (entry["actor"], entry["verb"], entry["operation"]) == (deck.sam.id, "deny", id)


def test_a_cancel_in_words(deck: Deck):
    told = deck.say(deck.dev, "/ops cancel op-2222")
    [entry] = refused(deck)
    assert (entry["event"], entry["verb"], entry["actor"]) == ("refused", "cancel", deck.dev.id)
    assert (entry["text"], entry["channel"]) == ("cancel op-2222", deck.channel.id)
    assert entry["detail"] in told
    assert "There is no operation op-2222" in told


def test_a_command_that_came_too_late(deck: Deck):
    deck.workspace.say(deck.dev, deck.channel, "/scale web 5 in staging", sent_ago=3)
    [entry] = refused(deck)
    assert (entry["event"], entry["actor"], entry["channel"]) == ("refused", deck.dev.id, deck.channel.id)
    assert (entry["text"], entry["detail"]) == ("/scale web 5 in staging", LATE)


def test_a_mention_that_came_too_late(deck: Deck):
    said = deck.workspace.say(deck.dev, deck.channel, "@bot logs web in prod")
    deck.clock.ahead += EVENTS_PATIENCE + 1
    deck.workspace.redeliver(said)
    [entry] = refused(deck)
    assert (entry["text"], entry["detail"]) == ("logs web in prod", LATE)


@pytest.mark.parametrize("words", ["/scale web in staging", "/ops levitate web"])
def test_words_that_are_no_command(deck: Deck, words: str):
    told = deck.say(deck.dev, words)
    [entry] = refused(deck)
    assert (entry["event"], entry["actor"], entry["operation"]) == ("refused", deck.dev.id, None)
    assert words.endswith(entry["text"])
    assert entry["detail"].partition("\n")[0] in told


def test_what_a_refused_change_was_aimed_at(deck: Deck):
    deck.say(deck.guest, "/deploy sts/db 1.4.2 to prod")
    [entry] = refused(deck)
    assert (entry["verb"], entry["environment"], entry["target"]) == ("deploy", "prod", "prod/StatefulSet/db")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/scale deploy/web 5 in staging", "/scale deployment/web 3 in staging"),
        ("/deploy web 1.4.2 to staging", "/rollback deployment/web in staging"),
    ],
)
def test_a_roll_back_tells_what_to_type_for_the_same(deck: Deck, text: str, words: str):
    id = deck.planned(deck.dev, text)
    deck.store.operations.apply(transitions.fail(deck.load(id), Ending("It broke."), deck.clock()))
    deck.publish()
    deck.press(deck.dev, "Roll back")
    [after] = deck.store.operations.in_flight()
    assert after.invocation.text == words
    assert deck.told(deck.dev, f"{after.id}: {words} is being planned (rollback of {id}).")


def test_a_yes_is_received_in_two_round_trips(deck: Deck, monkeypatch: pytest.MonkeyPatch):
    """Whoever presses waits for them: one to read all that decides, one to write."""
    operation = deck.load(deck.awaiting())
    assert operation.plan
    controls = OperationControls(Rules(deck.config), deck.store, deck.clock)
    sent: list[Any] = []
    send = Connection.send_packed_command

    def noted(self: Connection, command: Any, *args: Any, **more: Any) -> Any:
        sent.append(command)
        return send(self, command, *args, **more)

    monkeypatch.setattr(Connection, "send_packed_command", noted)
    controls.approve(operation.id, Person(deck.sam.id, deck.sam.team_id), operation.plan.digest, None)
    assert len(sent) == 2
    assert [vote.person for vote in deck.load(operation.id).votes] == [deck.sam.id]

"""One parent message an operation, whatever Slack does; whom it calls, and whom not."""

from __future__ import annotations

import pytest

from playground.workspace import Message
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import SECONDS, Cast


def test_an_operation_has_one_message_edited_in_place(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to prod")
    scene.rest()
    assert [m.ts for m in scene.messages()] == [done.ts]
    states = [version.text.rpartition(": ")[2] for version in scene.now(done).edits]
    assert states[0] == "awaiting approval"
    assert states[-1] == "succeeded"


def test_approvers_are_called_once_and_the_requester_at_the_end(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to prod")
    scene.rest()
    asking, *_, ending = scene.thread(done)
    assert asking.text.startswith(f"{cast.sam.mention}, {cast.oncall.mention}: deploy {web}")
    assert scene.rung(cast.robin) == [asking], "through the user group"
    assert ending.text == f"{cast.dev.mention} deploy {web} 1.4.1 → 1.4.2 in prod: succeeded. 2 of 2 pods ready."
    assert ending in scene.rung(cast.dev)


def test_a_message_calls_nobody_who_is_not_concerned(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to prod")
    scene.rest()
    assert scene.rung(cast.mallory) == []
    pings = set().union(*(m.pings for m in [done, *scene.thread(done)]))
    assert pings <= {cast.dev.id, cast.sam.id, cast.oncall.id}


def test_where_nobody_is_asked_only_the_end_calls_the_requester(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    done = scene.carried_out(cast.dev, f"/deploy {web} 1.4.2 to staging")
    scene.rest()
    [ending] = scene.thread(done)
    assert scene.rung(cast.sam) == []
    assert ending in scene.rung(cast.dev)


def test_a_message_that_is_deleted_meanwhile_is_posted_once_more(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    scene.replied(asked, "needs approval")
    scene.workspace.delete_message(asked)
    scene.press_held(cast.sam, asked, "Approve")
    again = scene.ended(scene.wait(lambda m: m.ts != asked.ts and operation(asked) in m.plain()), "succeeded")
    scene.rest()
    assert [m.ts for m in scene.messages() if m.user == scene.workspace.bot_user_id] == [again.ts]
    [note] = scene.audit(event="noted", operation=operation(asked))
    assert "its message was gone (message_not_found); posted again" in note["detail"]


@pytest.mark.parametrize("fault", ["429", "500", "drop_before", "drop_after"])
def test_a_post_that_goes_wrong_is_made_exactly_once(scene: Scene, cast: Cast, fault: str) -> None:
    """``drop_after``: Slack took it, and its answer was lost."""
    web = scene.deployed("staging")
    scene.workspace.faults.add("chat.postMessage", fault)
    done = finished(scene, cast, web)
    assert posted(scene, web) == [done.ts]


@pytest.mark.parametrize("fault", ["429", "500", "drop_before", "drop_after"])
def test_an_edit_that_goes_wrong_is_made_again(scene: Scene, cast: Cast, fault: str) -> None:
    web = scene.deployed("staging")
    scene.workspace.faults.add("chat.update", fault, times=2)
    done = finished(scene, cast, web)
    assert posted(scene, web) == [done.ts]


@pytest.mark.parametrize("fault", ["500", "drop_after"])
def test_every_reply_in_the_thread_is_made_exactly_once(scene: Scene, cast: Cast, fault: str) -> None:
    web = scene.deployed("prod")
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    scene.replied(asked, "needs approval")
    scene.workspace.faults.add("chat.postMessage", fault, times=2)
    scene.press(cast.sam, asked, "Approve")
    scene.ended(asked, "succeeded")
    scene.rest()
    texts = [reply.text for reply in scene.thread(asked)]
    assert len(texts) == len(set(texts)) == 3


def test_a_channel_that_is_archived_meanwhile_sends_it_to_the_requester(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    asked = scene.until(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to prod"), "awaiting approval")
    scene.replied(asked, "needs approval")
    scene.workspace.archive(scene.channel)
    scene.workspace.say(cast.dev, scene.workspace.dm(cast.dev), f"cancel {operation(asked)}")
    direct = scene.workspace.dm(cast.dev)
    scene.workspace.wait_message(direct, f"deploy {web} 1.4.1 → 1.4.2 in prod: cancelled", SECONDS)


def finished(scene: Scene, cast: Cast, web: str) -> Message:
    done = scene.ended(scene.ask(cast.dev, f"/deploy {web} 1.4.2 to staging"), "succeeded")
    scene.rest()
    assert len(scene.thread(done)) == 1
    return done


def posted(scene: Scene, web: str) -> list[str]:
    return [m.ts for m in scene.messages() if web in m.text]

"""Who may say yes, how often, until when, and to what. Each refusal is a sentence for the one who pressed."""

from __future__ import annotations

from playground.workspace import Message, User
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import Cast


def test_pressed_twice_acts_once(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    scene.press(cast.sam, asked, "Approve")
    scene.ended(asked, "succeeded")
    scene.press(cast.sam, asked, "Approve", stale=True)
    scene.told(cast.sam, f"{operation(asked)} was approved by @sam and has succeeded. Its message tells the rest.")
    assert len(scene.writes("prod", web)) == 1


def test_pressed_by_two_at_the_same_moment_acts_once(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    presses = [scene.press(who, asked, "Approve", stale=True, wait=False) for who in (cast.sam, cast.robin, cast.sam)]
    assert all(press.error == "" for press in presses)
    scene.ended(asked, "succeeded")
    assert len(scene.writes("prod", web)) == 1
    assert [e["to"] for e in scene.audit(operation=operation(asked), event="written")] == ["observing"]


def test_the_requester_may_not_approve(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod", by=cast.sam)
    scene.press(cast.sam, asked, "Approve")
    told = scene.told(cast.sam, f"You asked for {operation(asked)} yourself, and prod wants somebody else's approval.")
    assert "Ask somebody who holds the role sre." in told.plain()
    still_waits(scene, web, asked)
    scene.press(cast.robin, asked, "Approve")
    scene.ended(asked, "succeeded")


def test_who_does_not_hold_the_role_may_not_approve(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    scene.press(cast.mallory, asked, "Approve")
    told = scene.told(cast.mallory, f"Approving {operation(asked)} in prod needs the role sre, which you do not hold.")
    assert "Ask @sam or @robin." in told.plain()
    assert scene.rung(cast.robin) == scene.thread(asked)[:1], "a private sentence must not ring anybody"
    still_waits(scene, web, asked)


def test_a_guest_may_not_approve(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    scene.press(cast.guest, asked, "Approve")
    scene.told(cast.guest, "needs the role sre, which you do not hold.")
    still_waits(scene, web, asked)


def test_an_approver_sees_what_is_at_stake_and_takes_a_yes_back_before_it_is_acted_on(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "vault")
    assert "no PodDisruptionBudget" in asked.plain(), "read of the cluster, with the worker's own rights"
    scene.press(cast.sam, asked, "Approve")
    scene.wait(lambda m: m.ts == asked.ts and "1 of 2 approvals*, by @sam" in m.plain())
    scene.press(cast.sam, asked, "Withdraw my approval")
    scene.told(cast.sam, f"Your approval of {operation(asked)} is withdrawn.")
    scene.press(cast.robin, asked, "Approve")
    scene.wait(lambda m: m.ts == asked.ts and "1 of 2 approvals*, by @robin ·" in m.plain())
    still_waits(scene, web, asked, "vault")


def test_after_its_time_it_is_too_late(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("hasty")
    asked = scene.ask(cast.dev, f"/deploy {web} 1.4.2 to hasty")
    ended = scene.ended(asked, "expired")
    assert "Nobody approved it in time; nothing was changed." in ended.plain()
    assert [button.text for button in ended.buttons()] == ["Ask again"]
    scene.press(cast.sam, asked, "Approve", stale=True)
    scene.told(cast.sam, f"{operation(asked)} expired before enough people had approved it: nothing was changed.")
    assert scene.writes("hasty", web) == []


def test_a_denial_has_a_reason_and_is_the_end(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    denied(scene, cast.sam, asked, "not on a Friday")
    ended = scene.ended(asked, "denied")
    assert "Denied by @sam: not on a Friday" in ended.plain()
    assert [button.text for button in ended.buttons()] == ["Ask again"]
    scene.press(cast.robin, asked, "Approve", stale=True)
    scene.told(cast.robin, f"{operation(asked)} was denied by @sam: nothing was changed. Ask for it anew")
    assert scene.writes("prod", web) == []


def test_a_denial_without_a_reason_is_sent_back(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    scene.press(cast.sam, asked, "Deny")
    [form] = scene.workspace.wait(lambda: scene.workspace.open_modals(cast.sam))
    assert f"You are about to deny deploy {web} 1.4.1 → 1.4.2 in prod." in form.plain().replace("*", "")
    sent = scene.workspace.submit(cast.sam, form, {REASON: "  "})
    assert list(sent.errors.values()) == ["Please say why; the requester will read it."]
    assert not sent.closed
    scene.workspace.dismiss(cast.sam, form)
    still_waits(scene, web, asked)


def test_who_may_not_approve_may_not_deny(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    scene.press(cast.mallory, asked, "Deny")
    scene.told(cast.mallory, f"Denying {operation(asked)} in prod needs the role sre, which you do not hold.")
    assert scene.workspace.open_modals(cast.mallory) == []
    still_waits(scene, web, asked)


def test_asking_again_after_a_denial_is_a_new_operation(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    denied(scene, cast.sam, asked, "wait for me")
    ended = scene.ended(asked, "denied")
    scene.press(cast.dev, ended, "Ask again")
    again = scene.until(scene.after(asked), "awaiting approval")
    assert f"{operation(again)}, retry of {operation(asked)}" in again.plain()
    scene.press(cast.sam, again, "Approve")
    scene.ended(again, "succeeded")
    assert scene.images("prod", web) == ["registry.test/web:1.4.2"]


def test_two_approvals_are_two_people(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "vault")
    scene.press(cast.sam, asked, "Approve")
    scene.replied(asked, "@sam approved")
    scene.wait(lambda m: m.ts == asked.ts and "1 of 2 approvals*, by @sam" in m.plain())
    scene.press(cast.sam, asked, "Approve")
    scene.told(cast.sam, f"You have approved {operation(asked)} already; one person counts once. It has 1 of 2.")
    still_waits(scene, web, asked, "vault")
    scene.press(cast.robin, asked, "Approve")
    assert "Approved by @sam, @robin" in scene.ended(asked, "succeeded").plain()
    assert len(scene.writes("vault", web)) == 1


def test_who_left_the_group_may_not_approve_any_more(scene: Scene, cast: Cast) -> None:
    web, asked = waiting(scene, cast, "prod")
    scene.workspace.set_group(cast.oncall, [])
    try:
        scene.press(cast.robin, asked, "Approve")
        scene.told(cast.robin, "needs the role sre, which you do not hold")
        still_waits(scene, web, asked)
    finally:
        scene.workspace.set_group(cast.oncall, [cast.robin])


def test_an_approval_is_void_once_its_giver_left_the_group(scene: Scene, cast: Cast) -> None:
    """Counted when it was given, judged again when acting."""
    web, asked = waiting(scene, cast, "vault")
    scene.press(cast.robin, asked, "Approve")
    scene.replied(asked, "@robin approved")
    scene.workspace.set_group(cast.oncall, [])
    try:
        scene.press(cast.sam, asked, "Approve")
        ended = scene.ended(asked, "failed")
    finally:
        scene.workspace.set_group(cast.oncall, [cast.robin])
    assert "has 1 of the 2 approvals that vault asks for" in ended.plain()
    assert "@robin approved it, but does not hold that role" in ended.plain()
    assert "Nothing was changed." in ended.plain()
    assert scene.writes("vault", web) == []


REASON = "Why not? The requester and the channel read it."
"""The input's label in the form."""


def waiting(scene: Scene, cast: Cast, environment: str, *, by: User | None = None) -> tuple[str, Message]:
    """The name of a workload, and the message that asks whether it may change."""
    web = scene.deployed(environment)
    message = scene.ask(by or cast.dev, f"/deploy {web} 1.4.2 to {environment}")
    return web, scene.until(message, "awaiting approval")


def denied(scene: Scene, person: User, asked: Message, reason: str) -> None:
    scene.press(person, asked, "Deny")
    [form] = scene.workspace.wait(lambda: scene.workspace.open_modals(person))
    assert scene.workspace.submit(person, form, {REASON: reason}).closed


def still_waits(scene: Scene, web: str, asked: Message, environment: str = "prod") -> None:
    scene.rest()
    assert scene.now(asked).text.endswith(": awaiting approval")
    assert scene.writes(environment, web) == []

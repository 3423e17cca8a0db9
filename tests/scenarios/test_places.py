"""Where it is said: in a channel, in a thread, in a direct message, or where nobody could read the answer."""

from __future__ import annotations

import pytest

from playground.workspace import Channel, Message, User
from tests.scenarios.scene import Scene, operation
from tests.scenarios.stack import SECONDS, Cast


def test_a_mention_in_a_thread_is_answered_in_that_thread(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    talk = scene.say(cast.dev, "customers see the old page").message
    assert talk
    scene.say(cast.dev, f"@quarterdeck deploy {web} 1.4.2 to prod", thread=talk)
    asked = scene.replied(talk, ": awaiting approval")
    scene.press(cast.sam, asked, "Approve")
    scene.replied(talk, f"deploy {web} 1.4.1 → 1.4.2 in prod: succeeded. ")
    assert scene.images("prod", web) == ["registry.test/web:1.4.2"]
    assert scene.messages() == [scene.now(talk)]


def test_a_mistake_in_a_thread_is_answered_there_to_who_made_it(scene: Scene, cast: Cast) -> None:
    talk = scene.say(cast.dev, "hello").message
    assert talk
    scene.say(cast.dev, "@quarterdeck deploi web 1.4.2 to prod", thread=talk)
    told = scene.told(cast.dev, "There is no command `deploi`. Did you mean `deploy`?")
    assert told.thread_ts == talk.ts
    assert scene.thread(talk)[1:] == []


@pytest.mark.parametrize("said", ["thanks @quarterdeck!", "@quarterdeck thank you"])
def test_a_mention_that_is_no_command_is_no_mistake(scene: Scene, cast: Cast, said: str) -> None:
    scene.say(cast.dev, said)
    told = scene.told(cast.dev, "I take that for no command").plain()
    assert "`help` lists all that I can do." in told
    assert "no command `" not in told


def test_a_question_in_a_thread_is_answered_there(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    talk = scene.say(cast.dev, f"@quarterdeck status {web} in staging").message
    assert talk
    assert scene.wait(f"{web} in staging: ready, 2 of 2 ready")


def test_a_direct_message_needs_no_mention(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    direct = scene.workspace.dm(cast.dev)
    scene.workspace.say(cast.dev, direct, f"deploy {web} 1.4.2 to staging")
    done = scene.workspace.wait_message(direct, f"deploy {web} 1.4.1 → 1.4.2 in staging: succeeded", SECONDS)
    assert done.button("Roll back")
    assert scene.images("staging", web) == ["registry.test/web:1.4.2"]


def test_an_environment_with_a_channel_is_run_there(scene: Scene, cast: Cast) -> None:
    """Asked in a direct message, it would be hidden from those who may approve it."""
    web = scene.deployed("home")
    scene.workspace.say(cast.dev, scene.workspace.dm(cast.dev), f"/deploy {web} 1.4.2 to home")
    home = scene.stack.home
    direct = scene.workspace.dm(cast.dev)
    told = privately(scene, cast, direct, f"planning deploy {web}").plain()
    assert f"The plan follows in #{home.name}; if there is none, I say why here." in told
    asked = scene.workspace.wait_message(home, f"deploy {web} 1.4.1 → 1.4.2 in home: awaiting approval", SECONDS)
    scene.press(cast.sam, asked, "Approve")
    ended = scene.workspace.wait_message(home, f"deploy {web} 1.4.1 → 1.4.2 in home: succeeded", SECONDS)
    assert ended.ts == asked.ts
    assert not any(
        web in m.text for m in scene.workspace.messages(scene.workspace.dm(cast.dev)) if m.user != cast.dev.id
    )


def test_what_is_refused_is_said_where_it_was_asked(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("home")
    direct, before = scene.workspace.dm(cast.dev), scene.workspace.messages(scene.stack.home)
    scene.workspace.say(cast.dev, direct, f"/deploy {web} 1.4.1 to home")
    privately(scene, cast, direct, f"{web} in home already runs registry.test/web:1.4.1")
    assert scene.workspace.messages(scene.stack.home) == before


def test_what_needs_an_approval_is_not_asked_where_no_approver_sees_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    direct = scene.workspace.dm(cast.dev)
    scene.workspace.say(cast.dev, direct, f"/deploy {web} 1.4.2 to prod")
    told = privately(scene, cast, direct, "needs an approval, and nobody but you can read this conversation")
    assert "Nothing was changed; ask where @sam or @robin can see it." in told.plain()
    assert scene.writes("prod", web) == []


@pytest.mark.parametrize("kind", ["private channel", "group message"])
def test_nor_where_several_see_it_and_none_of_them_may_approve(scene: Scene, cast: Cast, kind: str) -> None:
    web = scene.deployed("prod")
    closed = hidden(scene, kind, f"closed-{web}", cast.dev, cast.mallory, cast.guest)
    scene.workspace.say(cast.dev, closed, f"/deploy {web} 1.4.2 to prod")
    told = privately(scene, cast, closed, "needs an approval, and nobody who may give one can read this conversation")
    assert "Nothing was changed; ask where @sam or @robin can see it." in told.plain()
    assert scene.writes("prod", web) == []
    scene.workspace.join(closed, cast.robin)
    scene.workspace.say(cast.dev, closed, f"/deploy {web} 1.4.2 to prod")
    asked = scene.workspace.wait_message(closed, ": awaiting approval", SECONDS)
    scene.press(cast.robin, asked, "Approve")
    scene.workspace.wait_message(closed, f"deploy {web} 1.4.1 → 1.4.2 in prod: succeeded", SECONDS)


def test_what_needs_no_approval_is_carried_out_whoever_sees_it(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("staging")
    closed = hidden(scene, "group message", f"closed-{web}", cast.dev, cast.mallory)
    scene.workspace.say(cast.dev, closed, f"/deploy {web} 1.4.2 to staging")
    scene.workspace.wait_message(closed, f"deploy {web} 1.4.1 → 1.4.2 in staging: succeeded", SECONDS)


@pytest.mark.parametrize("private", [True, False])
def test_where_the_bot_is_no_member_nothing_is_carried_out(scene: Scene, cast: Cast, private: bool) -> None:
    """Also in a public channel: there it could not find out whether what it wrote has landed."""
    web = scene.deployed("staging")
    secret = scene.workspace.add_channel(f"secret-{web}", [cast.dev], private=private, bot_in=False)
    scene.workspace.say(cast.dev, secret, f"/deploy {web} 1.4.2 to staging")
    told = privately(scene, cast, secret, "I can't post in this channel, so nothing was carried out.")
    assert "Invite me there (type `/invite` and my name) and ask again." in told.plain()
    assert scene.workspace.messages(secret) == []
    assert scene.writes("staging", web) == []


def test_a_bot_that_is_removed_meanwhile_writes_to_the_requester(scene: Scene, cast: Cast) -> None:
    web = scene.deployed("prod")
    secret = scene.workspace.add_channel(f"secret-{web}", [cast.dev, cast.sam], private=True)
    scene.workspace.say(cast.dev, secret, f"/deploy {web} 1.4.2 to prod")
    asked = scene.workspace.wait_message(secret, ": awaiting approval", SECONDS)
    scene.rest()
    scene.workspace.remove_bot(secret)
    direct = scene.workspace.dm(cast.dev)
    scene.workspace.say(cast.dev, direct, f"cancel {operation(asked)}")
    scene.workspace.wait_message(direct, f"deploy {web} 1.4.1 → 1.4.2 in prod: cancelled", SECONDS)
    [note] = scene.audit(event="noted", operation=operation(asked))
    assert f"posted again in {direct.id}" in note["detail"]


@pytest.mark.parametrize("private", [True, False])
def test_once_invited_it_is_carried_out(scene: Scene, cast: Cast, private: bool) -> None:
    web = scene.deployed("staging")
    secret = scene.workspace.add_channel(f"secret-{web}", [cast.dev], private=private, bot_in=False)
    scene.workspace.say(cast.dev, secret, f"/deploy {web} 1.4.2 to staging")
    privately(scene, cast, secret, "so nothing was carried out.")
    scene.workspace.invite_bot(secret)
    scene.workspace.say(cast.dev, secret, f"/deploy {web} 1.4.2 to staging")
    scene.workspace.wait_message(secret, f"deploy {web} 1.4.1 → 1.4.2 in staging: succeeded", SECONDS)


def hidden(scene: Scene, kind: str, name: str, *people: User) -> Channel:
    """Where only these and the bot can read."""
    if kind == "group message":
        return scene.workspace.group_dm(*people)
    return scene.workspace.add_channel(name, people, private=True)


def privately(scene: Scene, cast: Cast, channel: Channel, text: str) -> Message:
    found: Message = scene.workspace.wait(
        lambda: next((m for m in scene.workspace.private(cast.dev, channel) if text in m.plain()), None), SECONDS, text
    )
    return found

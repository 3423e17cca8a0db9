"""What the channel reads in each state, as it stands on the screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.views.ack import ack
from bot.views.operation import parent, private
from commands import transitions
from commands.demand import Vote
from commands.draft import FieldChange, Write
from commands.operation import Ending, Freed, Operation, Origin
from commands.progress import Phase, Progress, Startup
from commands.running import Running
from tests.unit.bot.views import life
from tests.unit.bot.views.reading import screen
from tests.unit.bot.views.slack_rules import pings


def shown(op: Operation, progress: Progress | None = None, **keywords: object) -> str:
    return screen(parent(op, progress, now=life.NOON + 71, **keywords).blocks)  # type: ignore[arg-type]


def test_the_instant_answer():
    op = life.planning()
    here = op.invocation.place.channel
    assert ack(op, here).text == "op-7k3f: planning deploy web 1.4.2 in prod. The answer follows."
    assert ack(op, "C0PROD").text.endswith("in prod. The plan follows in <#C0PROD>; if there is none, I say why here.")


def test_awaiting_approval():
    assert shown(life.half_approved()) == (
        "✋ deploy web 1.4.2 in prod: awaiting approval\n"
        "Asked by @U0ANN · started 12:00:00 (ago) · op-7k3f\n"
        "Changes\n"
        "• `containers[app].image`: `registry/web:1.4.1` → `registry/web:1.4.2`\n"
        "⚠️ Risks\n"
        "• replicas are owned by HPA web\n"
        "Reason: fixes the login\n"
        "Link: https://tracker/T-12\n"
        "1 of 2 approvals, by @U0SAM · sre may approve until 12:30:00\n"
        "Checking whether @U0ROBIN may approve …\n"
        "[Approve] [Deny] [Cancel] [Withdraw my approval]"
    )


def test_that_nobody_sees_whether_it_changes_is_said_while_it_waits():
    op = life.awaiting()
    unseen = Progress("I can't see whether it changes while it waits.", 0, 0, 0, 0, op.since + 5)
    assert shown(op, unseen).startswith(f"✋ deploy web 1.4.2 in prod: awaiting approval\n{unseen.sentence}\n")
    assert shown(op, replace(unseen, sentence="")) == shown(op)
    assert shown(op, replace(unseen, at=op.since - 1)) == shown(op), "that was said while it was planned"


def test_a_no_is_checked_too():
    op = transitions.vote(life.awaiting(), Vote("U0SAM", life.DIGEST, life.NOON + 20, no="not now")).after
    assert "Checking whether @U0SAM may deny …" in shown(op)
    assert "not now" not in shown(op)


def test_what_changed_while_it_waited():
    assert shown(life.drifted()) == (
        "✋ deploy web 1.4.2 in prod: awaiting approval\n"
        "Asked by @U0ANN · started 12:00:00 (ago) · op-7k3f\n"
        "⚠️ It changed while it waited (seen 12:00:35). Earlier approvals are void; please look again.\n"
        "• `replicas`: `4` → `6`\n"
        "Changes\n"
        "• `containers[app].image`: `registry/web:1.4.1` → `registry/web:1.4.2`\n"
        "⚠️ Risks\n"
        "• replicas are owned by HPA web\n"
        "Reason: fixes the login\n"
        "Link: https://tracker/T-12\n"
        "0 of 2 approvals · sre may approve until 12:30:00\n"
        "[Approve] [Deny] [Cancel]"
    )


MIDDLE = (
    "Changes\n"
    "• `containers[app].image`: `registry/web:1.4.1` → `registry/web:1.4.2`\n"
    "⚠️ Risks\n"
    "• replicas are owned by HPA web\n"
    "Reason: fixes the login\n"
    "Link: https://tracker/T-12\n"
)
APPROVED = "Approved by @U0SAM, @U0ROBIN"


def test_observing():
    assert shown(life.observing(), life.HALFWAY, notices=("12 messages are ahead of this one.",)) == (
        "👀 deploy web 1.4.2 in prod: observing\n"
        "3 of 6 new pods ready · 4 started · 2 old  ▰▰▰▰▰▱▱▱▱▱\n"
        "Asked by @U0ANN · started 12:00:00 (ago) · op-7k3f\n"
        "⚠️ no node has room for web-5c9\n"
        f"{MIDDLE}{APPROVED}\n"
        "[Logs] [Stop following]\n"
        "12 messages are ahead of this one."
    )


def test_while_nothing_can_be_seen_that_comes_first_and_the_last_known_counts_below():
    blind = replace(life.HALFWAY, sentence="I can't see the rollout at the moment: no answer", warnings=())
    assert shown(life.observing(), blind).startswith(
        "👀 deploy web 1.4.2 in prod: observing\n"
        "I can't see the rollout at the moment: no answer\n"
        "Asked by @U0ANN · started 12:00:00 (ago) · op-7k3f\n"
        "3 of 6 new pods ready · 4 started · 2 old  ▰▰▰▰▰▱▱▱▱▱\n"
    )


def test_failed_says_the_cause_and_how_far_it_came():
    assert shown(life.failed(), replace(life.HALFWAY, warnings=())) == (
        "❌ deploy web 1.4.2 in prod: failed\n"
        "container app: image registry/web:1.4.2 not found\n"
        "Asked by @U0ANN · started 12:00:00, ended 12:01:15 after 1m 15s · op-7k3f\n"
        "3 of 6 new pods ready · 4 started · 2 old  ▰▰▰▰▰▱▱▱▱▱\n"
        f"{MIDDLE}{APPROVED}\n"
        "[Roll back] [Retry] [Logs]"
    )


@pytest.mark.parametrize(
    ("op", "head", "buttons"),
    [
        (life.planning(), "📝 deploy web 1.4.2 in prod: planning\nMaking a plan from what runs now.", "[Cancel]"),
        (
            life.queued(),
            "🕓 deploy web 1.4.2 in prod: queued\nWaiting for a worker.",
            "[Cancel] [Withdraw my approval]",
        ),
        (life.acting(), "✍️ deploy web 1.4.2 in prod: acting\nWriting the change.", APPROVED),
        (
            life.observing(),
            "👀 deploy web 1.4.2 in prod: observing\nWritten. Waiting for the first news of the rollout.",
            "[Logs] [Stop following]",
        ),
        (
            life.succeeded(),
            "✅ deploy web 1.4.2 in prod: succeeded\nAll 6 pods run registry/web:1.4.2.",
            "[Roll back]",
        ),
        (
            life.denied(),
            "⛔ deploy web 1.4.2 in prod: denied\nDenied by @U0SAM: not during the sale <!channel>",
            "[Ask again]",
        ),
        (
            life.expired(),
            "⌛ deploy web 1.4.2 in prod: expired\nNobody approved it in time; nothing was changed.",
            "[Ask again]",
        ),
        (
            life.cancelled(),
            "⏹️ deploy web 1.4.2 in prod: cancelled\nCancelled by @U0ANN. Nothing was changed.",
            "[Ask again]",
        ),
        (
            life.unfollowed(),
            "⏹️ deploy web 1.4.2 in prod: cancelled\nCancelled by @U0ANN. It is no longer followed; the rollout goes on.",
            "[Roll back] [Logs]",
        ),
        (
            life.superseded(),
            "↪️ deploy web 1.4.2 in prod: superseded\nkubectl-edit changed the template meanwhile; nothing more was written.",
            "[Ask again]",
        ),
    ],
    ids=lambda value: value.state.value if isinstance(value, Operation) else None,
)
def test_the_state_is_told_at_one_glance(op: Operation, head: str, buttons: str):
    screened = shown(op)
    assert screened.startswith(f"{head}\n")
    assert screened.endswith(f"\n{buttons}")


def test_top_level_text_is_one_line_with_the_state_as_the_design_spells_it():
    assert parent(life.awaiting(), None, now=0).text == "deploy web 1.4.2 in prod: awaiting approval"


def test_a_rejected_operation_is_told_to_its_requester_alone():
    told = private(life.rejected())
    assert told.text == "deploy web 1.4.2 in prod: rejected. web in prod runs 1.4.2 already: nothing to change."
    assert screen(told.blocks) == (
        "🚫 deploy web 1.4.2 in prod: rejected\nweb in prod runs 1.4.2 already: nothing to change."
    )


def test_an_operation_asked_for_from_another_names_it():
    op = replace(life.succeeded(), origin=Origin("op-1a2b", "rollback"))
    assert "op-7k3f, rollback of op-1a2b" in shown(op)


def test_a_long_diff_is_short_in_the_message():
    diff = tuple(FieldChange(f"env[{n}]", None, str(n)) for n in range(9))
    op = replace(life.awaiting(), plan=replace(life.PLAN, diff=diff))
    assert "• `env[5]`: (absent) → `5`\n3 more lines in the thread" in shown(op)


def test_who_is_named_by_a_cluster_and_took_no_part_is_not_mentioned():
    quoted = "image <@U0EVE> not found, says <@U0ANN>"
    failed = replace(life.failed(), ending=Ending(quoted))
    running = replace(life.HALFWAY, sentence=quoted)
    for view in (parent(failed, None, now=0), parent(life.observing(), running, now=0)):
        assert "image @U0EVE not found" in view.blocks[0]["text"]["text"].replace("Image", "image")
        assert pings(view.text, view.blocks) <= {"U0ANN", "U0SAM", "U0ROBIN"}


def test_no_news_is_said_rather_than_pretended():
    late = parent(life.observing(), life.HALFWAY, now=life.HALFWAY.at + 61)
    assert "No news from the cluster since 12:01:10" in screen(late.blocks)


def test_a_cluster_that_cannot_be_reached_is_said_until_it_is():
    waits = Progress("The cluster main cannot be reached. I go on trying.", 0, 0, 0, 0, life.acting().since + 6)
    assert "acting\nThe cluster main cannot be reached. I go on trying.\n" in shown(life.acting(), waits)
    written = transitions.wrote(life.acting(), life.WRITTEN, waits.at + 1).after
    assert "Waiting for the first news of the rollout." in shown(written, waits)
    broken = transitions.fail(written, Ending("It broke."), waits.at + 2).after
    assert "0 of 0" not in shown(broken, waits)


def test_what_new_pods_wait_for_and_since_when():
    waits = Phase("waiting for 2 of 6 new pods: image is being pulled", life.HALFWAY.at - 40)
    text = shown(life.observing(), replace(life.HALFWAY, phase=waits))
    assert "Waiting for 2 of 6 new pods: image is being pulled, since 12:00:30 (ago)\n" in text
    assert "Waiting for 1 old pod to end\n" in shown(
        life.observing(), replace(life.HALFWAY, phase=Phase("waiting for 1 old pod to end"))
    )


def test_that_nothing_has_moved_for_long():
    text = shown(life.observing(), replace(life.HALFWAY, still_since=life.HALFWAY.at - 10))
    assert "Nothing has moved since 12:01:00 (ago).\n⚠️ no node has room for web-5c9" in text


def test_a_sentence_that_begins_with_a_name_leaves_it_as_it_is():
    held = Progress("web-0 has to be deleted by hand", 6, 2, 2, 4, life.HALFWAY.at)
    assert "web-0 has to be deleted by hand" in shown(life.observing(), held)


def test_what_is_said_instead_of_counts_begins_as_a_sentence_does():
    paused = Progress("paused: nothing rolls out until somebody resumes it", 6, 2, 2, 4, life.HALFWAY.at)
    assert "observing\nPaused: nothing rolls out" in shown(life.observing(), paused)


def test_all_is_ready_and_watched_on():
    ready = Progress("", 6, 6, 6, 0, life.HALFWAY.at, watched_until=life.HALFWAY.at + 60)
    text = shown(life.observing(), ready)
    assert "observing\n6 of 6 pods ready; watching until 12:02:10 that they stay so.\n" in text


def test_how_fast_new_pods_started():
    ready = Progress("", 6, 6, 6, 0, life.HALFWAY.at, startup=Startup(6, 12.0, 31.0, "web-5c9-b"))
    ended = transitions.succeed(life.observing(), "6 of 6 pods ready.", life.HALFWAY.at).after
    said = "6 new pods started: half of them within 12s, the slowest 31s (web-5c9-b)."
    assert said in shown(ended, ready)
    assert "The new pod took 31s to start." in shown(ended, replace(ready, startup=Startup(1, 31.0, 31.0, "web-5c9-b")))
    assert "half of them within 1s, the slowest 1s" in shown(ended, replace(ready, startup=Startup(2, 0.5, 1.0, "a")))
    assert "took" not in shown(ended, replace(ready, startup=None))


ONE, OTHER = "sha256:" + "1" * 64, "sha256:" + "2" * 64


def ended_with(*found: Running) -> str:
    return shown(transitions.succeed(life.observing(), "6 of 6 pods ready.", life.HALFWAY.at, found).after, None)


def test_which_digest_a_tag_turned_out_to_be_of_what_the_plan_changed():
    text = ended_with(Running("app", "registry/web:1.4.2", ((ONE, 6),)), Running("proxy", "proxy:1", ((OTHER, 6),)))
    assert "Runs now: web:1.4.2 → sha256:111111111111…\n" in f"{text}\n"
    assert "proxy" not in text


def test_several_digests_of_one_tag():
    text = ended_with(Running("app", "registry/web:1.4.2", ((ONE, 5), (OTHER, 1))))
    said = "web:1.4.2 → not the same everywhere: sha256:111111111111… in 5 pods, sha256:222222222222… in 1 pod"
    assert said in text


def test_after_a_restart_all_containers_are_told_and_after_a_scale_none():
    found = (Running("app", "web", ((ONE, 6),)), Running("proxy", "proxy:1", ((OTHER, 6),)))
    op = transitions.succeed(life.observing(), "6 of 6 pods ready.", life.HALFWAY.at, found).after
    assert op.plan
    restart = replace(op, plan=replace(op.plan, diff=()))
    assert "web:latest → sha256:111111111111…; proxy:1 → sha256:222222222222…" in shown(restart, None)
    scale = replace(op.plan.promise, writes=(Write("/spec/replicas", None, None),))
    assert "Runs now" not in shown(replace(op, plan=replace(op.plan, promise=scale)), None)


def test_pods_that_were_in_the_way_and_those_that_could_not_be_deleted():
    why = "Quarterdeck's account may not delete pods in namespace prod."
    op = replace(life.observing(), freed=(Freed("db-2", "u2"), Freed("db-1", "u1", why)))
    text = shown(op)
    assert "Deleted because it was broken and in the way: db-2." in text
    assert f"⚠️ db-1 was broken and in the way, and could not be deleted: {why}" in text

"""What the thread has to hold: each reply once, found again by its key."""

from __future__ import annotations

from dataclasses import replace

from bot.views.operation import replies
from commands.demand import Demand
from commands.draft import FieldChange
from commands.operation import (
    Operation,
)
from tests.unit.bot.views import life
from tests.unit.bot.views.reading import readable, screen

SRE = {"sre": ("U0SAM", "U0ROBIN", "S0ONCALL", "U0ANN", "*")}


def said(op: Operation) -> dict[str, str]:
    return {reply.key: readable(reply.text) for reply in replies(op, SRE)}


def test_nothing_before_there_is_a_plan():
    assert said(life.planning()) == {}


def test_approvers_are_mentioned_but_neither_the_requester_nor_everyone():
    assert said(life.awaiting()) == {
        "approvers:1": (
            "@U0SAM, @U0ROBIN, @S0ONCALL: deploy web 1.4.2 in prod needs approval (0 of 2 approvals). Asked by @U0ANN."
        )
    }


def test_the_requester_is_mentioned_where_people_may_approve_their_own():
    op = replace(life.awaiting(), demand=replace(life.DEMAND, self_approval=True))
    assert "@U0ANN:" in said(op)["approvers:1"]


def test_a_role_that_nobody_can_be_named_for_is_named_itself():
    op = replace(life.awaiting(), demand=Demand(1, ("release <!here>",), life.NOON))
    assert said(op)["approvers:1"].startswith("anyone with the role release <!here>: ")


def test_each_approval_and_nobody_is_asked_any_more():
    assert list(said(life.queued())) == ["approved:U0SAM:1", "approved:U0ROBIN:1"]
    assert said(life.queued())["approved:U0SAM:1"] == "👍 @U0SAM approved deploy web 1.4.2 in prod."


def test_a_vote_that_is_being_checked_is_no_approval():
    assert "approved:U0ROBIN:1" not in said(life.half_approved())


def test_who_approved_already_is_not_asked_again():
    assert said(life.half_approved())["approvers:1"].startswith("@U0ROBIN, @S0ONCALL: ")


def test_a_drift_keeps_its_key_when_others_are_no_longer_kept():
    op = life.drifted()
    later = replace(op, round=41, drifts=(*op.drifts, replace(op.drifts[0], round=40)))
    assert list(said(later)) == ["drift:1", "drift:40", "approvers:41"]


def test_drift_asks_again_under_a_new_key():
    assert list(said(life.drifted())) == ["drift:1", "approvers:2"]
    assert "changed and needs approval again (0 of 2 approvals)" in said(life.drifted())["approvers:2"]
    drift = replies(life.drifted(), SRE)[0]
    assert screen(drift.blocks).endswith("```\nreplicas\n- 4\n+ 6\n```")


def test_a_long_diff_stands_whole_in_the_thread_with_all_risks():
    diff = tuple(FieldChange(f"env[{n}]", None, f"line {n}\nmore") for n in range(9))
    op = replace(life.awaiting(), plan=replace(life.PLAN, diff=diff, warnings=("spec.x is deprecated",)))
    whole = screen(replies(op, SRE)[0].blocks)
    assert whole.startswith("All changes of deploy web 1.4.2 in prod\n```\nenv[0]\n+ line 0\n+ more\nenv[1]\n")
    assert "• the API server warns: spec.x is deprecated" in whole


def test_the_end_mentions_the_requester_with_the_cause():
    thread = said(life.failed())
    assert list(thread)[-2:] == ["diagnosis", "end"]
    assert thread["end"] == "@U0ANN deploy web 1.4.2 in prod: failed. container app: image registry/web:1.4.2 not found"


def test_a_denial_comes_with_its_reason():
    assert said(life.denied())["end"] == (
        "@U0ANN deploy web 1.4.2 in prod: denied. Denied by @U0SAM: not during the sale <!channel>"
    )


def test_the_diagnosis_is_the_cause_and_its_evidence():
    found = replace(
        life.DIAGNOSIS, exit_code=137, of=3, since="revision 7 (registry/web:1.4.2)", logs="line\n```\n<!channel>\n"
    )
    op = replace(life.failed(), ending=replace(life.failed().ending, diagnosis=found))  # type: ignore[type-var]
    diagnosis = next(reply for reply in replies(op, SRE) if reply.key == "diagnosis")
    assert screen(diagnosis.blocks) == (
        "🔎 Why: container app: image registry/web:1.4.2 not found\n"
        "Container: `app`\n"
        "Image: `registry/web:1.4.2`\n"
        "Reason: `ImagePullBackOff`\n"
        "Exit code: `137`\n"
        "Pods: 2 of 3: `web-5c9-a`, `web-5c9-b`\n"
        "Since: revision 7 (registry/web:1.4.2)\n"
        "Events\n```\nFailed to pull image: not found\n```\n"
        "Last lines of the log\n```\nline\n`\u200b`\u200b`\n<!channel>\n```"
    )


def test_a_rejected_operation_has_no_thread():
    assert said(life.rejected()) == {}


def test_keys_are_the_same_however_often_they_are_asked_for():
    assert replies(life.failed(), SRE) == replies(life.failed(), SRE)

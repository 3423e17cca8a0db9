"""Faults of the change itself: plan, write, claim and lease. See ``fault.py``."""

from __future__ import annotations

from tests.invariants.fault import Fault, here

BOUNDS = "tests/invariants/test_bounds.py::test_"
WITHIN = "tests/unit/workers/watcher/test_bounded.py::"
GOING_BACK = "tests/invariants/test_going_back.py::test_"

FAULTS = (
    Fault(
        "acting needs no approval", 2, "commands/transition.py",
        "if self.after.state in {S.QUEUED, S.ACTING} and not self.after.approved:",
        "if False:",
        here(2, "nothing_is_queued_or_acted_on_without_the_approvals_of_its_plan"),
    ),
    Fault(
        "approvals of another digest count", 2, "commands/operation.py",
        "if v.counted and v.no is None and v.digest == self.plan.digest}",
        "if v.counted and v.no is None}",
        here(2, "nothing_is_queued_or_acted_on_without_the_approvals_of_its_plan"),
    ),
    Fault(
        "a click on an earlier plan counts", 2, "commands/policy/approvals.py",
        "if digest != operation.plan.digest:",
        "if False:",
        here(2, "a_yes_to_an_earlier_plan_is_no_yes_to_this_one"),
    ),
    Fault(
        "no approval is asked", 2, "workers/jobs/plan.py",
        "transitions.planned(operation, made, asked, now,",
        "transitions.planned(operation, made, None, now,",
        here(2, "planning_writes_nothing_where_approval_is_asked"),
    ),
    Fault(
        "the dry run writes", 2, "workers/seal.py",
        "dry_run=True",
        "dry_run=False",
        here(2, "planning_writes_nothing_where_approval_is_asked"),
    ),
    Fault(
        "what is planned again may differ", 2, "workers/write.py",
        "if Promise.of(plan.promise.verb, draft) != plan.promise:",
        "if False:",
        here(2, "what_is_written_is_what_was_approved_though_the_revision_reads_otherwise_now"),
    ),
    Fault(
        "drift is not said", 2, "commands/transitions.py",
        "demand=None, drifts=drifts,",
        "demand=None, drifts=op.drifts,",
        here(2, "what_moved_before_acting_is_planned_and_asked_again_and_said"),
    ),
    Fault(
        "drift leaves the approvals", 2, "commands/transitions.py",
        "round=op.round + 1, votes=(), plan=None,",
        "round=op.round + 1, plan=None,",
        here(2, "what_moved_before_acting_is_planned_and_asked_again_and_said"),
    ),
    Fault(
        "a worker asks for no approvals", 2, "commands/policy/acting.py",
        "if asked.is_met(held):",
        "if True:",
        here(2, "a_worker_believes_no_record_that_lacks_its_approvals"),
    ),
    Fault(
        "the stamp is not looked for before planning", 3, "workers/jobs/act.py",
        "written = already_written(live, operation.id, operation.plan, operation.moments[-1].at, beside)",
        "written = None",
        here(3, "a_worker_that_died_after_the_write_is_followed_by_one_that_writes_nothing"),
    ),
    Fault(
        "the stamp is not looked for after a lost answer", 3, "workers/write.py",
        "done = already_written(live, stamp.operation, plan, now, beside)",
        "done = None",
        here(3, "a_write_whose_answer_was_lost_is_recognised"),
    ),
    Fault(
        "the write bears no stamp", 3, "workers/write.py",
        "return tests + edits + (_stamp(stamp, live) if stamp else [])",
        "return tests + edits",
        here(3, "the_stamp_is_in_the_patch_that_changes"),
    ),
    Fault(
        "old values are not tested", 3, "workers/write.py",
        "tests += [_test(edit.path, edit.old) for edit in patch.edits]",
        "tests += []",
        here(3, "the_patch_expects_the_old_value"),
    ),
    Fault(
        "the uid is not tested", 3, "workers/write.py",
        'tests = [_test("/metadata/uid", patch.written.uid)]',
        "tests = []",
        here(3, "the_patch_expects_that_very_object"),
    ),
    Fault(
        "whom an autoscaler scales is not tested", 3, "commands/catalog/drafting/bounds.py",
        'guards=(Guard(f"{TARGET}/kind", workload["kind"]), Guard(f"{TARGET}/name", name_of(workload))),',
        "guards=(),",
        BOUNDS + "the_patch_expects_that_very_autoscaler_as_it_was_shown",
    ),
    Fault(
        "limits do not hold for bounds", 2, "commands/policy/limits.py",
        "if limits.replicas and plan.promise.beside is not None:",
        "if False:",
        BOUNDS + "bounds_beyond_a_limit_are_refused_when_planned_and_again_before_the_write",
    ),
    Fault(
        "an autoscaler that has not acted yet is not waited for", 7, "workers/watcher/bounded.py",
        "not written.bounds.hold(replicas)",
        "False",
        WITHIN + "test_it_waits_for_the_controller_however_ready_the_pods_are",
    ),
    Fault(
        "pods from before prove an autoscaler's bounds wrong", 7, "workers/kinds/judgement.py",
        "written.bounds is None or made_at(pod) >= written.at",
        "True",
        WITHIN + "TestPodsThatWereBrokenBefore::test_they_are_told_and_the_bounds_are_done",
    ),
    Fault(
        "the container's place is not tested", 3, "workers/write.py",
        "tests += [_test(guard.path, guard.value) for guard in patch.guards]",
        "tests += []",
        here(3, "the_patch_expects_the_container_at_its_place"),
    ),
    Fault(
        "a claim refuses nobody", 4, "commands/store/scripts/transition.lua",
        'if holder and holder ~= id then return {"busy", holder} end',
        "",
        here(4, "two_that_waited_for_approval_do_not_both_go_on"),
    ),
    Fault(
        "a claim is not taken", 4, "commands/store/scripts/transition.lua",
        'if rest.claim then redis.call("SET", key("claim", rest.claim), id) end',
        "",
        here(4, "two_that_waited_for_approval_do_not_both_go_on"),
    ),
    Fault(
        "what is watched holds no claim", 4, "commands/transition.py",
        "HOLDING = frozenset({S.QUEUED, S.ACTING, S.OBSERVING, S.ROLLING_BACK})",
        "HOLDING = frozenset({S.QUEUED, S.ACTING, S.ROLLING_BACK})",
        here(4, "a_second_operation_on_a_busy_target_is_told_who_is_at_work"),
    ),
    Fault(
        "a lease is given twice", 4, "commands/store/scripts/lease.lua",
        'if current then return "" end',
        "",
        here(4, "while_another_process_holds_the_operation_a_job_does_nothing"),
    ),
    Fault(
        "a lost lease may write", 4, "commands/store/scripts/transition.lua",
        'if rest.lease and redis.call("GET", key("lease", rest.lease.name)) ~= rest.lease.token then return {"lost"} end',
        "",
        here(4, "a_worker_that_was_paused_past_its_lease_writes_nothing_to_redis"),
    ),
    Fault(
        "acting names no lease", 4, "workers/jobs/act.py",
        "transitions.wrote(operation, written, context.now()), lease=lease)",
        "transitions.wrote(operation, written, context.now()))",
        here(4, "a_worker_that_was_paused_past_its_lease_writes_nothing_to_redis"),
    ),
    Fault(
        "a lost lease may tell of progress", 4, "commands/store/scripts/progress.lua",
        'if redis.call("GET", key("lease", ARGV[3])) ~= ARGV[4] then return 0 end',
        "",
        "tests/unit/commands/store/test_operations.py::test_who_lost_the_lease_writes_nothing",
    ),
    Fault(
        "what goes back holds no claim", 4, "commands/transition.py",
        "HOLDING = frozenset({S.QUEUED, S.ACTING, S.OBSERVING, S.ROLLING_BACK})",
        "HOLDING = frozenset({S.QUEUED, S.ACTING, S.OBSERVING})",
        GOING_BACK + "nothing_else_gets_the_target_while_it_goes_back",
    ),
    Fault(
        "it goes back more than once, or from a way back", 2, "commands/transition.py",
        "return promised and known and once and not is_way_back",
        "return True",
        "tests/unit/commands/test_going_back.py::test_it_goes_back_once",
    ),
    Fault(
        "a way back is taken back", 2, "workers/way_back.py",
        'if on_failure == "hold" or goes_back:',
        'if on_failure == "hold":',
        GOING_BACK + "a_rollback_is_not_taken_back_and_is_held",
    ),
    Fault(
        "where it goes back to is in no digest", 2, "commands/draft.py",
        "verb, patch.ref, draft.arguments, writes, patch.guards, draft.template, draft.frees, draft.failing",
        "verb, patch.ref, draft.arguments, writes, patch.guards, draft.template, draft.frees",
        GOING_BACK + "the_plan_says_where_it_would_go_back_to_before_anybody_approves_it",
    ),
    Fault(
        "it goes back to what was never ready", 2, "workers/way_back.py",
        "return found.health is Health.READY and min(found.updated, found.available) >= found.wanted",
        "return True",
        GOING_BACK + "what_was_not_complete_is_not_gone_back_to",
    ),
    Fault(
        "the evidence is not kept", 2, "commands/transitions.py",
        "at, ending.sentence, broken=ending, settled=None)",
        "at, ending.sentence, broken=Ending(ending.sentence), settled=None)",
        GOING_BACK + "the_evidence_is_in_the_thread_before_anything_is_undone",
    ),
    Fault(
        "it goes back over others' changes", 3, "workers/undo.py",
        "if digest_of(template_of(live)) != written.template:",
        "if False:",
        GOING_BACK + "it_does_not_go_back_over_somebody_else_s_change",
    ),
    Fault(
        "it goes back over another operation", 3, "workers/undo.py",
        "if annotation(live, OPERATION) != operation.id:",
        "if False:",
        GOING_BACK + "it_does_not_go_back_over_another_operation_with_the_same_values",
    ),
    Fault(
        "the way back expects no stamp of ours", 3, "workers/undo.py",
        "return Patch(ref, tuple(edits), (Guard(_STAMP, operation.id),))",
        "return Patch(ref, tuple(edits))",
        GOING_BACK + "what_goes_back_expects_its_own_write_and_is_stamped",
    ),
    Fault(
        "the way back is not recognised", 3, "workers/undo.py",
        "if not annotation(live, OPERATION) == annotation(live, UNDONE) == operation.id:",
        "if True:",
        GOING_BACK + "a_worker_that_died_after_going_back_is_followed_by_one_that_writes_nothing",
    ),
    Fault(
        "a hold is not set", 6, "commands/store/scripts/transition.lua",
        'if rest.hold then redis.call("HSET", key("locks"), rest.hold.key, rest.hold.record) end',
        "",
        GOING_BACK + "what_is_held_is_refused_until_somebody_with_the_right_lifts_it",
    ),
    Fault(
        "a hold ends by itself", 6, "commands/locks/lock.py",
        "return self.until is None or at < self.until",
        "return at < (self.until or self.since + 60)",
        GOING_BACK + "a_hold_refuses_what_waited_before_and_does_not_end_by_itself",
    ),
    Fault(
        "an old way back is believed", 2, "commands/policy/acting.py",
        "_check_age(operation, now, LATEST + ROLLOUT + 2 * config.environments[operation.environment].deadline)",
        "pass",
        GOING_BACK + "a_record_that_was_put_back_by_somebody_is_not_believed",
    ),
)  # fmt: skip

"""Faults of people: who may, who approves, and what they may see. See ``fault.py``."""

from __future__ import annotations

from tests.invariants.fault import Fault, here

FAULTS = (
    Fault(
        "a Secret's data is shown", 8, "workers/masking.py",
        'if self._kind == "Secret" and path[0] in {"data", "stringData"}:',
        'if self._kind == "Secret" and path[0] in {"stringData"}:',
        "tests/unit/workers/test_diff.py::test_a_secrets_data_shows_only_which_keys_changed",
    ),
    Fault(
        "a Secret's stringData is shown", 8, "workers/masking.py",
        'path[0] in {"data", "stringData"}',
        'path[0] in {"data"}',
        "tests/unit/workers/test_diff.py::test_a_secrets_data_shows_only_which_keys_changed",
    ),
    Fault(
        "the last applied is shown", 8, "workers/masking.py",
        "if _LAST_APPLIED in path:",
        "if False:",
        "tests/unit/workers/test_diff.py::test_the_last_applied_annotation_is_masked_whole",
    ),
    Fault(
        "a password in the environment is shown", 8, "workers/masking.py",
        "return is_secret_name(name)",
        "return False",
        here(8, "a_secret_that_changes_is_seen_to_change_and_not_shown"),
    ),
    Fault(
        "a key of an innocent name is shown", 8, "workers/masking.py",
        "or is_random(value):",
        ":",
        "tests/unit/workers/test_diff.py::test_what_chance_wrote_is_masked_whatever_the_variable_is_called",
    ),
    Fault(
        "a password in another value is shown", 8, "workers/masking.py",
        "return redact(value)",
        "return value",
        "tests/unit/workers/test_diff.py::test_a_password_inside_another_value_is_masked",
    ),
    Fault(
        "a record holds what would be written", 8, "commands/draft.py",
        "return None if value is None else digest_of(value)",
        "return None if value is None else str(value)",
        here(8, "a_rollback_leaves_no_password_in_redis_from_its_plan_to_its_end"),
    ),
    Fault(
        "a drift shows the password that drifted", 8, "workers/drift.py",
        "new = now.get(line.path)",
        "new = str(live)",
        here(8, "a_rollback_whose_target_drifts_leaves_no_password_in_redis"),
    ),
    Fault(
        "a drift holds the template that was planned on", 8, "workers/drift.py",
        "return changes(before, after)",
        "return (FieldChange('', str(before), str(after)),)",
        here(8, "a_rollback_whose_target_drifts_leaves_no_password_in_redis"),
    ),
    Fault(
        "a secret in a log is shown", 8, "workers/live.py",
        "return redact(text)",
        "return text",
        here(8, "a_secret_in_a_log_reaches_neither_slack_nor_redis"),
    ),
    Fault(
        "what people write is not escaped", 8, "bot/views/text.py",
        'return apart.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")',
        "return apart",
        here(8, "what_people_write_pings_nobody"),
    ),
    Fault(
        "what clusters write is not escaped", 8, "bot/views/text.py",
        'return apart.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")',
        "return apart",
        here(8, "what_clusters_write_pings_nobody"),
    ),
    Fault(
        "a quoted mention pings", 8, "bot/views/text.py",
        'return mention(person) if people is None or person in people else escape(f"@{person}")',
        "return mention(person)",
        here(8, "what_clusters_write_pings_nobody"),
    ),
    Fault(
        "everyone includes guests", 9, "commands/policy/standing.py",
        "not (facts.guest or facts.bot or facts.external)",
        "not (facts.bot or facts.external)",
        here(9, "everyone_is_no_guest_and_nobody_from_another_workspace"),
    ),
    Fault(
        "everyone includes bots", 9, "commands/policy/standing.py",
        "not (facts.guest or facts.bot or facts.external)",
        "not (facts.guest or facts.external)",
        here(9, "everyone_is_nobody_who_was_deactivated_or_is_a_bot"),
    ),
    Fault(
        "everyone includes external people", 9, "commands/policy/standing.py",
        "not (facts.guest or facts.bot or facts.external)",
        "not (facts.guest or facts.bot)",
        "tests/unit/commands/policy/test_standing.py::test_the_star_is_nobody_but_full_members_however_one_flag_is_set",
    ),
    Fault(
        "everyone includes other workspaces", 9, "commands/policy/standing.py",
        "return facts.team == person.team == home and not",
        "return not",
        here(9, "a_person_of_the_same_id_elsewhere_is_another"),
    ),
    Fault(
        "the deactivated keep their rights", 9, "commands/policy/standing.py",
        "if facts and facts.deleted:",
        "if False:",
        here(9, "everyone_is_nobody_who_was_deactivated_or_is_a_bot"),
    ),
    Fault(
        "a name matches", 9, "commands/policy/standing.py",
        "if person.id in role.users:",
        "if person.id in role.users or (facts and facts.name in role.users):",
        here(9, "a_name_is_not_an_id"),
    ),
    Fault(
        "a guest is not read as one", 9, "bot/directory.py",
        'guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),',
        "guest=False,",
        here(9, "everyone_is_no_guest_and_nobody_from_another_workspace"),
    ),
    Fault(
        "what no rule allows is allowed", 9, "commands/policy/rights.py",
        "if not is_authorised(config, known, person, scope):",
        "if False:",
        here(9, "what_no_rule_allows_is_refused_with_the_rule_that_would"),
    ),
    Fault(
        "a refusal names no rule", 9, "commands/policy/rights.py",
        "raise NotAllowed(_denial(config, known, person, scope) or _refusal(config, membership, person, scope))",
        'raise NotAllowed("No.")',
        here(9, "what_no_rule_allows_is_refused_with_the_rule_that_would"),
    ),
    Fault(
        "the worker trusts the bot", 9, "workers/jobs/plan.py",
        "context.knowing(lambda: _allowed(context, operation))",
        "",
        here(9, "the_worker_too_refuses_what_no_rule_allows"),
    ),
    Fault(
        "the requester approves", 11, "commands/policy/approvals.py",
        "if person != operation.invocation.person.id or all(",
        "if True or all(",
        here(11, "the_requester_does_not_approve"),
    ),
    Fault(
        "the requester's vote counts at acting", 11, "commands/policy/approvals.py",
        "return vote.at < asked.expires and (asked.self_approval or vote.person != requester)",
        "return vote.at < asked.expires",
        here(11, "a_requesters_own_vote_in_a_record_is_worth_nothing_at_acting"),
    ),
    Fault(
        "one person votes twice", 11, "commands/policy/approvals.py",
        "if any(v.person == person.id and v.digest == digest and v.no is None for v in operation.votes):",
        "if False:",
        here(11, "one_person_counts_once"),
    ),
    Fault(
        "one person counts twice", 11, "commands/operation.py",
        "return tuple(by_person.values())",
        "return tuple(v for v in self.votes if v.counted)",
        here(11, "two_votes_of_one_person_are_one_approval_even_in_a_record"),
    ),
    Fault(
        "who is in two groups counts for both", 11, "commands/matching.py",
        "_seat(person, seats, fits, tables, set())",
        "[tables[place].append(person) for place in fits[person] if len(tables[place]) < seats[place]]",
        "tests/attacks/test_votes.py::test_who_is_in_two_groups_does_not_count_twice",
    ),
    Fault(
        "what is at stake is not judged again", 11, "workers/jobs/act.py",
        "if exposure := context.exposure(operation.environment, draft, live):",
        "if exposure := None:",
        "tests/attacks/test_votes.py::test_a_risk_asks_for_more_and_is_judged_again_before_the_write",
    ),
    Fault(
        "a vote counts before it is checked", 11, "commands/transitions.py",
        "votes=(*op.votes, cast))",
        "votes=(*op.votes, replace(cast, counted=True)))",
        here(11, "a_vote_is_pending_until_the_membership_was_read_afresh"),
    ),
    Fault(
        "votes are checked by what is cached", 11, "bot/ballots.py",
        "self._directory.read(self._unread(operation, cast))",
        "",
        here(11, "who_was_removed_from_the_group_a_moment_ago_does_not_count"),
    ),
    Fault(
        "votes are not checked", 11, "bot/ballots.py",
        "roles = self._check(operation, cast)",
        "roles = None",
        here(11, "who_was_removed_from_the_group_a_moment_ago_does_not_count"),
    ),
    Fault(
        "approvers are not judged again at acting", 11, "commands/policy/acting.py",
        "_check_approvals(config, known, operation, asked)",
        "pass",
        here(11, "who_is_removed_between_the_click_and_the_act_does_not_count"),
    ),
    Fault(
        "workers act on an old membership", 11, "workers/jobs/context.py",
        "ACTING_AGE = 60.0",
        "ACTING_AGE = 3600.0",
        here(11, "a_worker_does_not_act_on_a_membership_older_than_a_minute"),
    ),
    Fault(
        "old facts are fresh", 11, "commands/membership.py",
        "return abs(age(facts, now)) <= max_age",
        "return True",
        here(11, "a_worker_does_not_act_on_a_membership_older_than_a_minute"),
    ),
)  # fmt: skip

"""Faults of what is kept and read: Redis, its records, its jobs. See ``fault.py``."""

from __future__ import annotations

from tests.invariants.fault import Fault, here

FAULTS = (
    Fault(
        "a command without Redis is not answered", 5, "bot/intake.py",
        'log.error("Redis cannot be reached: %r", error.__cause__)',
        "raise",
        here(5, "without_redis_a_command_is_refused_in_plain_words"),
    ),
    Fault(
        "a click without Redis is not answered", 5, "bot/clicks.py",
        "except QuarterdeckError as error:",
        "except Refusal as error:",
        here(5, "without_redis_a_click_is_refused_in_plain_words"),
    ),
    Fault(
        "the unknown may plan", 5, "workers/jobs/plan.py",
        "    authorise(",
        "    (lambda *_, **__: None)(",
        here(5, "who_is_not_known_plans_nothing_and_is_told_in_the_end"),
    ),
    Fault(
        "the unknown hold what names them", 5, "commands/policy/standing.py",
        "lacking = NOTHING if facts else frozenset({person.id})",
        "lacking = NOTHING",
        here(5, "an_approver_who_cannot_be_read_any_more_does_not_count_at_acting"),
    ),
    Fault(
        "the requester's right is not judged again", 5, "commands/policy/acting.py",
        "if holds(config, known, invocation.person, roles):",
        "if True:",
        here(5, "a_rule_that_is_gone_from_the_policy_allows_nothing"),
    ),
    Fault(
        "a silent cluster is waited for without a word", 5, "workers/jobs/act.py",
        "if now - operation.moments[-1].at > ACTING_LIMIT:",
        "if False:",
        here(5, "a_cluster_that_does_not_answer_changes_nothing_and_is_said"),
    ),
    Fault(
        "versions are not compared", 6, "commands/store/scripts/transition.lua",
        'if current ~= before then return {"stale"} end',
        "",
        here(6, "of_two_that_move_the_same_record_one_is_told"),
    ),
    Fault(
        "the audit is not written", 6, "commands/store/scripts/transition.lua",
        "append(prefix, entry, ARGV[6], ARGV[7])",
        "",
        here(6, "record_audit_and_outbox_stand_after_every_move"),
    ),
    Fault(
        "the outbox is not written", 6, "commands/store/scripts/transition.lua",
        'redis.call("ZADD", key("outbox", rest.level), rest.level == 0 and "LT" or "GT", rest.mark, id)',
        "",
        here(6, "record_audit_and_outbox_stand_after_every_move"),
    ),
    Fault(
        "the record is not written", 6, "commands/store/scripts/transition.lua",
        'redis.call("HSET", key("operation", id), "version", rest.version, "record", record)',
        'redis.call("HSETNX", key("operation", id), "record", record) redis.call("HSET", key("operation", id), "version", rest.version)',
        here(6, "record_audit_and_outbox_stand_after_every_move"),
    ),
    Fault(
        "what is refused is audited as done", 6, "commands/store/scripts/transition.lua",
        "local rest = cjson.decode(ARGV[8])",
        'local rest = cjson.decode(ARGV[8]) redis.call("XADD", prefix .. "audit", "*", "entry", entry)',
        here(6, "what_is_refused_leaves_no_trace"),
    ),
    Fault(
        "a job may name any function", 10, "commands/queue.py",
        "def func(self) -> Callable[..., Any]:",
        "def unused(self) -> Callable[..., Any]:",
        here(10, "a_job_that_names_a_foreign_function_runs_nothing"),
    ),
    Fault(
        "a job may name what runs afterwards", 10, "commands/queue.py",
        "def success_callback(self) -> None:",
        "def unused(self) -> None:",
        here(10, "a_job_of_ours_runs_without_the_callbacks_that_redis_names"),
    ),
    Fault(
        "a job may name what runs when it fails", 10, "commands/queue.py",
        "def failure_callback(self) -> None:",
        "def unused(self) -> None:",
        here(10, "a_job_of_ours_runs_without_the_callbacks_that_redis_names"),
    ),
    Fault(
        "jobs are pickled", 10, "commands/queue.py",
        "connection=self._client, serializer=JSONSerializer)",
        "connection=self._client)",
        here(10, "a_job_of_ours_is_json"),
    ),
    Fault(
        "the worker unpickles jobs", 10, "workers/entry.py",
        "        serializer=JSONSerializer,",
        "",
        here(10, "the_workers_entry_reads_json_and_runs_our_job_class"),
    ),
    Fault(
        "what a Secret holds is shown to who asks for a log", 8, "workers/live.py",
        "if not self._masks:",
        "if True:",
        "tests/unit/workers/test_words_of_others.py::test_what_a_secret_holds_is_masked_in_logs_and_events_where_that_is_asked_for",
    ),
)  # fmt: skip

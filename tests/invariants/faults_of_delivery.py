"""Faults of Slack's side: what is heard, shown and heard again. See ``fault.py``."""

from __future__ import annotations

from tests.invariants.fault import Fault, here


def several(test: str) -> str:
    return f"tests/unit/bot/test_several_bots.py::test_{test}"


FAULTS = (
    Fault(
        "a late signed command is carried out", 1, "bot/timeliness.py",
        "return now - float(signed[0]) >= SLACKS_PATIENCE",
        "return False",
        here(1, "a_command_signed_three_seconds_ago_is_not_carried_out"),
    ),
    Fault(
        "a command that waited at the socket is carried out", 1, "bot/timeliness.py",
        "return now - float(received[0]) > SLACKS_PATIENCE - 0.5",
        "return False",
        here(1, "a_command_that_waited_at_the_socket_is_not_carried_out"),
    ),
    Fault(
        "a lost ack calls nothing off", 1, "bot/socket_mode.py",
        "self._unacknowledged(operation)",
        "log.warning(operation)",
        here(1, "an_ack_that_could_not_be_sent_calls_off_what_it_acknowledged"),
    ),
    Fault(
        "a lost ack calls off what has acted", 1, "bot/process.py",
        "if operation.state in {State.PLANNING, State.AWAITING, State.QUEUED}:",
        "if not operation.state.final:",
        here(1, "what_has_acted_already_is_followed_to_its_end_though_its_ack_was_lost"),
    ),
    Fault(
        "a click is answered before its ack", 1, "bot/clicks.py",
        "self._after_ack(self._telling, place, person, view)",
        "self._telling(place, person, view)",
        here(1, "no_slack_call_is_made_before_the_ack"),
    ),
    Fault(
        "a form is opened before the ack", 1, "bot/clicks.py",
        'self._after_ack(self._open, body["trigger_id"], modal.deny(operation))',
        'self._open(body["trigger_id"], modal.deny(operation))',
        here(1, "no_slack_call_is_made_before_the_ack"),
    ),
    Fault(
        "listeners retry Redis", 1, "commands/store/connection.py",
        "retry or Retry(NoBackoff(), 0)",
        "retry or Retry(NoBackoff(), 3)",
        here(1, "listeners_ask_redis_once_and_for_a_third_of_a_second"),
    ),
    Fault(
        "listeners wait for Redis", 1, "commands/store/connection.py",
        "return opened(Client, at, 0.3,",
        "return opened(Client, at, 3,",
        here(1, "listeners_ask_redis_once_and_for_a_third_of_a_second"),
    ),
    Fault(
        "an announced post is not looked for", 7, "bot/posts.py",
        'if known and "landed_by" in known:',
        "if False:",
        here(7, "a_post_whose_answer_was_lost_is_found_and_not_made_again"),
    ),
    Fault(
        "a gateway's page is taken for Slack's word", 7, "bot/slack.py",
        "return status == 500 and isinstance(code, str) and code.isidentifier()",
        "return True",
        "tests/unit/bot/test_delivery.py::test_what_a_gateway_answered_for_slack_may_land_a_moment_later",
    ),
    Fault(
        "a post is not announced", 7, "bot/posts.py",
        '{**place, "landed_by": self._now() + LANDING})',
        "{**place})",
        here(7, "a_bot_that_died_after_its_post_is_followed_by_one_that_finds_it"),
    ),
    Fault(
        "a post bears no mark", 7, "bot/posts.py",
        "thread=thread, metadata=marks.metadata(id, key))",
        "thread=thread)",
        here(7, "a_bot_that_died_after_its_post_is_followed_by_one_that_finds_it"),
    ),
    Fault(
        "a post on its way is not waited for", 7, "bot/posts.py",
        "if wait > 0:",
        "if False:",
        here(7, "two_bots_at_once_post_once"),
    ),
    Fault(
        "two bots announce one post", 7, "commands/store/scripts/stand.lua",
        'if (redis.call("HGET", name, ARGV[3]) or "") ~= ARGV[4] then return 0 end',
        "",
        several("who_read_before_another_announced_does_not_announce"),
    ),
    Fault(
        "a post that was overtaken stays", 7, "bot/posts.py",
        'self._slack.call("chat.delete", channel=channel, ts=ts)',
        "pass",
        several("a_post_that_stalls_is_one_message"),
    ),
    Fault(
        "an edit that was overtaken is believed", 7, "bot/delivery.py",
        "self._doubt(id)",
        "pass",
        several("an_old_edit_that_lands_after_the_last_one_is_made_good"),
    ),
    Fault(
        "an edit is not announced", 7, "bot/delivery.py",
        '"shown": "", "edits_land_by": self._now() + LANDING}',
        '"shown": ""}',
        several("an_edit_that_lands_when_its_bot_knows_no_more_of_it_is_shown_over"),
    ),
    Fault(
        "it writes where it could not look for what it wrote", 7, "bot/directory.py",
        "postable = inside and",
        "postable = True and",
        here(7, "where_it_is_no_member_nothing_is_carried_out"),
    ),
    Fault(
        "what Slack did not take is forgotten", 7, "bot/publisher.py",
        "return self._now() + self._pause(taken.id, error)",
        "return None",
        here(7, "the_end_is_shown_when_slack_is_back"),
    ),
    Fault(
        "what a dead bot held is lost", 7, "commands/store/scripts/outbox_take.lua",
        'for _, id in ipairs(redis.call("ZRANGEBYSCORE", key("outbox", "held"), "-inf", now)) do',
        "for _, id in ipairs({}) do",
        here(7, "the_end_is_shown_though_the_bot_that_had_taken_it_died"),
    ),
    Fault(
        "each state is a message of its own", 7, "bot/delivery.py",
        'if "ts" not in at:',
        "if True:",
        here(7, "however_often_it_is_told_there_is_one_message"),
    ),
    Fault(
        "deliveries are not told apart", 12, "commands/store/scripts/transition.lua",
        'if earlier then return {"seen", earlier} end',
        "",
        here(12, "a_command_delivered_three_times_is_one_operation"),
    ),
    Fault(
        "a command's delivery has no name", 12, "bot/listeners.py",
        "f\"command:{body['trigger_id']}\"",
        "f\"command:{__import__('secrets').token_hex()}\"",
        here(12, "a_command_delivered_three_times_is_one_operation"),
    ),
    Fault(
        "an event's delivery has no name", 12, "bot/listeners.py",
        "f\"event:{body['event_id']}\"",
        'f"event:{now()}"',
        here(12, "an_event_delivered_three_times_is_one_operation"),
    ),
    Fault(
        "questions are not told apart", 12, "commands/store/scripts/ask.lua",
        "if earlier then return earlier end",
        "",
        here(12, "a_question_delivered_twice_is_answered_once"),
    ),
    Fault(
        "each press of Retry is a new one", 12, "bot/clicks.py",
        "pressed(action, id)",
        "pressed(action, str(self._now()))",
        here(12, "retry_pressed_again_and_again_is_one_new_operation"),
    ),
    Fault(
        "what has been acted on is acted on again", 12, "workers/jobs/act.py",
        "STEPS: dict[State, Step] = {State.ACTING: _carry_out, State.OBSERVING: free, State.ROLLING_BACK: go_back}",
        "STEPS: dict[State, Step] = dict.fromkeys(State, _carry_out)",
        here(12, "an_act_job_that_comes_again_and_again_is_one_act"),
    ),
    Fault(
        "what is planned is planned again", 12, "workers/jobs/plan.py",
        "if operation.state is not State.PLANNING:",
        "if False:",
        here(12, "a_plan_job_that_comes_again_and_again_is_one_plan"),
    ),
    Fault(
        "what was lost is never due", 12, "commands/store/scripts/transition.lua",
        'redis.call("ZADD", key("due"), rest.due, id)',
        "",
        here(12, "a_job_that_is_lost_is_due_again"),
    ),
)  # fmt: skip

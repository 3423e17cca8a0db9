"""What a message has no room for is given as a file: to the asker alone where the answer is private."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import NO_FILES
from commands.invocation import Place
from commands.report import Code, Prose, Report
from commands.store import Question
from playground.workspace import Channel, Message
from tests.unit.bot.building import invocation
from tests.unit.bot.desk import Desk

LONG = "".join(f"line {number} of a log that is long\n" for number in range(1000))


def answered(desk: Desk, text: str = LONG, *, private: bool = True, thread: str | None = None) -> None:
    asked = invocation(desk.channel.id, desk.dev.id)
    question = Question("re-2345", replace(asked, place=Place(desk.channel.id, thread)), private, 600, desk.time)
    desk.store.reports.ask(question, "event:1")
    told = Report("Logs of web-1", (Prose("It is Running."), Code(text, "web-1-app.log")))
    desk.store.reports.answer(question, told, desk.time)


def files(desk: Desk, channel: Channel) -> list[str]:
    """The texts of the files in a channel."""
    found = [file for message in desk.workspace.messages(channel) for file in message.files]
    assert {file["name"] for file in found} <= {"web-1-app.log"}
    return [desk.workspace.file_content(file["id"]).decode() for file in found]


def whispered(desk: Desk) -> Message:
    [message] = desk.workspace.private(desk.dev, desk.channel)
    return message


def test_a_long_private_answer_shows_its_end_and_is_whole_in_a_direct_message(desk: Desk):
    answered(desk)
    desk.publish()
    shown = whispered(desk).plain()
    assert "earlier lines are left out. The whole is web-1-app.log, in our direct messages." in shown
    assert "line 999" in shown
    assert files(desk, desk.workspace.dm(desk.dev)) == [LONG]
    assert desk.workspace.messages(desk.channel) == []


def test_a_long_public_one_is_whole_where_it_was_asked(desk: Desk):
    answered(desk, private=False)
    desk.publish()
    assert files(desk, desk.channel) == [LONG]
    assert "The whole is web-1-app.log, here." in desk.workspace.messages(desk.channel)[-1].plain()


def test_what_fits_is_no_file(desk: Desk):
    answered(desk, "listening\n")
    desk.publish()
    assert "whole" not in whispered(desk).plain()
    assert files(desk, desk.workspace.dm(desk.dev)) == []


def test_without_the_scope_its_end_is_shown_with_the_mend(desk: Desk):
    desk.workspace.revoke_scopes("files:write")
    answered(desk)
    desk.publish()
    shown = whispered(desk).plain()
    assert NO_FILES in shown
    assert "line 999" in shown


def test_where_files_are_not_wanted_that_is_said(desk: Desk):
    desk.workspace.faults.add("files.getUploadURLExternal", "error", code="file_uploads_disabled")
    answered(desk)
    desk.publish()
    assert "Slack takes no file of the whole (file_uploads_disabled)." in whispered(desk).plain()


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", ["429", "502", "drop_before"])
def test_what_slack_did_not_take_is_given_again(desk: Desk, method: str, fault: str):
    desk.workspace.faults.add(method, fault)
    answered(desk)
    desk.publish()
    desk.later(40)
    assert "The whole is web-1-app.log" in whispered(desk).plain()
    assert files(desk, desk.workspace.dm(desk.dev)) == [LONG]


def test_an_answer_that_is_given_again_does_not_bring_the_file_again(desk: Desk):
    desk.workspace.faults.add("chat.postEphemeral", "429")
    answered(desk)
    desk.publish()
    desk.later(40)
    assert "The whole is web-1-app.log" in whispered(desk).plain()
    assert files(desk, desk.workspace.dm(desk.dev)) == [LONG]

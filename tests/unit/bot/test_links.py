"""An operation that an answer names is a link to its message."""

from __future__ import annotations

from dataclasses import replace

from commands.invocation import Place
from commands.report import Fields, Report
from commands.store import Question
from tests.unit.bot.building import invocation
from tests.unit.bot.desk import Desk


def asked_about(desk: Desk, *ids: str) -> None:
    asked = replace(invocation(desk.channel.id, desk.dev.id), place=Place(desk.channel.id))
    question = Question("re-2345", asked, True, 600, desk.time)
    desk.store.reports.ask(question, "event:1")
    told = Report("web in prod", (Fields(tuple(("Operation", id) for id in ids)),))
    desk.store.reports.answer(question, told, desk.time)
    desk.publish()


def test_a_link_where_there_is_a_message(desk: Desk):
    desk.store.people.home("T1", "https://home.slack.example/")
    operation = desk.awaiting()
    desk.publish()
    [message] = desk.workspace.messages(desk.channel)
    asked_about(desk, operation.id, "op-none")
    [shown] = desk.workspace.private(desk.dev, desk.channel)
    link = f"https://home.slack.example/archives/{desk.channel.id}/p{message.ts.replace('.', '')}"
    assert f"<{link}|{operation.id}>" in str(shown.blocks)
    assert "op-none>" not in str(shown.blocks)


def test_none_where_the_workspaces_address_is_not_known(desk: Desk):
    operation = desk.awaiting()
    desk.publish()
    asked_about(desk, operation.id)
    [shown] = desk.workspace.private(desk.dev, desk.channel)
    assert f"|{operation.id}>" not in str(shown.blocks)

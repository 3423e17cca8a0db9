"""Reports as blocks: what a person reads, and what is left out and said to be."""

from __future__ import annotations

from bot.views.links import operations_in
from bot.views.report import Beside, report
from commands.draft import FieldChange
from commands.report import Choice, Code, Diff, Fields, Prose, Report, Section, Table
from tests.unit.bot.views.reading import screen
from tests.unit.bot.views.slack_rules import problems


def shown(*sections: Section) -> str:
    view = report(Report("web in prod: 3 of 3 ready", sections))
    assert problems(view.text, view.blocks) == []
    return screen(view.blocks).removeprefix("web in prod: 3 of 3 ready\n")


def test_the_title_is_the_first_line_and_the_notification():
    view = report(Report("web in <prod>: 3 of 3 ready"))
    assert view.text == "web in &lt;prod&gt;: 3 of 3 ready"
    assert screen(view.blocks) == "web in <prod>: 3 of 3 ready"


def test_prose_and_fields():
    said = shown(Prose("Pods", strong=True), Prose("a < b"), Fields((("Image", "web:1.4.2"), ("Owner", "<!channel>"))))
    assert said == "Pods\na < b\nImage: web:1.4.2\nOwner: <!channel>"


def test_the_first_table_is_slacks_and_further_ones_are_code():
    table = Table(("POD", "STATE"), (("web-1", "Running"), ("web-22", "")))
    assert shown(table, table) == (
        "POD | STATE\nweb-1 | Running\nweb-22 | -\n```\nPOD     STATE\nweb-1   Running\nweb-22  -\n```"
    )


def test_rows_and_columns_that_do_not_fit_are_counted():
    table = Table(tuple(f"c{n}" for n in range(22)), (("x",),) * 120)
    assert shown(table).endswith("\nNot shown: 21 more rows and 2 more columns.")


def test_rows_that_do_not_fit_are_counted_by_sort_and_it_is_said_how_to_see_them():
    rows = (*(("bad", "stuck"),) * 90, *(("fine", "ready"),) * 100, *(("off", "stopped"),) * 7)
    table = Table(("Name", "State"), rows, tally=1, more="Say `status <name> in prod`.")
    assert shown(table).endswith("\nNot shown: 98 more rows (91 ready, 7 stopped). Say `status <name> in prod`.")
    assert "Say status" not in shown(Table(("Name", "State"), rows[:5], tally=1, more="Say `status <name>`."))


def test_a_row_too_short_or_too_long_is_made_to_fit():
    assert shown(Table(("a", "b"), (("1",), ("1", "2", "3")))) == "a | b\n1 | -\n1 | 2"


def test_the_end_of_a_long_log_is_kept():
    said = shown(Code("\n".join(f"line {n} of a log that is long" for n in range(1000))))
    first, _, rest = said.partition("\n")
    assert first.endswith("earlier lines are left out.")
    assert rest.startswith("```\nline ")
    assert rest.endswith("\nline 999 of a log that is long\n```")
    left_out = int(first.split()[0])
    assert rest.startswith(f"```\nline {left_out} of")


def test_a_long_log_that_doubles_in_json_still_ends_with_its_end():
    assert shown(Code('"\n' * 9_000 + "the end")).endswith("\nthe end\n```")


def test_a_fence_in_a_log_ends_nothing():
    assert shown(Code("a\n```\nb")) == "```\na\n`\u200b`\u200b`\nb\n```"


def test_a_diff():
    changes = (FieldChange("replicas", "2", "6"), FieldChange("env[A]", None, "1"))
    assert shown(Diff(changes)) == "```\nreplicas\n- 2\n+ 6\nenv[A]\n+ 1\n```"
    assert shown(Diff(())) == "```\nno difference\n```"


def test_more_text_than_a_message_takes_is_counted():
    said = shown(*(Prose("x" * 2_900) for _ in range(10)))
    assert said.endswith("7 more parts are not shown.")


def test_more_parts_than_a_message_takes_are_counted():
    assert shown(*(Prose(f"part {n}") for n in range(80))).endswith("part 47\n32 more parts are not shown.")


def test_long_columns_wrap_so_that_the_one_after_them_is_seen() -> None:
    table = Table(("Say", "Means"), (("deploy WORKLOAD VERSION to ENVIRONMENT [reason=TEXT]", "another version"),))
    block = next(block for block in report(Report("help", (table,))).blocks if block["type"] == "table")
    assert block["column_settings"] == [{"is_wrapped": True}, {"is_wrapped": False}]


def test_a_menu_says_a_line():
    said = shown(Choice("Roll back to …", (("Revision 12", "rollback deployment/web in prod to 12"),), "Really?"))
    assert said == "[Roll back to …: Revision 12]"


def test_what_does_not_fit_into_a_menu_has_to_be_typed():
    assert shown(Choice("Pick", (("a", "x" * 151), ("b" * 80, "line")))) == f"[Pick: {'b' * 74}…]"
    assert "Pick" not in shown(Choice("Pick", (("a", "x" * 151),)))
    assert "Pick" not in shown(Choice("Pick", ()))


def test_an_operation_is_a_link_to_its_message():
    fields = Fields(
        (("Revision", "12, by @dev (op-7k3f)"), ("Operation", "op-2345: deploy, not co-op-2345 nor op-7k3f-x"))
    )
    told = Report("web", (fields,))
    assert operations_in(told) == ["op-7k3f", "op-2345"]
    view = report(told, Beside(links={"op-7k3f": "https://slack.example/p1"}))
    [_, section] = view.blocks
    assert section["text"]["text"] == (
        "*Revision:* 12, by @dev (<https://slack.example/p1|op-7k3f>)\n"
        "*Operation:* op-2345: deploy, not co-op-2345 nor op-7k3f-x"
    )

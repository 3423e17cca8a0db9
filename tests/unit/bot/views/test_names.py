"""People in reports."""

from bot.views.names import named, people_in
from commands.report import Code, Fields, Prose, Report, Table

SHOWN = Report(
    "op-7k3f by <@U1>",
    (Fields((("Asked by", "<@U2> at noon"),)), Table(("Who",), (("<@U1>",), ("<@U3>",))), Prose("ok", strong=True)),
)


def test_who_is_named_is_found_wherever_they_stand():
    assert people_in(SHOWN) == {"U1", "U2", "U3"}


def test_names_stand_in_place_of_ids_where_they_are_known():
    assert named(SHOWN, {"U1": "dev", "U2": "sam"}) == Report(
        "op-7k3f by @dev",
        (Fields((("Asked by", "@sam at noon"),)), Table(("Who",), (("@dev",), ("@U3",))), Prose("ok", strong=True)),
    )


def test_what_a_container_printed_stays_as_it_is():
    shown = Report("logs", (Code("hello <@U1>"),))
    assert people_in(shown) == frozenset()
    assert named(shown, {"U1": "dev"}) == shown

"""Text that cannot ping, cannot break out and is never cut in half."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views import text
from bot.views.times import ago, moment, until
from tests.unit.bot.views import nasty
from tests.unit.bot.views.slack_rules import pings, text_problems, units


def test_what_people_write_is_escaped_once():
    assert text.escape("<!channel> & &amp;") == "&lt;!channel&gt; &amp; &amp;amp;"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a\x00b\x07", "ab"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("gnp.\u202eexe", "gnp.exe"),
        ("half \ud83d pair", "half  pair"),
        ("tab\tstays, so does 🔥 and שלום", "tab\tstays, so does 🔥 and שלום"),
    ],
)
def test_what_deceives_or_cannot_be_shown_is_removed(said: str, shown: str):
    assert text.clean(said) == shown


def test_our_sentences_may_mention_and_name_a_channel_and_do_nothing_else():
    said = "<@U0SAM> holds it <!channel> <@U0SAM|sam> <#C1> <#C1|x> a<b"
    assert text.ours(said) == "<@U0SAM> holds it &lt;!channel&gt; &lt;@U0SAM|sam&gt; <#C1> &lt;#C1|x&gt; a&lt;b"


def test_a_mention_that_came_with_a_quoted_text_pings_nobody():
    assert text.ours("<@U0SAM>: image <@U0EVE> not found", {"U0SAM"}) == "<@U0SAM>: image @U0EVE not found"


@pytest.mark.parametrize(
    ("id_", "shown"), [("U0SAM", "<@U0SAM>"), ("!channel", "!channel"), ("U1><!here", "U1&gt;&lt;!here")]
)
def test_only_ids_are_mentioned(id_: str, shown: str):
    assert text.mention(id_) == shown


@pytest.mark.parametrize(
    ("said", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("a long sentence", 11, "a lo… (cut)"),
        ("ab&amp;cd and more", 14, "ab&amp;… (cut)"),
        ("ab&amp;cd and more", 12, "ab… (cut)"),
        ("ab<@U0SAM>cd and more", 14, "ab… (cut)"),
        ("🔥🔥🔥🔥🔥🔥🔥", 10, "🔥… (cut)"),
        ("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", 10, "e\u0301… (cut)"),
    ],
)
def test_a_cut_is_said_and_splits_nothing(said: str, limit: int, shown: str):
    assert text.cut(said, limit) == shown
    assert units(shown) <= limit


def test_a_tail_begins_with_a_whole_line_and_splits_nothing():
    assert text.tail("first\nsecond\nthird &amp; last", 26) == "second\nthird &amp; last"
    assert text.tail("no line end &amp;&amp;", 9) == "&amp;"


def test_a_fence_inside_ends_nothing():
    shown = text.fence("before\n```\n<!channel>", 100)
    assert shown == "```\nbefore\n`\u200b`\u200b`\n&lt;!channel&gt;\n```"
    assert text.fence("", 100) == "```\n(empty)\n```"


def test_inline_code_keeps_to_its_line_and_its_backticks():
    assert text.code("a `b`\nc", 50) == "`a ˋbˋ c`"  # noqa: RUF001 - the twin is the point
    assert text.code("\n", 50) == "`(empty)`"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https://tracker/T-1?a=1&b=2", "<https://tracker/T-1?a=1&amp;b=2>"),
        ("https://x|look here>", "https://x|look here&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("T-12 <!here>", "T-12 &lt;!here&gt;"),
    ],
)
def test_a_link_shows_where_it_leads(said: str, shown: str):
    assert text.link(said) == shown


def test_plain_text_is_not_escaped_and_does_not_look_like_a_ping():
    assert text.plain("<none> & <!channel>", 100) == "<none> & <\u200b!channel>"


@settings(max_examples=150, deadline=None)
@given(nasty.texts, st.integers(min_value=20, max_value=400))
def test_any_text_fits_and_pings_nobody(said: str, limit: int):
    for shown in (
        text.one_line(said, limit),
        text.code(said, limit),
        text.fence(said, limit),
        text.cut(text.escape(said), limit),
        text.cut(text.ours(said, {"U0ANN"}), limit),
        text.tail(text.escape(said), limit),
    ):
        assert [p for p in text_problems(shown, limit, "text") if p != "text: empty"] == []
        assert pings(shown, ()) == set()
    assert "\n" not in text.one_line(said, limit)
    assert text.code(said, limit).count("`") == 2
    assert text.fence(said, limit).count("```") == 2
    assert units(text.plain(said, limit)) <= limit


def test_times_are_slacks_own_so_that_they_move_by_themselves():
    assert moment(1_700_049_600.9) == "<!date^1700049600^{time_secs}|2023-11-15 12:00:00 UTC>"
    assert until(0) == "<!date^0^until {date_short_pretty} at {time}|until 1970-01-01 00:00:00 UTC>"
    assert ago(0) == "<!date^0^{time_secs}, {ago}|1970-01-01 00:00:00 UTC>"
    assert moment(1e300).endswith("|9999-12-31 23:59:59 UTC>")

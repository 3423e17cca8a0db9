"""Words: quotes as in a shell, and what phones make of quotes and dashes."""

# ruff: noqa: RUF001 - the quotes that phones insert are what is tested
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.grammar.slack import escaped, readable
from commands.grammar.tokens import tokenise


def words(line: str) -> list[str]:
    return [token.text for token in tokenise(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("web 1.4.2 prod", ["web", "1.4.2", "prod"]),
        ("  web\t1.4.2  ", ["web", "1.4.2"]),
        ('reason="two words"', ["reason=two words"]),
        ("reason='two words'", ["reason=two words"]),
        ('"a \\"b\\" c"', ['a "b" c']),
        ("a\\ b", ["a b"]),
        ('""', [""]),
        ("don't", ["don't"]),
    ],
)
def test_words_are_cut_as_in_a_shell(line: str, expected: list[str]) -> None:
    assert words(line) == expected


@pytest.mark.parametrize(
    "line", ["“two words”", "„two words“", "‘two words’", "«two words»", '"two words”', "”two words”"]
)
def test_smart_quotes_are_quotes(line: str) -> None:
    assert words(line) == ["two words"]


def test_an_apostrophe_inside_quotes_stays_as_it_was_typed() -> None:
    assert words("reason=“it’s late”") == ["reason=it’s late"]


@pytest.mark.parametrize("dash", ["\u2014", "\u2013", "\u2013\u2013", "--", "\u2014-"])
def test_a_long_dash_before_a_word_is_an_option(dash: str) -> None:
    assert words(f"{dash}container") == ["--container"]


@pytest.mark.parametrize("dash", ["-", "\u2212", "\u2013", "\u2014", "\u2011"])
def test_a_dash_before_a_number_is_a_minus(dash: str) -> None:
    assert words(f"{dash}1") == ["-1"]


def test_dashes_inside_quotes_stay() -> None:
    assert words('"a \u2014 b" 1.4\u2011rc') == ["a \u2014 b", "1.4-rc"]


def test_a_quote_that_is_not_closed_reaches_to_the_end() -> None:
    token = tokenise('web "1.4.2 to prod')[-1]
    assert token.unclosed
    assert token.text == "1.4.2 to prod"


def test_only_what_stood_outside_quotes_can_be_syntax() -> None:
    keyword, quoted = tokenise('reason="a=b" "container=x"')
    assert keyword.text[: keyword.bare] == "reason="
    assert quoted.bare == 0


@given(st.text())
def test_tokens_lie_in_the_line_in_order_and_lose_nothing_but_blanks(text: str) -> None:
    line = readable(text)
    at = 0
    for token in tokenise(line):
        assert not line[at : token.start].strip()
        assert at <= token.start < token.end <= len(line)
        at = token.end
    assert not line[at:].strip()


class TestWhatSlackDoesToALine:
    @pytest.mark.parametrize(
        ("sent", "typed"),
        [
            ("<@U123|sam> and <@U456>", "<@U123> and <@U456>"),
            ("<#C123|deploys>", "<#C123>"),
            ("<http://registry.example/web:1.4.2|registry.example/web:1.4.2>", "registry.example/web:1.4.2"),
            ("<https://tickets.example/7>", "https://tickets.example/7"),
            ("<https://tickets.example/7|T-7>", "https://tickets.example/7"),
            ("<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2"),
            ("<mailto:sam@x.example|sam@x.example>", "sam@x.example"),
            ("a &lt;!channel&gt; &amp;amp;", "a <!channel> &amp;"),
            ("<!channel>", "<!channel>"),
            ("a\x00b\nc\u00a0d", "a b c d"),
            ("we\u200bb\u202e", "web"),
            ("\ud83d", "\ufffd"),
        ],
    )
    def test_is_undone(self, sent: str, typed: str) -> None:
        assert readable(sent) == typed

    @given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126)))
    def test_for_any_plain_text(self, text: str) -> None:
        assert readable(escaped(text)) == text

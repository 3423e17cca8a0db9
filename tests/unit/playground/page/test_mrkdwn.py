"""Slack's mrkdwn as HTML: what it means, and that no text becomes markup of the page."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.page import mrkdwn
from playground.page.look import Look

LOOK = Look(
    reader="U0SAM",
    groups=frozenset({"S0ONCALL"}),
    names={"U0SAM": "Sam Reliable", "U0DANA": "Dana Deploy", "S0ONCALL": "oncall", "C1": "deploys"},
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* and _lean_ and ~gone~", "<strong>bold</strong> and <em>lean</em> and <s>gone</s>"),
        ("2 * 3 * 4, snake_case_name", "2 * 3 * 4, snake_case_name"),
        ("`*code*`", "<code>*code*</code>"),
        ("a\n```\nx < y\n```\nb", "a<pre>x &lt; y</pre>b"),
        ("&lt;b&gt; &amp; c", "&lt;b&gt; &amp; c"),
        ("<b>", "<span>b</span>"),
        ("<@U0DANA> <@U0SAM|sam>", '<span class="mention">@Dana Deploy</span> <span class="mention me">@Sam Reliable</span>'),
        ("<!subteam^S0ONCALL>", '<span class="mention me">@oncall</span>'),
        ("<#C1> <!here>", '<span class="mention">#deploys</span> <span class="mention me">@here</span>'),
        (
            "<https://example.com/a?b=1&amp;c=2|docs>",
            '<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="noreferrer noopener">docs</a>',
        ),
        ("<!date^1700000000^{date_short} at {time}|then>", '<time data-at="1700000000" data-as="{date_short} at {time}">then</time>'),
        ("&gt; one\n&gt; two\nthree", "<blockquote>one<br>two</blockquote>three"),
        (":white_check_mark: :nosuch:", "✅ :nosuch:"),
        ("`<@U0SAM>`", "<code>@Sam Reliable</code>"),
        ("_*both*_ *_too_* ~*_all_*~", "<em><strong>both</strong></em> <strong><em>too</em></strong> <s><strong><em>all</em></strong></s>"),
        ("*was ~0.9.3~ `0.9.4`*", "<strong>was <s>0.9.3</s> <code>0.9.4</code></strong>"),
        ("*one _two* three_", "<strong>one _two</strong> three_"),
        ("_snake_case_ __init__ **twice** *", "<em>snake_case</em> __init__ **twice** *"),
        ("*a*\n*b\nc*", "<strong>a</strong><br>*b<br>c*"),
        ("*&lt;b&gt; &amp;amp; c*", "<strong>&lt;b&gt; &amp;amp; c</strong>"),
        ("&gt;&gt;&gt; one\n*two*", "<blockquote>one<br><strong>two</strong></blockquote>"),
        ("&gt; `a` *b*\n• one", "<blockquote><code>a</code> <strong>b</strong></blockquote>•\u00a0one"),
        (":+1: :rocket::tada: 10:30:45", "👍 🚀🎉 10:30:45"),
        ("`:rocket:`", "<code>:rocket:</code>"),
    ],
)  # fmt: skip
def test_it_reads_as_slack_shows_it(text: str, shown: str) -> None:
    assert str(mrkdwn.html(text, LOOK)) == shown.replace("<span>b</span>", "b")


@pytest.mark.parametrize(
    ("text", "address", "after"),
    [
        ("https://e.example/a_b_c", "https://e.example/a_b_c", ""),
        ("*https://e.example/a*", "https://e.example/a", ""),
        ("(see https://e.example/x).", "https://e.example/x", ")."),
        ("https://e.example/x_(y), z", "https://e.example/x_(y)", ", z"),
        ("https://e.example/?a=1&amp;b=2&gt;", "https://e.example/?a=1&amp;b=2", "&gt;"),
    ],
)
def test_an_address_that_stands_alone_is_a_link(text: str, address: str, after: str) -> None:
    link = f'<a href="{address}" target="_blank" rel="noreferrer noopener">{address}</a>'
    shown = str(mrkdwn.html(text, LOOK))
    assert link in shown
    assert shown.removesuffix("</strong>").endswith(link + after)


@pytest.mark.parametrize("text", ["`https://e.example`", "javascript://e.example", "https://", "xhttps://e.example"])
def test_what_is_no_address_is_no_link(text: str) -> None:
    assert "href" not in mrkdwn.html(text, LOOK)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", " javascript:x", "JAVASCRIPT:x", "vbscript:x"]
)
def test_a_link_leads_to_the_web_only(address: str) -> None:
    assert "href" not in mrkdwn.html(f"<{address}|press me>", LOOK)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


OURS = {"strong", "em", "s", "code", "pre", "blockquote", "br", "span", "a", "time"}


@given(st.text(alphabet=st.sampled_from("<>&|`*_~!@#^\n\x00\"'/ =:abscript0") | st.characters(), max_size=80))
def test_whatever_comes_in_only_our_tags_come_out(text: str) -> None:
    tags = _Tags()
    tags.feed(str(mrkdwn.html(text, LOOK)))
    assert tags.found <= OURS
    assert tags.attributes <= {"class", "href", "target", "rel", "data-at", "data-as"}


def test_a_rest_of_a_line_without_its_end_stays_as_it_is_written() -> None:
    assert mrkdwn.html("*a _b ~c", LOOK) == "*a _b ~c"

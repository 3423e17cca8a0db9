"""Slack's mrkdwn as HTML (docs.slack.dev/messaging/formatting-message-text). Pure; whatever comes in, nothing gets out.

The text is Slack's: ``&amp;``, ``&lt;`` and ``&gt;`` are escapes, ``<…>`` are mentions, links and dates. All else is
escaped here once more, piece by piece, so that no text can become markup of the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from playground.page.emoji import emoji
from playground.page.look import Look

_FENCE = re.compile(r"\n?```\n?(.*?)\n?```\n?", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_SEQUENCE = re.compile(r"<([^<>\n]+)>")
_QUOTE = re.compile(r"(?:^(?:&gt;|>) ?.*(?:\n|$))+", re.MULTILINE)
_EMOJI = re.compile(r":([a-z0-9_+-]+):")
_SPANS = [(mark, re.compile(rf"(?<![\w{re.escape(mark)}]){re.escape(mark)}(?=\S)([^\n{re.escape(mark)}]*[^\s{re.escape(mark)}]){re.escape(mark)}(?![\w])"), tag)
          for mark, tag in (("*", "strong"), ("_", "em"), ("~", "s"))]  # fmt: skip
_HELD = re.compile("\x00(\\d+)\x00")
_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)


def html(text: str, look: Look) -> Markup:
    """A whole text: fences and quotes are blocks of their own, the rest is inline."""
    return _Painted(look).whole(text.replace("\x00", ""))


def plain(text: str) -> Markup:
    """A plain_text object: only emoji are more than letters."""
    return Markup("").join(_lines(_emoji(escape(text))))


class _Painted:
    """Finished pieces are held aside under numbers, so that no later rule looks into them."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._held: list[Markup] = []

    def whole(self, text: str) -> Markup:
        text = _FENCE.sub(lambda m: self._hold(Markup("<pre>{}</pre>").format(_literal(m[1], self._look))), text)
        text = _CODE.sub(lambda m: self._hold(Markup("<code>{}</code>").format(_literal(m[1], self._look))), text)
        text = _SEQUENCE.sub(lambda m: self._hold(sequence(m[1], self._look)), text)
        text = _QUOTE.sub(self._quote, text)
        return self._shown(str(Markup("").join(_lines(self._inline(text)))))

    def _quote(self, match: re.Match[str]) -> str:
        lines = [re.sub(r"^(?:&gt;|>) ?", "", line) for line in match[0].rstrip("\n").split("\n")]
        inner = Markup("<br>").join(self._inline(line) for line in lines)
        return self._hold(Markup("<blockquote>{}</blockquote>").format(inner))

    def _inline(self, text: str) -> Markup:
        painted = str(escape(_unescaped(text)))
        for _, pattern, tag in _SPANS:
            painted = pattern.sub(rf"<{tag}>\1</{tag}>", painted)
        return _emoji(Markup(painted))  # noqa: S704 - escaped above; the tags are ours

    def _hold(self, piece: Markup) -> str:
        self._held.append(piece)
        return f"\x00{len(self._held) - 1}\x00"

    def _shown(self, painted: str) -> Markup:
        while _HELD.search(painted):
            painted = _HELD.sub(lambda m: str(self._held[int(m[1])]), painted)
        return Markup(painted)  # noqa: S704 - pieces were escaped when they were held


def sequence(inside: str, look: Look) -> Markup:
    """What stands between ``<`` and ``>``: a mention, a link, a date."""
    target, _, label = inside.partition("|")
    kinds: list[tuple[str, Callable[[str, str, Look], Markup]]] = [
        ("@", _person), ("#", _channel), ("!subteam^", _person), ("!date^", _date), ("!", _broadcast),
    ]  # fmt: skip
    for prefix, painted in kinds:
        if target.startswith(prefix):
            return painted(target.removeprefix(prefix), label, look)
    return link(_unescaped(target), _unescaped(label or target))


def mention(id: str, shown: str, look: Look) -> Markup:
    mine = " me" if look.is_me(id) else ""
    return Markup('<span class="mention{}">@{}</span>').format(mine, shown)


def link(address: str, label: str) -> Markup:
    """Only to the web: a text may not bring in a script's address."""
    if not _SAFE_LINK.match(address):
        return escape(label)
    return Markup('<a href="{}" target="_blank" rel="noreferrer noopener">{}</a>').format(address, label)


def date(at: str, form: str, fallback: str) -> Markup:
    """Filled in by the browser, in the reader's zone; the fallback where there is no script."""
    return Markup('<time data-at="{}" data-as="{}">{}</time>').format(at, form, fallback)


def _person(id: str, label: str, look: Look) -> Markup:
    return mention(id, look.names.get(id, _unescaped(label).lstrip("@") or id), look)


def _channel(id: str, label: str, look: Look) -> Markup:
    return Markup('<span class="mention">#{}</span>').format(look.names.get(id, _unescaped(label) or id))


def _broadcast(word: str, label: str, look: Look) -> Markup:
    del look
    return Markup('<span class="mention me">@{}</span>').format(_unescaped(label) or word)


def _date(rest: str, fallback: str, look: Look) -> Markup:
    del look
    at, _, form = rest.partition("^")
    form, _, address = form.partition("^")
    shown = date(at, _unescaped(form), _unescaped(fallback)) if at.lstrip("-").isdigit() else escape(fallback)
    return (
        shown
        if not _SAFE_LINK.match(address)
        else Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(address, shown)
    )


def _literal(code: str, look: Look) -> Markup:
    """Inside code nothing is formatted; mentions and links read as what they name."""
    shown = _SEQUENCE.sub(lambda m: sequence(m[1], look).striptags(), code)
    return escape(_unescaped(shown))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _emoji(painted: Markup) -> Markup:
    return Markup(_EMOJI.sub(lambda m: emoji(m[1]) or m[0], str(painted)))  # noqa: S704 - an emoji is no markup


def _lines(painted: Markup) -> list[Markup]:
    return [Markup("<br>").join(Markup(line) for line in str(painted).split("\n"))]  # noqa: S704 - split, not changed

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
_ADDRESS = re.compile(r"(?<!\w)https?://(?=\w)(?:(?!&[lg]t;)[^\s<>\x00`|\"])+", re.IGNORECASE)
_QUOTE = re.compile(r"^(?:&gt;|>){3} ?(?P<rest>.+)|(?:^(?:&gt;|>) ?[^\n]*(?:\n|$))+", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"^(?:&gt;|>) ?", re.MULTILINE)
_EMOJI = re.compile(r":([a-z0-9_+-]+):")
_TAGS = {"*": "strong", "_": "em", "~": "s"}
_SPANS = {
    marks: re.compile(
        rf"(?<![^\W_])(?P<mark>[{marks}])(?<!(?P=mark)(?P=mark))(?!\s|(?P=mark))"  # begins a word, stands alone
        r"(?P<inside>[^\n]*?)"
        r"(?<!\s)(?<!(?P=mark))(?P=mark)(?!(?P=mark)|[^\W_])"  # ends one
    )
    for marks in ("*_~", "_~", "*~", "*_", "*", "_", "~")
}
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
        text = _ADDRESS.sub(self._address, text)
        text = _QUOTE.sub(self._quote, text)
        return self._shown(str(Markup("").join(_lines(self._inline(text)))))

    def _address(self, match: re.Match[str]) -> str:
        """What ends the sentence or the bold text around an address is not of it; a bracket is, if it was opened there."""
        found = match[0].rstrip(".,:;!?'*_~")
        while found.endswith(")") and found.count(")") > found.count("("):
            found = found[:-1].rstrip(".,:;!?'*_~")
        address = _unescaped(found)
        return self._hold(link(address, address)) + match[0][len(found) :]

    def _quote(self, match: re.Match[str]) -> str:
        """``>`` quotes its line, ``>>>`` all that follows."""
        text = match["rest"] or _QUOTED.sub("", match[0].rstrip("\n"))
        return self._hold(Markup("<blockquote>{}</blockquote>").format(*_lines(self._inline(text))))

    def _inline(self, text: str) -> Markup:
        return _emoji(_styled(_unescaped(text)))

    def _hold(self, piece: Markup) -> str:
        self._held.append(piece)
        return f"\x00{len(self._held) - 1}\x00"

    def _shown(self, painted: str) -> Markup:
        while _HELD.search(painted):
            painted = _HELD.sub(lambda m: str(self._held[int(m[1])]), painted)
        return Markup(painted)  # noqa: S704 - pieces were escaped when they were held


def _styled(text: str, marks: str = "*_~") -> Markup:
    """Bold, italic and struck, also in one another: none again within itself, so it is three deep at most."""
    if not marks:
        return escape(text)
    painted, at = Markup(), 0
    for match in _SPANS[marks].finditer(text):
        inside = _styled(match["inside"], marks.replace(match["mark"], ""))
        tag = Markup(_TAGS[match["mark"]])  # noqa: S704 - ours
        painted += escape(text[at : match.start()]) + Markup("<{0}>{1}</{0}>").format(tag, inside)
        at = match.end()
    return painted + escape(text[at:])


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
    kept = re.sub(
        "(^|\x00)• ", "\\1•\u00a0", str(painted), flags=re.MULTILINE
    )  # a bullet never stands alone on a narrow screen
    return [Markup("<br>").join(Markup(line) for line in kept.split("\n"))]  # noqa: S704 - split, not changed

"""Text that is safe in Slack: what people and clusters wrote cannot ping, break out of its place, or be cut in half.

Rules: docs.slack.dev/messaging/formatting-message-text. ``&``, ``<`` and ``>`` are escaped in everything that is not ours;
a control sequence (mention, date, link) is ``<…>`` in the raw text, so an escaped one is inert, inside code too.
"""

from __future__ import annotations

import re
from collections.abc import Container

_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
"""ANSI sequences (ECMA-48), which logs are full of: colours, titles."""
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, lone surrogates (no UTF-8 for them), and bidi overrides, which make one value read as another."""
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
_CHANNEL = re.compile(r"(<#[CGD][A-Z0-9]+>)")
_LINK = re.compile(r"https?://[^\s<>|\"'`\\]+", re.IGNORECASE)
_ATOM = re.compile(
    r"<[^<>\n]*>|&(?:amp|lt|gt);|.(?:[\u0300-\u036f\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d.){0,16}", re.DOTALL
)
"""What is never split: a control sequence, an escape, a letter with its accents, an emoji with its modifiers."""

CUT = "… (cut)"
ZERO_WIDTH = "\u200b"
TWIN = "\u02cb"


def length(text: str) -> int:
    """In UTF-16 units (see ``limits``)."""
    return len(text) + sum(char > "\uffff" for char in text)


def clean(text: str) -> str:
    """Without what cannot be shown or deceives the eye; line ends are ``\\n``. Not escaped."""
    return _INVISIBLE.sub("", _BREAKS.sub("\n", _TERMINAL.sub("", text)))


def escape(text: str) -> str:
    """For everything that people or clusters wrote. No two backticks follow each other: that could begin or end a fence."""
    apart = re.sub("`(?=`)", "`" + ZERO_WIDTH, clean(text))
    return apart.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mention(person: str) -> str:
    """A person by id. Anything else than an id is shown, not mentioned."""
    token = f"<@{person}>"
    return token if _MENTION.fullmatch(token) else escape(person)


def ours(text: str, people: Container[str] | None = None) -> str:
    """Our own sentences: everything is escaped but channels and mentions, and of these only ``people``'s if given.

    A sentence of ours may quote a cluster; with ``people`` a mention that came along with the quote pings nobody.
    """
    around = _CHANNEL.split(text)
    return "".join(part if i % 2 else _mentioning(part, people) for i, part in enumerate(around))


def _mentioning(text: str, people: Container[str] | None) -> str:
    parts = _MENTION.split(text)
    return "".join(_allowed(part, people) if i % 2 else escape(part) for i, part in enumerate(parts))


def _allowed(person: str, people: Container[str] | None) -> str:
    return mention(person) if people is None or person in people else escape(f"@{person}")


def link(text: str) -> str:
    """A web address as a link that shows where it leads; anything else as plain text."""
    said = clean(text).strip()
    return f"<{escape(said)}>" if _LINK.fullmatch(said) and length(said) <= 500 else one_line(said, 500)


def cut(text: str, limit: int, mark: str = CUT) -> str:
    """``text`` (escaped already) in at most ``limit`` units; what is left out is said by ``mark``. Nothing is split."""
    return text if length(text) <= limit else text[: fitting(text, limit - length(mark))].rstrip() + mark


def fitting(text: str, room: int) -> int:
    """How many characters of ``text`` fit in ``room`` units with nothing split."""
    end = 0
    for atom in _ATOM.finditer(text):
        room -= length(atom[0])
        if room < 0:
            break
        end = atom.end()
    return end


def tail(text: str, limit: int) -> str:
    """The end of ``text`` (escaped already) in at most ``limit`` units, from a line's beginning where one is near."""
    if length(text) <= limit:
        return text
    room, start = limit, len(text)
    for atom in reversed(list(_ATOM.finditer(text, max(0, len(text) - limit - 8)))):
        room -= length(atom[0])
        if room < 0:
            break
        start = atom.start()
    kept = text[start:]
    line = kept.find("\n") + 1
    return kept[line:] if 0 < line < len(kept) // 2 else kept


def one_line(text: str, limit: int) -> str:
    """Escaped, on one line, cut: for headlines and the top-level text that notifications and screen readers get."""
    return cut(escape(" ".join(clean(text).split())), limit, mark="…")


def code(text: str, limit: int) -> str:
    """Inline code on one line. A backtick would end it: it is shown by its twin, the modifier letter."""
    return f"`{one_line(text, limit - 2).replace('`', TWIN) or '(empty)'}`"


def fence(text: str, limit: int) -> str:
    """A code block of at most ``limit`` units. A fence inside cannot end it."""
    return fenced(cut(escape(text), limit - 8))


def fenced(text: str) -> str:
    """The block around text that is escaped already: 8 units more."""
    return f"```\n{text.strip(chr(10)) or '(empty)'}\n```"


def bold(text: str) -> str:
    """Bold, unless an asterisk in it would end that early."""
    return text if "*" in text or not text.strip() else f"*{text.strip()}*"


def plain(text: str, limit: int) -> str:
    """For ``plain_text`` and table cells, which Slack does not parse: nothing is escaped, and nothing looks like a ping."""
    said = re.sub("<(?=[@!#])", "<" + ZERO_WIDTH, " ".join(clean(text).split()))
    return cut(said, limit, mark="…")

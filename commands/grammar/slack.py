"""What Slack does to a line on its way to us, undone: the text as the person sees it, on which positions are counted.

Slack escapes ``& < >`` and turns what looks like a link into ``<http://web.example|web.example>``; mentions come as
``<@U123|name>`` and ``<#C123|name>`` (https://docs.slack.dev/messaging/formatting-message-text). Phones and copied
text add control characters and invisible ones. The result is *not* escaped: whoever shows it must do that.
"""

from __future__ import annotations

import re
import unicodedata

_MARKUP = re.compile(
    r"<(?P<link>[a-z][a-z0-9+.-]*:[^|<>\s]+)(?:\|(?P<label>[^<>]*))?>|<(?P<mention>[@#][A-Z0-9]+)(?:\|[^<>]*)?>|&(?P<entity>amp|lt|gt);"
)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff",
    )
)


def readable(text: str) -> str:
    """The line as it was typed: links and entities unwrapped, invisible characters gone, control characters blanks."""
    return _MARKUP.sub(_unwrapped, _visible(text))


def escaped(text: str) -> str:
    """The inverse for plain text: what Slack would send us for it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():  # what nearly every line is, a hundred times as fast
        return text
    return "".join(_shown(char) for char in text.translate(_INVISIBLE))


def _shown(char: str) -> str:
    match unicodedata.category(char):
        case "Cc" | "Zl" | "Zp" | "Zs":
            return " "
        case "Cs":  # half a surrogate pair is no text, and cannot be stored
            return "\ufffd"
        case _:
            return char


def _unwrapped(match: re.Match[str]) -> str:
    if entity := match["entity"]:
        return _ENTITIES[entity]
    if mention := match["mention"]:
        return f"<{mention}>"
    link, label = match["link"], match["label"]
    typed = label is not None and link.split(":", 1)[1].removeprefix("//").rstrip("/") == label.rstrip("/")
    return str(label) if typed else str(link).replace("&amp;", "&")

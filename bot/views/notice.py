"""A notice as a message: one paragraph of ours."""

from __future__ import annotations

from bot.views import limits
from bot.views.text import cut, ours
from bot.views.view import View, section, view
from commands.notice import Notice


def told(notice: Notice) -> View:
    """A sentence of ours may quote what people wrote: a mention that came along with it pings nobody."""
    text = cut(ours(notice.text, notice.people), limits.SECTION)
    return view(text, (section("notice", text),))

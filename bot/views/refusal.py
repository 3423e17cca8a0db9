"""Private answers: an error as a sentence, and a usage error with its pointer under the word."""

from __future__ import annotations

from bot.views import limits
from bot.views.text import cut, fence, one_line, ours
from bot.views.view import View, section, view
from commands.errors import QuarterdeckError, UsageError


def refusal(error: QuarterdeckError) -> View:
    """For one person's eyes. The sentence is the error's own."""
    return usage(str(error)) if isinstance(error, UsageError) else sentence(str(error))


def sentence(said: str) -> View:
    """Our own sentence; people named in it are shown by name, and pinged by nothing that only one person sees."""
    shown = cut(ours(said), limits.SECTION)
    return view(shown, (section("answer", shown),))


def usage(said: str) -> View:
    """The first line says what is wrong. The rest is aligned by columns, so it keeps its spaces."""
    first, _, rest = said.partition("\n")
    told = one_line(first, limits.SENTENCE)
    block = fence(rest, limits.SECTION) if rest.strip() else ""
    return view(f"{told}\n{block}".strip(), (section("answer", told), section("usage", block)))

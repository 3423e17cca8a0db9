"""A usage error as people read it: what is wrong, the line with the word marked, and how it is said.

    There is no environment `prd`. Did you mean `prod`?

    deploy web 1.4.2 to prd
                        ^^^
    Usage: deploy WORKLOAD VERSION to ENVIRONMENT [container=NAME]

Plain text: whoever shows it escapes it.
"""

from __future__ import annotations

from commands.declaration import Command
from commands.errors import UsageError
from commands.grammar.tokens import Token
from commands.grammar.usage import usage

WIDTH = 72
"""Columns of the line shown: what a Slack code block holds on a small screen without wrapping much."""


def mistake(sentence: str, line: str, at: Token | None, command: Command | None) -> UsageError:
    """The error, pointing at the word; at the end of the line where ``at`` is None."""
    parts = [sentence]
    if line:
        start, end = (at.start, at.end) if at else (len(line) + 1, len(line) + 2)
        parts += ["", *_marked(line, start, end)]
    if command:
        parts.append(f"Usage: {usage(command)}")
    return UsageError("\n".join(parts))


def _marked(line: str, start: int, end: int) -> tuple[str, str]:
    """The line, cut to a window around the word, and the carets under it."""
    first = max(0, min(start - WIDTH // 2, len(line) - WIDTH))
    last = first + WIDTH
    left, right = "…" if first else "", "…" if last < len(line) else ""
    carets = "^" * max(1, min(end, last) - start)
    return f"{left}{line[first:last]}{right}", " " * (start - first + len(left)) + carets

"""A line cut into words, as a shell would, with what phones do to quotes and dashes understood.

- Double quotes (straight, or any smart pair: “ ” „ ‟ « ») may open anywhere; single ones only at the start of a word or
  after ``=``, so that ``don't`` is a word. A backslash takes the next quote, blank or backslash as it is.
- ``—container`` is ``--container``, a short dash before a number is a minus; other dashes outside quotes become ``-``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DOUBLE = '"“”„‟«»'
SINGLE = "'‘’‚‛"  # noqa: RUF001
_LONG = "\u2012\u2013\u2014\u2015"
_DASHES = f"-\u2010\u2011\u2212{_LONG}"
_LEADING = re.compile(f"[{_DASHES}]+(?=[^\\W\\d_])")
_RUN = re.compile(f"[^\\s\\\\{DOUBLE}{SINGLE}]+")
"""What is nothing but itself."""
_STRAIGHT = {ord(dash): "-" for dash in _DASHES}


@dataclass(frozen=True, slots=True)
class Token:
    """One word. ``text`` is what it means; ``start`` and ``end`` are where it stands in the line, quotes included."""

    text: str
    start: int
    end: int
    bare: int
    """How many of its first characters stood outside quotes: only those can be a keyword, an option or a noise word."""
    unclosed: bool = False

    @property
    def plain(self) -> bool:
        """No part of it was quoted."""
        return self.bare == len(self.text)


def tokenise(line: str) -> tuple[Token, ...]:
    """The words of the line. Never raises: a quote that is not closed reaches to the end and is marked ``unclosed``."""
    tokens: list[Token] = []
    at = _next_word(line, 0)
    while at < len(line):
        tokens.append(_Word(line, at).token())
        at = _next_word(line, tokens[-1].end)
    return tuple(tokens)


def _next_word(line: str, at: int) -> int:
    while at < len(line) and line[at].isspace():
        at += 1
    return at


class _Word:
    """Reads one word, from its first character on."""

    def __init__(self, line: str, start: int) -> None:
        self.line, self.start, self.at = line, start, start
        self.plain, self.quoted = "", ""
        self.any_quotes = self.unclosed = False

    def token(self) -> Token:
        while self.at < len(self.line) and not self.line[self.at].isspace():
            if run := _RUN.match(self.line, self.at):
                self._take(run[0], len(run[0]))
            else:
                self._step()
        plain = _straightened(self.plain)
        return Token(plain + self.quoted, self.start, self.at, len(plain), self.unclosed)

    def _step(self) -> None:
        char, following = self.line[self.at], self.line[self.at + 1 : self.at + 2]
        if char == "\\" and following and (following in f"\\{DOUBLE}{SINGLE}" or following.isspace()):
            self.any_quotes = True
            self._take(following, 2)
        elif char in DOUBLE or (char in SINGLE and self._may_open()):
            self._quotation(char)
        else:
            self._take(char, 1)

    def _may_open(self) -> bool:
        return self.at == self.start or self.line[self.at - 1] == "="

    def _take(self, text: str, width: int) -> None:
        if self.any_quotes:
            self.quoted += text
        else:
            self.plain += text
        self.at += width

    def _quotation(self, opening: str) -> None:
        self.any_quotes = True
        inside, end, closed = _quotation(self.line, self.at + 1, opening)
        self.quoted += inside
        self.at, self.unclosed = end, not closed


def _quotation(line: str, start: int, opening: str) -> tuple[str, int, bool]:
    """What stands between the quotes, the position behind the closing one, and whether there was one.

    A straight quote is closed by a straight one; where there is none, by a smart one (phones change just one of the two).
    """
    family = DOUBLE if opening in DOUBLE else SINGLE
    for closing in (opening, family) if opening in "\"'" else (family,):
        inside = ""
        at = start
        while at < len(line) and line[at] not in closing:
            at += 1 if not _escapes(line, at, family) else 2
            inside += line[at - 1]
        if at < len(line):
            return inside, at + 1, True
    return line[start:], len(line), False


def _escapes(line: str, at: int, family: str) -> bool:
    return family == DOUBLE and line[at] == "\\" and at + 1 < len(line) and line[at + 1] in f"\\{DOUBLE}"


def _straightened(word: str) -> str:
    leading = _LEADING.match(word)
    if leading and (len(leading[0]) > 1 or leading[0] in _LONG):
        return "--" + word[leading.end() :].translate(_STRAIGHT)
    return word.translate(_STRAIGHT)

"""A report as blocks. Whatever its size, it fits one message, and says what it left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from slack_sdk.models.blocks import Block

from bot.views import limits
from bot.views.diff import patch_text
from bot.views.links import linked
from bot.views.menu import menu
from bot.views.table import table_block, table_text
from bot.views.text import bold, cut, escape, fence, fenced, fitting, length, one_line, tail
from bot.views.view import View, context, section, view, weight
from commands.report import Choice, Code, Diff, Fields, Prose, Report, Section, Table
from commands.wording import counted, plural

ROOM = limits.SECTION - 100
CODE = (9_000, 4_000)
"""The end of a log that is shown: the smaller where much of it doubles in JSON (line ends, quotes). More is for a terminal."""
CODE_WEIGHT = 10_000
NOTE = 300
"""Room for the note on what is left out."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known in Slack only. ``whole``: what became of a text's file; ``links``: to operations' messages, by id."""

    whole: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


NOTHING = Beside()


def report(shown: Report, beside: Beside = NOTHING) -> View:
    """The title is the first line and the top-level text."""
    title = one_line(shown.title, limits.LINE) or "Answer"
    return view(title, _fitted([section("title", bold(title)), *_sections(shown.sections, beside)]))


def too_long(shown: Report) -> Code | None:
    """The text of which a message shows the end only, and that may be given as a file."""
    return next(
        (part for part in shown.sections if isinstance(part, Code) and part.file and _left_out(part.text)), None
    )


def _fitted(blocks: list[Block | None]) -> list[Block]:
    """As many as fit, and how many do not."""
    found = [block for block in blocks if block is not None]
    room, kept = limits.MESSAGE - NOTE, 0
    for block in found[: limits.BLOCKS - 1]:
        room -= weight(block.to_dict())
        if room < 0:
            break
        kept += 1
    note = context("more", f"{len(found) - kept} more parts are not shown.") if kept < len(found) else None
    return [*found[:kept], note] if note else found


def _sections(parts: tuple[Section, ...], beside: Beside) -> Iterator[Block | None]:
    tables = 0
    for number, part in enumerate(parts):
        tables += isinstance(part, Table)
        yield from _blocks(f"part-{number}", part, beside, first_table=tables <= 1)


def _blocks(block_id: str, part: Section, beside: Beside, *, first_table: bool) -> Iterator[Block | None]:
    match part:
        case Prose():
            yield section(block_id, _prose(part))
        case Fields():
            yield section(block_id, _fields(part, beside.links))
        case Table() if first_table:
            yield from table_block(block_id, part)
        case Table():
            yield section(block_id, table_text(part))
        case Code():
            yield from code_blocks(block_id, part.text, beside.whole if part.file else "")
        case Choice():
            yield menu(block_id, part)
        case Diff():
            yield section(block_id, fence(patch_text(part.changes) or "no difference", limits.SECTION))


def _prose(part: Prose) -> str:
    return bold(cut(escape(part.text), limits.SECTION - 2)) if part.strong else cut(escape(part.text), limits.SECTION)


def _fields(part: Fields, links: Mapping[str, str]) -> str:
    """One line a pair: Slack's two-column fields break words on a phone, and are read aloud in the wrong order."""
    return "\n".join(
        f"{bold(one_line(label, 100) + ':')} {linked(one_line(value, limits.LINE), links)}"
        for label, value in part.pairs
    )


def code_blocks(block_id: str, text: str, whole: str = "") -> Iterator[Block | None]:
    """The end of the text, in as many blocks as allowed; what is left out is said first, and where ``whole`` says it is."""
    if left_out := _left_out(text):
        yield context(f"{block_id}-cut", f"{left_out} {escape(whole)}".strip())
    for number, piece in enumerate(_pieces(_kept(escape(text.rstrip())))):
        yield section(f"{block_id}-{number}", fenced(piece))


def _left_out(text: str) -> str:
    """As a sentence; empty where all of it is shown."""
    whole = escape(text.rstrip())
    kept = _kept(whole)
    if kept == whole:
        return ""
    lines = whole[: len(whole) - len(kept)].count("\n")
    return (
        f"{counted(lines, 'earlier line')} {plural(lines, 'is', 'are')} left out."
        if lines
        else "The beginning is left out."
    )


def _kept(whole: str) -> str:
    return next((end for end in _ends(whole) if len(json.dumps(end, ensure_ascii=False)) <= CODE_WEIGHT), "")


def _ends(text: str) -> Iterator[str]:
    yield from (tail(text, room) for room in CODE)


def _pieces(text: str) -> Iterator[str]:
    """Cut at line ends where lines are short enough."""
    while length(text) > ROOM:
        piece = text[: fitting(text, ROOM)]
        line = piece.rfind("\n") + 1
        piece = piece[:line] if line > len(piece) // 2 else piece
        yield piece
        text = text[len(piece) :]
    yield text

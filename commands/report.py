"""The answer to a read-only command: what to show, not how Slack shows it (``bot/views/report.py`` does that).

Sections are tagged structs rather than dataclasses because a report lies in Redis as JSON and is a union.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from commands.draft import FieldChange


class Prose(msgspec.Struct, frozen=True, tag="prose"):
    """A paragraph of plain text (the view escapes it). ``strong`` marks a heading line."""

    text: str
    strong: bool = False


class Fields(msgspec.Struct, frozen=True, tag="fields"):
    """Label and value pairs."""

    pairs: tuple[tuple[str, str], ...]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Columns and rows of short texts; the view cuts long ones and says how many rows it left out.

    ``tally``: by which column it counts those, None: it does not; ``more``: a sentence on how to see them.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tally: int | None = None
    more: str = ""


class Code(msgspec.Struct, frozen=True, tag="code"):
    """Preformatted text such as logs; a fence inside cannot end it.

    ``file``: by which name the whole is given as a file, where the message has no room for it.
    """

    text: str
    file: str = ""


class Diff(msgspec.Struct, frozen=True, tag="diff"):
    """Lines of a diff."""

    changes: tuple[FieldChange, ...]


class Choice(msgspec.Struct, frozen=True, tag="choice"):
    """A menu. Who picks from it says the line that stands behind the text, as if they had typed it, with their own rights.

    ``confirm`` is asked before, if anything.
    """

    label: str
    options: tuple[tuple[str, str], ...]
    confirm: str = ""


Section = Prose | Fields | Table | Code | Diff | Choice


@dataclass(frozen=True, slots=True)
class Report:
    """``title`` is one line and the top-level text, what notifications and screen readers get."""

    title: str
    sections: tuple[Section, ...] = ()

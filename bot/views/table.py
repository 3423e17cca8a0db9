"""Tables: Slack's own block for the first of a message, which screen readers read by row; a code block for further ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import Block, RawTextObject, TableBlock

from bot.views import limits
from bot.views.text import ZERO_WIDTH, clean, fence, length, one_line, ours, plain
from bot.views.view import context
from commands.report import Table
from commands.wording import counted

CELL = 200
NARROW = 40
EMPTY = "-"


def table_block(block_id: str, table: Table) -> Iterator[Block | None]:
    """At most one a message (Slack). Rows that do not fit are counted below it."""
    if not table.columns:
        return
    rows = _rows(table)
    kept = _fitting(rows[: limits.TABLE_ROWS])
    wrapped = [{"is_wrapped": max(map(len, column)) > NARROW} for column in zip(*kept, strict=True)]
    cells = [[RawTextObject(text=cell) for cell in row] for row in kept]
    yield TableBlock(block_id=block_id, rows=cells, column_settings=wrapped)
    yield context(f"{block_id}-more", _left_out(table, rows[len(kept) :]))


def _rows(table: Table) -> list[list[str]]:
    """The columns' names first; every row has as many cells as there are columns."""
    width = min(len(table.columns), limits.TABLE_COLUMNS)
    padded = ([*row, *[""] * width][:width] for row in (table.columns, *table.rows))
    return [[plain(cell, CELL) or EMPTY for cell in row] for row in padded]


def _fitting(rows: Sequence[list[str]]) -> list[list[str]]:
    room, kept = limits.TABLE_TEXT, []
    for row in rows:
        room -= sum(map(length, row))
        if room < 0:
            break
        kept.append(row)
    return kept


def _left_out(table: Table, rows: Sequence[list[str]]) -> str:
    """How many, how many of which sort, and how to see them."""
    columns = len(table.columns) - limits.TABLE_COLUMNS
    parts = [counted(len(rows), "more row") if rows else "", counted(columns, "more column") if columns > 0 else ""]
    if not any(parts):
        return ""
    sorts = Counter(row[table.tally] for row in rows) if table.tally is not None else {}
    said = ", ".join(f"{count} {one_line(sort, NARROW)}" for sort, count in sorts.items())
    more = f" {ours(table.more)}" if rows and table.more else ""
    return f"Not shown: {' and '.join(filter(None, parts))}{f' ({said})' if said else ''}.{more}"


def table_text(table: Table) -> str:
    """Aligned columns in a code block."""
    rows = [[_narrow(cell) for cell in row] for row in _rows(table)] if table.columns else []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return fence("\n".join(lines), limits.SECTION) if lines else ""


def _narrow(cell: str) -> str:
    said = clean(cell).replace(ZERO_WIDTH, "")
    return said if len(said) <= NARROW else said[: NARROW - 1] + "…"

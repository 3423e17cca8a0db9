"""Tables: the first row is the head, as Slack shows it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from playground.page.blocks.rich_text import rich_text
from playground.page.look import Look

Json = dict[str, Any]


def table(block: Json, look: Look) -> Markup:
    """Wide ones scroll by themselves, by keyboard too."""
    settings = block.get("column_settings", [])
    head, *rows = block["rows"]
    body = Markup("").join(_row(row, "td", settings, look) for row in rows)
    return Markup(
        '<div class="table" tabindex="0" role="region" aria-label="Table"><table><thead>{}</thead><tbody>{}</tbody></table></div>'
    ).format(_row(head, "th", settings, look), body)


def _row(cells: list[Json], tag: str, settings: list[Json], look: Look) -> Markup:
    shown = Markup("").join(
        Markup('<{0} class="{1}">{2}</{0}>').format(Markup(tag), _classes(settings, n), _cell(cell, look))  # noqa: S704 - ours
        for n, cell in enumerate(cells)
    )
    return Markup("<tr>{}</tr>").format(shown)


def _cell(cell: Json, look: Look) -> Markup:
    return escape(cell["text"]) if cell["type"] == "raw_text" else rich_text(cell, look)


def _classes(settings: list[Json], column: int) -> str:
    setting = (settings[column] if column < len(settings) else None) or {}
    return f"{setting.get('align', 'left')}{' wrapped' if setting.get('is_wrapped') else ''}"

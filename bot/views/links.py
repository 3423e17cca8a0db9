"""Operations in an answer's fields by links to their messages. A table's cell cannot hold one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from commands.report import Fields, Report

MOST: Final = 10
_OPERATION = re.compile(r"(?<![\w-])op-[a-z0-9]{4,32}(?![\w-])")


def operations_in(shown: Report) -> list[str]:
    """The ids in the values of its fields, the first ``MOST``."""
    values = (value for part in shown.sections if isinstance(part, Fields) for _, value in part.pairs)
    return list(dict.fromkeys(id for value in values for id in _OPERATION.findall(value)))[:MOST]


def linked(text: str, links: Mapping[str, str]) -> str:
    """``text`` is escaped already; ``links`` are ours, by id."""
    return _OPERATION.sub(lambda found: f"<{links[found[0]]}|{found[0]}>" if found[0] in links else found[0], text)

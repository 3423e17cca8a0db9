"""The ``Warning`` headers of an answer (RFC 7234, 5.5): the API server sends ``299 - "text"``, one header each."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WARNING = re.compile(r'\d{3} \S+ "((?:[^"\\]|\\.)*)"')


def warnings_in(headers: Iterable[str]) -> tuple[str, ...]:
    """The texts, unquoted."""
    texts = (text for header in headers for text in _WARNING.findall(header))
    return tuple(re.sub(r"\\(.)", r"\1", text) for text in texts)

"""A configuration's text with its clusters' ways in replaced, every other line staying where its owner has it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml


def fitted(text: str, clusters: Mapping[str, Any]) -> str:
    """``text``: a file that was found right. Where the rest of it leans on its clusters (an anchor), it is written anew."""
    document = {**yaml.safe_load(text), "clusters": dict(clusters)}
    replaced = _replaced(text, json.dumps(clusters))
    return replaced if _means(replaced, document) else yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def _replaced(text: str, clusters: str) -> str:
    """On one line, and as many empty ones as the old ones took: a flow mapping may stand wherever a block did."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)  # noqa: S101 - it has been loaded
    old = next(value for key, value in root.value if key.value == "clusters")
    lines = "\n" * (old.end_mark.line - old.start_mark.line)
    return f"{text[: old.start_mark.index]}{clusters}{lines}{text[old.end_mark.index :]}"


def _means(text: str, document: Mapping[str, Any]) -> bool:
    try:
        return bool(yaml.safe_load(text) == document)
    except yaml.YAMLError:
        return False

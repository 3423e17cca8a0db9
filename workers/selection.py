"""Whether a label selector is about some labels, as the API's own types have it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def selects(selector: Json | None, labels: Mapping[str, str]) -> bool:
    """A ``LabelSelector`` as policy/v1 takes it: an empty one is every pod, none at all is no pod."""
    if selector is None:
        return False
    same = all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())
    return same and all(_expression(each, labels) for each in selector.get("matchExpressions") or ())


def serves(service: Json, labels: Mapping[str, str]) -> bool:
    """A Service's selector is a plain map; without one, its endpoints are somebody's own business."""
    wanted = service["spec"].get("selector") or {}
    return bool(wanted) and all(labels.get(key) == value for key, value in wanted.items())


def _expression(expression: Json, labels: Mapping[str, str]) -> bool:
    key, values = expression["key"], expression.get("values") or ()
    match expression["operator"]:
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case "NotIn":
            return labels.get(key) not in values
        case _:
            return labels.get(key) in values

"""Which labels a selector picks: of Services (a plain map), workloads and budgets (``matchLabels``, ``matchExpressions``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
Labels = Mapping[str, str]


def matches_all(wanted: Labels, labels: Labels | None) -> bool:
    """Whether the labels hold every wanted pair."""
    return (labels or {}).items() >= dict(wanted).items()


def matches(selector: Json | None, labels: Labels | None) -> bool:
    """A LabelSelector: an empty one picks everything, None nothing."""
    if selector is None:
        return False
    return matches_all(selector.get("matchLabels") or {}, labels) and all(
        _holds(term, labels or {}) for term in selector.get("matchExpressions") or []
    )


def _holds(term: Json, labels: Labels) -> bool:
    key, values = term["key"], term.get("values", [])
    match term["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels


def format_labels(labels: Labels | None) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or "<none>"


def format_selector(selector: Json | None) -> str:
    """A LabelSelector as text: ``app=web,tier in (a,b),!old``."""
    parts = [(key, f"{key}={value}") for key, value in (selector or {}).get("matchLabels", {}).items()]
    parts += [(term["key"], _format_term(term)) for term in (selector or {}).get("matchExpressions", [])]
    return ",".join(text for _, text in sorted(parts)) or "<none>"


def _format_term(term: Json) -> str:
    key, operator = term["key"], term["operator"]
    if operator in {"Exists", "DoesNotExist"}:
        return key if operator == "Exists" else f"!{key}"
    return f"{key} {operator.lower()} ({','.join(sorted(term.get('values', [])))})"

"""Mistakes in an object as ``Cause``s, each kind with the API server's own wording. Values are shown as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from playground.cluster.status import Cause


def required(field: str, why: str = "") -> Cause:
    return Cause(field, f"Required value: {why}" if why else "Required value", "FieldValueRequired")


def invalid(field: str, value: Any, why: str) -> Cause:
    return Cause(field, f"Invalid value: {_shown(value)}: {why}")


def not_supported(field: str, value: Any, supported: Sequence[str]) -> Cause:
    choices = ", ".join(_shown(choice) for choice in supported)
    return Cause(field, f"Unsupported value: {_shown(value)}: supported values: {choices}", "FieldValueNotSupported")


def duplicate(field: str, value: Any) -> Cause:
    return Cause(field, f"Duplicate value: {_shown(value)}", "FieldValueDuplicate")


def forbidden(field: str, why: str) -> Cause:
    return Cause(field, f"Forbidden: {why}", "FieldValueForbidden")


def not_found(field: str, value: Any) -> Cause:
    return Cause(field, f"Not found: {_shown(value)}", "FieldValueNotFound")


def not_negative(field: str, value: Any) -> list[Cause]:
    """For a number that may be left out (None)."""
    return [invalid(field, value, "must be greater than or equal to 0")] if (value or 0) < 0 else []


def one_of(field: str, value: Any, supported: Sequence[str]) -> list[Cause]:
    """For a text that may be left out (None)."""
    return [] if value is None or value in supported else [not_supported(field, value, supported)]


def _shown(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

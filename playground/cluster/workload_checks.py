"""What the API server checks alike in all workloads: numbers of pods, percentages, fields that may not change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.status import Cause

Json = dict[str, Any]
IntOrPercent = int | str


def number_causes(spec: Json, *names: str) -> Iterator[Cause]:
    """Those fields may not be negative."""
    for name in names:
        yield from faults.not_negative(f"spec.{name}", spec.get(name))


def immutable_causes(new: Json, old: Json | None, *names: str) -> Iterator[Cause]:
    """Those fields of the spec must be as they were."""
    for name in names:
        value = new["spec"].get(name)
        if old is not None and value != old["spec"].get(name):
            shown = _in_order(value) if name == "selector" and value else value
            yield faults.invalid(f"spec.{name}", shown, "field is immutable")


def _in_order(selector: Json) -> Json:
    """As the API server shows it: its own fields first, people's keys sorted."""
    given = {
        "matchLabels": dict(sorted(selector.get("matchLabels", {}).items())),
        "matchExpressions": selector.get("matchExpressions"),
    }
    return {key: given[key] for key in ("matchLabels", "matchExpressions") if given.get(key)}


def share_causes(field: str, value: IntOrPercent | None, *, at_most_all: bool = False) -> Iterator[Cause]:
    """Of a number of pods or a percentage; ``at_most_all``: a percentage may not exceed 100."""
    if isinstance(value, str):
        if not re.fullmatch("[0-9]+%", value):
            why = (
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', "
                "regex used for validation is '[0-9]+%')"
            )
            yield faults.invalid(field, value, why)
        elif at_most_all and int(value[:-1]) > 100:
            yield faults.invalid(field, value, "must not be greater than 100%")
    else:
        yield from faults.not_negative(field, value)


def is_zero(value: IntOrPercent | None) -> bool:
    """Whether it is no pods at all: 0, 0%, or nothing readable."""
    return value in {0, None} or (isinstance(value, str) and not value[:-1].strip("0"))


def strategy_type_causes(field: str, strategy: Json, supported: Sequence[str], rolling: Json | None) -> list[Cause]:
    """``rolling``: the other member of the strategy, as the API server shows it."""
    if strategy.get("type") in supported:
        return []
    return [faults.not_supported(field, {"Type": strategy.get("type", ""), "RollingUpdate": rolling}, supported)]

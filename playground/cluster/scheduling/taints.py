"""Whether a pod puts up with a node's taints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Json = dict[str, Any]
KEEPS_AWAY = ("NoSchedule", "NoExecute")


def tolerates(toleration: Json, taint: Json) -> bool:
    if toleration.get("effect", taint["effect"]) != taint["effect"]:
        return False
    if toleration.get("key", taint["key"]) != taint["key"]:
        return False
    return toleration.get("operator") == "Exists" or toleration.get("value", "") == taint.get("value", "")


def untolerated(spec: Json, taints: Iterable[Json], effects: Sequence[str]) -> list[Json]:
    tolerations = spec.get("tolerations", ())
    return [
        taint
        for taint in taints
        if taint["effect"] in effects and not any(tolerates(one, taint) for one in tolerations)
    ]

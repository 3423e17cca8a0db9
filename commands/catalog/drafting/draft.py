"""Drafts of one JSON patch on one workload."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from commands.canonical import digest_of
from commands.draft import Draft, Edit, Guard, Patch
from commands.live import Live, Object
from commands.objects import ref_of, said_of, template_of


def draft_of(
    live: Live,
    workload: Object,
    summary: str,
    edit: Edit,
    *,
    arguments: dict[str, Any],
    guards: tuple[Guard, ...] = (),
    risks: Iterable[str] = (),
) -> Draft:
    """The draft. ``arguments`` are the absolute ones; the workload is added with its kind, for the same reason."""
    return Draft(
        summary=summary,
        arguments={"workload": said_of(workload), **arguments},
        patch=Patch(ref_of(workload, live.cluster), (edit,), guards),
        template=digest_of(template_of(workload)),
        risks=tuple(risks),
    )

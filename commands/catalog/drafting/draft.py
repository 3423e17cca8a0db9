"""Drafts of one JSON patch on one workload."""

from __future__ import annotations

from collections.abc import Iterable

from commands.bounds import Bounds
from commands.canonical import digest_of
from commands.draft import Arguments, Beside, Draft, Edit, Guard, Patch
from commands.errors import Forbidden
from commands.live import Live, Object, revision_of
from commands.objects import ref_of, replicas_wanted, said_of, template_of


def draft_of(
    live: Live,
    workload: Object,
    summary: str,
    *edits: Edit,
    arguments: Arguments,
    guards: tuple[Guard, ...] = (),
    risks: Iterable[str] = (),
    owners: Iterable[str] = (),
    frees: bool = False,
    beside: Beside | None = None,
    bounds: Bounds | None = None,
) -> Draft:
    """The draft. ``arguments`` are the absolute ones; the workload is added with its kind, for the same reason."""
    return Draft(
        summary=summary,
        arguments={"workload": said_of(workload), **arguments},
        patch=Patch(ref_of(workload, live.cluster), edits, guards, beside),
        template=digest_of(template_of(workload)),
        risks=tuple(risks),
        owners=tuple(owners),
        replicas=replicas_wanted(workload),
        revision=_revision(workload, live),
        frees=frees,
        bounds=bounds,
    )


def _revision(workload: Object, live: Live) -> int | None:
    """None while the controller has not seen the template, and where revisions may not be read: only words depend on it."""
    if int((workload.get("status") or {}).get("observedGeneration") or 0) < int(workload["metadata"]["generation"]):
        return None
    try:
        return revision_of(workload, live)
    except Forbidden:
        return None

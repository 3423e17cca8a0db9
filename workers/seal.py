"""Sealing: a draft becomes a plan once the API server has said what it would do with it."""

from __future__ import annotations

from commands.draft import Draft, Plan
from commands.errors import NothingToChange
from workers.cluster import Cluster, Object
from workers.diff import changes
from workers.owners import is_applied, owners_of
from workers.paths import hash_at
from workers.redact import redact
from workers.write import json_patch


def seal(cluster: Cluster, verb: str, draft: Draft, live: Object, now: float) -> Plan:
    """Make a server-side dry run of exactly the patch that would be written, and say what it would change.

    ``live`` is what would be written, as just read, ``now`` Unix seconds. Raises ``Invalid`` with the API's text where admission refuses, ``PreconditionFailed`` where
    the object moved since it was drafted, ``NothingToChange``, and ``ClusterError``'s other kinds.
    """
    to, namespace = draft.patch.written, draft.patch.ref.namespace
    answer = cluster.patch(to.kind, namespace, to.name, json_patch(draft.patch, live), dry_run=True)
    diff = changes(live, answer.object)
    if not diff:
        raise NothingToChange(f"{draft.summary}: it is already so, nothing would change.")
    owners = (*draft.owners, *owners_of(live))
    risks = tuple(dict.fromkeys([*draft.risks, *owners, *_risks(live)]))
    warnings = (redact(text) for text in answer.warnings)
    results = (hash_at(answer.object, edit.path) for edit in draft.patch.edits)
    return Plan.of(verb, draft, now, diff=diff, risks=risks, owners=owners, warnings=warnings, results=results)


def _risks(live: Object) -> list[str]:
    return ["it was made by `kubectl apply`: applying its file again puts it back"] if is_applied(live) else []

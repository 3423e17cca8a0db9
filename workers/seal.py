"""Sealing: a draft becomes a plan once the API server has said what it would do with it."""

from __future__ import annotations

from commands.draft import Draft, Plan
from commands.errors import NothingToChange
from commands.objects import controller_of
from workers.cluster import Cluster, Object
from workers.diff import changes
from workers.paths import hash_at
from workers.redact import redact
from workers.write import json_patch

_OWNERS = (
    ("Argo CD", "annotations", "argocd.argoproj.io/tracking-id"),
    ("Argo CD", "labels", "argocd.argoproj.io/instance"),
    ("Flux", "labels", "kustomize.toolkit.fluxcd.io/name"),
    ("Flux", "labels", "helm.toolkit.fluxcd.io/name"),
    ("Helm", "annotations", "meta.helm.sh/release-name"),
)
"""What marks an object as somebody's who puts it back to what he holds right (facts/rollouts.md, "Diff")."""


def seal(cluster: Cluster, verb: str, draft: Draft, live: Object, now: float) -> Plan:
    """Make a server-side dry run of exactly the patch that would be written, and say what it would change.

    ``live`` is the target as just read, ``now`` Unix seconds. Raises ``Invalid`` with the API's text where admission refuses, ``PreconditionFailed`` where
    the object moved since it was drafted, ``NothingToChange``, and ``ClusterError``'s other kinds.
    """
    ref = draft.patch.ref
    answer = cluster.patch(ref.kind, ref.namespace, ref.name, json_patch(draft.patch, live), dry_run=True)
    diff = changes(live, answer.object)
    if not diff:
        raise NothingToChange(f"{draft.summary}: it is already so, nothing would change.")
    risks = tuple(dict.fromkeys([*draft.risks, *_risks(live)]))
    warnings = (redact(text) for text in answer.warnings)
    results = (hash_at(answer.object, edit.path) for edit in draft.patch.edits)
    return Plan.of(verb, draft, now, diff=diff, risks=risks, warnings=warnings, results=results)


def _risks(live: Object) -> list[str]:
    meta = live["metadata"]
    owners = dict.fromkeys(name for name, where, key in _OWNERS if key in (meta.get(where) or {}))
    risks = [f"it belongs to {name}, which may put it back" for name in owners]
    controller = controller_of(live)
    if controller:
        risks.append(f"{controller['kind']} {controller['name']} controls it and may put it back")
    return risks

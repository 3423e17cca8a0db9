"""Server-side apply: somebody's whole opinion of an object, merged into it field by field.

Fields that others own conflict unless they are set to what they are; fields given up are removed if nobody else owns them.
"""

from __future__ import annotations

import json
from typing import Any

from playground.cluster import api_types, schema
from playground.cluster.api_types import Field
from playground.cluster.kind import Kind
from playground.cluster.patches import field_paths, managed
from playground.cluster.patches.declared import check_declared, shown_kind, shown_name
from playground.cluster.patches.field_paths import NOTHING, Path, Paths
from playground.cluster.patches.managed import Claim, Claims, Owner
from playground.cluster.patches.typed_values import difference, members, merged, with_named, without
from playground.cluster.request import Asking
from playground.cluster.status import StatusError, bad_request

Json = dict[str, Any]
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
KUBECTL = "kubectl"
BEFORE = "before-first-apply"
Conflicts = list[tuple[Owner, Path]]


def applied(kind: Kind, live: Json | None, config: Json, asking: Asking, now: str) -> Json:
    """The object as it is to be stored, owners included. Raises StatusError 409 for conflicts, 500 for wrong types."""
    me = managed.owner(kind, asking)
    found = live or {}
    claims = managed.read(found.get("metadata", {}).get("managedFields"))
    if not claims:
        claims = managed.updated(kind, {}, found, {}, Owner(BEFORE, managed.UPDATE, kind.api_version), now)
    said = members(api_types.of(kind), config)
    new = _merged(kind, found, config, claims, me, said)
    changed = difference(api_types.of(kind), found, new)
    touched = changed.added | changed.modified
    conflicts = [
        (other, path)
        for other in sorted(claims)
        if other != me
        for path in field_paths.in_order(claims[other].paths & touched)
    ]
    if conflicts and not asking.force:
        _refuse_unless_applied_before(kind, found, conflicts, me)
    after = {other: Claim(claim.paths - touched - changed.removed, claim.time) for other, claim in claims.items()}
    before = claims[me].time if me in claims else ""
    after[me] = Claim(managed.ownable(kind, said, me.subresource), now if touched or changed.removed else before)
    return managed.with_claims(_annotated(_typed(kind, new, asking), config, me), after)


def check_config(kind: Kind, config: Any) -> None:
    """What must be said in the configuration itself, and what must not; only declared fields. Raises StatusError 400, 500."""
    if not isinstance(config, dict):
        what = {list: "array", str: "string", bool: "bool"}.get(type(config), "number")
        said = f"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {what}"
        raise bad_request(f"error decoding patch: {said} into Go value of type map[string]interface {{}}")
    version, name = config.get("apiVersion") or "", config.get("kind") or ""
    if (version, name) != (kind.api_version, kind.kind):
        raise bad_request(f"invalid object type: {version if '/' in version else '/' + version}, Kind={name}")
    if (config.get("metadata") or {}).get("managedFields") is not None:
        raise bad_request("metadata.managedFields must be nil")
    check_declared(kind, config)


def _merged(kind: Kind, live: Json, config: Json, claims: Claims, me: Owner, said: Paths) -> Json:
    """The merged object without what ``me`` gave up."""
    both: Json = merged(api_types.of(kind), live, config)
    last = claims[me].paths if me in claims else NOTHING
    owned = said.union(*(claim.paths for other, claim in claims.items() if other != me))
    return _pruned(api_types.of(kind), both, last, owned) if last else both


def _pruned(type: Field, both: Json, last: Paths, owned: Paths) -> Json:
    """Without the fields of ``last`` that are in nobody's ``owned``; what nobody owns and was not in ``last`` stays too."""

    def fields(value: Any) -> Paths:
        return with_named(type, members(type, value))

    everything = fields(both)
    cut = without(type, both, with_named(type, last))
    given_back = without(type, both, everything - (fields(cut) | with_named(type, owned)))
    gone = (everything - fields(given_back)) & with_named(type, last)
    left: Json = without(type, both, gone)
    return left


def _typed(kind: Kind, obj: Json, asking: Asking) -> Json:
    which = f"{shown_name(obj)}; {shown_kind(kind)}"
    head = f"failed to convert new object ({which}) to proper version: unable to convert unstructured object to"

    def refusal(why: str) -> StatusError:
        return StatusError(500, "", f"{head} {shown_kind(kind)}: {why}")

    return schema.checked(kind, obj, asking, refusal, schema.converter_mismatch)


def _refuse_unless_applied_before(kind: Kind, live: Json, conflicts: Conflicts, me: Owner) -> None:
    """kubectl may overwrite what its client-side apply wrote, as long as that is still so."""
    if me.manager == KUBECTL:
        allowed = _applied_by_client(kind, live)
        conflicts = [(other, path) for other, path in conflicts if path not in allowed]
    if conflicts:
        raise _conflict(conflicts)


def _applied_by_client(kind: Kind, live: Json) -> Paths:
    try:
        last = json.loads(live["metadata"]["annotations"][LAST_APPLIED])
    except (KeyError, ValueError):
        return NOTHING
    type = api_types.of(kind)
    changed = difference(type, last, live)
    return members(type, last) - changed.added - changed.removed - changed.modified


def _conflict(conflicts: Conflicts) -> StatusError:
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {other.said}", "field": field_paths.shown(path)}
        for other, path in conflicts
    ]
    if len(causes) == 1:
        said = f"1 conflict: {causes[0]['message']}: {causes[0]['field']}"
    else:
        lines: list[str] = []
        for other in dict.fromkeys(other for other, _ in conflicts):
            lines.append(f"conflicts with {other.said}:")
            lines += [f"- {field_paths.shown(path)}" for who, path in conflicts if who == other]
        said = f"{len(causes)} conflicts: " + "\n".join(lines)
    return StatusError(409, "Conflict", f"Apply failed with {said}", {"causes": causes})


def _annotated(new: Json, config: Json, me: Owner) -> Json:
    """An annotation of kubectl's client-side apply, where there is one, is kept true by its server-side apply."""
    annotations = new["metadata"].get("annotations") or {}
    if me.manager != KUBECTL or LAST_APPLIED not in annotations:
        return new
    said = {key: value for key, value in config["metadata"].get("annotations", {}).items() if key != LAST_APPLIED}
    meta = {key: value for key, value in config["metadata"].items() if key not in {"annotations", "managedFields"}}
    written = {**config, "metadata": {**meta, **({"annotations": said} if said else {})}}
    text = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
    return {**new, "metadata": {**new["metadata"], "annotations": {**annotations, LAST_APPLIED: text}}}

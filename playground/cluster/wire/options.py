"""What a write says about itself in its query and, when deleting, in its body."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playground.cluster import faults
from playground.cluster.request import Asking, DeleteOptions
from playground.cluster.status import Cause, StatusError, bad_request, invalid
from playground.cluster.wire.call import Call

Json = dict[str, Any]
_VALIDATIONS = ("Ignore", "Strict", "Warn")
_POLICIES = ("Foreground", "Background", "Orphan")
APPLY = "application/apply-patch+yaml"
_KINDS = {"create": "CreateOptions", "update": "UpdateOptions", "patch": "PatchOptions"}


def asking(call: Call) -> Asking:
    """Raises StatusError 422 for options that make no sense."""
    query, applies = call.query, call.content_type == APPLY
    manager = query.get("fieldManager", "")
    validation = query.get("fieldValidation") or "Warn"
    if applies and not manager:
        raise _wrong(call, faults.required("fieldManager", "is required for apply patch"))
    if query.get("force") is not None and call.asked.verb == "patch" and not applies:
        raise _wrong(call, faults.forbidden("force", "may not be specified for non-apply patch"))
    if validation not in _VALIDATIONS:
        raise _wrong(call, faults.not_supported("fieldValidation", validation, ["", *_VALIDATIONS]))
    return Asking(
        user=call.user.name,
        groups=call.user.groups,
        manager=manager or call.agent.split("/")[0][:128] or "unknown",
        dry_run=_dry_run(call, query.get("dryRun")),
        field_validation=validation,
        subresource=call.asked.subresource,
        applies=applies,
        force=call.flag("force"),
        warnings=[],
    )


def deleting(call: Call, body: Json) -> tuple[DeleteOptions, Asking]:
    """From the body if there is any (then the query does not count, not even its ``dryRun``), else from the query.

    With an eviction, which has both, they count together. Raises StatusError.
    """
    alone = not call.body or call.asked.subresource
    asked_for = {key: call.query[key] for key in ("propagationPolicy", "gracePeriodSeconds") if key in call.query}
    given = {**(asked_for if alone else {}), **body}
    orphans = given.get("orphanDependents")
    policy = given.get("propagationPolicy") or ("" if orphans is None else "Orphan" if orphans else "Background")
    if orphans is not None and given.get("propagationPolicy"):
        why = "orphanDependents and deletionPropagation cannot be both set"
        raise _wrong(call, faults.invalid("propagationPolicy", policy, why))
    if policy and policy not in _POLICIES:
        raise _wrong(call, faults.not_supported("propagationPolicy", policy, [*_POLICIES, "nil"]))
    grace = given.get("gracePeriodSeconds")
    preconditions = given.get("preconditions") or {}
    options = DeleteOptions(
        propagation=policy,
        grace_seconds=None if grace is None else _number(str(grace)),
        uid=preconditions.get("uid", ""),
        resource_version=preconditions.get("resourceVersion", ""),
    )
    dry = _dry_run(call, (call.query.get("dryRun") if alone else "") or ",".join(body.get("dryRun") or []))
    return options, replace(asking(call), dry_run=dry)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def _dry_run(call: Call, value: str | None) -> bool:
    if value in {None, ""}:
        return False
    if value != "All":
        raise _wrong(call, faults.not_supported("dryRun", [value], ["All"]))
    return True


def _wrong(call: Call, cause: Cause) -> StatusError:
    return invalid("meta.k8s.io", _KINDS.get(call.asked.verb, "DeleteOptions"), "", [cause])

"""Pure functions from an object and a patch to the patched object: JSON, merge and strategic merge. Apply is in ``apply``."""

from __future__ import annotations

import json
from typing import Any

from playground.cluster import api_types, schema
from playground.cluster.golang import json_type, printed
from playground.cluster.kind import Kind
from playground.cluster.patches.json_patch import MEMBERS, json_patch
from playground.cluster.patches.merge_patch import merge_patch
from playground.cluster.patches.strategic import strategic_merge_patch
from playground.cluster.request import CONTROLLERS, Asking
from playground.cluster.status import Cause, StatusError, bad_request, invalid

Json = dict[str, Any]
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json"
MAX_OPERATIONS = 10_000


def apply_patch(kind: Kind, live: Json, content_type: str, body: bytes, asking: Asking = CONTROLLERS) -> Json:
    """What the patch makes of the live object, which stays as it is; ``content_type`` is without parameters.

    Fields that the kind does not have are dropped, warned of or refused, as ``asking.field_validation`` says.
    Raises StatusError: 415 for another content type, 400 or 500 for a patch without sense, 422 for one that cannot be applied.
    """
    patch = _parsed(content_type, body)
    match content_type:
        case "application/json-patch+json":
            return _json_patched(kind, live, patch, asking)
        case "application/merge-patch+json":
            return _checked(kind, merge_patch(live, patch), asking)
        case _:
            patched = strategic_merge_patch(live, patch, api_types.of(kind))
            return schema.checked(
                kind, patched, asking, lambda why: _refusal(printed(patch), why), schema.converter_mismatch
            )


def unsupported_media_type() -> StatusError:
    return StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})


def _parsed(content_type: str, body: bytes) -> Any:
    if content_type not in {JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH}:
        raise unsupported_media_type()
    try:
        patch = json.loads(body)
    except ValueError:
        raise bad_request("invalid JSON patch") from None
    if patch is None and content_type == MERGE_PATCH:
        raise bad_request("Invalid JSON Patch")
    wanted = list if content_type == JSON_PATCH else dict
    if patch is None:
        return wanted()
    if not isinstance(patch, wanted):
        go_type = "[]handlers.jsonPatchOp" if wanted is list else "map[string]interface {}"
        prefix = "" if content_type == STRATEGIC_MERGE_PATCH else "error decoding patch: "
        raise bad_request(f"{prefix}json: cannot unmarshal {json_type(patch)} into Go value of type {go_type}")
    return patch


def _json_patched(kind: Kind, live: Json, operations: list[Any], asking: Asking) -> Json:
    for operation in operations:
        if not isinstance(operation, dict):
            what = json_type(operation)
            raise bad_request(
                f"error decoding patch: json: cannot unmarshal {what} into Go value of type handlers.jsonPatchOp"
            )
    if len(operations) > MAX_OPERATIONS:
        what = f"The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {len(operations)}"
        raise StatusError(413, "RequestEntityTooLarge", f"Request entity too large: {what}")
    strange = [
        f'json patch unknown field "[{index}].{name}"'
        for index, operation in enumerate(operations)
        for name in operation
        if name not in MEMBERS
    ]
    return _checked(kind, json_patch(live, operations), asking, strange)


def _checked(kind: Kind, patched: Any, asking: Asking, strange: list[str] | None = None) -> Json:
    return schema.checked(
        kind,
        patched,
        asking,
        lambda why: _refusal(json.dumps(patched, separators=(",", ":")), why),
        also_unknown=strange or [],
    )


def _refusal(shown: str, why: str) -> StatusError:
    """A patch whose outcome is no object of its kind. It is shown, quoted as Go quotes."""
    return invalid("", "", "", [Cause("patch", f"Invalid value: {json.dumps(shown, ensure_ascii=False)}: {why}")])

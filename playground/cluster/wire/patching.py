"""The patch content types: which change of a document each of them asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.cluster.api_types import Field
from playground.cluster.patches.json_patch import json_patch
from playground.cluster.patches.merge_patch import merge_patch
from playground.cluster.patches.strategic import strategic_merge_patch
from playground.cluster.status import StatusError, bad_request
from playground.cluster.wire import bodies
from playground.cluster.wire.call import Call

Json = dict[str, Any]
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"
_SERVED = (JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH)


def change_of(call: Call, type: Field) -> Callable[[Json], Json]:
    """What the patch in the body makes of a document of that type. Raises StatusError 400, 415, and when called 422."""
    if call.content_type not in _SERVED:
        served = ", ".join(_SERVED)
        message = f"the body of the request was in an unknown format - accepted media types include: {served}"
        raise StatusError(415, "UnsupportedMediaType", message, {})
    patch = bodies.read(call.content_type, call.body)
    if call.content_type == JSON_PATCH:
        if not isinstance(patch, list):
            raise bad_request(
                "error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch"
            )
        return lambda live: json_patch(live, patch)
    if not isinstance(patch, dict):
        raise bad_request(
            "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"
        )
    if call.content_type == MERGE_PATCH:
        return lambda live: merge_patch(live, patch)
    return lambda live: strategic_merge_patch(live, patch, type)

"""What came in a request's body: JSON, YAML, or protobuf as newer kubectls send it."""

from __future__ import annotations

import json
from typing import Any

import yaml

from playground.cluster.status import StatusError, bad_request
from playground.cluster.wire.call import JSON, Call

Json = dict[str, Any]
YAML = "application/yaml"


def document(call: Call) -> Json:
    """The object in the body; {} if there is none. Raises StatusError 400, 415."""
    if not call.body:
        return {}
    found = read(call.content_type, call.body)
    if not isinstance(found, dict):
        raise bad_request("the body must be an object")
    return found


def read(content_type: str, body: bytes) -> Any:
    """Raises StatusError 400 if it cannot be read, 415 for other content types."""
    try:
        if content_type in {"", JSON, "*/*"} or content_type.endswith("+json"):
            return json.loads(body)
        if content_type == YAML or content_type.endswith("+yaml"):
            return json.loads(body) if body.lstrip()[:1] == b"{" else yaml.safe_load(body)
    except (ValueError, yaml.YAMLError) as error:
        raise bad_request(f"error decoding the body: {error}") from None
    served = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
    message = f"the body of the request was in an unknown format - accepted media types include: {served}"
    raise StatusError(415, "UnsupportedMediaType", message, {})

"""What came in a request's body: JSON, YAML, or protobuf as newer kubectls send it."""

from __future__ import annotations

import json
from typing import Any

import yaml

from playground.cluster.golang import json_type
from playground.cluster.status import StatusError, bad_request
from playground.cluster.wire.call import JSON, Call
from playground.cluster.wire.protobuf import decoding

Json = dict[str, Any]
_SERVED = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
_GO_TYPE = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'


class Members(Json):
    """A JSON object in which keys came more than once: the last of each counts."""

    doubled: tuple[str, ...] = ()


def document(call: Call, kind: str) -> Json:
    """The object of that kind in the body. Raises StatusError 400, 415."""
    try:
        found = read(call.content_type, call.body)
    except decoding.Undecodable as error:
        raise bad_request(_unrecognized(kind, call.body, str(error))) from None
    except ValueError as error:
        raise bad_request(
            _unrecognized(kind, call.body, f"couldn't get version/kind; json parse error: {error}")
        ) from None
    except yaml.YAMLError as error:
        raise bad_request(_unrecognized(kind, call.body, f"yaml: {error}")) from None
    if not isinstance(found, dict):
        why = f"json: cannot unmarshal {json_type(found)} into Go value of type {_GO_TYPE}"
        raise bad_request(_unrecognized(kind, call.body, f"couldn't get version/kind; json parse error: {why}"))
    return found


def configuration(call: Call) -> Any:
    """What is to be applied, whatever it is. Raises StatusError 400 if it is no YAML."""
    try:
        found = read(call.content_type, call.body)
    except (ValueError, yaml.YAMLError) as error:
        raise bad_request(f"error decoding patch: error converting YAML to JSON: yaml: {error}") from None
    return {} if found is None else found


def options(call: Call) -> Json:
    """DeleteOptions, which may be left out. Raises StatusError 400, 415."""
    return document(call, "DeleteOptions") if call.body else {}


def read(content_type: str, body: bytes) -> Any:
    """Raises ValueError or YAMLError if it cannot be read, StatusError 415 for other content types."""
    if content_type in {"", JSON, "*/*"} or content_type.endswith("+json"):
        return _json(body)
    if content_type == decoding.CONTENT_TYPE:
        return decoding.decode(body)
    if content_type in {"application/yaml", "application/apply-patch+yaml"}:
        return _json(body) if body.lstrip()[:1] == b"{" else yaml.safe_load(body)
    message = f"the body of the request was in an unknown format - accepted media types include: {_SERVED}"
    raise StatusError(415, "UnsupportedMediaType", message)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, object_pairs_hook=_members)
    except json.JSONDecodeError as error:
        raise ValueError(
            "unexpected end of JSON input" if error.pos >= len(error.doc.rstrip()) else error.msg
        ) from None


def _members(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled, names = Members(found), [name for name, _ in pairs]
    doubled.doubled = tuple(name for name in found if names.count(name) > 1)
    return doubled


def _unrecognized(kind: str, body: bytes, why: str) -> str:
    shown = body.decode(errors="replace") if body[:1] == b"{" else body.hex()
    return f"the object provided is unrecognized (must be of type {kind}): {why} ({shown or '<empty>'})"

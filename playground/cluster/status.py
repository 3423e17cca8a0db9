"""What the API refuses, as exceptions that know their ``Status`` document. Texts are the API server's own.

StatusError
  not_found, already_exists, conflict, invalid, bad_request, forbidden, expired, too_many_requests, …
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Cause:
    """One mistake in an object: ``reason`` such as FieldValueRequired, the field's path and a sentence."""

    field: str
    message: str
    reason: str = "FieldValueInvalid"

    def document(self) -> Json:
        return {"reason": self.reason, "message": self.message, "field": self.field}


class StatusError(Exception):
    """A refusal. ``document`` is the body to answer, ``code`` the HTTP status; ``reason`` "" for an error without one."""

    def __init__(self, code: int, reason: str, message: str, details: Json | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.warnings: tuple[str, ...] = ()
        """What the server had to remark before it refused."""

    @property
    def document(self) -> Json:
        body: Json = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                      "message": self.message, **({"reason": self.reason} if self.reason else {})}  # fmt: skip
        if self.details is not None:
            body["details"] = self.details
        return {**body, "code": self.code}


def _resource(group: str, plural: str) -> str:
    return f"{plural}.{group}" if group else plural


def _details(group: str, kind: str, name: str) -> Json:
    given = {"name": name, "group": group, "kind": kind}
    return {key: value for key, value in given.items() if value}


def not_found(group: str, plural: str, name: str) -> StatusError:
    message = f'{_resource(group, plural)} "{name}" not found'
    return StatusError(404, "NotFound", message, _details(group, plural, name))


def already_exists(group: str, plural: str, name: str, *, dying: bool = False) -> StatusError:
    """``dying``: what has the name is being deleted."""
    message = f'{"object is being deleted: " if dying else ""}{_resource(group, plural)} "{name}" already exists'
    return StatusError(409, "AlreadyExists", message, _details(group, plural, name))


def conflict(group: str, plural: str, name: str, why: str = "") -> StatusError:
    """``why`` defaults to what optimistic locking says."""
    why = why or "the object has been modified; please apply your changes to the latest version and try again"
    message = f'Operation cannot be fulfilled on {_resource(group, plural)} "{name}": {why}'
    return StatusError(409, "Conflict", message, _details(group, plural, name))


def invalid(group: str, kind: str, name: str, causes: Sequence[Cause]) -> StatusError:
    """422 with what is wrong, field by field. Without causes it is a failed JSON patch ``test`` or the like."""
    texts = [f"{cause.field}: {cause.message}" for cause in causes]
    said = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    head = f'{kind}.{group} "{name}" is invalid' if group else f'{kind} "{name}" is invalid'
    details = _details(group, kind, name) | {"causes": [cause.document() for cause in causes]}
    return StatusError(422, "Invalid", f"{head}: {said}", details)


def bad_request(message: str) -> StatusError:
    return StatusError(400, "BadRequest", message)


def forbidden(group: str, plural: str, name: str, why: str) -> StatusError:
    """``why``: the sentence after the resource, as RBAC or an admission plugin says it. ``plural`` "": a path is forbidden."""
    quoted = f' "{name}"' if name else ""
    message = f"{_resource(group, plural)}{quoted} is forbidden: {why}" if plural else f"forbidden: {why}"
    return StatusError(403, "Forbidden", message, _details(group, plural, name))


def expired(message: str) -> StatusError:
    return StatusError(410, "Expired", message)


def not_simulated(what: str) -> StatusError:
    """Anything that the simulated cluster does not play: said, never ignored."""
    return StatusError(501, "NotImplemented", f"the simulated cluster does not play {what}")

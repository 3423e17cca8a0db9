"""Which writes were asked for over the wire, refused ones included: the newest of them, for tests and for the page."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import yaml

from playground.cluster.access.identity import Identity
from playground.cluster.status import StatusError
from playground.cluster.wire import bodies
from playground.cluster.wire.call import Answer, Call, Stream

KEPT = 10_000
WRITES = ("create", "update", "patch", "delete", "deletecollection")


@dataclass(frozen=True)
class WriteRequest:
    """``name`` is "" where the server was to choose it; ``request_object`` an object or a patch (a list for JSON patch)."""

    verb: str
    user: str
    user_agent: str
    uri: str
    code: int
    group: str
    resource: str
    subresource: str
    namespace: str
    name: str
    request_object: Any
    dry_run: bool
    impersonated: str


class Audit:
    def __init__(self) -> None:
        self.writes: deque[WriteRequest] = deque(maxlen=KEPT)

    def record(self, call: Call, who: Identity, uri: str, answer: Answer | Stream) -> None:
        """``who`` gave the credentials; the call's user is whom it acted for."""
        asked = call.asked
        if not asked.resource or asked.verb not in WRITES:
            return
        body = _body(call)
        meta = body.get("metadata") if isinstance(body, dict) else None
        in_body = isinstance(body, dict) and body.get("kind") == "DeleteOptions" and bool(body.get("dryRun"))
        self.writes.append(WriteRequest(
            verb=asked.verb, user=who.name, user_agent=call.agent, uri=uri,
            code=answer.code if isinstance(answer, Answer) else 200,
            group=asked.group, resource=asked.resource, subresource=asked.subresource, namespace=asked.namespace,
            name=asked.name or (meta or {}).get("name", ""), request_object=body,
            dry_run=in_body or "dryRun" in call.query,
            impersonated=call.user.name if call.user != who else "",
        ))  # fmt: skip


def _body(call: Call) -> Any:
    try:
        return bodies.read(call.content_type, call.body) if call.body else None
    except (StatusError, ValueError, yaml.YAMLError):
        return None

"""What was asked of the API server: its audit log, read back as write requests, and as the rights that accounts asked for.

A test that claims "exactly one change" asks the server instead of the client that made it.
"""

import json
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.harness.api import Json

FENCE_PATH = "/version"
"""A read that is logged: once it is in the log, so is everything that was answered before it."""

COMPONENTS = ("system:kube-controller-manager", "system:kube-scheduler", "system:kwok")
"""The cluster's own writers, as users with tokens."""

WRITING = {"create", "update", "patch", "delete", "deletecollection"}

POLICY: Json = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {"level": "Metadata", "nonResourceURLs": [FENCE_PATH]},
        # No test asks what these wrote, and it would be nine tenths of the log.
        {"level": "None", "users": list(COMPONENTS)},
        {"level": "Metadata", "userGroups": ["system:serviceaccounts"], "verbs": ["get", "list", "watch"]},
        # Housekeeping, and questions that only look like writes.
        {
            "level": "None",
            "resources": [
                {"group": "coordination.k8s.io"},
                {"group": "events.k8s.io"},
                {"group": "authentication.k8s.io"},
                {"group": "authorization.k8s.io"},
                {"group": "", "resources": ["events"]},
            ],
        },
        {"level": "Request", "verbs": sorted(WRITING)},
    ],
}


@dataclass(frozen=True)
class Write:
    """One write request, also a refused one: see `code`."""

    verb: str  # create, update, patch, delete, deletecollection
    user: str
    user_agent: str
    uri: str
    code: int
    resource: str  # plural: deployments
    subresource: str  # scale, status, eviction, …, or ""
    namespace: str  # "" for what is cluster-wide
    name: str  # "" where the server was to choose it
    request_object: Any  # the body: an object, or a patch (a list for JSON patch)
    dry_run: bool
    impersonated: str  # the user acted for by Impersonate-User, or ""


@dataclass
class AuditLog:
    """Each line is read once, however often it is asked."""

    path: Path
    _position: int = 0
    _writes: list[Write] = field(default_factory=list)
    _rights: set[tuple[str, str, str, str]] = field(default_factory=set)
    _fences: set[str] = field(default_factory=set)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def passed(self, fence: str) -> bool:
        """Whether a read of this URI (of ``FENCE_PATH``) is logged by now."""
        with self._turn:
            self._read_on()
            return fence in self._fences

    def writes(self) -> list[Write]:
        """All write requests up to the last fence that was looked for, oldest first."""
        with self._turn:
            return self._writes.copy()

    def rights_asked(self, account: str, namespaces: Collection[str]) -> set[tuple[str, str]]:
        """What a user (``system:serviceaccount:NAMESPACE:NAME``) asked for there, refused or not: resource in full, and verb."""
        with self._turn:
            return {
                (right, verb) for user, where, right, verb in self._rights if user == account and where in namespaces
            }

    def _read_on(self) -> None:
        """The API server writes an event before it answers; read at that very moment, the last line has no end yet."""
        with self.path.open("rb") as log:
            log.seek(self._position)
            for line in log:
                if line.endswith(b"\n"):
                    self._position += len(line)
                    self._take(json.loads(line))

    def _take(self, event: Json) -> None:
        ref = event.get("objectRef")
        if ref is None:
            self._fences.add(event["requestURI"])
            return
        resource = "/".join(filter(None, [ref["resource"], ref.get("subresource")]))
        right = ".".join(filter(None, [resource, ref.get("apiGroup")]))
        self._rights.add((event["user"].get("username", ""), ref.get("namespace", ""), right, event["verb"]))
        if event["verb"] in WRITING:
            self._writes.append(_write(event, ref))


def _write(event: Json, ref: Json) -> Write:
    return Write(
        verb=event["verb"],
        user=event["user"].get("username", ""),
        user_agent=event.get("userAgent", ""),
        uri=event["requestURI"],
        code=event.get("responseStatus", {}).get("code", 0),
        resource=ref.get("resource", ""),
        subresource=ref.get("subresource", ""),
        namespace=ref.get("namespace", ""),
        name=ref.get("name", ""),
        request_object=event.get("requestObject"),
        dry_run=_is_dry_run(event),
        impersonated=event.get("impersonatedUser", {}).get("username", ""),
    )


def _is_dry_run(event: Json) -> bool:
    """Dry run is asked for in the query or, by DELETE, in the body (DeleteOptions)."""
    body = event.get("requestObject")
    in_body = isinstance(body, dict) and body.get("kind") == "DeleteOptions" and bool(body.get("dryRun"))
    return in_body or "dryRun" in parse_qs(urlsplit(event["requestURI"]).query)

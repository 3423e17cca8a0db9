"""What was asked of the API server: its audit log, read back as write requests, and as the rights that accounts asked for.

A test that claims "exactly one change" asks the server instead of the client that made it.
"""

import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.harness.api import Json

FENCE_PATH = "/version"
"""A read that is logged: once it is in the log, so is everything that was answered before it."""

_SECONDS = 5.0
WRITING = {"create", "update", "patch", "delete", "deletecollection"}

POLICY: Json = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {"level": "Metadata", "nonResourceURLs": [FENCE_PATH]},
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


def parse(line: str) -> Write:
    """Read one line of the audit log."""
    event = json.loads(line)
    ref = event.get("objectRef", {})
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


def read_writes(log: Path) -> list[Write]:
    """Read all write requests of the log, oldest first."""
    return [write for write in map(parse, _lines(log)) if write.verb in WRITING]


def rights_asked(log: Path, account: str, namespaces: Collection[str]) -> set[tuple[str, str]]:
    """What a service account (``system:serviceaccount:NAMESPACE:NAME``) asked for there, refused or not: resource in full, and verb."""
    asked: set[tuple[str, str]] = set()
    for event in map(json.loads, _lines(log)):
        ref = event.get("objectRef", {})
        if event["user"].get("username") == account and ref.get("namespace") in namespaces:
            resource = "/".join(filter(None, [ref["resource"], ref.get("subresource")]))
            asked.add((".".join(filter(None, [resource, ref.get("apiGroup")])), event["verb"]))
    return asked


def _is_dry_run(event: Json) -> bool:
    """Dry run is asked for in the query or, by DELETE, in the body (DeleteOptions)."""
    body = event.get("requestObject")
    in_body = isinstance(body, dict) and body.get("kind") == "DeleteOptions" and bool(body.get("dryRun"))
    return in_body or "dryRun" in parse_qs(urlsplit(event["requestURI"]).query)


def _lines(log: Path) -> list[str]:
    """The API server writes an event before it answers; read at the very moment of the next, its line has no end yet."""
    deadline = time.monotonic() + _SECONDS
    while (text := log.read_text()) and not text.endswith("\n"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{log}: its last line does not end")
    return text.splitlines()

"""One request to the API server as a value: enough to send it, and enough to say in a sentence what failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from commands.errors import Missing
from commands.identity import Identity
from workers.cluster.resources import Resource

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_METHODS = {"get": "GET", "list": "GET", "watch": "GET", "patch": "PATCH", "create": "POST", "delete": "DELETE"}
_NAMED = ("get", "patch", "delete")
"""Verbs about one object: without its name the path would be the whole collection's."""

JSON = "application/json"
JSON_PATCH = "application/json-patch+json"

READ_SECONDS = 10.0
LIST_SECONDS = 15.0
WRITE_SECONDS = 12.0
"""More than the 10 s that an admission webhook has by default; a slower one leaves the outcome unknown, which is healed."""


@dataclass(frozen=True, slots=True)
class Call:
    """``verb`` is RBAC's. ``seconds`` is the read timeout. ``writes``: the cluster may be another afterwards.

    ``identity``: whom it is made as, where that is not our own account.
    """

    verb: str
    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    content_type: str = JSON
    seconds: float = READ_SECONDS
    writes: bool = False
    identity: Identity | None = None

    @property
    def method(self) -> str:
        return _METHODS[self.verb]

    @property
    def path(self) -> str:
        """Raises ``Missing`` for a name no object can have: what people type never shapes a path."""
        parts = [self.resource.root]
        if self.resource.namespaced:
            parts += ["namespaces", self._checked(self.namespace)]
        parts.append(self.resource.plural)
        if self.verb in _NAMED:
            parts.append(self._checked(self.name))
        parts += [part for part in (self.subresource,) if part]
        return "/".join(parts)

    @property
    def target(self) -> str:
        """What it is about, for a sentence: ``Deployment web in namespace prod``."""
        what = f"{self.resource.kind} {self.name}" if self.name else self.resource.plural
        return f"{what} in namespace {self.namespace}" if self.namespace else what

    @property
    def permission(self) -> str:
        """The resource as RBAC spells it, with the subresource: ``pods/log``, ``deployments.apps``."""
        resource = self.resource
        if not self.subresource:
            return resource.full_name
        name = f"{resource.plural}/{self.subresource}"
        return f"{name}.{resource.group}" if resource.group else name

    def _checked(self, name: str) -> str:
        if not _NAME.fullmatch(name) or len(name) > 253:
            raise Missing(f"No {self.resource.kind} can be named {name[:60]!r}.")
        return name

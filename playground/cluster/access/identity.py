"""Who asks: a name and the groups that come with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
MASTERS = "system:masters"
"""The group for which authorization is skipped."""
AUTHENTICATED, UNAUTHENTICATED = "system:authenticated", "system:unauthenticated"
SERVICE_ACCOUNT = "system:serviceaccount:"


@dataclass(frozen=True)
class Identity:
    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def document(self) -> Json:
        """As ``userInfo`` in a SelfSubjectReview."""
        extra = {"extra": {key: list(values) for key, values in self.extra.items()}} if self.extra else {}
        uid = {"uid": self.uid} if self.uid else {}
        return {"username": self.name, **uid, "groups": list(self.groups), **extra}


ANONYMOUS = Identity("system:anonymous", (UNAUTHENTICATED,))


def service_account(namespace: str, name: str, uid: str = "") -> Identity:
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", AUTHENTICATED)
    return Identity(f"{SERVICE_ACCOUNT}{namespace}:{name}", groups, uid)

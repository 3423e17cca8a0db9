"""How something is asked of the cluster: by whom, as which field manager, for real or as a dry run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Asking:
    """``field_validation`` is Strict, Warn or Ignore; ``subresource`` "" or "status", "scale". ``warnings`` are sent back as headers."""

    user: str = "system:kube-controller-manager"
    groups: tuple[str, ...] = ("system:masters",)
    manager: str = "kube-controller-manager"
    dry_run: bool = False
    field_validation: str = "Ignore"
    subresource: str = ""
    applies: bool = False
    """Whether this is a server-side apply, which owns fields rather than having updated them."""
    force: bool = False
    """Whether that apply takes fields from others."""
    warnings: list[str] = field(default_factory=list)


CONTROLLERS = Asking()


@dataclass(frozen=True)
class DeleteOptions:
    """``propagation`` is Background, Foreground or Orphan, "" as the object's finalizers say (else in the background).

    ``grace_seconds`` None means the object's own.
    """

    propagation: str = ""
    grace_seconds: int | None = None
    uid: str = ""
    resource_version: str = ""

"""Drafts and plans: what a command wants, and what a worker promises.

A command's pure ``plan()`` returns a Draft. A worker seals it into a Plan: dry run made, diff, risks, digest.
Only a Plan can be acted on, and an approval is bound to its digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from commands.canonical import digest_of

WorkloadKind = Literal["Deployment", "StatefulSet", "DaemonSet"]


@dataclass(frozen=True, slots=True)
class Ref:
    """One object in one cluster. ``uid`` makes it that very object, not a later one of the same name."""

    cluster: str
    namespace: str
    kind: WorkloadKind
    name: str
    uid: str

    @property
    def claim(self) -> str:
        """What an operation holds from queued to its end."""
        return f"{self.cluster}/{self.namespace}/{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class Edit:
    """One field: the value it has (None: the field is absent) and the one it is to have. ``path`` is a JSON pointer."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Guard:
    """A ``test`` beside the edits': for instance the container's name at its index."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Patch:
    """A change: one JSON patch on one object, which must still be as it was when this was planned."""

    ref: Ref
    edits: tuple[Edit, ...]
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """``arguments`` are absolute (``+2`` became 5, "the one before" became 12), so that planning again means the same."""

    summary: str
    arguments: dict[str, Any]
    patch: Patch
    template: str
    """Digest of the live ``spec.template`` this was drafted from."""
    risks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A line of a diff. ``path`` is for reading (``containers[app].image``); None means absent. Secrets are masked already."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A sealed draft. ``digest`` covers what the plan promises and nothing that moves by itself (see ``digest``)."""

    verb: str
    draft: Draft
    diff: tuple[FieldChange, ...]
    risks: tuple[str, ...]
    digest: str
    made: float
    warnings: tuple[str, ...] = field(default=())
    """What the API server itself warned of in the dry run."""


def digest(verb: str, draft: Draft) -> str:
    """SHA-256 over cluster, uid, verb, absolute arguments, each value written with path and old value, and the template.

    It leaves out resourceVersion, generation, status, our stamp and the risks: those move by themselves.
    """
    patch = draft.patch
    return digest_of(
        {
            "verb": verb,
            "ref": patch.ref,
            "arguments": draft.arguments,
            "edits": patch.edits,
            "guards": patch.guards,
            "template": draft.template,
        }
    )

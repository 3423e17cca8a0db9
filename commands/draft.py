"""Drafts and plans: what a command wants, and what a worker promises.

A command's pure ``plan()`` returns a Draft, which holds the values themselves: whole pod templates, with the passwords in
them. It lives in a worker's memory and is never stored. A worker seals it into a Plan: dry run made, diff, risks, digest.
A Plan is what is stored, shown and approved. It holds hashes in the place of values, and its type has no room for more
(invariant 8); so acting makes the draft anew, and writes it only if it promises the same (invariant 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

import msgspec

from commands.bounds import Bounds
from commands.canonical import digest_of

WorkloadKind = Literal["Deployment", "StatefulSet", "DaemonSet"]

Arguments = dict[str, str | int | dict[str, str]]
"""By name, absolute: ``+2`` became 5, "the one before" became 12, so that planning again means the same."""

Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
"""SHA-256 of a value's canonical JSON. A record that holds anything else in its place cannot be read."""


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
class Beside:
    """What is written in the target's stead, for it has the say there: its autoscaler. It lies in the same namespace."""

    kind: Literal["HorizontalPodAutoscaler"]
    name: str
    uid: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One field: the value it has (None: the field is absent) and the one it is to have. ``path`` is a JSON pointer."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Guard:
    """A ``test`` beside the edits': the container's name at its index."""

    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Patch:
    """A change: one JSON patch on one object, which must still be as it was when this was planned.

    ``ref`` is the target, which the operation claims and follows; ``beside``: what is written, where that is another.
    """

    ref: Ref
    edits: tuple[Edit, ...]
    guards: tuple[Guard, ...] = ()
    beside: Beside | None = None

    @property
    def written(self) -> Ref | Beside:
        """The object that the edits are of."""
        return self.beside or self.ref


@dataclass(frozen=True, slots=True)
class Failing:
    """What follows by itself where the change breaks: the target is held, and before that taken back, where there is a way.

    ``template``: the digest of the pod template that it goes back to, ``replicas``: the number; None: it stays as it is.
    """

    template: Hash | None = None
    replicas: int | None = None
    frees: bool = False
    """Going back, broken pods of the revision that failed are deleted where they are in the way (kubernetes#67250)."""

    @property
    def goes_back(self) -> bool:
        return self.template is not None or self.replicas is not None


@dataclass(frozen=True, slots=True)
class WayBack:
    """``Failing`` for people: where it would go back to, and how that is known to be good. Numbers may move: no promise."""

    what: str
    """``revision 6 (registry/web:1.4.1)``, ``3 replicas``."""
    verified: float
    """Unix seconds."""
    by: str | None = None
    """The operation that ended well there; None: it stood complete and ready when this was planned."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a command wants. Of the live object it was drafted from it keeps what Roll back has to find again."""

    summary: str
    arguments: Arguments
    patch: Patch
    template: str
    """Digest of the live ``spec.template``."""
    risks: tuple[str, ...] = ()
    replicas: int | None = None
    """None for a DaemonSet."""
    revision: int | None = None
    """The number of the live revision, as far as it is known. A number may move; the template's digest does not."""
    owners: tuple[str, ...] = ()
    """Clauses that say who else has a hold on what it changes, and would put it back."""
    frees: bool = False
    """Broken pods of other revisions are deleted where they are in the way (kubernetes#67250)."""
    failing: Failing | None = None
    """None: it is left to people."""
    bounds: Bounds | None = None
    """Those of the autoscaler, where it is what is written."""


def hash_of(value: Any) -> Hash | None:
    """None for a field that is absent."""
    return None if value is None else digest_of(value)


@dataclass(frozen=True, slots=True)
class Write:
    """An edit without its values: their hashes (None: the field is absent)."""

    path: str
    old: Hash | None
    new: Hash | None


@dataclass(frozen=True, slots=True)
class Promise:
    """What an approval is bound to, and nothing that moves by itself: no resourceVersion, generation, status, stamp or risks."""

    verb: str
    ref: Ref
    arguments: Arguments
    writes: tuple[Write, ...]
    guards: tuple[Guard, ...]
    template: str
    frees: bool = False
    failing: Failing | None = None
    beside: Beside | None = None

    @classmethod
    def of(cls, verb: str, draft: Draft) -> Self:
        patch = draft.patch
        writes = tuple(Write(edit.path, hash_of(edit.old), hash_of(edit.new)) for edit in patch.edits)
        return cls(
            verb, patch.ref, draft.arguments, writes, patch.guards, draft.template, draft.frees, draft.failing,
            patch.beside,
        )  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 over all of it."""
        return digest_of(self)

    @property
    def written(self) -> Ref | Beside:
        """The object that is written."""
        return self.beside or self.ref

    def writes_to(self, path: str) -> bool:
        """Whether it writes that of its target."""
        return self.beside is None and any(write.path == path for write in self.writes)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A line of a diff. ``path`` is for reading (``containers[app].image``); None means absent. Secrets are masked already."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much is at stake, as the target and its surroundings stand: what rules for approvals are about (no promise).

    None is what could not be read; a rule about it asks for its approvals then.
    """

    pods: int | None = None
    """How many the target is to have before the change."""
    to_zero: bool = False
    """None of them would be left."""
    at_once: int | None = None
    """Percent of them that may be gone or replaced at the same time."""
    images: tuple[str, ...] = ()
    """Those that the change would bring in."""
    budgets: tuple[str, ...] | None = None
    """The PodDisruptionBudgets that cover its pods."""
    sharing: tuple[str, ...] = ()
    """Other workloads that use the same ConfigMaps, Secrets or volumes, each in words."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A sealed draft. ``digest`` is its promise's, by which people approve it. ``replicas`` and ``revision``: the draft's."""

    promise: Promise
    digest: str
    summary: str
    diff: tuple[FieldChange, ...]
    risks: tuple[str, ...]
    made: float
    warnings: tuple[str, ...] = ()
    """What the API server itself warned of in the dry run."""
    replicas: int | None = None
    revision: int | None = None
    results: tuple[Hash | None, ...] = ()
    """What the dry run made of each of the promise's writes: admission and defaults may alter what was asked."""
    exposure: Exposure | None = None
    """None: it was not looked at."""
    owners: tuple[str, ...] = ()
    """The draft's, and those of the object. They are among the risks too."""
    way_back: WayBack | None = None
    """Where the promise says that it goes back by itself if it fails."""
    labels: dict[str, str] | None = None
    """The target's, as rules about labels judge the operation from then on. None: an earlier version made the plan."""
    bounds: Bounds | None = None
    """The draft's."""

    @property
    def bounds_wanted(self) -> Bounds | None:
        """What it is to make of ``bounds``, by the absolute arguments."""
        least, most = (self.promise.arguments.get(name) for name in ("min", "max"))
        if self.bounds is None:
            return None
        return Bounds(
            least if isinstance(least, int) else self.bounds.min, most if isinstance(most, int) else self.bounds.max
        )

    @classmethod
    def of(
        cls,
        verb: str,
        draft: Draft,
        made: float,
        *,
        diff: Iterable[FieldChange] = (),
        risks: Iterable[str] = (),
        owners: Iterable[str] = (),
        warnings: Iterable[str] = (),
        results: Iterable[Hash | None] = (),
    ) -> Self:
        """``made`` is Unix seconds. Beside the promise it takes what is fit to be read."""
        promise = Promise.of(verb, draft)
        return cls(
            promise, promise.digest, draft.summary, tuple(diff), tuple(risks), made, tuple(warnings),
            draft.replicas, draft.revision, tuple(results), owners=tuple(owners), bounds=draft.bounds,
        )  # fmt: skip

"""What a kind of object declares. Adding a kind to the cluster is one file in ``kinds`` with one ``KIND``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from playground.cluster.naming import subdomain_fault
from playground.cluster.status import Cause

Json = dict[str, Any]

READ = ("get", "list", "watch")
ALL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True)
class Column:
    """A column of ``kubectl get``. ``cell`` takes the object and now (seconds since 1970); ``wide`` shows with -o wide."""

    name: str
    cell: Callable[[Json, float], Any]
    type: str = "string"
    format: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Subresource:
    """A path below an object: ``status``, ``scale``, ``log``, ``eviction``. ``kind``/``group``/``version`` if not the object's own."""

    name: str
    verbs: tuple[str, ...] = ("get", "patch", "update")
    kind: str = ""
    group: str = ""
    version: str = ""


STATUS = Subresource("status")
SCALE = Subresource("scale", kind="Scale", group="autoscaling", version="v1")


def nothing(_: Json) -> None:
    """Fills in nothing."""


def nothing_more(_new: Json, _old: Json | None) -> None:
    """Sets nothing that depends on what was."""


def wanted(obj: Json) -> Any:
    """What people ask for: everything but metadata and status."""
    return {key: value for key, value in obj.items() if key not in {"metadata", "status", "apiVersion", "kind"}}


def at_once(_: Json) -> Json | None:
    """Deletes without delay."""
    return None


def faultless(_new: Json, _old: Json | None) -> Sequence[Cause]:
    """Finds nothing wrong."""
    return ()


@dataclass(frozen=True)
class Older:
    """A version of a kind besides the stored one: ``read`` makes the stored form of an object, ``write`` its own."""

    version: str
    read: Callable[[Json], Json]
    write: Callable[[Json], Json]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind's name in all its forms, and what the API server does with its objects.

    ``default`` fills in what was left out, in place; ``prepare`` sets what depends on the old object too (it may share parts
    with the new one: replace, don't alter). ``validate`` gets the new and, on update, the old object. ``counted`` gives what
    makes a new generation when it changes: kinds without a ``generation`` say ``has_generation=False``. ``fields`` maps supported field selectors to where they look.
    """

    kind: str
    plural: str
    group: str = ""
    version: str = "v1"
    older: tuple[Older, ...] = ()
    short: tuple[str, ...] = ()
    namespaced: bool = True
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ALL
    subresources: tuple[Subresource, ...] = ()
    columns: tuple[Column, ...] = ()
    default: Callable[[Json], None] = nothing
    prepare: Callable[[Json, Json | None], None] = nothing_more
    validate: Callable[[Json, Json | None], Sequence[Cause]] = faultless
    counted: Callable[[Json], Any] = wanted
    has_generation: bool = True
    needs_version: bool = False
    """Whether an update must say which resourceVersion it changes."""
    born_with_status: bool = False
    """Whether a status that is given on creation counts (Node)."""
    beyond_status: tuple[str, ...] = ()
    """What of the metadata a write of the status cannot change."""
    stored: bool = True
    """False for reviews, which are answered and forgotten."""
    deletes_to_object: bool = False
    """Whether DELETE answers the object rather than a Status (Pod, Service, ServiceAccount, PersistentVolumeClaim)."""
    warning: str = ""
    """What every request for it is warned of, if it is deprecated."""
    leaving: str = ""
    """What DELETE warns of when nobody says what shall become of the dependents and they are left, as a Job's are."""
    name_fault: Callable[[str], str] = subdomain_fault
    """What is wrong with a name, or ""."""
    ending: Callable[[Json], Json | None] = at_once
    """What DELETE leaves of an object that has to be emptied first (Namespace), or None if nothing holds it. May refuse."""
    fields: Mapping[str, Callable[[Json], str]] = field(default_factory=dict)

    @cached_property
    def singular(self) -> str:
        return self.kind.lower()

    @cached_property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @cached_property
    def resource(self) -> str:
        """As messages name it: ``deployments.apps``, ``pods``."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @cached_property
    def has_status(self) -> bool:
        return any(sub.name == "status" for sub in self.subresources)


def discover() -> dict[str, Kind]:
    """All kinds by ``resource``, from the files of ``kinds``: ``KIND``, or several in ``KINDS``."""
    package = importlib.import_module("playground.cluster.kinds")
    found: dict[str, Kind] = {}
    for module_info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        for kind in (*getattr(module, "KINDS", ()), *([module.KIND] if hasattr(module, "KIND") else [])):
            found[kind.resource] = kind
    return found

"""What somebody wants to do to what, and from where: the facts that rules are about, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from commands.config import Config, Permission
from commands.draft import Ref
from commands.invocation import Invocation
from commands.operation import Operation
from commands.registry import arguments_of

WHOLE = ""
"""As ``Scope.workload``: the environment as a whole, which no rule for single workloads is about."""


@dataclass(frozen=True, slots=True)
class Scope:
    """None is what is not known yet, or whatever there may be: an environment for "anywhere".

    ``workload`` is a name without its kind. ``exact``: everything that can be known is, so that what is not known
    counts against the person; else it counts for them, and a worker judges again.
    """

    verb: str
    environment: str | None = None
    workload: str | None = None
    labels: Mapping[str, str] | None = None
    channel: str | None = None
    exact: bool = False


def scope_of(said: Invocation, verb: str | None = None, labels: Mapping[str, str] | None = None) -> Scope:
    """Of words that were just said. ``verb``: whose right is needed, where that is not the command's own.

    With the ``labels`` of what was said (none for a whole environment), everything is known.
    """
    return Scope(
        verb or said.verb,
        said.environment,
        _named(arguments_of(said).get("workload")),
        labels,
        said.place.channel,
        exact=labels is not None,
    )


def _named(said: str | None) -> str | None:
    """``web`` for ``Deployment/web``. Of a pod the name does not tell whose it is: a worker looks."""
    if said is None:
        return WHOLE
    kind, _, name = said.rpartition("/")
    return None if kind == "pod" else name


def scope_of_operation(
    operation: Operation, target: Ref | None = None, labels: Mapping[str, str] | None = None
) -> Scope:
    """Of an operation; with its ``target`` and that object's ``labels`` as just read, everything is known."""
    said, target = operation.invocation, target or operation.target
    name = target.name if target else scope_of(said).workload
    exact = labels is not None and target is not None
    return Scope(said.verb, operation.environment, name, labels, said.place.channel, exact)


def asks_for_labels(config: Config, scope: Scope) -> bool:
    """Whether a rule that is about this may be about labels: then they have to be read."""
    rules = (*allowing(config, replace(scope, exact=False)), *denying(config, replace(scope, exact=True)))
    return any(rule.labels for _, rule in rules)


def allowing(config: Config, scope: Scope) -> Iterator[tuple[int, Permission]]:
    """The rules that allow it, each with its place in ``permissions``."""
    yield from _matching(config, scope, deny=False, unknown=not scope.exact)


def denying(config: Config, scope: Scope) -> Iterator[tuple[int, Permission]]:
    """The rules that forbid it, whatever allows it."""
    yield from _matching(config, scope, deny=True, unknown=scope.exact)


def _matching(config: Config, scope: Scope, *, deny: bool, unknown: bool) -> Iterator[tuple[int, Permission]]:
    if scope.environment is not None and scope.environment not in config.environments:
        return
    for place, rule in enumerate(config.permissions):
        if rule.deny is deny and _is_about(rule, scope, unknown=unknown):
            yield place, rule


def _is_about(rule: Permission, scope: Scope, *, unknown: bool) -> bool:
    """``unknown`` is what a fact that is not known counts for."""
    if scope.environment is None and rule.deny and not rule.everywhere:
        return False  # somewhere else it may be allowed
    return (
        rule.covers(scope.verb, scope.environment)
        and _names(rule, scope, unknown=unknown)
        and _labels(rule.labels, scope.labels, unknown=unknown)
        and (not rule.channels or (unknown if scope.channel is None else scope.channel in rule.channels))
    )


def _names(rule: Permission, scope: Scope, *, unknown: bool) -> bool:
    if not rule.workloads:
        return True
    if scope.workload is None:
        return unknown
    names = _ancestors(scope.workload) if rule.deny else [scope.workload]
    return any(fnmatchcase(name, pattern) for name in names for pattern in rule.workloads)


def _ancestors(name: str) -> Iterable[str]:
    """A Job's pod is called after it, and is nobody's else: what is denied for the one is denied for the other."""
    parts = name.split("-")
    return ["-".join(parts[:count]) for count in range(1, len(parts) + 1)] if name else []


def _labels(wanted: Mapping[str, str], found: Mapping[str, str] | None, *, unknown: bool) -> bool:
    if not wanted:
        return True
    return unknown if found is None else all(found.get(key) == value for key, value in wanted.items())

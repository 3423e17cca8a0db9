"""Whether an RBAC rule allows something. Pure functions over a rule as it stands in a Role."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from playground.cluster.access.attributes import Attributes

Json = dict[str, Any]
ANY = "*"


def allows(rule: Json, asked: Attributes) -> bool:
    if not _has(rule.get("verbs"), asked.verb):
        return False
    if not asked.resource:
        return any(_covers(url, asked.path) for url in rule.get("nonResourceURLs") or [])
    names = rule.get("resourceNames") or []
    return (
        _has(rule.get("apiGroups"), asked.group)
        and _has_resource(rule.get("resources") or [], asked)
        and (not names or asked.name in names)
    )


def _has(values: list[str] | None, wanted: str) -> bool:
    return ANY in (values or []) or wanted in (values or [])


def _has_resource(resources: list[str], asked: Attributes) -> bool:
    """``*/scale`` means that subresource of anything."""
    of_any = f"{ANY}/{asked.subresource}"
    return _has(resources, asked.full_resource) or (bool(asked.subresource) and of_any in resources)


def _covers(url: str, path: str) -> bool:
    return url in {ANY, path} or (url.endswith(ANY) and path.startswith(url[:-1]))


def split(rule: Json) -> Iterator[Json]:
    """The rule as rules of one verb on one resource, name or path each."""
    verbs = rule.get("verbs") or []
    names: list[Json] = [{"resourceNames": [name]} for name in rule.get("resourceNames") or []] or [{}]
    resources = product(rule.get("apiGroups") or [], rule.get("resources") or [], verbs, names)
    for group, resource, verb, named in resources:
        yield {"apiGroups": [group], "resources": [resource], "verbs": [verb], **named}
    for path, verb in product(rule.get("nonResourceURLs") or [], verbs):
        yield {"nonResourceURLs": [path], "verbs": [verb]}


def covers(rule: Json, single: Json) -> bool:
    """Whether a rule grants all that one of ``split`` does."""
    (verb,) = single["verbs"]
    if not _has(rule.get("verbs"), verb):
        return False
    if paths := single.get("nonResourceURLs"):
        return any(_covers(url, paths[0]) for url in rule.get("nonResourceURLs") or [])
    names, wanted = rule.get("resourceNames") or [], single.get("resourceNames")
    resource = single["resources"][0]
    of_any = f"{ANY}/{resource.partition('/')[2]}"
    return (
        _has(rule.get("apiGroups"), single["apiGroups"][0])
        and (_has(rule.get("resources"), resource) or ("/" in resource and of_any in rule["resources"]))
        and (not names or (wanted is not None and wanted[0] in names))
    )

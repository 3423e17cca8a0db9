"""Whether an RBAC rule allows something. Pure functions over a rule as it stands in a Role."""

from __future__ import annotations

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

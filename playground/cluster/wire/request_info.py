"""What a path and a method mean, before anybody knows whether there is such a thing: the API server's RequestInfo."""

from __future__ import annotations

from collections.abc import Mapping

from playground.cluster.access.attributes import Attributes

_VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_OF_NAMESPACES = {"status", "finalize"}
"""Subresources of a namespace: elsewhere the part after its name is a resource in it."""


def parse(method: str, path: str, query: Mapping[str, str]) -> Attributes:
    parts = [part for part in path.split("/") if part]
    group, rest = "", parts[2:]
    if parts[:1] == ["apis"]:
        group, rest = "".join(parts[1:2]), parts[3:]
    if parts[:1] not in (["api"], ["apis"]) or not rest:
        return Attributes(method.lower(), path=path)
    version = parts[1] if parts[0] == "api" else parts[2]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 1:
        namespace = rest[1]
        if len(rest) > 2 and rest[2] not in _OF_NAMESPACES:
            rest = rest[2:]
    resource, name, subresource = [*rest, "", ""][:3]
    verb = _VERBS.get(method, "")
    if not name:
        verb, name = _of_collection(verb, query)
    return Attributes(verb, group, version, resource, "/".join([subresource, *rest[3:]]), namespace, name, path)


def _of_collection(verb: str, query: Mapping[str, str]) -> tuple[str, str]:
    """The verb, and the one name that the field selector asks for."""
    if verb == "delete":
        return "deletecollection", ""
    if verb != "get":
        return verb, ""
    watches = query.get("watch", "false").lower() not in {"", "false", "0"}
    selected = [term for term in query.get("fieldSelector", "").split(",") if term.startswith("metadata.name=")]
    name = selected[0].removeprefix("metadata.name=").removeprefix("=") if selected else ""
    return "watch" if watches else "list", name

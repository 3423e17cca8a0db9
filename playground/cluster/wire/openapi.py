"""Just enough OpenAPI for kubectl to let the server validate: it looks for the ``fieldValidation`` parameter of each kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.wire.call import Answer

Json = dict[str, Any]
PREFIX = "/openapi/v3"


def answer(path: str, kinds: Iterable[Kind]) -> Answer | None:
    """None if the path is no OpenAPI document of version 3."""
    path = path.rstrip("/")
    roots = {_root(kind): kind.api_version for kind in kinds}
    if path == PREFIX:
        return Answer(document={"paths": {root: {"serverRelativeURL": f"{PREFIX}/{root}"} for root in sorted(roots)}})
    root = path.removeprefix(f"{PREFIX}/")
    if root == path or root not in roots:
        return None
    paths = {f"/{root}/{kind.plural}": _path(kind) for kind in kinds if _root(kind) == root}
    return Answer(document={"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.37.2"}, "paths": paths})


def _root(kind: Kind) -> str:
    return f"apis/{kind.api_version}" if kind.group else f"api/{kind.version}"


def _path(kind: Kind) -> Json:
    identity = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    parameters = [{"name": name, "in": "query"} for name in ("dryRun", "fieldManager", "fieldValidation")]
    operation = {"parameters": parameters, "x-kubernetes-group-version-kind": identity}
    return {"post": operation, "patch": operation}

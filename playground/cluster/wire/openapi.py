"""Just enough OpenAPI for kubectl to let the server validate: it looks for the ``fieldValidation`` parameter of each kind.

Also of lists in a file, though no request carries one: kubectl asks before it takes them apart. For a ``kind: List`` it would
validate by the schemas of version 2 itself; finding none it leaves that to the server too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.status import not_simulated
from playground.cluster.wire.call import Answer, Call

Json = dict[str, Any]
PREFIX = "/openapi/v3"
VERSION_2 = "/openapi/v2"
EXPLAIN = "kubectl explain"
_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
_WITHOUT_SCHEMAS = b"\n\x032.0"
"""A Swagger document in protobuf: its first field, ``swagger``, and nothing else."""


def answer(path: str, call: Call, kinds: Iterable[Kind]) -> Answer | None:
    """None if the path is no OpenAPI document. Raises StatusError 501 for schemas to be read.

    Such as by ``kubectl explain``, which stumbles where there are none: it is known by the name that it gives, and told in
    plain text, for it shows nothing of a Status here.
    """
    path = path.rstrip("/")
    if call.command == EXPLAIN and (path == VERSION_2 or path.startswith(f"{PREFIX}/")):
        told = not_simulated("the descriptions of fields")
        return Answer(told.code, content=told.message.encode(), content_type="text/plain; charset=utf-8")
    if path == VERSION_2:
        if "protobuf" not in call.accept:
            raise not_simulated("the schemas of OpenAPI version 2")
        return Answer(content=_WITHOUT_SCHEMAS, content_type=_PROTOBUF)
    roots = {_root(kind): kind.api_version for kind in kinds}
    if path == PREFIX:
        return Answer(document={"paths": {root: {"serverRelativeURL": f"{PREFIX}/{root}"} for root in sorted(roots)}})
    root = path.removeprefix(f"{PREFIX}/")
    if root == path or root not in roots:
        return None
    here = [kind for kind in kinds if _root(kind) == root]
    paths = {f"/{root}/{kind.plural}": _path(kind, kind.kind) for kind in here}
    paths |= {f"/{root}/{kind.plural}/list": _path(kind, f"{kind.kind}List") for kind in here}
    return Answer(document={"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.37.2"}, "paths": paths})


def _root(kind: Kind) -> str:
    return f"apis/{kind.api_version}" if kind.group else f"api/{kind.version}"


def _path(kind: Kind, name: str) -> Json:
    identity = {"group": kind.group, "version": kind.version, "kind": name}
    parameters = [{"name": name, "in": "query"} for name in ("dryRun", "fieldManager", "fieldValidation")]
    operation = {"parameters": parameters, "x-kubernetes-group-version-kind": identity}
    return {"post": operation, "patch": operation}

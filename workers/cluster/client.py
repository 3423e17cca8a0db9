"""A cluster as the rest of the workers see it: get, list, watch, patch, delete a pod, logs, and what our account may do."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from commands.errors import Gone
from commands.identity import Identity
from workers.cluster.calls import JSON_PATCH, LIST_SECONDS, WRITE_SECONDS, Call
from workers.cluster.connection import Connection
from workers.cluster.resources import RESOURCES, Resource
from workers.cluster.warnings import warnings_in
from workers.cluster.watching import SILENCE_SECONDS, Watch

Object = dict[str, Any]

FIELD_MANAGER = "quarterdeck"
PAGE = 500
LOG_BYTES = 1_000_000
_RELISTS = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """A collection at one moment; a watch goes on from ``resource_version``."""

    items: tuple[Object, ...]
    resource_version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a patch returned: the object as it is now (or would be), and the server's ``Warning`` headers."""

    object: Object
    warnings: tuple[str, ...] = ()


class Cluster:
    """One cluster. Methods raise ``commands.errors.ClusterError`` and its kinds. Kinds are those of ``resources``.

    Threads may share it. A process forked from this one opens its own.
    """

    def __init__(self, connection: Connection, identity: Identity | None = None) -> None:
        """``identity``: whom patches are made as, dry ones too, where that is not our own account."""
        self._connection, self._identity = connection, identity
        self._watches: weakref.WeakSet[Watch] = weakref.WeakSet()

    @property
    def name(self) -> str:
        return self._connection.cluster

    def acting_as(self, identity: Identity) -> Cluster:
        """The same over the same connection, with patches made as that person. Reading stays our own."""
        return Cluster(self._connection, identity)

    def get(self, kind: str, namespace: str, name: str) -> Object:
        """One object. Raises ``Missing``."""
        return self._json(Call("get", RESOURCES[kind], namespace, name))

    def list(self, kind: str, namespace: str, *, label_selector: str = "", field_selector: str = "") -> Listing:
        """All objects of a kind, page by page. Each bears its kind, which the API leaves out in lists."""
        query = _selectors(label_selector, field_selector) | {"limit": str(PAGE)}
        call = Call("list", RESOURCES[kind], namespace, query=query, seconds=LIST_SECONDS)
        for _ in range(_RELISTS - 1):
            try:
                return self._pages(call)
            except Gone:  # the continue token outlived its five minutes: what was read is of no use
                continue
        return self._pages(call)

    def patch(
        self, kind: str, namespace: str, name: str, operations: Sequence[Mapping[str, Any]], *, dry_run: bool
    ) -> Answer:
        """A JSON patch. Raises ``PreconditionFailed``, ``Invalid``, ``Forbidden`` … and ``OutcomeUnknown`` if no answer came.

        Sent once, whatever happens: only who reads again can know whether it was carried out.
        """
        query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict"} | ({"dryRun": "All"} if dry_run else {})
        call = Call(
            "patch", RESOURCES[kind], namespace, name, query=query, body=list(operations), content_type=JSON_PATCH,
            seconds=WRITE_SECONDS, writes=not dry_run, identity=self._identity,
        )  # fmt: skip
        response = self._connection.send(call)
        return Answer(msgspec.json.decode(response.data), warnings_in(response.headers.getlist("Warning")))

    def delete_pod(self, namespace: str, name: str, *, uid: str, resource_version: str, dry_run: bool) -> None:
        """That very pod, as it was read. Raises ``Conflict`` where it is another by now, and as ``patch`` does."""
        body = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "preconditions": {"uid": uid, "resourceVersion": resource_version},
            "dryRun": ["All"] if dry_run else [],
        }
        call = Call(
            "delete", RESOURCES["Pod"], namespace, name, body=body, seconds=WRITE_SECONDS, writes=not dry_run,
            identity=self._identity,
        )  # fmt: skip
        self._connection.send(call)

    def watch(
        self,
        kind: str,
        namespace: str,
        resource_version: str,
        *,
        timeout_seconds: int = 300,
        label_selector: str = "",
        field_selector: str = "",
    ) -> Watch:
        """Changes since ``resource_version``. The server ends it after ``timeout_seconds``. Connects when iterated."""
        query = _selectors(label_selector, field_selector) | {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": resource_version,
            "timeoutSeconds": str(timeout_seconds),
        }
        silence = min(timeout_seconds + 10.0, SILENCE_SECONDS)
        watch = Watch(self._connection, Call("watch", RESOURCES[kind], namespace, query=query, seconds=silence))
        self._watches.add(watch)
        return watch

    def logs(
        self,
        namespace: str,
        pod: str,
        container: str,
        *,
        since: int | None = None,
        tail: int | None = None,
        previous: bool = False,
    ) -> str:
        """The last ``tail`` lines of the last ``since`` seconds, 1 MB at most. Bytes that are not UTF-8 become ``\\ufffd``."""
        query = {"container": container, "limitBytes": str(LOG_BYTES)}
        query |= {} if since is None else {"sinceSeconds": str(max(1, since))}
        query |= {} if tail is None else {"tailLines": str(tail)}
        query |= {"previous": "true"} if previous else {}
        response = self._connection.send(Call("get", RESOURCES["Pod"], namespace, pod, "log", query=query))
        return response.data.decode(errors="replace")

    def can_i(
        self, verb: str, group: str, resource: str, namespace: str, subresource: str = "", *, name: str = ""
    ) -> bool:
        """Whether our account may do that there: to anything of that kind, or to the one of that name."""
        attributes = {
            "verb": verb,
            "group": group,
            "resource": resource,
            "namespace": namespace,
            "subresource": subresource,
            "name": name,
        }
        review = RESOURCES["SelfSubjectAccessReview"]
        body = {"apiVersion": review.api_version, "kind": review.kind, "spec": {"resourceAttributes": attributes}}
        answer = self._json(Call("create", review, body=body))
        return bool(answer["status"].get("allowed"))

    def version(self) -> str:
        """As the API server says it: ``v1.37.2``."""
        return str(self._json(_Version())["gitVersion"])

    def close(self) -> None:
        """End all watches and close the connections."""
        for watch in list(self._watches):
            watch.close()
        self._connection.close()

    def _pages(self, call: Call) -> Listing:
        items: list[Object] = []
        while True:
            page = self._json(call)
            items += page.get("items") or ()
            token = page["metadata"].get("continue")
            if not token:
                _name_kind(items, call.resource)
                return Listing(tuple(items), page["metadata"]["resourceVersion"])
            call = replace(call, query={**call.query, "continue": token})

    def _json(self, call: Call) -> Object:
        document: Object = msgspec.json.decode(self._connection.send(call).data)
        return document


class _Version(Call):
    """``/version`` is no resource."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("get", Resource("version", "", "", "version", namespaced=False))

    @property
    def path(self) -> str:
        return "/version"


def _selectors(label_selector: str, field_selector: str) -> dict[str, str]:
    given = {"labelSelector": label_selector, "fieldSelector": field_selector}
    return {key: value for key, value in given.items() if value}


def _name_kind(items: Sequence[Object], resource: Resource) -> None:
    for item in items:
        item["kind"], item["apiVersion"] = resource.kind, resource.api_version

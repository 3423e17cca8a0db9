"""Lists: selected, in pages that all show the cluster as it was at the first."""

from __future__ import annotations

import base64
import itertools
import json
from collections import OrderedDict
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.status import StatusError, bad_request, expired
from playground.cluster.store import Store, key_of
from playground.cluster.wire import revisions
from playground.cluster.wire.call import Call
from playground.cluster.wire.selectors import Predicate, by_fields, by_labels

Json = dict[str, Any]
PAGES_KEPT = 200
"""Lists that clients may still read on; older ones are answered with 410."""


def selection(kind: Kind, call: Call) -> Predicate:
    """Label and field selector together. Raises StatusError 400."""
    labels = by_labels(call.query.get("labelSelector", ""))
    fields = by_fields(kind, call.query.get("fieldSelector", ""))
    return lambda obj: labels(obj) and fields(obj)


class Listing:
    """Remembers the rest of each list that was not read to its end: objects never change, so that costs references only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rests: OrderedDict[str, tuple[int, list[Json]]] = OrderedDict()
        self._numbers = itertools.count(1)

    def page(self, kind: Kind, namespace: str, call: Call) -> tuple[list[Json], Json]:
        """The objects and the list's metadata. Raises StatusError."""
        revisions.check_options(call)
        limit, token = _limit(call), call.query.get("continue", "")
        if token:
            revision, items = self._rest(token)
        else:
            revision, items = self._all(kind, namespace, call)
            items = list(filter(selection(kind, call), items))
        meta: Json = {"resourceVersion": str(revision)}
        if not limit or len(items) <= limit or (call.query.get("resourceVersion") == "0" and not token):
            return items, meta
        meta["continue"] = self._keep(revision, items[limit:])
        if not call.query.get("labelSelector") and not call.query.get("fieldSelector"):
            meta["remainingItemCount"] = len(items) - limit
        return items[:limit], meta

    def forget(self) -> None:
        """Make every continue token too old, as etcd's compaction does."""
        self._rests.clear()

    def _all(self, kind: Kind, namespace: str, call: Call) -> tuple[int, list[Json]]:
        """As of now, or of the very revision asked for."""
        asked = revisions.revision_of(call)
        revisions.check_known(self._store, asked)
        exact = call.query.get("resourceVersionMatch", "Exact" if _limit(call) else "") == "Exact"
        if not asked or not exact or asked == self._store.revision:
            return self._store.revision, self._store.list(kind, namespace)
        return asked, self._at(asked, kind, namespace)

    def _at(self, revision: int, kind: Kind, namespace: str) -> list[Json]:
        """Undo what has happened since."""
        objects = {key_of(obj): obj for obj in self._store.list(kind)}
        try:
            changes = list(self._store.since(revision))
        except StatusError:
            raise expired("The resourceVersion for the provided list is too old.") from None
        for change in reversed(changes):
            if change.kind.resource == kind.resource:
                objects.pop(key_of(change.object), None)
                objects |= {key_of(change.old): change.old} if change.old else {}
        return [objects[key] for key in sorted(objects) if namespace in {"", key[0]}]

    def _keep(self, revision: int, rest: list[Json]) -> str:
        meta = rest[0]["metadata"]
        start = "/".join(part for part in (meta.get("namespace", ""), meta["name"]) if part)
        body = {"v": "meta.k8s.io/v1", "rv": revision, "start": start, "n": next(self._numbers)}
        token = base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
        self._rests[token] = revision, rest
        if len(self._rests) > PAGES_KEPT:
            self._rests.popitem(last=False)
        return token

    def _rest(self, token: str) -> tuple[int, list[Json]]:
        if token in self._rests:
            return self._rests[token]
        try:
            key = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            json.loads(key)["start"]
        except (ValueError, KeyError, TypeError):
            why = f"invalid character '{chr(key[0]) if key else ''}' looking for beginning of value"
            raise bad_request(f"invalid continue token: continue key is not valid: {why}") from None
        raise _too_old()


def _limit(call: Call) -> int:
    text = call.query.get("limit", "") or "0"
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def _too_old() -> StatusError:
    return expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
        "the continue parameter."
    )

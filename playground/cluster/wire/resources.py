"""Get, list, watch, create, update, patch and delete over HTTP: the verbs, with what a client says around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playground.cluster import schema
from playground.cluster.kind import Kind
from playground.cluster.patches import (
    JSON_PATCH,
    MERGE_PATCH,
    STRATEGIC_MERGE_PATCH,
    apply_patch,
    unsupported_media_type,
)
from playground.cluster.request import Asking
from playground.cluster.status import StatusError, bad_request
from playground.cluster.verbs import Verbs, check_names
from playground.cluster.wire import bodies, options, revisions
from playground.cluster.wire.call import Answer, Call, Stream
from playground.cluster.wire.listing import Listing, selection
from playground.cluster.wire.rendering import rendering
from playground.cluster.wire.watching import Watches

Json = dict[str, Any]
_PATCHES = (JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH, options.APPLY)


class Resources:
    """Methods are named for the verbs; each raises StatusError."""

    def __init__(self, verbs: Verbs) -> None:
        self.verbs = verbs
        self.watches = Watches(verbs.store)
        self.listing = Listing(verbs.store)

    def get(self, kind: Kind, call: Call) -> Answer:
        asked = call.asked
        revisions.check_known(self.verbs.store, revisions.revision_of(call))
        return self._one(kind, call, self.verbs.get(kind, _namespace(kind, call), asked.name))

    def list(self, kind: Kind, call: Call) -> Answer:
        form = rendering(kind, call, self.verbs.clock.now())
        return Answer(document=form.many(*self.listing.page(kind, _namespace(kind, call), call)))

    def watch(self, kind: Kind, call: Call) -> Stream:
        return self.watches.open(kind, _namespace(kind, call), call, self.verbs.clock.now)

    def create(self, kind: Kind, call: Call) -> Answer:
        asking = options.asking(call)
        with _remarks_kept(asking):
            return self._one(kind, call, self.verbs.create(kind, self.body(kind, call, asking), asking), 201, asking)

    def update(self, kind: Kind, call: Call) -> Answer:
        asking = options.asking(call)
        with _remarks_kept(asking):
            obj = self.body(kind, call, asking)
            check_names(obj["metadata"], _namespace(kind, call), call.asked.name)
            return self._one(kind, call, self.verbs.update(kind, obj, asking), 200, asking)

    def patch(self, kind: Kind, call: Call) -> Answer:
        if call.content_type not in _PATCHES:
            raise unsupported_media_type()
        asking = options.asking(call)
        namespace, name = _namespace(kind, call), call.asked.name
        is_new = self.verbs.find(kind, namespace, name) is None
        with _remarks_kept(asking):
            if asking.applies:
                changed = self.verbs.apply(kind, namespace, name, bodies.configuration(call), asking)
            else:
                changed = self.verbs.patch(kind, namespace, name, _change(kind, call, asking), asking)
        return self._one(kind, call, changed, 201 if is_new else 200, asking)

    def delete(self, kind: Kind, call: Call) -> Answer:
        chosen, asking = options.deleting(call, bodies.options(call))
        obj, gone = self.verbs.delete(kind, _namespace(kind, call), call.asked.name, chosen, asking)
        if kind.deletes_to_object or not gone:
            return self._one(kind, call, obj, 200, asking)
        meta = obj["metadata"]
        group = {"group": kind.group} if kind.group else {}
        details = {"name": meta["name"], **group, "kind": kind.plural, "uid": meta["uid"]}
        status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
        return Answer(document=status, warnings=tuple(asking.warnings))

    def deletecollection(self, kind: Kind, call: Call) -> Answer:
        chosen, asking = options.deleting(call, bodies.options(call))
        form, selected = rendering(kind, call, self.verbs.clock.now()), selection(kind, call)
        namespace = _namespace(kind, call)
        found = list(filter(selected, self.verbs.list(kind, namespace)))
        revision = str(self.verbs.store.revision)
        for obj in found:
            meta = obj["metadata"]
            try:
                self.verbs.delete(kind, meta.get("namespace", ""), meta["name"], chosen, asking)
            except StatusError as error:
                if error.code != 404:
                    raise
        return Answer(document=form.many(found, {"resourceVersion": revision}))

    def _one(self, kind: Kind, call: Call, obj: Json, code: int = 200, asking: Asking | None = None) -> Answer:
        form = rendering(kind, call, self.verbs.clock.now())
        return Answer(code, form.one(obj), warnings=tuple(asking.warnings) if asking else ())

    def body(self, kind: Kind, call: Call, asking: Asking) -> Json:
        """The object sent, with what the path says of it filled in. Raises StatusError 400 where they differ."""
        obj = schema.typed(kind, bodies.document(call, kind.kind), asking)
        meta, namespace = obj.get("metadata") or {}, _namespace(kind, call)
        if meta.get("namespace") not in {None, "", namespace}:
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
        where = {"namespace": namespace} if kind.namespaced else {}
        return {**obj, "apiVersion": kind.api_version, "kind": kind.kind, "metadata": {**meta, **where}}


@contextmanager
def _remarks_kept(asking: Asking) -> Iterator[None]:
    """Warnings of what was wrong with a request go out with its refusal too."""
    try:
        yield
    except StatusError as error:
        error.warnings = tuple(asking.warnings)
        raise


def _change(kind: Kind, call: Call, asking: Asking) -> Callable[[Json], Json]:
    return lambda live: apply_patch(kind, live, call.content_type, call.body, asking)


def _namespace(kind: Kind, call: Call) -> str:
    """ "" for kinds without one: the path of a namespace itself reads as if it were in it."""
    return call.asked.namespace if kind.namespaced else ""

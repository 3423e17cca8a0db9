"""Create, update, patch and delete, as the API server does them: fill in, check, admit, then store. In one place.

Requests over HTTP and the cluster's own controllers go through here alike; only who may ask is decided outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from playground.cluster import metadata
from playground.cluster.clock import Clock, stamp
from playground.cluster.kind import Kind
from playground.cluster.label_syntax import metadata_causes
from playground.cluster.naming import invalid_value
from playground.cluster.request import CONTROLLERS, Asking, DeleteOptions
from playground.cluster.status import Cause, already_exists, conflict, invalid, not_found
from playground.cluster.store import Store

Json = dict[str, Any]
FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"


class Admission(Protocol):
    """Looks at a write before it is stored, and may fill in or refuse (by raising StatusError). ``old`` None: created."""

    def __call__(self, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json: ...


class FieldTracker(Protocol):
    """Notes in ``managedFields`` who owns what changed between two versions. ``now`` is RFC 3339."""

    def __call__(self, kind: Kind, old: Json | None, new: Json, asking: Asking, now: str) -> Json: ...


def untracked(kind: Kind, old: Json | None, new: Json, asking: Asking, now: str) -> Json:  # noqa: ARG001
    return new


class Verbs:
    """Raises StatusError. What it returns is stored and shared: copy before changing."""

    def __init__(
        self, store: Store, clock: Clock, kinds: dict[str, Kind], admission: Iterable[Admission] = (),
        track: FieldTracker = untracked,
    ) -> None:  # fmt: skip
        self.store = store
        self.clock = clock
        self.kinds = kinds
        self.admission = list(admission)
        self._track = track
        self._by_kind = {kind.kind: kind for kind in kinds.values()}

    def kind(self, name: str) -> Kind:
        """By ``Deployment`` or ``deployments.apps``."""
        return self._by_kind.get(name) or self.kinds[name]

    def find(self, kind: Kind, namespace: str, name: str) -> Json | None:
        return self.store.get(kind, namespace, name)

    def get(self, kind: Kind, namespace: str, name: str) -> Json:
        found = self.find(kind, namespace, name)
        if found is None:
            raise not_found(kind.group, kind.plural, name)
        return found

    def list(self, kind: Kind, namespace: str = "") -> list[Json]:
        return self.store.list(kind, namespace)

    def create(self, kind: Kind, obj: Json, asking: Asking = CONTROLLERS) -> Json:
        new = {"apiVersion": kind.api_version, "kind": kind.kind, **obj}
        new["metadata"] = metadata.of_new(kind, obj, self.clock.stamp())
        name = new["metadata"].get("name", "")
        if kind.has_status and "status" not in asking.subresource:
            new.pop("status", None)
        new = self._checked(kind, new, None, asking)
        if self.find(kind, new["metadata"].get("namespace", ""), name):
            raise already_exists(kind.group, kind.plural, name)
        new = self._track(kind, None, new, asking, self.clock.stamp())
        return new if asking.dry_run else self.store.put(kind, new)

    def update(self, kind: Kind, obj: Json, asking: Asking = CONTROLLERS) -> Json:
        """Replace the object; its resourceVersion, if given, must be the live one. With ``subresource`` status: only that."""
        meta = obj["metadata"]
        old = self.get(kind, meta.get("namespace", ""), meta["name"])
        return self._replace(kind, old, obj, asking)

    def patch(
        self, kind: Kind, namespace: str, name: str, change: Callable[[Json], Json], asking: Asking = CONTROLLERS
    ) -> Json:
        """Replace the object by what ``change`` makes of it (it gets the live object and must not alter it)."""
        old = self.get(kind, namespace, name)
        return self._replace(kind, old, change(old), asking)

    def set_status(self, kind: Kind, obj: Json, status: Json) -> Json:
        """What a controller found out; no write if it says nothing new, or the object is gone."""
        meta = obj["metadata"]
        live = self.find(kind, meta.get("namespace", ""), meta["name"])
        if live is None or live["metadata"]["uid"] != meta["uid"] or live.get("status") == status:
            return live or obj
        return self._replace(kind, live, {**live, "status": status}, Asking(subresource="status"))

    def delete(
        self, kind: Kind, namespace: str, name: str, options: DeleteOptions = DeleteOptions(),  # noqa: B008
        asking: Asking = CONTROLLERS,
    ) -> tuple[Json, bool]:  # fmt: skip
        """Delete the object, or mark it as being deleted if finalizers or a grace period hold it.

        Returns it as it is now or last was, and whether it is gone.
        """
        live = self.get(kind, namespace, name)
        self._preconditions(kind, live, options)
        held = [*live["metadata"].get("finalizers", []), *_propagation(options)]
        grace = _grace(kind, live, options)
        ending = kind.ending(live)
        if not held and not grace and ending is None:
            return (live if asking.dry_run else self.store.remove(kind, live)), True
        if "deletionTimestamp" in live["metadata"] and (grace or ending):
            return live, False
        marks = {"deletionTimestamp": stamp(self.clock.now() + grace), "deletionGracePeriodSeconds": grace}
        generation = {"generation": live["metadata"]["generation"] + 1} if "generation" in live["metadata"] else {}
        finalizers = {"finalizers": list(dict.fromkeys(held))} if held else {}
        marked = {**(ending or live), "metadata": {**live["metadata"], **marks, **generation, **finalizers}}
        return (marked if asking.dry_run else self.store.put(kind, marked)), False

    def _replace(self, kind: Kind, old: Json, obj: Json, asking: Asking) -> Json:
        meta = obj.get("metadata", {})
        name = old["metadata"]["name"]
        if meta.get("resourceVersion") not in {None, "", old["metadata"]["resourceVersion"]}:
            raise conflict(kind.group, kind.plural, name)
        if meta.get("uid") not in {None, "", old["metadata"]["uid"]}:
            why = (
                f"Precondition failed: UID in precondition: {meta['uid']}, UID in object meta: {old['metadata']['uid']}"
            )
            raise conflict(kind.group, kind.plural, name, why)
        if asking.subresource == "status":
            new = {**old, "status": obj.get("status", {}), "metadata": metadata.of_changed(old, obj)}
            new["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"]
        else:
            kept = {"status": old["status"]} if kind.has_status and "status" in old else {}
            new = {**{key: value for key, value in obj.items() if key != "status" or not kind.has_status}, **kept}
            new["metadata"] = metadata.of_changed(old, obj)
            new["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"]
            new = self._checked(kind, new, old, asking)
            new["metadata"] = metadata.counted(kind, old, new)
        new = self._track(kind, old, new, asking, self.clock.stamp())
        if asking.dry_run or new == old:
            return new
        if _may_go(kind, new):
            return self.store.remove(kind, new)
        return self.store.put(kind, new)

    def _checked(self, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:
        kind.default(new)
        kind.prepare(new, old)
        for admit in self.admission:
            new = admit(kind, new, old, asking)
        causes: list[Cause] = [
            *_name_causes(kind, new), *metadata_causes(new["metadata"]), *kind.validate(new, old)
        ]  # fmt: skip
        if causes:
            raise invalid(kind.group, kind.kind, new["metadata"].get("name", ""), causes)
        return new

    def _preconditions(self, kind: Kind, live: Json, options: DeleteOptions) -> None:
        meta = live["metadata"]
        for given, held, label in ((options.uid, meta["uid"], "UID"),
                                   (options.resource_version, meta["resourceVersion"], "ResourceVersion")):  # fmt: skip
            if given and given != held:
                why = f"Precondition failed: {label} in precondition: {given}, {label} in object meta: {held}"
                raise conflict(kind.group, kind.plural, meta["name"], why)


def _name_causes(kind: Kind, new: Json) -> Sequence[Cause]:
    name = new["metadata"].get("name")
    if not name:
        return (Cause("metadata.name", "Required value: name or generateName is required", "FieldValueRequired"),)
    fault = kind.name_fault(name)
    return (invalid_value("metadata.name", name, fault),) if fault else ()


def _propagation(options: DeleteOptions) -> list[str]:
    return {"Foreground": [FOREGROUND], "Orphan": [ORPHAN]}.get(options.propagation, [])


def _grace(kind: Kind, live: Json, options: DeleteOptions) -> int:
    """Seconds until a kubelet must have stopped it: only pods that run somewhere have any."""
    if (
        kind.kind != "Pod"
        or not live["spec"].get("nodeName")
        or live.get("status", {}).get("phase") in {"Failed", "Succeeded"}
    ):
        return 0
    return (
        int(live["spec"].get("terminationGracePeriodSeconds", 30))
        if options.grace_seconds is None
        else options.grace_seconds
    )


def _may_go(kind: Kind, obj: Json) -> bool:
    """Whether an object that is being deleted is held by nothing any more."""
    meta = obj["metadata"]
    held = meta.get("finalizers") or meta.get("deletionGracePeriodSeconds") or kind.ending(obj)
    return "deletionTimestamp" in meta and not held

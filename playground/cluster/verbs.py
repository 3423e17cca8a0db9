"""Create, update, patch, apply and delete, as the API server does them: fill in, note owners, admit, check, then store.

Requests over HTTP and the cluster's own controllers go through here alike; only who may ask is decided outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from playground.cluster import deletion, metadata, metadata_checks
from playground.cluster.clock import Clock
from playground.cluster.kind import Kind
from playground.cluster.metadata_checks import FOREGROUND, ORPHAN
from playground.cluster.patches import apply, managed
from playground.cluster.request import CONTROLLERS, Asking, DeleteOptions
from playground.cluster.status import Cause, StatusError, already_exists, bad_request, conflict, invalid, not_found
from playground.cluster.store import Store

__all__ = ("FOREGROUND", "ORPHAN", "Admission", "Verbs")

Json = dict[str, Any]


class Admission(Protocol):
    """Looks at a write before it is stored, and may fill in or refuse (by raising StatusError). ``old`` None: created."""

    def __call__(self, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json: ...


class Verbs:
    """Raises StatusError. What it returns is stored and shared: copy before changing."""

    def __init__(self, store: Store, clock: Clock, kinds: dict[str, Kind], admission: Iterable[Admission] = ()) -> None:
        self.store = store
        self.clock = clock
        self.kinds = kinds
        self.admission = list(admission)
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
        new: Json = {"apiVersion": kind.api_version, "kind": kind.kind, **metadata.own(obj)}
        given: Json = new["metadata"]
        if kind.has_status and not kind.born_with_status:
            new.pop("status", None)
        kind.default(new)
        if not asking.applies:
            new = managed.track(kind, None, new, asking, self.clock.stamp())
        namespace = given.get("namespace", "")
        new["metadata"] = metadata.of_new(
            kind, new, self.clock.stamp(), lambda name: self.find(kind, namespace, name) is not None
        )
        new = self._admitted(kind, new, None, asking)
        _check(kind, new, kind.validate(new, None))
        if given.get("resourceVersion") and not asking.dry_run:
            raise StatusError(500, "", "resourceVersion should not be set on objects to be created")
        if taken := self.find(kind, namespace, new["metadata"]["name"]):
            raise already_exists(kind.group, kind.plural, taken["metadata"]["name"], dying=_is_dying(taken))
        return new if asking.dry_run else self.store.put(kind, new)

    def update(self, kind: Kind, obj: Json, asking: Asking = CONTROLLERS) -> Json:
        """Replace the object; its resourceVersion, if given, must be the live one. With ``subresource`` status: only that."""
        meta = obj["metadata"]
        old = self.get(kind, meta.get("namespace", ""), meta["name"])
        if meta.get("uid") not in {None, "", old["metadata"]["uid"]}:
            raise conflict(kind.group, kind.plural, meta["name"], _other_uid(kind, old["metadata"], meta["uid"]))
        return self._replace(kind, old, obj, asking)

    def patch(
        self, kind: Kind, namespace: str, name: str, change: Callable[[Json], Json], asking: Asking = CONTROLLERS
    ) -> Json:
        """Replace the object by what ``change`` makes of it (it gets the live object and must not alter it)."""
        old = self.get(kind, namespace, name)
        return self._replace(kind, old, change(old), asking)

    def apply(self, kind: Kind, namespace: str, name: str, config: Json, asking: Asking) -> Json:
        """Server-side apply of what is said in ``config``; creates the object if there is none. ``asking.applies`` must be set."""
        apply.check_config(kind, config)
        given = {"name": name, **(config.get("metadata") or {})}
        check_names(given, namespace, name)
        live = self.find(kind, namespace, name)
        if live is None and asking.subresource:
            raise not_found(kind.group, kind.plural, name)
        if live is None and given.get("uid"):
            why = f"uid mismatch: the provided object specified uid {given['uid']}, and no existing object was found"
            raise conflict(kind.group, kind.plural, name, why)
        new = apply.applied(kind, live, {**config, "metadata": given}, asking, self.clock.stamp())
        if live is not None:
            return self._replace(kind, live, new, asking)
        new["metadata"].pop("resourceVersion", None)
        new["metadata"] |= {"namespace": namespace} if namespace else {}
        return self.create(kind, new, asking)

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
        deletion.check_preconditions(kind, live, options)
        if deletion.leaves_dependents(kind, live, options):
            asking.warnings.append(kind.leaving)
        after, gone = deletion.deleted(kind, live, options, self.clock.now())
        if asking.dry_run or (after == live and not gone):
            return after, gone
        return (self.store.remove(kind, after), True) if gone else (self.store.put(kind, after), False)

    def _replace(self, kind: Kind, old: Json, obj: Json, asking: Asking) -> Json:
        given = obj.get("metadata") or {}
        check_names(given, old["metadata"].get("namespace", ""), old["metadata"]["name"])
        _check_version(kind, old["metadata"], given.get("resourceVersion"))
        new = _wanted(kind, old, obj, asking)
        if asking.subresource != "status":
            kind.default(new)
        if not asking.applies:
            new = managed.track(kind, old, new, asking, self.clock.stamp())
        causes = list(metadata_checks.changed_causes(given, old["metadata"]))
        if asking.subresource != "status":
            new = self._admitted(kind, new, old, asking)
            new["metadata"] = metadata.counted(kind, old, new)
            causes += kind.validate(new, old)
        _check(kind, new, causes)
        if new == old:
            return old
        if asking.dry_run:
            return new
        if deletion.may_go(kind, new):
            self.store.remove(kind, new)
            return new
        return self.store.put(kind, new)

    def _admitted(self, kind: Kind, new: Json, old: Json | None, asking: Asking) -> Json:
        kind.prepare(new, old)
        for admit in self.admission:
            new = admit(kind, new, old, asking)
        return new


def _wanted(kind: Kind, old: Json, obj: Json, asking: Asking) -> Json:
    """What the request can change of an object: all but its status, or with that subresource the status alone."""
    if asking.subresource == "status":
        status, meta = metadata.copied(obj.get("status") or {}), metadata.of_changed(old, obj)
        kept = {name: old["metadata"][name] for name in kind.beyond_status if name in old["metadata"]}
        others = {name: value for name, value in meta.items() if name not in kind.beyond_status}
        return {**old, "status": status, "metadata": {**others, **kept}}
    if kind.has_status:
        obj = {key: value for key, value in {**obj, "status": old.get("status")}.items() if value is not None}
    own = metadata.own(obj)
    return {**own, "metadata": metadata.of_changed(old, own)}


def _check(kind: Kind, new: Json, causes: Iterable[Cause]) -> None:
    found = [*metadata_checks.causes(kind, new["metadata"]), *causes]
    if found:
        raise invalid(kind.group, kind.kind, new["metadata"].get("name", ""), found)


def check_names(given: Json, namespace: str, name: str) -> None:
    """An object must be called what its path says."""
    if not given.get("name"):
        raise bad_request(f"the name of the object ({name} based on URL) was undeterminable: name must be provided")
    if given["name"] != name:
        raise bad_request(f"the name of the object ({given['name']}) does not match the name on the URL ({name})")
    if given.get("namespace") not in {None, "", namespace}:
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")


def _check_version(kind: Kind, live: Json, given: str | None) -> None:
    """Optimistic locking, for those who say which version they have seen."""
    if given in {None, "", "0"}:
        if kind.needs_version:
            cause = Cause("metadata.resourceVersion", "Invalid value: 0: must be specified for an update")
            raise invalid(kind.group, kind.plural, live["name"], [cause])
        return
    if not str(given).isdecimal():
        raise StatusError(500, "", f'strconv.ParseUint: parsing "{given}": invalid syntax')
    if given != live["resourceVersion"]:
        raise conflict(kind.group, kind.plural, live["name"])


def _other_uid(kind: Kind, live: Json, given: str) -> str:
    key = "/".join(filter(None, ("", "registry", kind.plural, live.get("namespace"), live["name"])))
    said = f"Precondition failed: UID in precondition: {given}, UID in object meta: {live['uid']}"
    return f"StorageError: invalid object, Code: 4, Key: /{key}, ResourceVersion: 0, AdditionalErrorMsg: {said}"


def _is_dying(obj: Json) -> bool:
    return "deletionTimestamp" in obj["metadata"]

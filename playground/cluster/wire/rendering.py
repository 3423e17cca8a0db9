"""Objects and lists of them as documents to answer with, in the form that the client wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.cluster.kind import Kind
from playground.cluster.wire.call import Call
from playground.cluster.wire.negotiation import META_GROUP, Form, form_of, partial
from playground.cluster.wire.tables import table

Json = dict[str, Any]


@dataclass(frozen=True)
class Rendering:
    """How one client wants a kind's objects; ``now`` is cluster time, for ages."""

    kind: Kind
    form: Form
    include: str
    now: float

    def one(self, obj: Json) -> Json:
        if self.form.kind == "Table":
            meta = {"resourceVersion": obj["metadata"].get("resourceVersion", "")}
            return table(self.kind, [obj], self.form, self.now, meta, self.include)
        return partial(obj, self.form) if self.form.kind else obj

    def many(self, objects: Sequence[Json], meta: Json) -> Json:
        if self.form.kind == "Table":
            return table(self.kind, objects, self.form, self.now, meta, self.include)
        if self.form.kind:
            kind, version = "PartialObjectMetadataList", f"{META_GROUP}/{self.form.version}"
            return {"kind": kind, "apiVersion": version, "metadata": meta,
                    "items": [partial(obj, self.form) for obj in objects]}  # fmt: skip
        # Items of a list carry neither kind nor apiVersion: the list's own say it.
        items = [{key: obj[key] for key in obj if key not in {"kind", "apiVersion"}} for obj in objects]
        return {"kind": f"{self.kind.kind}List", "apiVersion": self.kind.api_version, "metadata": meta, "items": items}


def rendering(kind: Kind, call: Call, now: float) -> Rendering:
    """Raises StatusError 406."""
    return Rendering(kind, form_of(call.accept), call.query.get("includeObject", "Metadata"), now)

"""In which form a client wants objects: whole, as a table for people, or their metadata only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.cluster.status import StatusError

Json = dict[str, Any]
META_GROUP = "meta.k8s.io"
_FORMS = {"Table", "PartialObjectMetadata", "PartialObjectMetadataList"}
_SERVED = "application/json, application/yaml, application/vnd.kubernetes.protobuf"

_STREAMED = "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"


@dataclass(frozen=True)
class Form:
    """``kind`` "" is the object itself."""

    kind: str = ""
    version: str = "v1"


def form_of(accept: str) -> Form:
    """The first form in an Accept header that is served as JSON. Raises StatusError 406 if there is none."""
    for media_range in accept.split(",") if accept else ["*/*"]:
        media, *parameters = [part.strip() for part in media_range.split(";")]
        given = dict(parameter.split("=", 1) for parameter in parameters if "=" in parameter)
        if media not in {"application/json", "application/yaml", "*/*", "application/*"}:
            continue
        wanted = given.get("as", "")
        if not wanted:
            return Form()
        if wanted in _FORMS and given.get("g") == META_GROUP and given.get("v") in {"v1", "v1beta1"}:
            return Form(wanted.removesuffix("List"), given["v"])
    if ";as=" in accept:
        raise StatusError(406, "NotAcceptable", f"only the following media types are accepted: {_SERVED}")
    raise StatusError(
        406, "NotAcceptable", f"406: Not Acceptable\n\nAvailable representations: {_SERVED}, {_STREAMED}", {}
    )


def partial(obj: Json, form: Form) -> Json:
    """The object's metadata alone."""
    return {
        "kind": "PartialObjectMetadata",
        "apiVersion": f"{META_GROUP}/{form.version}",
        "metadata": obj["metadata"],
    }

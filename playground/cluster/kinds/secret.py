"""Secrets: their types ask for certain keys, and ``stringData`` becomes ``data``."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from playground.cluster.columns import AGE, NAME
from playground.cluster.data import changed_while_immutable, key_causes, size
from playground.cluster.kind import Column, Kind
from playground.cluster.status import Cause, bad_request, not_simulated

Json = dict[str, Any]
REQUIRED = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/basic-auth": ("username", "password"),
}
"""Keys that a Secret of that type must have. Of the other types the API server checks none of interest here."""


def _default(obj: Json) -> None:
    if obj.setdefault("type", "Opaque") == "kubernetes.io/service-account-token":
        raise not_simulated("service account tokens in Secrets; ask for one with kubectl create token")
    for value in (obj.get("data") or {}).values():
        _decoded(value or "")
    given = obj.pop("stringData", None) or {}
    if given:
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in given.items()}
        obj["data"] = {**(obj.get("data") or {}), **encoded}


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise bad_request(
            'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0'
        ) from None


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    data = new.get("data") or {}
    missing = [
        Cause(f"data[{key}]", "Required value", "FieldValueRequired")
        for key in REQUIRED.get(new["type"], ())
        if key not in data
    ]
    if new["type"] == "kubernetes.io/basic-auth" and len(missing) == 1:
        missing = []  # one of the two is enough
    retyped = (
        [Cause("type", f'Invalid value: "{new["type"]}": field is immutable')]
        if old and old["type"] != new["type"]
        else []
    )
    return [*key_causes(new, "data"), *missing, *retyped, *changed_while_immutable(new, old, "data")]


KIND = Kind(
    kind="Secret",
    plural="secrets",
    columns=(NAME, Column("Type", lambda obj, _: obj["type"]), Column("Data", size), AGE),
    default=_default,
    validate=_validate,
    has_generation=False,
    fields={"type": lambda obj: str(obj["type"])},
)

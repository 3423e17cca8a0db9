"""Which kinds there are: aggregated discovery as kubectl asks for it, and the older documents per group and version."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from playground.cluster.kind import Kind, Subresource
from playground.cluster.wire.call import Answer

Json = dict[str, Any]
_AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
"""Clients compare the content type to this, character by character."""


def answer(path: str, accept: str, kinds: Iterable[Kind]) -> Answer | None:
    """None if the path is no discovery document."""
    known = sorted(kinds, key=lambda kind: kind.plural)
    known.sort(key=lambda kind: kind.version, reverse=True)  # the newest first: clients take what comes first
    known.sort(key=lambda kind: kind.group)
    parts = path.strip("/").split("/")
    match parts:
        case ["api"] | ["apis"] if "as=APIGroupDiscoveryList" in accept and "v=v2;" in f"{accept};".replace(",", ";"):
            core = parts == ["api"]
            return Answer(document=aggregated([k for k in known if (k.group == "") == core]), content_type=_AGGREGATED)
        case ["api"]:
            return Answer(document={"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
        case ["apis"]:
            groups = [_group(group, list(of)) for group, of in groupby(known, lambda kind: kind.group) if group]
            return Answer(document={"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
        case ["apis", group]:
            in_group = [kind for kind in known if kind.group == group]
            return (
                Answer(document={"kind": "APIGroup", "apiVersion": "v1", **_group(group, in_group)})
                if in_group
                else None
            )
        case ["api", version] | ["apis", _, version]:
            group = parts[1] if parts[0] == "apis" else ""
            served = [kind for kind in known if (kind.group, kind.version) == (group, version)]
            return Answer(document=_resource_list(served)) if served else None
    return None


def aggregated(kinds: list[Kind]) -> Json:
    groups = [
        {
            "metadata": {"name": group, "creationTimestamp": None} if group else {"creationTimestamp": None},
            "versions": [_version(version, list(of)) for version, of in groupby(in_group, lambda kind: kind.version)],
        }
        for group, in_group in groupby(kinds, lambda kind: kind.group)
    ]
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": groups}


def _version(version: str, kinds: list[Kind]) -> Json:
    return {"version": version, "freshness": "Current", "resources": [_resource(kind) for kind in kinds]}


def _resource(kind: Kind) -> Json:
    resource: Json = {
        "resource": kind.plural,
        "responseKind": _own_group(kind.kind),
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.singular,
        "verbs": sorted(kind.verbs),
    }
    if kind.short:
        resource["shortNames"] = list(kind.short)
    if kind.categories:
        resource["categories"] = list(kind.categories)
    if kind.subresources:
        resource["subresources"] = [
            {"subresource": sub.name, "responseKind": _response_kind(kind, sub), "verbs": sorted(sub.verbs)}
            for sub in sorted(kind.subresources, key=lambda sub: sub.name)
        ]
    return resource


def _response_kind(kind: Kind, sub: Subresource) -> Json:
    if sub.kind:
        return {"group": sub.group, "version": sub.version or "v1", "kind": sub.kind}
    return _own_group(kind.kind)


def _own_group(kind: str) -> Json:
    """Empty means the group and version in which it stands."""
    return {"group": "", "version": "", "kind": kind}


def _group(group: str, kinds: list[Kind]) -> Json:
    names = dict.fromkeys(kind.version for kind in kinds)
    versions = [{"groupVersion": f"{group}/{version}", "version": version} for version in sorted(names, reverse=True)]
    return {"name": group, "versions": versions, "preferredVersion": versions[0]}


def _resource_list(kinds: list[Kind]) -> Json:
    resources: list[Json] = []
    for kind in kinds:
        base: Json = {"name": kind.plural, "singularName": kind.singular, "namespaced": kind.namespaced, "kind": kind.kind,
                      "verbs": sorted(kind.verbs)}  # fmt: skip
        base |= {"shortNames": list(kind.short)} if kind.short else {}
        base |= {"categories": list(kind.categories)} if kind.categories else {}
        resources.append(base)
        resources += [_legacy_subresource(kind, sub) for sub in sorted(kind.subresources, key=lambda sub: sub.name)]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": kinds[0].api_version, "resources": resources}


def _legacy_subresource(kind: Kind, sub: Subresource) -> Json:
    own = {"group": sub.group, "version": sub.version or "v1"} if sub.kind and sub.group else {}
    return {"name": f"{kind.plural}/{sub.name}", "singularName": "", "namespaced": kind.namespaced, **own,
            "kind": sub.kind or kind.kind, "verbs": sorted(sub.verbs)}  # fmt: skip

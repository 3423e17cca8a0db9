"""Acting as somebody else: the Impersonate headers, and who may use them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from playground.cluster.access.attributes import Attributes
from playground.cluster.access.authorizer import Authorizer
from playground.cluster.access.identity import ANONYMOUS, AUTHENTICATED, SERVICE_ACCOUNT, Identity, service_account
from playground.cluster.status import bad_request

_AUTHENTICATION = "authentication.k8s.io"
_EXTRA = "impersonate-extra-"
Headers = Mapping[str, Sequence[str]]
"""By lower-case name, all values."""


class Impersonation:
    """Remembers who has impersonated by the plain verb ``impersonate``: that is tried first from then on.

    Whoever has not is told that the newer, constrained permission is missing (``impersonate-on:…``), as 1.37 does.
    """

    def __init__(self, authorizer: Authorizer) -> None:
        self._authorizer = authorizer
        self._plainly: set[str] = set()

    def identity(self, who: Identity, headers: Headers, asked: Attributes) -> Identity:
        """Whom the request acts for: the user itself without such headers. Raises StatusError 400, 403."""
        wanted = requested(headers)
        if wanted is None:
            return who
        for permission in _permissions(wanted):
            decision = self._authorizer.decide(who, permission)
            if decision.allowed:
                continue
            if who.name in self._plainly:
                raise permission.refusal(who.name, decision.reason)
            mode = _mode(wanted)
            raise Attributes(
                f"impersonate-on:{mode}:{asked.verb}", asked.group, asked.version, asked.resource, asked.subresource,
                asked.namespace, asked.name, asked.path,
            ).refusal(who.name)  # fmt: skip
        self._plainly.add(who.name)
        return _completed(wanted)


def requested(headers: Headers) -> Identity | None:
    """Raises StatusError 400 for groups and the like without a user."""
    name = "".join(headers.get("impersonate-user", [""])[:1])
    groups = tuple(headers.get("impersonate-group", ()))
    uid = "".join(headers.get("impersonate-uid", [""])[:1])
    extra = {unquote(key.removeprefix(_EXTRA)): tuple(headers[key]) for key in headers if key.startswith(_EXTRA)}
    if name:
        return Identity(name, groups, uid, extra)
    if groups or uid or extra:
        listed = ", ".join(f'"{group}"' for group in groups)
        go = f"[]string{{{listed}}}" if groups else "[]string(nil)"
        said = f'&user.DefaultInfo{{Name:"", UID:"{uid}", Groups:{go}, Extra:map[string][]string(nil)}}'
        raise bad_request(f"requested {said} without impersonating a user name")
    return None


def _permissions(wanted: Identity) -> Iterator[Attributes]:
    if wanted.name.startswith(SERVICE_ACCOUNT) and wanted.name.count(":") == 3:
        _, _, namespace, name = wanted.name.split(":")
        yield Attributes("impersonate", resource="serviceaccounts", namespace=namespace, name=name)
    else:
        yield Attributes("impersonate", resource="users", name=wanted.name)
    for group in wanted.groups:
        yield Attributes("impersonate", resource="groups", name=group)
    if wanted.uid:
        yield Attributes("impersonate", _AUTHENTICATION, "v1", "uids", name=wanted.uid)
    for key, values in wanted.extra.items():
        for value in values:
            yield Attributes("impersonate", _AUTHENTICATION, "v1", "userextras", key, name=value)


def _mode(wanted: Identity) -> str:
    if wanted.name.startswith(SERVICE_ACCOUNT):
        return "serviceaccount"
    return "arbitrary-node" if wanted.name.startswith("system:node:") else "user-info"


def _completed(wanted: Identity) -> Identity:
    """With the groups that everybody has who is somebody."""
    if wanted.name.startswith(SERVICE_ACCOUNT) and not wanted.groups:
        _, _, namespace, name = wanted.name.split(":", 3)
        return service_account(namespace, name, wanted.uid)
    if wanted.name == ANONYMOUS.name:
        return Identity(wanted.name, (*wanted.groups, *ANONYMOUS.groups), wanted.uid, wanted.extra)
    groups = tuple(dict.fromkeys((*wanted.groups, AUTHENTICATED)))
    return Identity(wanted.name, groups, wanted.uid, wanted.extra)

"""``environments.<name>.impersonate``: as whom the worker writes, so that the cluster's own RBAC and audit log see the person."""

from __future__ import annotations

from typing import Annotated

from commands.config.fields import Allowed, Section, matching

_PLAIN = r"[A-Za-z0-9._:@/-]*"
_OURS = r"(?!system:)"
"""No name of Kubernetes' own, ``system:masters`` least of all."""

UserTemplate = Annotated[
    str,
    matching(_OURS + _PLAIN + r"\{user_id\}" + _PLAIN, "does not name a person"),
    Allowed('a name with {user_id} in it, such as "slack:{user_id}", that does not begin with "system:"'),
]
GroupTemplate = Annotated[
    str,
    matching(_OURS + _PLAIN + r"(\{role\}" + _PLAIN + ")?", "is not a group"),
    Allowed('a group, or one for each role with {role} in it, that does not begin with "system:"'),
]


class Impersonate(Section):
    """Writes and dry runs are made as this user, with these groups; reading stays the worker's own.

    ``{user_id}`` is the requester's Slack ID. A group with ``{role}`` in it stands for one group for each role that the
    requester holds at that moment. The worker's account needs the right to ``impersonate`` exactly these names.
    """

    user: UserTemplate
    groups: tuple[GroupTemplate, ...] = ()

"""Who may do what, who must say yes, and the one token without which nothing is written. No I/O happens here.

Everything is a pure function of the configuration, of what Slack said about people (``Membership``) and of the time.
Where no rule allows, or a fact is missing or older than ``max_age`` seconds, the answer is never yes: ``NotAllowed``
tells which rule would allow it, ``MembershipUnknown`` which facts have to be read from Slack first. A fact that the
answer does not depend on is never asked for.

Sentences are plain text, except that people appear as ``<@U…>``: a view escapes all of it but exactly
``<@[UW][A-Z0-9]+>``, and only ids from the configuration, the membership and the record are written so.
"""

from commands.policy.acting import Permit, check_plan, check_request, permit, permit_freeing, permit_way_back
from commands.policy.approvals import asked_roles, demand, may_approve, may_count, may_deny, may_withdraw
from commands.policy.audience import check_audience
from commands.policy.break_glass import check_acknowledges, check_break_glass
from commands.policy.circumstances import Circumstances, Objection
from commands.policy.impersonation import identity
from commands.policy.objections import check_objections, objections
from commands.policy.offering import offered
from commands.policy.rights import authorise, environments_visible, is_shown, may_cancel, may_see, verbs_allowed
from commands.policy.scope import Scope, asks_for_labels, scope_of, scope_of_operation
from commands.policy.standing import roles_of
from commands.policy.stricter import stricter

__all__ = [
    "Circumstances",
    "Objection",
    "Permit",
    "Scope",
    "asked_roles",
    "asks_for_labels",
    "authorise",
    "check_acknowledges",
    "check_audience",
    "check_break_glass",
    "check_objections",
    "check_plan",
    "check_request",
    "demand",
    "environments_visible",
    "identity",
    "is_shown",
    "may_approve",
    "may_cancel",
    "may_count",
    "may_deny",
    "may_see",
    "may_withdraw",
    "objections",
    "offered",
    "permit",
    "permit_freeing",
    "permit_way_back",
    "roles_of",
    "scope_of",
    "scope_of_operation",
    "stricter",
    "verbs_allowed",
]

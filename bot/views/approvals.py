"""How many yes there are, whose, who else may give one, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from slack_sdk.models.blocks import SectionBlock

from bot.views import limits, times
from bot.views.text import escape, mention, one_line
from bot.views.view import section
from commands.demand import Demand, Need, Vote
from commands.operation import (
    Operation,
    State,
)
from commands.wording import counted

MENTIONS = 30
"""So many people and groups are mentioned at most; the others are counted."""


def approvals(op: Operation) -> SectionBlock | None:
    """While it waits: the count, what is being checked and the expiry. Afterwards: who approved."""
    if op.demand is None or op.state is State.PLANNING:
        return None
    if op.state is not State.AWAITING:
        return section("approvals", f"Approved by {people(op.approvals)}" if op.approvals else "")
    return section("approvals", "\n".join(filter(None, (_count(op, op.demand), _pending(op)))))


def _count(op: Operation, demand: Demand) -> str:
    given = f", by {people(op.approvals)}" if op.approvals else ""
    until = times.until(demand.expires)
    if not demand.also:
        asks = _reasons(demand.because)
        return f"*{tally(op)}*{given} · {_roles(demand.roles)} may approve {until}{asks}"
    lines = (_need(need, who) for need, who in zip(demand.needs, op.given, strict=True))
    return "\n".join([f"*{tally(op)}*{given}, each group's from somebody else, {until}", *lines])


def _need(need: Need, who: tuple[str, ...]) -> str:
    given = f", by {listed([mention(person) for person in who])}" if who else ""
    return f"• {_roles(need.roles)}: {len(who)} of {need.required}{given}{_reasons(need.because)}"


def _reasons(because: tuple[str, ...]) -> str:
    return f" · asked for by {one_line('; '.join(because), limits.LINE)}" if because else ""


def tally(op: Operation) -> str:
    """``1 of 2 approvals``."""
    total = op.demand.total if op.demand else 0
    return f"{sum(map(len, op.given))} of {counted(total, 'approval')}"


def _roles(roles: tuple[str, ...]) -> str:
    return ", ".join(one_line(role, 60) for role in roles[:10]) or "nobody"


def _pending(op: Operation) -> str:
    pending = [vote for vote in op.votes if not vote.counted]
    asked = {"approve": [v for v in pending if v.no is None], "deny": [v for v in pending if v.no is not None]}
    return "\n".join(f"Checking whether {people(votes)} may {verb} …" for verb, votes in asked.items() if votes)


def people(votes: Iterable[Vote]) -> str:
    """Each person once, as mentions."""
    return listed([mention(person) for person in dict.fromkeys(vote.person for vote in votes)])


def approvers(op: Operation, mentions: Mapping[str, tuple[str, ...]]) -> str:
    """The people and groups of the roles asked for, as mentions; a role by its name where nobody can be named.

    Left out are who has approved already, and the requester unless the environment lets people approve their own.
    """
    if op.demand is None:
        return ""
    done = {vote.person for vote in op.approvals} | (set() if op.demand.self_approval else {op.invocation.person.id})
    named: dict[str, None] = {}
    for role in op.demand.all_roles:
        tokens = [token(id_) for id_ in mentions.get(role, ()) if id_ not in done]
        named |= dict.fromkeys([token for token in tokens if token] or [f"anyone with the role {one_line(role, 60)}"])
    return listed(list(named))


def token(id_: str) -> str | None:
    """A person's or a user group's mention; None for what is neither, such as ``*``."""
    if id_.isascii() and id_.isalnum() and id_.isupper():
        return {"U": f"<@{id_}>", "W": f"<@{id_}>", "S": f"<!subteam^{id_}>"}.get(escape(id_)[0])
    return None


def listed(names: list[str]) -> str:
    more = [f"{len(names) - MENTIONS} more"] if len(names) > MENTIONS else []
    return ", ".join([*names[:MENTIONS], *more])

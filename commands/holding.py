"""What who finds a target taken is told of the operation that holds it. Pure; said by planning and by counting votes."""

from __future__ import annotations

from commands.operation import Operation
from commands.times import clock


def at_work(holder: Operation) -> str:
    """Who is at work on it, with what, and since when: one sentence."""
    asker, since = holder.invocation.person.id, clock(holder.moments[-1].at)
    return f"{holder.id} is at work on it: {holder.headline}, asked for by <@{asker}>, since {since}."

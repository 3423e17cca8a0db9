"""``lock``: ask everyone to leave a workload, or a whole environment, alone for a while. Nobody's change passes it."""

from __future__ import annotations

from commands.declaration import Argument, Asks, Command, Locks, Type
from commands.errors import Unsuitable
from commands.invocation import Invocation
from commands.live import Live
from commands.locks.lock import Lock
from commands.locks.locking import Locking, set_lock
from commands.objects import name_of

USUAL = 2 * 3600
"""Seconds, where nobody says for how long."""
LONGEST = 7 * 86_400


def decide(invocation: Invocation, live: Live) -> Locking:
    """A workload has to exist: a lock on a name that is mistyped would keep nobody from anything."""
    seconds = invocation.argument("for") or USUAL
    if seconds > LONGEST:
        raise Unsuitable("A lock lasts a week at most, or it is forgotten; lock it again if that is too short.")
    said = invocation.argument("workload")
    workload = live.workload(said) if said else None
    wanted = Lock(
        live.environment,
        workload["kind"] if workload else None,
        name_of(workload) if workload else None,
        owner=invocation.person.id,
        reason=invocation.arguments["reason"],
        since=invocation.at,
        until=invocation.at + seconds,
    )
    present = next((lock for lock in live.locks(live.environment) if lock.key == wanted.key), None)
    return set_lock(present, wanted, invocation.text)


COMMAND = Command(
    name="lock",
    summary="Ask everyone to leave a workload or an environment alone",
    effect=Locks(decide),
    asks=frozenset({Asks.WORKLOAD}),
    arguments=(
        Argument("workload", Type.WORKLOAD, "which one; all of the environment, if left out", required=False),
        Argument("reason", Type.TEXT, "what for; everyone who is refused reads it", keyword=True),
        Argument("for", Type.DURATION, "for how long: 30m, 2h; two hours, if left out", required=False, keyword=True),
    ),
    examples=('lock web in prod reason="moving its database" for=2h', 'lock in prod reason="incident"'),
)

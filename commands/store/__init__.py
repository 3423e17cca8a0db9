"""Records in Redis: everything under one prefix, JSON only, each key with a stated lifetime (beside its writer).

=====================  =======  ============================================================  ==================
key (after the prefix)  type     what it holds                                                 how long
=====================  =======  ============================================================  ==================
operation:<id>          hash     version and record of an operation                            90 days after its end
flight, ended           zset     ids in flight by creation; ids ended by time                  as their records
due                     zset     ids by the time at which the sweep looks at them              until the end
claim:<target>          string   the operation that holds a target                             until its end
votes                   set      operations with a vote still to be checked                    until checked
running:<environment>   zset     what holds a target there, in the order in which it came       until its end
asked:<env>:<person>    zset     what somebody asked for there and was not rejected             1 hour
seen:<delivery>         string   what a delivery from Slack became                             1 hour; a press 90 days
progress:<id>           string   where a rollout is                                            1 day
report:<id>             string   a question and its answer                                     minutes to 1 hour
locks                   hash     who has locked what, by target                                until they end
notice:<id>             string   one message of ours to a person or a channel                  90 days
unattended:<id>         string   the version of a record that no worker has come for            1 day
outbox:*                zset     what must still reach Slack, by urgency; who holds it         until delivered
delivery:<id>           hash     where a record stands in Slack                                90 days
audit                   stream   one entry per transition and per refused attempt              for ever
audit-head              hash     the number and the hash of the audit's last entry              for ever
lease:<name>            string   a process's hold                                              seconds
epoch:<name>            string   the lease's last epoch                                        7 days
people, groups, team    hash     who is who, as last read from Slack                           until read anew
address                 string   the workspace's, as last read from Slack                       until read anew
channels                hash     where the bot can post, as last read from Slack                until read anew
silent                  hash     clusters that do not answer, and when they are asked again     1 day
wanted                  set      ids that somebody needs read from Slack                       until read
budget:<method>         hash     Slack's rate limits                                           1 hour
budget:<method>:past    zset     calls of the latest minute                                    1 minute
counters                hash     what /metrics counts                                          for ever (bounded)
keys                    hash     which signing key each process has, by its id                  5 minutes
=====================  =======  ============================================================  ==================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commands.errors import StoreUnavailable
from commands.membership import Membership
from commands.operation import Operation
from commands.proof.signing import Key
from commands.store.address import Address
from commands.store.announcements import Announcements
from commands.store.audit import Audit
from commands.store.bell import Bell
from commands.store.budgets import Budgets
from commands.store.clock import Clock
from commands.store.connection import OLDEST, Client, Wire, hurried, patient, replicas
from commands.store.leases import Lease, Leases
from commands.store.locks import Locks
from commands.store.notices import Notices
from commands.store.operations import IdTaken, Operations, Seen, pressed
from commands.store.outbox import Deliveries, Outbox, Taken
from commands.store.people import People
from commands.store.permissions import lacking
from commands.store.reports import Question, Reports
from commands.store.silences import Silences
from commands.store.turns import Turns
from commands.store.unattended import Unattended

__all__ = [
    "OLDEST", "Address", "Bell", "Client", "Clock", "IdTaken", "Lease", "Question", "Seen", "Store", "Taken", "hurried", "patient", "pressed", "replicas",
]  # fmt: skip


class Store:
    """All of it over one client."""

    def __init__(self, client: Client, prefix: str = "quarterdeck:", key: Key | None = None) -> None:
        """``key`` signs what this process writes into the audit, and its votes."""
        self.key = key
        self._wire = wire = Wire(client, prefix)
        self.operations = Operations(wire, key)
        self.leases = Leases(wire)
        self.outbox = Outbox(wire)
        self.deliveries = Deliveries(wire)
        self.reports = Reports(wire, key)
        self.locks = Locks(wire, key)
        self.notices = Notices(wire, key)
        self.unattended = Unattended(wire)
        self.silences = Silences(wire)
        self.turns = Turns(wire)
        self.audit = Audit(wire, key)
        self.budgets = Budgets(wire)
        self.people = People(wire, key)
        self.announcements = Announcements(wire)

    def operation_and_people(self, id: str, people: Iterable[str]) -> tuple[Operation, Membership]:
        """Both in one round trip, for who has to answer at once. Raises as ``operations.load`` does."""
        with self._wire.client.pipeline(transaction=False) as pipe:
            self.operations.ask(pipe, id)
            self.people.ask(pipe, people)
            record, *facts = pipe.execute()
        return self.operations.answered(id, record), self.people.answered(*facts)

    def bell(self, *names: str) -> Bell:
        return Bell(self._wire, names)

    def clock(self, machine: Callable[[], float]) -> Clock:
        """Everyone's now, told by Redis. ``machine`` is this machine's own clock (Unix seconds)."""
        return Clock(self._wire, machine)

    def ping(self) -> None:
        """Raises ``StoreUnavailable``."""
        self._wire.client.ping()

    def info(self) -> dict[str, object]:
        """Redis's own INFO. Raises ``StoreUnavailable``.

        A Redis before 6 does not know HELLO, with which the client begins: of that one nothing else can be told.
        """
        try:
            return dict(self._wire.client.info())
        except StoreUnavailable as error:
            if "HELLO" in str(error.__cause__):
                return {"redis_version": "before 6.0"}
            raise

    @property
    def prefix(self) -> str:
        """With which all keys begin that are Quarterdeck's own."""
        return self._wire.prefix

    @property
    def user(self) -> str:
        """Who this process is to Redis."""
        return str(self._wire.client.connection_pool.connection_kwargs.get("username") or "default")

    def lacking(self) -> tuple[str, ...]:
        """Rules for ``ACL SETUSER`` without which not everything works. Raises ``StoreUnavailable``."""
        return lacking(self._wire)

    def counters(self) -> dict[str, float]:
        return {name: float(value) for name, value in self._wire.client.hgetall(self._wire.key("counters")).items()}

"""An operation: one invocation on its way from the channel to its end. Only values; ``transitions`` moves them.

The record is JSON in Redis with a schema version; ``version`` counts its writes and is what compare-and-set compares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from commands.bounds import Bounds
from commands.demand import Demand, Vote
from commands.draft import Beside, FieldChange, Plan, Ref
from commands.invocation import NEWEST_SAID, Invocation
from commands.running import Running

SCHEMA = 1
NEWEST = NEWEST_SAID
"""What can be read. An operation is written as of the schema that it needs, so that earlier versions go on reading the rest."""


_KEYWORD = re.compile(r"""\S+=(?:["“'][^"”']*["”']?|\S+)""")


class State(Enum):
    """The states of the life of an operation, spelled as people read them."""

    PLANNING = "planning"
    AWAITING = "awaiting approval"
    QUEUED = "queued"
    ACTING = "acting"
    OBSERVING = "observing"
    ROLLING_BACK = "rolling back"
    REJECTED = "rejected"
    DENIED = "denied"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    ROLLED_BACK = "rolled back"
    ROLLBACK_FAILED = "rollback failed"

    @property
    def final(self) -> bool:
        return self in FINAL


FINAL = frozenset({
    State.REJECTED, State.DENIED, State.EXPIRED, State.CANCELLED, State.SUCCEEDED, State.FAILED, State.SUPERSEDED,
    State.ROLLED_BACK, State.ROLLBACK_FAILED,
})  # fmt: skip

HOLDING_ENDS = frozenset({State.FAILED, State.ROLLED_BACK, State.ROLLBACK_FAILED})
"""Ends that leave the target held, where the plan said so and the change was written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What our write returned: "ours" means observedGeneration ≥ ``generation`` and the live template's digest = ``template``.

    ``replicas``: where the write set them, else None (they may move by themselves). ``at``: by the API server's
    clock, and to be compared with nothing but times that are told by it.
    """

    generation: int
    template: str
    replicas: int | None
    at: float
    bounds: Bounds | None = None
    """Where the write was to the autoscaler: what it set there. ``generation`` and ``template`` are the target's all the same."""

    @property
    def scales(self) -> bool:
        """Whether the number of pods was to change, and not what they run."""
        return self.replicas is not None or self.bounds is not None


@dataclass(frozen=True, slots=True)
class Settled:
    """All pods were ready ``at`` (Unix seconds), and are watched on, where the environment has a ``bake``.

    ``newest``: when the newest of them was made, by the API server's clock; ``restarts``: of those that had any, by uid.
    """

    at: float
    newest: float
    restarts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Freed:
    """A broken pod that was in the way of going back, and was deleted; or was not, for ``kept``, a sentence."""

    name: str
    uid: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why it broke: ``cause`` is one sentence; the rest is evidence for the thread. Redacted before it is stored."""

    cause: str
    container: str | None = None
    image: str | None = None
    reason: str | None = None
    exit_code: int | None = None
    pods: tuple[str, ...] = ()
    """Those that broke in this way, out of ``of``."""
    of: int = 0
    logs: str = ""
    events: tuple[str, ...] = ()
    since: str | None = None
    """The first revision that is broken so: ``revision 7 (registry/web:1.4.2)``."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended: one sentence, who ended it (a user id, or None for Quarterdeck itself), and the diagnosis if it broke.

    ``people``: whom the sentence names who have no part in the operation, such as the owner of a lock.
    """

    sentence: str
    by: str | None = None
    diagnosis: Diagnosis | None = None
    people: tuple[str, ...] = ()
    running: tuple[Running, ...] = ()
    """What the pods were found to run, where it ended well."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The operation this one was asked for from: a button on its message."""

    id: str
    relation: str
    """"retry" or "rollback"."""
    undoes: str | None = None
    """For a Retry of a Roll back: the operation that the Roll back was to undo."""

    @property
    def undone(self) -> str | None:
        """The operation whose write is to be taken back, if that is what was asked for."""
        return self.id if self.relation == "rollback" else self.undoes


@dataclass(frozen=True, slots=True)
class Moment:
    """When a state was entered."""

    state: State
    at: float


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Somebody took their yes back. ``round``: of the plan that it was for."""

    person: str
    at: float
    round: int


@dataclass(frozen=True, slots=True)
class Rival:
    """Another operation that waited for approval on the same target when this one was planned."""

    id: str
    what: str
    """``deploy web 1.4.1 → 1.4.2``."""
    person: str
    """Who asked for it."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What moved while a plan waited: the lines that differ, and when it was seen. ``round``: of the plan that it ended."""

    changes: tuple[FieldChange, ...]
    at: float
    round: int


@dataclass(frozen=True, slots=True)
class Operation:
    """See the module. ``round`` counts plannings: drift starts a new one, with approvals void.

    Of ``drifts`` and ``moments`` the first and the latest are kept: a target may drift as long as its plan waits.
    """

    id: str
    state: State
    invocation: Invocation
    environment: str
    created: float
    moments: tuple[Moment, ...]
    version: int = 0
    round: int = 1
    target: Ref | None = None
    plan: Plan | None = None
    demand: Demand | None = None
    votes: tuple[Vote, ...] = ()
    drifts: tuple[Drift, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    """The latest."""
    rivals: tuple[Rival, ...] = ()
    reminded: int = 0
    """The round whose approvers have been reminded."""
    written: Written | None = None
    settled: Settled | None = None
    """While it is observed on, after all was ready."""
    broken: Ending | None = None
    """Why it is being taken back, or was: kept before anything was undone."""
    undone: Written | None = None
    """What the write returned that took it back; ``written`` is what that took back."""
    freed: tuple[Freed, ...] = ()
    """The latest."""
    ending: Ending | None = None
    origin: Origin | None = None
    signature: str | None = None
    """The bot's, of its beginning (``commands.proof.signatures``)."""
    plan_signature: str | None = None
    """A worker's, of the plan and of whose yes it waits for."""
    course_signature: str | None = None
    """Of the process that moved it last, of what was written and what became of it."""
    schema: int = field(default=SCHEMA)

    @property
    def beside(self) -> Beside | None:
        """What is written in the target's stead, if anything is."""
        return self.plan.promise.beside if self.plan else None

    @property
    def followed(self) -> Written | None:
        """The write whose rollout it is about; None while there is none."""
        return self.undone if self.state is State.ROLLING_BACK else self.written

    @property
    def is_held(self) -> bool:
        """Whether its end has left the target held, as its plan said. Somebody may have lifted that since."""
        promised = self.plan is not None and self.plan.promise.failing is not None
        return promised and self.written is not None and self.state in HOLDING_ENDS

    @property
    def since(self) -> float:
        """When its state was entered, by Redis's clock (Unix seconds): what seconds since are counted from."""
        return self.moments[-1].at

    @property
    def approvals(self) -> tuple[Vote, ...]:
        """Counted votes for the plan as it stands, one a person."""
        if self.plan is None:
            return ()
        by_person = {v.person: v for v in self.votes if v.counted and v.no is None and v.digest == self.plan.digest}
        return tuple(by_person.values())

    @property
    def approved(self) -> bool:
        """Whether the plan as it stands has all the approvals it asks for."""
        return self.plan is not None and (self.demand is None or self.demand.is_met(self._fits(self.demand)))

    @property
    def given(self) -> tuple[tuple[str, ...], ...]:
        """Per need of its demand, whose yes counts for it."""
        return self.demand.seated(self._fits(self.demand)) if self.demand else ()

    def _fits(self, demand: Demand) -> dict[str, list[int]]:
        return {
            vote.person: [
                place
                for place, need in enumerate(demand.needs)
                if vote.roles is None or not set(need.roles).isdisjoint(vote.roles)
            ]
            for vote in self.approvals
        }

    @property
    def is_reminded(self) -> bool:
        """Whether its approvers are to have heard once more that it waits."""
        return self.state is State.AWAITING and self.reminded == self.round

    @property
    def remind_at(self) -> float | None:
        """While it waits and they have not: half-way to the end of its time (Unix seconds)."""
        if self.state is not State.AWAITING or self.demand is None or self.is_reminded:
            return None
        return (self.since + self.demand.expires) / 2

    @property
    def times_drifted(self) -> int:
        """Those included that are no longer kept."""
        return self.round - 1

    @property
    def what(self) -> str:
        """What is done to what. While there is no plan, the person's words without the verb, the place and the reason."""
        if self.plan:
            return self.plan.summary
        words = " ".join(_KEYWORD.sub("", self.invocation.text).split()[1:])
        place = re.compile(rf"(?:\b(?:to|in|on)\s+)?(?<!\S){re.escape(self.environment)}(?!\S)")
        return " ".join(place.sub("", words).split())

    @property
    def headline(self) -> str:
        """``<verb> <what> in <env>: <state>``. Plain text: a view cuts and escapes it."""
        return f"{self.invocation.verb} {self.what} in {self.environment}: {self.state.value}"

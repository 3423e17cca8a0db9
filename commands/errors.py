"""What can go wrong, as one tree. Every message is a sentence for the person it concerns.

QuarterdeckError
├── Refusal                 the answer is no, and nothing was changed; shown privately to who asked
│   ├── UsageError          the words were not understood (points at the word)
│   ├── NotAllowed          no rule allows it (names the rule that would)
│   ├── NotFound            no such workload, operation, revision … (lists the nearest names)
│   ├── Ambiguous           several things bear that name (lists them)
│   ├── NothingToChange     it is already so
│   ├── Unsuitable          the thing exists, but this cannot be done to it (a paused Deployment, a DaemonSet's replicas)
│   └── Busy                another operation holds the target
├── StoreError              Redis
│   ├── StoreUnavailable    cannot be reached: nothing was changed
│   │   └── StoreRefused    it answers, and takes neither this user nor its password, or not this command of its
│   ├── Stale               the record moved since it was read (compare-and-set lost)
│   ├── LeaseLost           another process holds the operation now
│   └── NewerRecord         written by a newer version of Quarterdeck
├── ClusterError            the Kubernetes API (workers.cluster raises these)
│   ├── Missing             404
│   ├── Forbidden           403, with verb, resource and namespace
│   ├── Conflict            409
│   ├── PreconditionFailed  a JSON patch's ``test`` did not hold (422 with empty details)
│   ├── Invalid             422 and 400, with the API server's own text
│   ├── Gone                410: a watch or a list has to start over
│   └── Unreachable         no answer, 429 or 5xx
│       ├── Unanswered      no answer at all, or half of one
│       ├── Silent          it has not answered for some time, so it was not asked
│       └── OutcomeUnknown  a write went out and its answer was lost: read again to know
├── MembershipUnknown       who is in a group, or who a person is, is not known freshly enough
├── ImpossibleTransition    a programming error: the transition table has no such edge
└── ConfigError             every problem of a configuration file, with path and line
"""

from __future__ import annotations

from collections.abc import Iterable


class QuarterdeckError(Exception):
    """The root. ``str(error)`` is a whole sentence."""


class Refusal(QuarterdeckError):
    """The answer is no. Nothing was changed."""


class UsageError(Refusal):
    """The words were not understood. The text holds the reason, the pointer and the usage line."""


class NotAllowed(Refusal):
    """No rule allows it; the text names the rule that would. ``people``: whom it names who have no part in the operation."""

    def __init__(self, message: str, people: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.people = tuple(people)


class NotFound(Refusal):
    """No such thing; the text lists the nearest names."""


class Ambiguous(Refusal):
    """Several things bear that name; the text lists how to say each."""


class NothingToChange(Refusal):
    """It is already so."""


class Unsuitable(Refusal):
    """The thing exists, but this cannot be done to it."""


class Busy(Refusal):
    """Another operation holds the target. ``holder`` is its id."""

    def __init__(self, message: str, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


class StoreError(QuarterdeckError):
    """Redis."""


class StoreUnavailable(StoreError):
    """Redis cannot be reached, or refuses. Nothing was changed."""

    def __init__(
        self, message: str = "I can't reach my own records, nothing was changed. Please try again in a moment."
    ) -> None:
        super().__init__(message)


class StoreRefused(StoreUnavailable):
    """Redis answers, and refuses: who this process is there, or what that user asked for. Waiting does not mend it."""


class Stale(StoreError):
    """The record moved since it was read: read it again and decide anew."""


class LeaseLost(StoreError):
    """Another process holds the lease now; this one must write nothing more."""


class NewerRecord(StoreError):
    """The record's schema is newer than this version of Quarterdeck understands."""


class ClusterError(QuarterdeckError):
    """The Kubernetes API answered with an error, or not at all."""


class Missing(ClusterError):
    """404."""


class Forbidden(ClusterError):
    """403: the kubeconfig's user lacks ``verb`` on ``resource`` in ``namespace``."""

    def __init__(self, message: str, *, verb: str, resource: str, namespace: str) -> None:
        super().__init__(message)
        self.verb, self.resource, self.namespace = verb, resource, namespace


class Conflict(ClusterError):
    """409."""


class PreconditionFailed(ClusterError):
    """A ``test`` in a JSON patch did not hold: 422 with empty details (measured on 1.37)."""


class Invalid(ClusterError):
    """422 or 400 with the API server's own text; admission refusals too."""


class Gone(ClusterError):
    """410: the resource version is too old."""


class Unreachable(ClusterError):
    """No answer, or 429 or 5xx: it may be tried again, not before ``again`` (Unix seconds)."""

    again = 0.0


class Unanswered(Unreachable):
    """No answer at all, or half of one; ``why``, as the end of a sentence. ``waited``: for as long as a call may."""

    def __init__(self, message: str, why: str, *, waited: bool) -> None:
        super().__init__(message)
        self.why, self.waited = why, waited


class Silent(Unreachable):
    """It has not answered for some time, so it was not asked."""

    def __init__(self, message: str, again: float) -> None:
        super().__init__(message)
        self.again = again


class OutcomeUnknown(Unreachable):
    """A write went out and its answer was lost: it may have been carried out. Read again before anything else."""


class MembershipUnknown(QuarterdeckError):
    """``wanted`` are the user and group ids that must be read from Slack before the question can be answered."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self.wanted = frozenset(wanted)
        super().__init__(f"Slack has not yet told who {', '.join(sorted(self.wanted))} is.")


class ImpossibleTransition(QuarterdeckError):
    """The transition table has no such edge, or what the edge demands is missing."""


class ConfigError(QuarterdeckError):
    """``problems`` has one line each: ``file:line: path: what is wrong, and what is allowed there``."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))

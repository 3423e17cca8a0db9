"""How a command declares itself. Usage, help, errors, the manifest, the README's table and the lock key derive from it.

A file in ``commands/catalog/`` assigns one ``Command`` to ``COMMAND``; that is all it takes to add one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands.draft import Draft
    from commands.invocation import Invocation
    from commands.live import Live
    from commands.locks.locking import Locking
    from commands.report import Report


class Type(Enum):
    """What a word may be. The JSON value it becomes stands behind it."""

    WORKLOAD = "workload"  # "web" or "Deployment/web" (said as kubectl does: deploy/web, sts/db, ds/agent, cj/backup)
    POD_OR_WORKLOAD = "workload or pod"  # the same, or "pod/web-5c9-x2x"
    IMAGE = "version"  # "1.4.2", "web:1.4.2", "registry/web:1.4.2", "sha256:…", "web@sha256:…", as said; several with commas
    REPLICAS = "replicas"  # 6, or "+2" and "-1" as said
    REVISION = "revision"  # 12
    OPERATION = "operation"  # "op-7k3f"
    DURATION = "duration"  # seconds: "10m" is 600
    COUNT = "count"  # a positive integer
    NAME = "name"  # one word, as said (a container's)
    NAMES = "names"  # the same, or several with commas between them
    TEXT = "text"  # free text, quoted if it has spaces
    URL = "url"  # "https://tickets.example/7"; http too
    FLAG = "flag"  # True where it stands
    VERB = "command"  # the name of a command
    REST = "command line"  # another command, parsed: see ``commands.grammar.Parsed``


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument. Positional ones are filled in order; ``keyword`` ones are said ``name=value`` (or ``--name value``).

    ``preposition`` introduces a positional one (``to 12``). ``instead``: the keywords of which some may be said in place of
    a required one, never beside it.
    """

    name: str
    type: Type
    help: str
    required: bool = True
    keyword: bool = False
    preposition: str | None = None
    instead: tuple[str, ...] = ()

    @property
    def optional(self) -> bool:
        """It may be left out: itself, or for what is said instead."""
        return not self.required or bool(self.instead)


class Takes(Enum):
    """Whether an environment belongs to the command."""

    ENVIRONMENT = "required"  # may be left out only where there is one
    MAYBE = "optional"
    NOTHING = "none"


class Offered(Enum):
    """To whom help names a command. Whoever else says it is judged all the same."""

    PERMITTED = "who may run it"
    CHANGING = "who may change something somewhere"
    APPROVING = "whose yes is asked for somewhere"
    LOCKING = "who may move a lock somewhere"


class Asks(Enum):
    """What a command asks of ``Live``, by its methods' names. Its rights in a cluster follow: see ``workers.rights``."""

    WORKLOAD = "workload"
    WORKLOADS = "workloads"
    SUBJECT = "subject"
    RUNS = "runs"
    PODS = "pods"
    POD = "pod"
    REVISIONS = "revisions"
    REVISION = "revision_of"  # which one is current; the function beside ``Live``
    AUTOSCALERS = "autoscalers"
    BUDGETS = "budgets"
    SERVICES = "services"
    EVENTS = "events"
    LOGS = "logs"


@dataclass(frozen=True, slots=True)
class Changes:
    """The command changes the cluster: ``plan`` is pure, and its Draft becomes an operation. ``target`` names the locked argument.

    ``frees``: its plans may promise that broken pods in the way are deleted. ``beside``: the kinds of what they may write
    in the target's stead.
    """

    plan: Callable[[Invocation, Live], Draft]
    target: str = "workload"
    frees: bool = False
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reads:
    """The command only answers. ``private``: to the asker alone. ``seconds``: how long the answer is kept in Redis."""

    report: Callable[[Invocation, Live], Report]
    private: bool = False
    seconds: int = 3600


@dataclass(frozen=True, slots=True)
class Locks:
    """The command moves a lock, nothing in the cluster: a worker decides, and writes it together with the answer."""

    decide: Callable[[Invocation, Live], Locking]
    private: bool = False
    seconds: int = 3600


@dataclass(frozen=True, slots=True)
class Answers:
    """The bot answers at once from what it knows itself: no cluster, no record (``help``)."""

    answer: Callable[[Invocation, frozenset[str]], Report]
    """Handed the invocation and the names of the commands that are offered to the person."""


@dataclass(frozen=True, slots=True)
class Controls:
    """The command acts on an operation, not on the cluster (``cancel``). ``action`` is the transition's name."""

    action: str


Effect = Changes | Reads | Locks | Answers | Controls

# Said with any change; they show in the message, the audit and the object's annotation.
REASON = Argument("reason", Type.TEXT, "why, for the record", required=False, keyword=True)
LINK = Argument("link", Type.URL, "a ticket or pull request", required=False, keyword=True)
BREAK_GLASS = Argument(
    "break-glass",
    Type.FLAG,
    "without approvals, whatever is frozen: for who may, with a reason",
    required=False,
    keyword=True,
)
SUPERSEDE = Argument("supersede", Type.FLAG, "in place of what waits for approval on it", required=False, keyword=True)
MEANT_ONCE = frozenset({BREAK_GLASS.name, SUPERSEDE.name})
"""A press of a button does not say these again: whoever means one says it, about what is so by then."""


@dataclass(frozen=True, slots=True)
class Command:
    """One verb. ``slash``: it has a slash command of its own beside ``/ops <verb>``. ``asks``: all that it reads of a cluster.

    ``anyone``: needs no permission (help, operations, an operation's status, cancel checks for itself).
    ``instead``: what to write where somebody permits or denies a command that no permission is about.
    """

    name: str
    summary: str
    effect: Effect
    arguments: tuple[Argument, ...] = ()
    environment: Takes = Takes.ENVIRONMENT
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    slash: bool = False
    anyone: bool = False
    offered: Offered = Offered.PERMITTED
    asks: frozenset[Asks] = frozenset()
    instead: str = ""

    @property
    def judged(self) -> bool:
        """Whether permissions are about it. Whose lock it is takes it off without one; others need one."""
        about_another = any(argument.type is Type.REST for argument in self.arguments)
        return isinstance(self.effect, Locks) or not (self.anyone or about_another)

    @property
    def words(self) -> tuple[Argument, ...]:
        """All arguments that may be said, those that every change takes included."""
        said_with_any = (REASON, LINK, SUPERSEDE, BREAK_GLASS) if isinstance(self.effect, Changes) else ()
        return (*self.arguments, *said_with_any)

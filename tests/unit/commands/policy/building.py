"""A workspace and operations for the policy's tests. Operations move by the real transitions only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from commands import transitions
from commands.config import Config
from commands.demand import Demand, Vote
from commands.draft import Draft, Edit, Failing, Patch, Plan, Ref
from commands.invocation import Invocation, Person, Place
from commands.membership import GroupFacts, Membership, PersonFacts
from commands.operation import (
    Operation,
)

NOW = 1_000_000.0
HOME = "T0HOME"
FRESH = {"now": NOW, "max_age": 60.0}

SECTIONS: dict[str, Any] = {
    "clusters": {"main": {}},
    "environments": {
        "staging": {"cluster": "main", "namespace": "staging"},
        "prod": {
            "cluster": "main", "namespace": "prod", "aliases": ("production",),
            "approvals": {"required": 2, "approvers": ("sre",), "expires": "30m"},
        },
    },
    "roles": {
        "developer": {"members": ("*",)},
        "sre": {"members": ("U0SAM", "U0ROBIN", "U0BOT", "S0ONCALL")},
        "dba": {"members": ("U0DANA",)},
    },
    "permissions": (
        {"roles": ("developer",), "commands": ("status", "logs"), "environments": ("*",)},
        {"roles": ("developer", "sre"), "commands": ("deploy",), "environments": ("staging",)},
        {"roles": ("sre", "dba"), "commands": ("deploy", "scale"), "environments": ("prod",)},
    ),
}  # fmt: skip


def config(**sections: Any) -> Config:
    """The configuration above with whole sections replaced."""
    return Config.model_validate(SECTIONS | sections)


def with_approvals(approvals: dict[str, Any] | None, **sections: Any) -> Config:
    """The configuration above, with prod asking for this."""
    environments = SECTIONS["environments"]
    prod = {key: value for key, value in environments["prod"].items() if key != "approvals"}
    prod |= {"approvals": approvals} if approvals else {}
    return config(environments=environments | {"prod": prod}, **sections)


def facts(user: str, *, at: float = NOW, team: str = HOME, **flags: bool) -> PersonFacts:
    named: dict[str, Any] = dict.fromkeys(("guest", "bot", "deleted", "external"), False) | flags
    return PersonFacts(id=user, team=team, at=at, **named)


PEOPLE = (
    facts("U0ANN"), facts("U0SAM"), facts("U0ROBIN"), facts("U0OLGA"), facts("U0DANA"),
    facts("U0GUEST", guest=True), facts("U0BOT", bot=True), facts("U0GONE", deleted=True),
    facts("U0FAR", external=True, team="T0ELSEWHERE"),
)  # fmt: skip


def membership(
    people: Iterable[PersonFacts] = PEOPLE, oncall: Iterable[str] = ("U0OLGA", "U0SAM"), *, at: float = NOW
) -> Membership:
    """Everyone above, and the group S0ONCALL as read at ``at``."""
    return Membership({p.id: p for p in people}, {"S0ONCALL": GroupFacts("S0ONCALL", tuple(oncall), at)}, HOME)


def aged(known: Membership, seconds: float) -> Membership:
    """The same, read that much earlier."""
    return Membership(
        {key: replace(p, at=p.at - seconds) for key, p in known.people.items()},
        {key: replace(g, at=g.at - seconds) for key, g in known.groups.items()},
        known.team,
    )


def without(known: Membership, *ids: str) -> Membership:
    """The same, of these nothing known."""
    return Membership(
        {key: p for key, p in known.people.items() if key not in ids},
        {key: g for key, g in known.groups.items() if key not in ids},
        known.team,
    )


def who(user: str, team: str = HOME) -> Person:
    return Person(user, team)


def plan(image: str = "web:1.4.2", namespace: str = "prod") -> Plan:
    ref = Ref("main", namespace, "Deployment", "web", "uid-1")
    edits = (Edit("/spec/template/spec/containers/0/image", "web:1.4.1", image),)
    draft = Draft(f"web to {image}", {"workload": "web", "image": image}, Patch(ref, edits), "template-1")
    return Plan.of("deploy", draft, NOW)


def requested(by: str = "U0DANA", environment: str = "prod") -> Operation:
    invocation = Invocation(
        "deploy", {"workload": "web"}, environment, who(by), Place("C0DEPLOYS"), "deploy web 1.4.2", NOW
    )
    return transitions.request("op-7k3f", invocation, environment, NOW).after


ASKED = Demand(2, ("sre",), NOW + 1800)


def awaiting(by: str = "U0DANA", asked: Demand = ASKED) -> Operation:
    """A deploy of web in prod that waits for approvals."""
    return transitions.planned(requested(by), plan(), asked, NOW).after


def voted(operation: Operation, *people: str, at: float = NOW) -> Operation:
    """Each has pressed Approve; nothing is counted yet."""
    assert operation.plan
    for person in people:
        operation = transitions.vote(operation, Vote(person, operation.plan.digest, at)).after
    return operation


def counted(operation: Operation, *people: str) -> Operation:
    """Each has pressed Approve, and it was counted."""
    for person in people:
        operation = voted(operation, person)
        operation = transitions.count(operation, operation.votes[-1], NOW).after
    return operation


def denied(operation: Operation, person: str) -> Operation:
    """This one has pressed Deny, and it was counted."""
    assert operation.plan
    no = Vote(person, operation.plan.digest, NOW, no="not on a Friday")
    return transitions.count(transitions.vote(operation, no).after, no, NOW).after


def acting(*approvers: str, by: str = "U0DANA", asked: Demand = ASKED) -> Operation:
    """The same, approved by these and being carried out."""
    return transitions.act(counted(awaiting(by, asked), *approvers), NOW).after


def promising(operation: Operation, failing: Failing | None = None) -> Operation:
    """Its plan says what follows if it breaks: that it goes back, if nothing else is said."""
    assert operation.plan
    promise = replace(operation.plan.promise, failing=failing or Failing(template="b" * 64))
    return replace(operation, plan=replace(operation.plan, promise=promise))

"""One deployment's life, step by step through the real transitions, for tests that read what each state shows."""

from __future__ import annotations

from dataclasses import replace

from commands import transitions
from commands.demand import Demand, Vote
from commands.draft import Draft, Edit, FieldChange, Patch, Plan, Ref
from commands.invocation import Invocation, Person, Place
from commands.operation import Diagnosis, Ending, Operation, Written
from commands.progress import Progress

NOON = 1_700_049_600.0  # 2023-11-15 12:00:00 UTC
DIGEST = "d" * 64
IMAGE = FieldChange("containers[app].image", "registry/web:1.4.1", "registry/web:1.4.2")
REF = Ref("main", "prod", "Deployment", "web", "uid-1")
INVOCATION = Invocation(
    verb="deploy",
    arguments={"workload": "web", "version": "1.4.2", "reason": "fixes the login", "link": "https://tracker/T-12"},
    environment="prod",
    person=Person("U0ANN", "T1"),
    place=Place("C1"),
    text='deploy web 1.4.2 to prod reason="fixes the login"',
    at=NOON,
)
DRAFT = Draft(
    summary="web 1.4.2",
    arguments={},
    patch=Patch(REF, (Edit("/spec/template/spec/containers/0/image", "registry/web:1.4.1", "registry/web:1.4.2"),)),
    template="t" * 64,
)
PLAN = replace(
    Plan.of("deploy", DRAFT, NOON, diff=(IMAGE,), risks=("replicas are owned by HPA web",)),
    digest=DIGEST,
)
DEMAND = Demand(required=2, roles=("sre",), expires=NOON + 1800)
WRITTEN = Written(generation=7, template="n" * 64, replicas=None, at=NOON + 62)
HALFWAY = Progress(
    sentence="",
    desired=6,
    updated=4,
    ready=3,
    old=2,
    at=NOON + 70,
    warnings=("no node has room for web-5c9",),
)
DIAGNOSIS = Diagnosis(
    cause="container app: image registry/web:1.4.2 not found",
    container="app",
    image="registry/web:1.4.2",
    reason="ImagePullBackOff",
    pods=("web-5c9-a", "web-5c9-b"),
    events=("Failed to pull image: not found",),
)
ROBIN = Vote("U0ROBIN", DIGEST, NOON + 30)


def planning() -> Operation:
    return transitions.request("op-7k3f", INVOCATION, "prod", NOON).after


def awaiting() -> Operation:
    return transitions.planned(planning(), PLAN, DEMAND, NOON + 1).after


def half_approved() -> Operation:
    """One yes counts, a second is being checked."""
    return transitions.vote(approve(awaiting(), Vote("U0SAM", DIGEST, NOON + 20)), ROBIN).after


def approve(op: Operation, cast: Vote) -> Operation:
    """Pressed, and found to be allowed."""
    return transitions.count(transitions.vote(op, cast).after, cast, cast.at + 1).after


def queued() -> Operation:
    return transitions.count(half_approved(), ROBIN, NOON + 60).after


def acting() -> Operation:
    return transitions.act(queued(), NOON + 61).after


def observing() -> Operation:
    return transitions.wrote(acting(), WRITTEN, NOON + 62).after


def succeeded() -> Operation:
    return transitions.succeed(observing(), "All 6 pods run registry/web:1.4.2.", NOON + 125).after


def failed() -> Operation:
    ending = Ending(DIAGNOSIS.cause, diagnosis=DIAGNOSIS)
    return transitions.fail(observing(), ending, NOON + 75).after


def denied() -> Operation:
    return approve(awaiting(), Vote("U0SAM", DIGEST, NOON + 39, no="not during the sale <!channel>"))


def expired() -> Operation:
    return transitions.expire(awaiting(), NOON + 1801).after


def cancelled() -> Operation:
    return transitions.cancel(awaiting(), "U0ANN", "Nothing was changed.", NOON + 40).after


def unfollowed() -> Operation:
    return transitions.cancel(observing(), "U0ANN", "", NOON + 90).after


def superseded() -> Operation:
    return transitions.supersede(
        observing(), "kubectl-edit changed the template meanwhile; nothing more was written.", NOON + 90
    ).after


def rejected() -> Operation:
    return transitions.reject(planning(), "web in prod runs 1.4.2 already: nothing to change.", NOON + 1).after


def drifted() -> Operation:
    """Someone else changed it while it waited; it is planned and asked for again."""
    seen = (FieldChange("replicas", "4", "6"),)
    again = transitions.drifted(half_approved(), seen, NOON + 35).after
    return transitions.planned(again, replace(PLAN, digest="e" * 64), DEMAND, NOON + 36).after

"""Operations as they stand in the records, for the tests of what shows them."""

from __future__ import annotations

from commands.demand import Demand, Vote
from commands.draft import Plan
from commands.operation import (
    Diagnosis,
    Ending,
    Moment,
    Operation,
    State,
)
from tests.unit.commands.cluster_objects import workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import NOW, absolute, invocation, plan

LINE = "deploy web 1.4.2 to prod reason=hotfix"


def sealed() -> Plan:
    live = FakeLive([workload()])
    return live.preview("deploy", plan(invocation(LINE), live))


def waiting_for_approval() -> Operation:
    """op-7k3f: U0DANA asked, U0SAM said yes, one more is needed."""
    made = sealed()
    moments = (Moment(State.PLANNING, NOW), Moment(State.AWAITING, NOW + 5))
    return Operation(
        "op-7k3f", State.AWAITING, absolute(invocation(LINE), made.promise), "prod", NOW, moments,
        target=made.promise.ref, plan=made, demand=Demand(2, ("sre",), NOW + 1800),
        votes=(Vote("U0SAM", made.digest, NOW + 9, counted=True),),
    )  # fmt: skip


def failed() -> Operation:
    """op-9x9x: the same, and its image was not there."""
    made = sealed()
    diagnosis = Diagnosis(
        cause="image registry/web:1.4.2 not found",
        container="app",
        image="registry/web:1.4.2",
        reason="ErrImagePull",
        pods=("web-1",),
        of=3,
        events=("Failed to pull image",),
    )
    ending = Ending("container app: image registry/web:1.4.2 not found", diagnosis=diagnosis)
    moments = (Moment(State.PLANNING, NOW), Moment(State.FAILED, NOW + 5))
    return Operation(
        "op-9x9x", State.FAILED, invocation(LINE), "prod", NOW, moments,
        target=made.promise.ref, plan=made, ending=ending,
    )  # fmt: skip

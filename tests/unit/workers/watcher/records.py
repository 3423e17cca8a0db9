"""Operations on the store in each state, as the bot and the workers would leave them there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commands import transitions
from commands.canonical import digest_of
from commands.demand import Demand
from commands.draft import FieldChange, Plan
from commands.invocation import Invocation, Person, Place
from commands.operation import (
    Operation,
    Written,
)
from commands.store import Store
from tests.unit.workers import drafts
from tests.unit.workers.kinds import rollouts

NOW = rollouts.NOW
"""The watcher's time in these tests, a minute after the write."""


def requested(store: Store, id: str = "op-1", at: float = NOW) -> Operation:
    said = Invocation("deploy", {}, "prod", Person("U0DEV", "T1"), Place("C1"), "deploy web 2 to prod", at)
    return store.operations.apply(transitions.request(id, said, "prod", at))


def planned(live: dict[str, Any], at: float = NOW) -> Plan:
    """To deploy ``rollouts.NEW`` to what is live; its container is called app."""
    live = {**live, "metadata": {"namespace": "prod", **live["metadata"]}}
    draft = drafts.deploy(live, rollouts.NEW)
    return Plan.of(
        "deploy", draft, at, diff=[FieldChange("containers[app].image", draft.patch.edits[0].old, rollouts.NEW)]
    )


def awaiting(store: Store, live: dict[str, Any], id: str = "op-1", expires: float = NOW + 600) -> Operation:
    op = requested(store, id)
    return store.operations.apply(transitions.planned(op, planned(live), Demand(1, ("sre",), expires), NOW))


def queued(store: Store, live: dict[str, Any], id: str = "op-1", at: float = NOW) -> Operation:
    return store.operations.apply(transitions.planned(requested(store, id, at), planned(live, at), None, at))


def acting(store: Store, live: dict[str, Any], id: str = "op-1", at: float = NOW) -> Operation:
    return store.operations.apply(transitions.act(queued(store, live, id, at), at))


def observing(
    store: Store, live: dict[str, Any] | None = None, id: str = "op-1", written: Written | None = None
) -> Operation:
    """``live``: as it was before. What was written is ``rollouts.NEW`` at generation 2, at ``rollouts.WROTE`` by our clock."""
    live = live or rollouts.deployment(rollouts.OLD, generation=1, observed=1)
    wrote = written or rollouts.written()
    wrote = replace(wrote, template=wrote.template or digest_of(live["spec"]["template"]))
    return store.operations.apply(transitions.wrote(acting(store, live, id), wrote, rollouts.WROTE))

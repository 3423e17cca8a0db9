"""Planning again from a draft's own arguments promises the same, for any change and any live state; it only reads."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from commands import canonical
from commands.draft import Promise
from commands.errors import Refusal
from commands.live import Object, Revision
from tests.unit.commands.cluster_objects import template, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import absolute, invocation, plan

IMAGES = st.sampled_from(
    ["web", "web:1.4.1", "registry:5000/team/web:1.4.2", "envoy:v1", "registry/web@sha256:" + "0" * 64]
)
LINES = st.sampled_from([
    "deploy web 1.4.2 to prod", "deploy web:latest prod", "deploy web@sha256:" + "1" * 64 + " prod container=app",
    "deploy web registry:5000/team/web:1.4.3 prod", "deploy web web:2 prod container=proxy", "deploy web envoy:v2 prod",
    "scale web 5 in prod", "scale web +2 in prod", "scale web -1 in prod", "scale web 0 in prod",
    "rollback web in prod", "rollback web in prod to 2", "restart web in prod", "restart sts/web in prod reason=why",
])  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> FakeLive:
    kind = draw(st.sampled_from(["Deployment", "StatefulSet", "DaemonSet"]))
    pods = template(*draw(st.lists(IMAGES, min_size=1, max_size=3)))
    if draw(st.booleans()):
        pods["metadata"]["annotations"] = draw(
            st.dictionaries(st.sampled_from(["a", "kubectl.kubernetes.io/restartedAt"]), st.text())
        )
    kept = [
        Revision(
            number, template(draw(IMAGES)) if number < 4 else pods, "2026-07-28T08:00:00Z", None, 0, current=number == 4
        )
        for number in range(4, draw(st.integers(0, 4)), -1)
    ]
    numbers: dict[str, Any] = {} if kind == "DaemonSet" else {"replicas": draw(st.integers(0, 9) | st.none())}
    return FakeLive([workload(kind=kind, template=pods, **numbers)], kept)


@given(LINES, lives())
@settings(max_examples=120, deadline=None)
def test_the_digest_is_the_same(line: str, live: FakeLive) -> None:
    asked = invocation(line)
    before = copy.deepcopy(live.objects)
    try:
        first = plan(asked, live)
    except Refusal:
        return
    later = replace(absolute(asked, first), at=asked.at + 600)
    again = plan(later, live)
    assert again == first
    assert Promise.of(asked.verb, again).digest == Promise.of(asked.verb, first).digest
    assert live.objects == before
    assert canonical.load(canonical.dump(first.arguments), dict) == first.arguments


def test_a_step_is_not_taken_twice() -> None:
    """+2 of 3 was shown as 5: when somebody scales to 4 meanwhile, it is still 5 that was meant."""
    live = FakeLive([workload()])
    asked = invocation("scale web +2 in prod")
    kept = absolute(asked, plan(asked, live))
    moved: Object = workload(replicas=4)
    assert plan(kept, FakeLive([moved])).patch.edits[0].new == 5


def test_drift_changes_the_digest() -> None:
    asked = invocation("deploy web 1.4.2 to prod")
    first = plan(asked, FakeLive([workload()]))
    drifted = plan(absolute(asked, first), FakeLive([workload(image="registry/web:1.4.0")]))
    assert Promise.of("deploy", drifted).digest != Promise.of("deploy", first).digest


def test_a_namesake_of_another_kind_changes_nothing_once_it_is_planned() -> None:
    asked = invocation("restart web in prod")
    first = plan(asked, FakeLive([workload()]))
    assert plan(absolute(asked, first), FakeLive([workload(), workload(kind="StatefulSet")])) == first

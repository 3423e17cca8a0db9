"""``scale web min=3 max=10``: what is written to the autoscaler, and what is warned of or refused."""

from __future__ import annotations

from typing import Any

import pytest

from commands.bounds import MAX, MIN, Bounds
from commands.draft import Beside, Edit, Guard, Promise
from commands.errors import Forbidden, NothingToChange, Unsuitable
from commands.invocation import Invocation, Person, Place
from tests.unit.commands.cluster_objects import workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import NOW, planned, reason, said
from tests.unit.commands.saying import plan as plan_of


def live(replicas: int = 3, *, least: int | None = 2, most: int = 9, kind: str = "Deployment") -> FakeLive:
    bounds = {"maxReplicas": most} | ({} if least is None else {"minReplicas": least})
    return FakeLive(
        [workload(kind=kind, replicas=replicas)],
        scaler={"metadata": {"name": "web-cpu", "uid": "uid-hpa"}, "spec": bounds},
    )


@pytest.mark.parametrize(
    ("line", "bounds", "arguments"),
    [
        ("min=3", (3, 9), {"min": 3}),
        ("--min 3", (3, 9), {"min": 3}),
        ("max=12", (2, 12), {"max": 12}),
        ("min=4 max=4", (4, 4), {"min": 4, "max": 4}),
    ],
)
def test_one_patch_on_the_autoscaler_that_tests_both(line: str, bounds: Any, arguments: dict[str, Any]) -> None:
    draft = planned(f"scale web {line} in prod", live())
    least, most = bounds
    assert draft.patch.edits == (Edit(MIN, 2, least), Edit(MAX, 9, most))
    assert draft.patch.beside == Beside("HorizontalPodAutoscaler", "web-cpu", "uid-hpa")
    assert draft.patch.ref.name == "web"
    assert draft.patch.guards == (
        Guard("/spec/scaleTargetRef/kind", "Deployment"), Guard("/spec/scaleTargetRef/name", "web")
    )  # fmt: skip
    assert draft.summary == f"web 2-9 → {least}-{most} replicas (HPA web-cpu)"
    assert draft.arguments == {"workload": "Deployment/web", **arguments}
    assert draft.bounds == Bounds(2, 9)


def test_the_promise_is_about_that_very_autoscaler() -> None:
    draft = planned("scale web min=3 in prod", live())
    other = live()
    other.scaler["metadata"]["uid"] = "uid-later"  # type: ignore[index]
    promises = [Promise.of("scale", each) for each in (draft, planned("scale web min=3 in prod", other))]
    assert promises[0].digest != promises[1].digest
    assert not promises[0].writes_to(MIN), "that is none of the workload's fields"


def test_a_min_that_was_never_set_is_one() -> None:
    draft = planned("scale web min=3 in prod", live(least=None))
    assert draft.patch.edits[0] == Edit(MIN, None, 3)
    assert draft.bounds == Bounds(1, 9)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("min=10", "cannot keep 10 replicas at least and 9 at most. It keeps 2 to 9 replicas now: say max= too."),
        ("max=1", "cannot keep 2 replicas at least and 1 at most. It keeps 2 to 9 replicas now: say min= too."),
        ("min=5 max=4", "cannot keep 5 replicas at least and 4 at most. Say a max that is not below the min."),
    ],
)
def test_a_max_below_the_min(line: str, told: str) -> None:
    with pytest.raises(Unsuitable) as refused:
        planned(f"scale web {line} in prod", live())
    assert str(refused.value) == f"HPA web-cpu in prod {told}"


@pytest.mark.parametrize("line", ["min=2", "max=9", "min=2 max=9"])
def test_nothing_to_change(line: str) -> None:
    with pytest.raises(NothingToChange, match="HPA web-cpu in prod already keeps 2 to 9 replicas: nothing to change"):
        planned(f"scale web {line} in prod", live())


def test_no_autoscaler() -> None:
    told = "No HPA scales web in prod, so it has no bounds. Say `scale web 3 in prod` with the number you want."
    with pytest.raises(Unsuitable) as refused:
        planned("scale web min=3 in prod", FakeLive([workload()]))
    assert str(refused.value) == told


def test_of_several_none_acts() -> None:
    """Kubernetes does nothing then (AmbiguousSelector), whatever stands in either."""
    both = live()
    both.more_scalers.append({"metadata": {"name": "web-queue", "uid": "uid-2"}, "spec": {"maxReplicas": 5}})
    told = "HPA web-cpu and HPA web-queue both scale web in prod, so neither does anything: delete all but one, then set its bounds."
    with pytest.raises(Unsuitable) as refused:
        planned("scale web min=3 in prod", both)
    assert str(refused.value) == told


def test_one_that_may_not_be_read_is_told() -> None:
    with pytest.raises(Forbidden, match="may not list autoscalers"):
        planned("scale web min=3 in prod", FakeLive([workload()], forbidden=frozenset({"autoscalers"})))


def test_a_daemon_set_has_none() -> None:
    with pytest.raises(Unsuitable, match="agent is a DaemonSet"):
        planned("scale agent min=3 in prod", FakeLive([workload("agent", "DaemonSet")]))


@pytest.mark.parametrize(
    ("replicas", "line", "risks"),
    [
        (3, "min=3", ()),
        (3, "min=5", ("HPA web-cpu takes it from 3 to 5 replicas, whatever its metrics say",)),
        (7, "max=4", ("HPA web-cpu takes it from 7 to 4 replicas, whatever its metrics say",)),
        (4, "min=4 max=4", ("HPA web-cpu will keep exactly 4 replicas: its metrics no longer matter",)),
        (0, "min=4", ("it has no replicas, and while it has none HPA web-cpu does nothing: scale it up for the bounds to hold",)),
    ],
)  # fmt: skip
def test_what_the_controller_will_make_of_it_is_a_risk(replicas: int, line: str, risks: tuple[str, ...]) -> None:
    assert planned(f"scale web {line} in prod", live(replicas)).risks == risks


def test_taking_back_a_min_of_none() -> None:
    """It can be said by nobody, but an autoscaler of queues may have had it; the API server decides."""
    arguments = {"workload": "Deployment/web", "min": 0}
    asked = Invocation("scale", arguments, "prod", Person("U0DANA", "T0HOME"), Place("C0DEPLOYS"), "", NOW)
    assert plan_of(asked, live()).patch.edits[0] == Edit(MIN, 2, 0)


class TestTheLine:
    def test_either_replicas_or_bounds(self) -> None:
        assert reason("scale web 6 min=3 in prod") == "Say either the replicas or min=, not both."
        assert reason("scale web 6 max=9 min=3 in prod") == "Say either the replicas or min= and max=, not both."

    def test_neither(self) -> None:
        told = "scale needs replicas (how many, or how many more or fewer: 6, +2, -1), or min= or max=."
        assert reason("scale web in prod") == f"{told} I read `prod` as the environment."

    def test_nothing_at_all(self) -> None:
        assert reason("scale") == (
            "scale needs a workload and replicas, or min= or max=. For example: `scale web 6 in prod`."
        )

    @pytest.mark.parametrize("word", ["0", "-1", "some", "10001"])
    def test_no_number(self, word: str) -> None:
        assert reason(f"scale web max={word} in prod") == f"`{word}` is not a number from 1 to 10000."

    def test_to_before_a_number_still_says_replicas(self) -> None:
        assert said("scale web to 6 in prod").arguments["replicas"] == 6


def test_records_of_it_are_of_the_second_schema() -> None:
    """Whoever is of an earlier version leaves them alone: it would look for the bounds on the workload."""
    lines = ("scale web 3 in prod", "scale web min=3 in prod", "diff scale web max=3 in prod", "deploy web 1 to prod")
    parsed = [said(line) for line in lines]
    asked = [Invocation(p.verb, p.arguments, "prod", Person("U", "T"), Place("C"), "", NOW) for p in parsed]
    assert [each.schema for each in asked] == [1, 2, 2, 1]

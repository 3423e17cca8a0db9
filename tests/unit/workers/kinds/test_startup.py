"""How long new pods took to start, by their own node's clock. Pure."""

from tests.unit.workers.kinds import rollouts as r
from workers.kinds import verdict
from workers.kinds.startup import startup


def pod(name: str, took: float, *, made: float = r.WROTE, ahead: float = 0.0, **status):
    """``ahead``: so many seconds its node's clock is before the API server's."""
    began = r.WROTE + 1 + ahead
    ready = {"type": "Ready", "status": "True", "lastTransitionTime": r.stamp(began + took)}
    found = r.pod(name, startTime=r.stamp(began), **({"conditions": [ready]} | status))
    found["metadata"]["creationTimestamp"] = r.stamp(made)
    return found


def test_the_median_and_the_slowest():
    found = startup([pod("a", 2), pod("b", 31), pod("c", 4)], r.WROTE + 0.5)
    assert found
    assert (found.pods, found.median, found.slowest, found.pod) == (3, 4, 31, "b")


def test_clocks_five_minutes_apart():
    found = startup([pod("a", 2, ahead=300), pod("b", 4, ahead=-300)], r.WROTE)
    assert found
    assert (found.median, found.slowest) == (3, 4)


def test_only_what_was_made_since_and_is_ready():
    assert startup([pod("a", 2, made=r.WROTE - 5)], r.WROTE) is None
    assert startup([pod("a", 2, conditions=[])], r.WROTE) is None
    assert startup([pod("a", 2, phase="Failed")], r.WROTE) is None
    assert startup([], r.WROTE) is None


def test_less_than_a_second_is_not_told_by_whole_ones():
    assert startup([pod("a", 0), pod("b", 0)], r.WROTE) is None


def test_it_comes_with_the_verdict():
    pods = [pod("a", 2), pod("b", 6)]
    found = verdict(r.deployment(), [r.replica_set()], pods, r.written(), r.NOW)
    assert found.progress.startup
    assert found.progress.startup.slowest == 6

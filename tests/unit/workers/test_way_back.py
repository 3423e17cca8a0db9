"""What is promised for the case that other bounds of an autoscaler break."""

from __future__ import annotations

import pytest

from commands.config.environments import OnFailure
from commands.draft import Failing
from tests.unit.commands.cluster_objects import workload
from tests.unit.workers import drafts
from workers.way_back import BOUNDS, prepared

SCALER = {"metadata": {"name": "web", "uid": "uid-hpa"}, "spec": {"minReplicas": 2, "maxReplicas": 9}}


@pytest.mark.parametrize(
    ("on_failure", "failing", "risks"),
    [("ask", None, ()), ("hold", Failing(), ()), ("rollback", Failing(), (BOUNDS,))],
)
def test_bounds_do_not_go_back_by_themselves(
    on_failure: OnFailure, failing: Failing | None, risks: tuple[str, ...]
) -> None:
    """Least of all the template, which they do not touch."""
    draft = drafts.bounds(workload(), SCALER, 3, 9)
    made, way = prepared(
        on_failure, draft, workload(), goes_back=False, revisions=lambda: pytest.fail("not asked"), ended=(), now=1.0
    )
    assert (made.failing, way, made.risks) == (failing, None, risks)

"""The simulator's table of types is what the API server publishes."""

from __future__ import annotations

from pathlib import Path

import pytest

import playground.cluster
from tests.contract import published_types
from tests.harness.controlplane import ControlPlane

TABLE = Path(playground.cluster.__file__).parent / "types.txt"


@pytest.mark.control_plane
def test_types_are_as_published(control_plane: ControlPlane):
    """To move to another Kubernetes: write what ``published_types.lines`` gives into the table."""
    assert TABLE.read_text().splitlines() == published_types.lines(control_plane.get)

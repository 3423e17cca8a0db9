from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground.workspace import Workspace
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import RedisServer
from tests.scenarios.stack import Stack


@pytest.fixture
def stack(control_plane: ControlPlane) -> Iterator[Stack]:
    """Nothing started yet; a Redis of its own, that keeps what it was told when it is killed."""
    with (
        RedisServer(appendonly=True) as redis,
        Workspace() as workspace,
        Stack(control_plane, control_plane.kubeconfig, redis, workspace) as made,
    ):
        yield made

"""One cluster for all of these tests, through the module under test; each test module has a namespace of its own."""

from collections.abc import Iterator

import pytest

from tests.harness.controlplane import ControlPlane
from workers.cluster import Cluster, open_cluster


@pytest.fixture(scope="session")
def cluster(control_plane: ControlPlane) -> Iterator[Cluster]:
    """The administrator's view."""
    opened = open_cluster("main", control_plane.kubeconfig)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def namespace(control_plane: ControlPlane) -> str:
    return control_plane.namespace()

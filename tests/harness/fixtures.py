"""Session fixtures, one server of each kind per pytest-xdist worker. Load them in conftest.py:

`pytest_plugins = ["tests.harness.fixtures"]`. On a laptop without the programs tests are skipped; in CI they fail.
"""

import os
import shutil
from collections.abc import Iterator
from typing import NoReturn

import pytest

from quarterdeck.supervisor.redis import MissingRedis, find
from tests.harness.components import MissingAssets, find_assets
from tests.harness.controlplane import ControlPlane
from tests.harness.redis import LENT, LentRedis, RedisServer


@pytest.fixture(scope="session")
def control_plane() -> Iterator[ControlPlane]:
    """A running control plane. Use a namespace of your own: `control_plane.namespace()`."""
    try:
        find_assets()
    except MissingAssets as missing:
        _unavailable(str(missing))
    with ControlPlane() as started:
        yield started


@pytest.fixture(autouse=True)
def _usual_logs(request: pytest.FixtureRequest) -> None:
    """Pods log the usual lines at the beginning of each test: no test depends on what another left behind."""
    if "control_plane" in request.fixturenames:
        request.getfixturevalue("control_plane").logs.reset()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A running Redis without persistence."""
    if lent := os.environ.get(LENT):
        yield LentRedis(int(lent))
        return
    try:
        find()
    except MissingRedis as missing:
        _unavailable(str(missing))
    with RedisServer() as started:
        yield started


def need(program: str) -> str:
    """Path of a program that is on the PATH; without it the test is skipped, in CI failed."""
    found = shutil.which(program)
    if found is None:
        _unavailable(f"install {program}")
    return found


def _unavailable(remedy: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(remedy)
    pytest.skip(remedy)

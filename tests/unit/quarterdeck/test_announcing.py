"""Every process that runs has said which signing key it has; ``up`` and ``demo`` give theirs one that they made."""

from __future__ import annotations

import socket
import stat
import time
from pathlib import Path
from threading import Barrier, Thread

import pytest

from commands.errors import StoreUnavailable
from commands.proof.signing import VARIABLE, Key
from commands.store import Store
from quarterdeck import compose
from quarterdeck.announcing import announcing
from quarterdeck.settings import Settings
from quarterdeck.supervisor import data
from quarterdeck.supervisor.program import for_bot, for_clusters
from tests.harness.processes import wait_until
from tests.harness.redis import RedisServer


def test_a_process_announces_its_key_also_once_redis_comes(tmp_path: Path):
    with RedisServer() as redis:
        settings = Settings(tmp_path / "none", {"REDIS_URL": redis.url}, "quarterdeck:", "k" * 32)
        redis.kill()
        with announcing("worker", settings):
            redis.start()
            store = compose.probing(settings)
            wait_until(lambda: _heard(store), 45)
            store._wire.client.close()


def _heard(store: Store) -> bool:
    try:
        heard = store.announcements.heard(store.clock(time.time)())
    except StoreUnavailable:
        return False
    return heard == {f"worker@{socket.gethostname()}": {Key(b"k" * 32).id}}


def test_the_data_directory_has_one_key_that_only_its_owner_reads(tmp_path: Path):
    folder = tmp_path / "data"
    key = data.signing_key(folder)
    assert Key.read(key)
    assert data.signing_key(folder) == key
    assert stat.S_IMODE((folder / "signing.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["signing.key"]


def test_all_who_begin_at_once_have_the_same_key(tmp_path: Path):
    found: list[str] = []
    together = Barrier(8)

    def begin() -> None:
        together.wait()
        found.append(data.signing_key(tmp_path))

    threads = [Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("handed_to", [for_bot, for_clusters])
def test_a_supervisor_hands_the_key_to_each(handed_to: type[for_bot]):
    assert handed_to({VARIABLE: "k"})[VARIABLE] == "k"

"""Whatever is wrong with a kubeconfig is a sentence that names the cluster; where there is none, `check` skips it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.config import load
from commands.config.clusters import Cluster as Entry
from commands.errors import ConfigError, Unanswered
from quarterdeck import kubeconfigs
from tests.harness.plugins import HangingPlugin
from tests.unit.quarterdeck.run import config, quarterdeck


@pytest.mark.parametrize(
    "text", ["a: [b", "just words", "[]", "apiVersion: v1\nkind: Config\n", "", "\x00", "clusters: 3"]
)
def test_a_file_that_is_no_kubeconfig(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(text)
    with pytest.raises(ConfigError, match="^cluster main: "):
        kubeconfigs.opened("main", Entry(kubeconfig=str(path)))


def test_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        kubeconfigs.opened("main", Entry(kubeconfig=str(tmp_path)))
    assert str(caught.value) == f"cluster main: {tmp_path} cannot be read (Is a directory)"


def test_all_clusters_are_told_at_once(tmp_path: Path) -> None:
    path = config(tmp_path)
    first = "main: {kubeconfig: /nowhere/kubeconfig}"
    path.write_text(path.read_text().replace(first, f"{first}\n  other: {{kubeconfig: /nowhere/else}}"))
    done = quarterdeck("--config", path, "worker", REDIS_URL="nonsense")
    assert done.returncode == 1
    *clusters, redis = done.stderr.splitlines()
    assert [line.partition(": ")[0] for line in clusters] == ["cluster main", "cluster other"]
    assert redis.startswith("REDIS_URL is no address")


def test_a_context_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    contexts = "".join(f"- name: {name}\n  context: {{cluster: c, user: u}}\n" for name in ("staging", "production"))
    shared = "clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\nusers: [{name: u, user: {}}]\n"
    path.write_text(f"apiVersion: v1\nkind: Config\n{shared}contexts:\n{contexts}")
    with pytest.raises(ConfigError) as caught:
        kubeconfigs.opened("main", Entry(kubeconfig=str(path), context="prod"))
    assert str(caught.value) == f"cluster main: {path} has no context prod; it has staging, production"


def test_where_a_kubeconfig_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    assert kubeconfigs.absent(Entry()) == "~/.kube/config"
    assert kubeconfigs.absent(Entry(kubeconfig="~/mine")) == "~/mine"
    (tmp_path / "mine").touch()
    assert kubeconfigs.absent(Entry(kubeconfig="~/mine")) is None
    monkeypatch.setenv("KUBECONFIG", f"/nowhere:{tmp_path}/mine")
    assert kubeconfigs.absent(Entry()) is None, "one of several is enough"
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.delenv("KUBECONFIG")
    assert kubeconfigs.absent(Entry()) is None, "a pod has an account of its own"


@pytest.fixture
def plugin(tmp_path: Path) -> Iterator[HangingPlugin]:
    """It hangs until the test ends."""
    hanging = HangingPlugin(tmp_path)
    yield hanging
    hanging.release()


def test_credentials_that_do_not_come_are_waited_for_once_and_fetched_once(plugin: HangingPlugin) -> None:
    opening = kubeconfigs.Opening("west", Entry(kubeconfig=str(plugin.kubeconfig("http://127.0.0.1:1"))))
    opening.begin()
    plugin.hangs()
    for _ in range(2):
        with pytest.raises(Unanswered, match="^The cluster west cannot be reached: the program or server that its"):
            opening.cluster(0.0)
    assert plugin.runs == 1


def test_a_cluster_whose_credentials_do_not_come_keeps_no_process_from_the_others(
    tmp_path: Path, plugin: HangingPlugin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kubeconfigs, "AT_START", 0.0)
    path = config(tmp_path, str(plugin.kubeconfig("http://127.0.0.1:1")))
    kubeconfigs.check(load(path, registry_names=frozenset({"deploy"})))
    assert "The cluster main cannot be reached: the program or server that its credentials come from" in caplog.text

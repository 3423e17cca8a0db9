"""Rules follow their file: as a whole, or not at all; a look is taken when the test says."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from commands.config import Config, Rules, load
from quarterdeck.metrics import ConfigMeter
from quarterdeck.reloading import Reloading
from tests.unit.quarterdeck.run import config

DENIED = "  - {roles: [developer], commands: [deploy], environments: [prod], deny: true}\n"


class Process:
    """What a process has of its rules."""

    def __init__(self, path: Path) -> None:
        self.path, self.counted = path, CollectorRegistry()
        self.rules = Rules(self.read())
        self.begun = self.rules.now
        self.reload = Reloading(path, self.rules, self.read, ConfigMeter(self.counted))

    def read(self) -> Config:
        return load(self.path, registry_names=frozenset({"deploy", "scale"}))

    def looks(self, times: int = 2) -> None:
        for _ in range(times):
            self.reload.look()

    def problems(self) -> list[str]:
        found = self.reload.details()["problems"]
        assert isinstance(found, list)
        return found

    def metric(self, name: str, **labels: str) -> float | None:
        return self.counted.get_sample_value(f"quarterdeck_config_{name}", labels)


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(config(tmp_path))


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_a_file_that_does_not_change_leaves_the_very_same_rules(process: Process):
    process.looks(5)
    assert process.rules.now is process.begun
    assert process.metric("current") == 1


def test_what_the_file_says_now_is_in_force(process: Process):
    since = process.reload.details()["since"]
    add(process.path, DENIED)
    process.looks()
    assert process.rules.now.permissions[1].deny
    assert process.reload.details()["since"] != since
    assert process.metric("loads_total", result="taken") == 2


def test_a_rule_that_only_moved_is_told_by_its_new_line(process: Process):
    """Refusals name the line, and people look there."""
    before = process.rules.now.line("permissions", 0)
    assert before
    process.path.write_text(f"# a comment\n{process.path.read_text()}")
    process.looks()
    assert process.rules.now.line("permissions", 0) == before + 1


def test_a_file_that_is_still_being_written_is_not_taken(process: Process):
    """Half of a file may be a whole one, without the rule that denies."""
    add(process.path, DENIED)
    process.looks(1)
    assert process.rules.now is process.begun
    add(process.path, DENIED)
    process.looks(1)
    assert process.rules.now is process.begun
    process.looks(1)
    assert len(process.rules.now.permissions) == 3


def test_a_signal_does_not_wait_for_a_second_look(process: Process):
    add(process.path, DENIED)
    process.reload.ask()
    process.looks(1)
    assert len(process.rules.now.permissions) == 2


def test_a_mount_that_swaps_its_link_is_noticed(tmp_path: Path):
    """A ConfigMap's file is a link to ``..data/quarterdeck.yaml``, and ``..data`` is replaced by another link."""
    for name in ("..1", "..2"):
        (tmp_path / name).mkdir()
        config(tmp_path / name)
    add(tmp_path / "..2" / "quarterdeck.yaml", DENIED)
    (tmp_path / "..data").symlink_to("..1")
    (tmp_path / "quarterdeck.yaml").symlink_to("..data/quarterdeck.yaml")
    process = Process(tmp_path / "quarterdeck.yaml")
    (tmp_path / "fresh").symlink_to("..2")
    (tmp_path / "fresh").replace(tmp_path / "..data")
    process.looks()
    assert len(process.rules.now.permissions) == 2


@pytest.mark.parametrize(
    ("broken", "told"),
    [("{", "this is not YAML"), ("permission: []\n", "permission"), (None, "there is no such file")],
    ids=["not YAML", "an unknown key", "gone"],
)
def test_a_broken_file_changes_nothing_and_says_so_once(
    process: Process, broken: str | None, told: str, caplog: pytest.LogCaptureFixture
):
    add(process.path, broken) if broken else process.path.unlink()
    process.looks(5)
    assert process.rules.now is process.begun
    assert any(told in problem for problem in process.problems())
    assert (process.metric("current"), process.metric("loads_total", result="refused")) == (0, 1)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


def test_a_file_that_was_mended_is_in_force_again(process: Process):
    good = process.path.read_text()
    add(process.path, "{")
    process.looks()
    process.path.write_text(good + DENIED)
    process.looks()
    assert (process.problems(), process.metric("current")) == ([], 1)
    assert len(process.rules.now.permissions) == 2


def test_what_needs_a_restart_is_said_and_the_rest_is_in_force(process: Process, caplog: pytest.LogCaptureFixture):
    add(process.path, DENIED + "slack: {command_prefix: qd-}\n")
    process.path.write_text(process.path.read_text().replace("/nowhere/kubeconfig", "/elsewhere/kubeconfig"))
    process.looks()
    assert len(process.rules.now.permissions) == 2
    assert process.rules.now.slack == process.begun.slack
    assert process.rules.now.clusters == process.begun.clusters
    assert process.reload.details()["restart_for"] == ["clusters", "slack"]
    assert "clusters, slack: what changed there needs a restart" in caplog.text


def test_an_environment_on_a_cluster_that_was_not_there_keeps_the_rules_as_they_were(process: Process):
    text = process.path.read_text()
    process.path.write_text(
        text.replace("clusters:\n", "clusters:\n  other: {}\n").replace(
            "environments:\n", "environments:\n  new: {cluster: other, namespace: new}\n"
        )
    )
    process.looks()
    assert process.rules.now is process.begun
    assert process.problems() == ["environments.new: the cluster other is new; it needs a restart"]


def test_what_changed_between_reading_and_the_first_look_is_not_missed(tmp_path: Path):
    path = config(tmp_path)
    rules = Rules(load(path, registry_names=frozenset({"deploy"})))
    add(path, DENIED)
    Reloading(path, rules, lambda: load(path, registry_names=frozenset({"deploy"})), ConfigMeter(CollectorRegistry()))
    assert len(rules.now.permissions) == 2


def test_lines_are_those_of_the_new_file(process: Process):
    process.path.write_text("# a line more\n" + process.path.read_text() + DENIED)
    process.looks()
    assert process.rules.now.line("permissions", 1) == 10

"""Rights follow from what the commands declare, and from what a configuration permits where."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import live
from commands.config import load
from commands.declaration import Asks, Changes
from commands.registry import discover
from workers.rights import PROCESSES, rights_in, rights_of

REGISTRY = discover()
CONFIG = """\
clusters: {main: {}}
environments:
  staging: {cluster: main, namespace: staging}
  prod: {cluster: main, namespace: prod}
  quiet: {cluster: main, namespace: quiet}
roles: {developer: {members: ["*"]}}
permissions:
  - {roles: [developer], commands: [history], environments: [staging, prod]}
  - {roles: [developer], commands: [deploy], environments: [staging]}
"""


@pytest.mark.parametrize("asks", Asks)
def test_what_a_command_may_ask_is_a_method_of_live(asks: Asks):
    assert hasattr(live.Live, asks.value) or hasattr(live, asks.value)


@pytest.mark.parametrize("command", list(REGISTRY), ids=lambda command: command.name)
def test_only_a_worker_writes_and_only_for_what_changes_something(command):
    written = {process: {v for _, v in rights_of(command, process)} - {"get", "list", "watch"} for process in PROCESSES}
    assert written["watcher"] == set()
    frees = {"delete"} if command.name == "rollback" else set()
    assert written["worker"] == ({"patch"} | frees if isinstance(command.effect, Changes) else set())
    assert {resource for resource, verb in rights_of(command, "worker") if verb == "delete"} <= {"pods"}


@pytest.mark.parametrize("command", list(REGISTRY), ids=lambda command: command.name)
def test_secrets_and_other_identities_are_nobodys(command):
    resources = {resource for process in PROCESSES for resource, _ in rights_of(command, process)}
    assert not resources & {"secrets", "configmaps", "serviceaccounts", "users", "groups", "pods/exec"}


def test_an_autoscaler_is_written_and_watched_only_for_whom_bounds_are_set():
    hpa = "horizontalpodautoscalers.autoscaling"
    for command in REGISTRY:
        beyond = {verb for process in PROCESSES for name, verb in rights_of(command, process) if name == hpa} - {"list"}
        assert beyond == ({"get", "patch", "watch"} if command.name == "scale" else set()), command.name


def test_each_environment_needs_what_is_permitted_there(tmp_path: Path):
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(CONFIG)
    config = load(path, registry_names=frozenset(command.name for command in REGISTRY))
    history, deploy = REGISTRY.get("history"), REGISTRY.get("deploy")
    for process in PROCESSES:
        read = rights_of(history, process)
        assert rights_in(config, REGISTRY, "staging", [process]) == read | rights_of(deploy, process)
        assert rights_in(config, REGISTRY, "prod", [process]) == read
        assert rights_in(config, REGISTRY, "quiet", [process]) == frozenset()


def test_secrets_are_read_by_who_shows_logs_or_events_and_only_where_an_environment_asks_for_it(tmp_path: Path):
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(CONFIG.replace("namespace: staging}", "namespace: staging, mask_secrets: true}"))
    config = load(path, registry_names=frozenset(command.name for command in REGISTRY))
    read = {(process, right) for process in PROCESSES for right in rights_in(config, REGISTRY, "staging", [process])}
    assert {each for each in read if "secrets" in each[1][0]} == {("watcher", ("secrets", "get"))}
    assert "secrets" not in str(rights_in(config, REGISTRY, "prod", PROCESSES))
    for command in ("logs", "status"):
        path.write_text(path.read_text().replace("commands: [history", f"commands: [{command}, history"))
        config = load(path, registry_names=frozenset(command.name for command in REGISTRY))
        assert ("secrets", "get") in rights_in(config, REGISTRY, "staging", ["worker"])
        assert ("secrets", "get") not in rights_in(config, REGISTRY, "prod", ["worker"])


@pytest.mark.parametrize("on_failure", ["ask", "hold", "rollback"])
def test_pods_are_deleted_only_by_what_goes_back(tmp_path: Path, on_failure: str):
    """By the worker, and where nobody may roll back only if that happens by itself; never where changes are not permitted."""
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(
        CONFIG.replace("}\n  prod", f", on_failure: {on_failure}}}\n  prod").replace(
            "namespace: prod}", "namespace: prod, on_failure: rollback}"
        )
    )
    config = load(path, registry_names=frozenset(command.name for command in REGISTRY))
    assert (("pods", "delete") in rights_in(config, REGISTRY, "staging", ["worker"])) == (on_failure == "rollback")
    assert ("pods", "delete") not in rights_in(config, REGISTRY, "staging", ["watcher"])
    assert ("pods", "delete") not in rights_in(config, REGISTRY, "prod", PROCESSES)

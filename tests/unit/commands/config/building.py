"""Configuration files for tests: written to a folder and loaded as a process would."""

from __future__ import annotations

from pathlib import Path

from commands.config import Config, load
from commands.errors import ConfigError

COMMANDS = frozenset({"deploy", "scale", "rollback", "restart", "status", "history", "logs"})

DESIGN = """\
clusters:
  main: {kubeconfig: /etc/quarterdeck/kubeconfig, context: prod}   # both optional: in-cluster account, else the default kubeconfig
environments:
  staging: {cluster: main, namespace: staging}
  prod:
    cluster: main
    namespace: prod
    aliases: [production]
    channel: C0DEPLOYS
    approvals: {required: 1, approvers: [sre], expires: 30m}
roles:
  developer: {members: ["*"]}                  # anyone in the workspace
  sre: {members: [U0SAM, U0ROBIN, S0ONCALL]}   # user IDs and user-group IDs
permissions:
  - {roles: [developer], commands: [status, history, logs], environments: ["*"]}
  - {roles: [developer, sre], commands: [deploy, scale, rollback, restart], environments: [staging, prod]}
"""
"""Word for word the file of the design: it must work as it stands."""


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "quarterdeck.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def loaded(folder: Path, content: str | bytes) -> Config:
    return load(write(folder, content), registry_names=COMMANDS)


def problems(folder: Path, content: str | bytes) -> list[str]:
    """What is wrong with the file, each line without the folder's name; empty where nothing is."""
    try:
        loaded(folder, content)
    except ConfigError as error:
        return [problem.removeprefix(f"{folder}/") for problem in error.problems]
    return []


def changed(old: str, new: str) -> str:
    """The design's file with one thing changed."""
    assert DESIGN.count(old) == 1, f"{old!r} stands {DESIGN.count(old)} times in the file"
    return DESIGN.replace(old, new)

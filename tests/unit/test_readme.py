"""What the README shows is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.config import load
from commands.grammar import parse
from commands.registry import discover
from quarterdeck.cli import cli

README = (Path(__file__).parents[2] / "README.md").read_text()
REGISTRY = discover()


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", README, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def config(tmp_path: Path):
    path = tmp_path / "quarterdeck.yaml"
    path.write_text(blocks("yaml")[0])
    return load(path, registry_names=frozenset(command.name for command in REGISTRY))


def test_the_command_table_is_the_registrys():
    shown = re.search(r"<!-- commands.*?-->\n(.*?)\n<!-- /commands -->", README, re.DOTALL)
    assert shown is not None
    assert shown[1] == REGISTRY.command_table()


def test_the_example_configuration_is_valid(tmp_path: Path):
    assert list(config(tmp_path).environments) == ["staging", "prod"]


@pytest.mark.parametrize("line", re.findall(r"`/([a-z]+ [^`…<A-Z]+)`", README))
def test_every_command_it_shows_is_understood(line: str, tmp_path: Path):
    text = line.removeprefix("ops ")
    assert parse(text, None, REGISTRY, config(tmp_path).environment_names).verb == text.split()[0]


@pytest.mark.parametrize(
    "line",
    sorted(
        set(re.findall(r"(?<![./])\bquarterdeck (bot|worker|watcher|up|demo|check|manifest|audit export)\b", README))
    ),
)
def test_every_subcommand_it_names_exists(line: str):
    assert CliRunner().invoke(cli, [*line.split(), "--help"]).exit_code == 0

"""What docs/diagnosis.md says of patience is what the models have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands.config import Patience, load

PAGE = (Path(__file__).parents[2] / "docs" / "diagnosis.md").read_text()
WITH_DEFAULT = {name: field.default for name, field in Patience.model_fields.items() if field.default is not None}


def in_words(seconds: int) -> str:
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


@pytest.mark.parametrize(("name", "default"), WITH_DEFAULT.items())
def test_each_default_is_told_wherever_its_cause_is(name: str, default: int) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line]
    assert rows
    assert all(f"| `{name}`, {in_words(default)} |" in row for row in rows)


@pytest.mark.parametrize("name", sorted(set(Patience.model_fields) - set(WITH_DEFAULT)))
def test_what_has_no_default_waits_for_the_deadline(name: str) -> None:
    assert f"| deadline, or `{name}` |" in PAGE


def test_the_example_is_a_configuration_and_sets_everything(tmp_path: Path) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "quarterdeck.yaml"
    whole: dict[str, Any] = {"clusters": {"main": {}}, **yaml.safe_load(example)}
    file.write_text(yaml.safe_dump(whole))
    patience = load(file, registry_names=frozenset()).environments["prod"].patience
    assert patience.model_fields_set == set(Patience.model_fields)

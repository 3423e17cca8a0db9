"""What is installed by hash is what the project says it needs, and nothing of it comes by way of others alone."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOR_OTHERS = {"async-timeout"}
"""Named only so that its hash is there: see requirements/runtime.in."""


def names(lines: list[str]) -> set[str]:
    return {found[0] for line in lines if (found := re.match(r"[a-z0-9-]+", line))}


def test_both_lists_of_what_is_needed_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    written = (ROOT / "requirements" / "runtime.in").read_text().splitlines()
    assert names(written) - FOR_OTHERS == names(project["dependencies"])
    assert "tzdata" in names(written), "time zones of freezes, where the machine has none"


def test_each_is_pinned_by_hash() -> None:
    needed = names((ROOT / "requirements" / "runtime.in").read_text().splitlines())
    pinned = names((ROOT / "requirements" / "runtime.txt").read_text().splitlines())
    assert needed <= pinned

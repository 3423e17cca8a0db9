"""The rules and the cases of docs/rules.md are tried as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.quarterdeck.run import quarterdeck

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text()


def test_the_pages_cases_come_out_as_it_says(tmp_path: Path) -> None:
    rules, cases = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "quarterdeck.yaml").write_text(rules)
    (tmp_path / "cases.yaml").write_text(cases)
    command = re.search(r"^quarterdeck --config quarterdeck.yaml (policy test) cases.yaml$", PAGE, re.MULTILINE)
    assert command
    config = str(tmp_path / "quarterdeck.yaml")
    done = quarterdeck("--config", config, *command[1].split(), str(tmp_path / "cases.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("5 cases, none failed\n")

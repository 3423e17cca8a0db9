"""The owner's file as the demo hands it to the processes: other clusters, and every line where its owner has it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from commands.config import load
from quarterdeck.demo.fitted import fitted

REST = """\
environments:
  prod: {cluster: main, namespace: prod}   # where it matters
roles:
  sre: {members: [U0SAM]}

permissions:
  - {roles: [sre], commands: ["*"], environments: ["*"]}
"""
FILES = {
    "a block": f"# ours\nclusters:\n  main:\n    kubeconfig: /etc/kubeconfig\n    context: prod   # the big one\n\n{REST}",
    "on one line": f"clusters: {{main: {{kubeconfig: /etc/kubeconfig}}}}\n{REST}",
    "at the end": f"{REST}clusters:\n  main:\n    context: prod\n",
    "two of them": f"clusters:\n  main: {{}}\n  other:\n    context: other\n{REST}",
    "an anchor": f"clusters: &all\n  main: {{}}\n{REST}",
    "of Windows": f"clusters:\n  main:\n    context: prod\n{REST}".replace("\n", "\r\n"),
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_every_rule_keeps_the_line_that_its_owner_knows(text: str, tmp_path: Path) -> None:
    own, copy = tmp_path / "own.yaml", tmp_path / "quarterdeck.yaml"
    own.write_text(text, newline="")
    copy.write_text(fitted(own.read_text(), {"main": {"context": "main"}, "other": {"context": "other"}}))
    names = frozenset({"deploy"})
    before, after = load(own, registry_names=names), load(copy, registry_names=names)
    assert after.clusters["main"].context == "main"
    assert after.clusters["main"].kubeconfig is None
    for path in (("permissions", 0), ("environments", "prod"), ("roles", "sre")):
        assert after.line(*path) == before.line(*path) is not None


def test_what_the_rest_borrows_from_the_clusters_is_written_out_for_it() -> None:
    """Then the lines are the copy's: to be right goes before."""
    rest = REST.replace("[U0SAM]", "[*name]")
    text = f"clusters: {{main: {{context: &name U0SAM}}}}\n{rest}"
    found = yaml.safe_load(fitted(text, {"main": {"context": "main"}}))
    assert found["clusters"] == {"main": {"context": "main"}}
    assert found["roles"] == {"sre": {"members": ["U0SAM"]}}

"""Write what the chart derives: permissions.yaml from the commands' declarations, the README's table from values.yaml.

Run it with `make chart`; tests/helm/test_derived.py tells when it has to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from commands.registry import discover
from workers.rights import PROCESSES, Right, rights_of

CHART = Path(__file__).parents[1] / "helm" / "quarterdeck"
TABLE = re.compile(r"(?<=<!-- values -->\n).*?(?=<!-- /values -->)", re.DOTALL)

_LINE = re.compile(r"(?P<indent> *)(?:# (?P<comment>.*)|(?P<key>\w+):(?: (?P<value>.*))?)")


def permissions() -> str:
    """Process → command → resource → verbs."""
    made = {
        process: {c.name: _by_resource(rights) for c in discover() if (rights := rights_of(c, process))}
        for process in PROCESSES
    }
    head = "# Derived from the commands' declarations by scripts/chart.py: process, command, resource, verbs.\n"
    return head + yaml.safe_dump(made, default_flow_style=None, width=120, sort_keys=False)


def _by_resource(rights: frozenset[Right]) -> dict[str, list[str]]:
    verbs: dict[str, list[str]] = {}
    for resource, verb in sorted(rights):
        verbs.setdefault(resource, []).append(verb)
    return verbs


def table() -> str:
    """A row for each value that has a comment directly above it."""
    text = (CHART / "values.yaml").read_text()
    values = yaml.safe_load(text)
    rows = [f"| `{path}` | `{_shown(_at(values, path))}` | {comment} |\n" for path, comment in commented(text)]
    return "".join(["| value | default | what it is |\n|---|---|---|\n", *rows])


def commented(text: str) -> Iterator[tuple[str, str]]:
    """``worker.autoscaling.min`` and the comment above it."""
    path: list[str] = []
    comment = ""
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found and found["key"]:
            path[len(found["indent"]) // 2 :] = [found["key"]]
            if comment:
                yield ".".join(path), comment
        comment = (found and found["comment"]) or ""


def _at(values: Any, path: str) -> Any:
    for key in path.split("."):
        values = values[key]
    return values


def _shown(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=1000).removesuffix("...\n").strip()


def main() -> None:
    (CHART / "permissions.yaml").write_text(permissions())
    readme = CHART / "README.md"
    readme.write_text(TABLE.sub(lambda _: table(), readme.read_text()))


if __name__ == "__main__":
    main()

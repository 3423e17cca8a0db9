"""``make mutants``: each condition of the policy's code turned round, one at a time, and whether its tests notice.

It works on a copy of the tree. First the table of cases is asked (``tests/unit/commands/policy/table``), then, for what
it does not notice, the policy's other tests. Printed is what nobody noticed.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
POLICY = "commands/policy"
TABLE = ["tests/unit/commands/policy/test_table.py"]
OTHERS = [
    "tests/unit/commands/policy",
    "tests/attacks/test_votes.py",
    "tests/invariants/test_invariant_09.py",
    "tests/invariants/test_invariant_11.py",
]


def mutants(source: str) -> Iterator[tuple[int, str]]:
    """The line of each condition, and the source with it turned round."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    data = source.encode()
    for node in ast.walk(ast.parse(source)):
        for test in _conditions(node):
            begin = starts[test.lineno - 1] + test.col_offset
            end = starts[(test.end_lineno or test.lineno) - 1] + (test.end_col_offset or 0)
            yield test.lineno, (data[:begin] + b"(not (" + data[begin:end] + b"))" + data[end:]).decode()


def _conditions(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.If | ast.IfExp | ast.Assert):
        yield from [node.test] if not isinstance(node, ast.Assert) else []
    if isinstance(node, ast.comprehension):
        yield from node.ifs
    if isinstance(node, ast.BoolOp):
        yield from node.values
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Compare | ast.UnaryOp):
        yield node.value


def noticed(tree: Path, tests: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:randomly", *tests]
    env = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=tree, env=env, capture_output=True, check=False, timeout=300).returncode != 0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__"))
        if noticed(tree, TABLE):
            sys.exit("The table's tests are red without any mutant.")
        total = by_table = by_others = 0
        for path in sorted((tree / POLICY).glob("*.py")):
            source = path.read_text()
            for line, mutant in mutants(source):
                total += 1
                path.write_text(mutant)
                if noticed(tree, TABLE):
                    by_table += 1
                elif noticed(tree, OTHERS):
                    by_others += 1
                else:
                    print(f"{POLICY}/{path.name}:{line}: {source.splitlines()[line - 1].strip()}", flush=True)
                path.write_text(source)
    left = total - by_table - by_others
    print(
        f"{total} conditions turned round: {by_table} noticed by the table, {by_others} by the other tests, {left} by none"
    )


if __name__ == "__main__":
    main()

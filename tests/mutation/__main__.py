"""``make mutants``: the policy's code made wrong, one thing at a time, and whether its tests notice. Some minutes.

First the table of cases is asked (``tests/unit/commands/policy/table``), then, of what it does not notice, the policy's
other tests. What changes no result stands in ``equivalent.yaml``, with the reason. Anything else that nobody notices is
printed and ends it with 1. Every mutant lives in a fork of one process that has imported and collected everything.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

from tests.mutation.equivalent import EQUIVALENT, Equivalent
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.swapping import swap

ROOT = Path(__file__).parents[2]
POLICY = "commands/policy"
TESTS = f"tests/unit/{POLICY}"
TABLE = f"{TESTS}/test_table.py"
PATIENCE = 3
"""Seconds of computing for a case: a mutant that never ends counts as noticed."""


class Mutation:
    """A pytest plugin: instead of running what has been collected once, it runs it for every mutant until one turns red."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files, self.left = files, 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        table = [item for item in session.items if item.nodeid.startswith(TABLE)]
        others = [item for item in session.items if item not in table]
        gc.collect()
        gc.freeze()
        if not table or _is_red(session, table + others, None):
            raise pytest.UsageError("the tests are red without any mutant")
        counts, used = Counter[str](), set[Equivalent]()
        for file in sorted((ROOT / POLICY).glob("*.py")):
            for mutant in mutants(file.read_text()) if not self._files or file.name in self._files else ():
                known = Equivalent.of(file.name, mutant)
                if _is_red(session, table, (file, mutant)):
                    counts["table"] += 1
                elif _is_red(session, sorted(others, key=lambda item: file.stem not in item.path.stem), (file, mutant)):
                    counts["others"] += 1
                    _tell(file, mutant, "by others")
                elif known in EQUIVALENT:
                    counts["equivalent"] += 1
                    used.add(known)
                    _tell(file, mutant, f"equivalent: {EQUIVALENT[known]}")
                else:
                    counts["none"] += 1
                    _tell(file, mutant, "UNNOTICED")
        wrong = [known for known in EQUIVALENT if known not in used and (not self._files or known.file in self._files)]
        for known in wrong:
            print(f"not equivalent, or not there: {known}")
        print(
            f"{sum(counts.values())} mutants, {counts['table']} noticed by the table, {counts['others']} by the other policy "
            f"tests, {counts['equivalent']} equivalent, {counts['none']} unnoticed"
        )
        self.left = counts["none"] + len(wrong)
        return True


def _tell(file: Path, mutant: Mutant, how: str) -> None:
    print(f"{file.name}:{mutant.line} {mutant.within}: {mutant.code[:100]}: {mutant.done}: {how}", flush=True)


def _is_red(session: pytest.Session, items: Sequence[pytest.Item], wrong: tuple[Path, Mutant] | None) -> bool:
    """In a child: what it changes and runs into ends with it."""
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        if wrong:
            file, mutant = wrong
            swap(import_module(".".join(file.relative_to(ROOT).with_suffix("").parts)), mutant.source)
        try:
            os._exit(_run(session, items))
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return status != 0


def _run(session: pytest.Session, items: Sequence[pytest.Item]) -> int:
    for item in items:
        if isinstance(item, pytest.Function) and item.nodeid.startswith(TABLE):
            signal.setitimer(signal.ITIMER_PROF, PATIENCE)
            item.obj(**item.callspec.params)  # a case needs nothing of pytest, which would take ten times as long
        else:
            signal.setitimer(signal.ITIMER_PROF, 0)
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if session.testsfailed:
            return 1
    return 0


def main() -> None:
    os.environ["CI"] = "1"  # the same examples each time
    mutation = Mutation(sys.argv[1:])
    code = pytest.main(
        ["-q", "-s", "--no-header", "--no-summary", "-p", "no:xdist", "--timeout=60", TESTS],
        plugins=[mutation],
    )
    sys.exit(1 if mutation.left else code)


if __name__ == "__main__":
    main()

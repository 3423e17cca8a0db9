"""A pytest plugin: one fault (``faults.py``) applied in memory to the process under test. No file is changed.

Load it with ``-p tests.invariants.mutant`` and name the fault in ``QUARTERDECK_FAULT``. The run ends with ``RED`` where a
test failed by an assertion of its own; with ``NOT_BY_ASSERTION`` where anything else went wrong; and with ``NOT_REACHED``
where nothing that was imported or read was the file of the fault. Green tests end it with 0.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from tests.invariants.fault import NOT_BY_ASSERTION, NOT_REACHED, RED, VARIABLE, Fault
from tests.invariants.faults import FAULTS

ROOT = Path(__file__).parents[2]
OURS = frozenset({"bot", "commands", "workers"})


class Mutator:
    """Patches the source as it is read, and remembers that it did."""

    def __init__(self, fault: Fault) -> None:
        self.fault, self.reached = fault, False

    def is_of(self, path: str | Path) -> bool:
        return Path(path) == ROOT / self.fault.file

    def patched(self, source: str) -> str:
        self.reached = True
        return self.fault.applied_to(source)


class FaultyModule(SourceFileLoader):
    """Compiles the patched source: never a cached file, neither read nor written."""

    mutator: Mutator

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        source = self.mutator.patched(Path(path).read_text())
        return compile(source, path, "exec", dont_inherit=True)


class FaultyPackage(SourceFileLoader):
    """The package that holds the Lua scripts: its resources are read through ``importlib.resources``."""

    mutator: Mutator

    def get_resource_reader(self, name: str) -> Any:
        return FaultyFiles(Path(self.path).parent, self.mutator)


class FaultyFiles:
    """As much of ``Traversable`` as the store uses."""

    def __init__(self, path: Path, mutator: Mutator) -> None:
        self._path, self._mutator = path, mutator

    def files(self) -> FaultyFiles:
        return self

    def joinpath(self, *parts: str) -> FaultyFiles:
        return FaultyFiles(self._path.joinpath(*parts), self._mutator)

    def read_text(self) -> str:
        text = self._path.read_text()
        return self._mutator.patched(text) if self._mutator.is_of(self._path) else text


class FaultyFinder(MetaPathFinder):
    def __init__(self, mutator: Mutator) -> None:
        self._mutator = mutator
        file = mutator.fault.file
        self._package = "commands.store" if file.endswith(".lua") else None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in OURS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            return None
        if fullname == self._package:
            spec.loader = FaultyPackage(fullname, spec.origin)
        elif self._mutator.is_of(spec.origin):
            spec.loader = FaultyModule(fullname, spec.origin)
        else:
            return None
        spec.loader.mutator = self._mutator
        return spec


class Verdict:
    """Whether the tests that turned red did so by an assertion of theirs, and whether the fault was there at all."""

    def __init__(self, mutator: Mutator) -> None:
        self._mutator, self._otherwise = mutator, False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
        report = yield
        if report.failed and call.excinfo is not None:
            by_assertion = call.excinfo.errisinstance((AssertionError, pytest.fail.Exception))
            self._otherwise |= call.when != "call" or not by_assertion
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self._mutator.reached:
            session.exitstatus = NOT_REACHED
        elif self._otherwise:
            session.exitstatus = NOT_BY_ASSERTION
        elif session.exitstatus == pytest.ExitCode.TESTS_FAILED:
            session.exitstatus = RED


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before any conftest imports the product. Without a named fault nothing is changed."""
    name = os.environ.get(VARIABLE)
    if not name:
        return
    mutator = Mutator(FAULTS[name])
    early = sorted(module for module in sys.modules if module.partition(".")[0] in OURS)
    if early:
        raise pytest.UsageError(f"imported before the fault could be applied: {', '.join(early)}")
    sys.meta_path.insert(0, FaultyFinder(mutator))
    early_config.pluginmanager.register(Verdict(mutator))

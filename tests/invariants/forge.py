"""Runs faults one after another, each in a fork of its own: what is not ours is imported once, before the first.

``python -m tests.invariants.forge`` reads a line of JSON for each run, ``[fault or null, [test, …]]``, and answers with
one: ``[exit code, output]``. A fork begins where a fresh interpreter would be after its imports, with nothing of ours;
that is compiled in the first fork, and read by the others from a cache that is the forge's own. A fault is in no cache.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from importlib import import_module

from tests.invariants.fault import VARIABLE

FOREIGN = (
    "aiohttp.web", "slack_bolt.adapter.socket_mode", "rq", "redis", "pydantic", "msgspec", "yaml",
    "click", "prometheus_client", "kubernetes.client", "urllib3",
    "pytest", "hypothesis", "_pytest.python", "_pytest.fixtures", "_pytest.terminal", "_pytest.junitxml", "_pytest.logging",
    "_pytest.doctest", "_pytest.unittest", "_pytest.pastebin", "_pytest.faulthandler", "xdist.scheduler.loadscope",
)  # fmt: skip
OPTIONS = ("-x", "-q", "--no-header", "--tb=native", "-p", "pytest_timeout", "-p", "tests.invariants.mutant")
"""Other plugins are of no use here, and each costs its import."""


def main() -> None:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    for name in [name for name in os.environ if name.startswith("PYTEST_XDIST")]:
        del os.environ[name]
    for module in FOREIGN:
        import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        sys.pycache_prefix, sys.dont_write_bytecode = folder, False
        gc.freeze()  # pytest collects what each test left: not all of this
        for line in sys.stdin:
            fault, tests = json.loads(line)
            print(json.dumps(run(fault, tests)), flush=True)


def run(fault: str | None, tests: list[str]) -> tuple[int, str]:
    """In a child: what it imports, patches and leaves running ends with it."""
    with tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if child == 0:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            os._exit(tested(fault, tests))
        _, status = os.waitpid(child, 0)
        output.seek(0)
        return os.waitstatus_to_exitcode(status), output.read()


def tested(fault: str | None, tests: list[str]) -> int:
    import pytest

    os.environ[VARIABLE] = fault or ""
    with tempfile.TemporaryDirectory() as folder:
        code = int(pytest.main([*OPTIONS, f"--basetemp={folder}/tests", *tests]))
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    main()

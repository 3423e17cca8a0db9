"""Resident memory of each process, as the kernel counts it, after the other benchmarks have used them."""

from __future__ import annotations

from pathlib import Path

from tests.bench.table import Row
from tests.scenarios.stack import Stack


def rows(stack: Stack) -> list[Row]:
    return [Row(f"memory (RSS) of the {name}", rss(child.pid), unit="MB") for name, child in stack.processes.items()]


def rss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

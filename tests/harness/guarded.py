"""Starting a program that ends with this process, however this process ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_LIFELINE = Path(__file__).with_name("lifeline.py")
# The kernel's "parent death" is the death of the *thread* that forked. One thread that lives as long as this process
# starts all children, so that a test may start one from a thread of its own that ends earlier.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="harness-spawner")


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """``options`` are Popen's. It has a session of its own: Ctrl-C in the terminal does not reach it."""
    guarded = [sys.executable, "-I", "-S", str(_LIFELINE), str(os.getpid()), *command]
    popen: Any = subprocess.Popen
    started: subprocess.Popen[bytes] = _spawner.submit(
        popen, guarded, stdin=subprocess.DEVNULL, start_new_session=True, **options
    ).result()
    return started

"""Runs a command that dies when the process that started it dies, however that happened (SIGKILL included).

Usage: python lifeline.py PARENT_PID COMMAND [ARGUMENT ...]

A program of its own instead of a `preexec_fn`, which may deadlock in a process that has threads. The kernel keeps the
request across exec (prctl(2), PR_SET_PDEATHSIG). On systems without prctl the command runs unguarded.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Ask the kernel for SIGKILL at the parent's death.

    SIGKILL, not SIGTERM: a kube-apiserver that has lost its etcd ignores SIGTERM.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we could ask
        sys.exit(1)


def main(parent: int, command: list[str]) -> None:
    """Become the command, on that condition."""
    die_with(parent)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

"""Becomes a command that is told to end when the process that started it ends, however that happened (SIGKILL included).

Usage: ``python lifeline.py PARENT_PID COMMAND [ARGUMENT …]``. A program rather than a ``preexec_fn``, which may deadlock
where there are threads. The kernel keeps the request across exec (prctl(2), PR_SET_PDEATHSIG: Linux alone has it;
elsewhere the supervisor ends its processes itself, unless it is killed outright).
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before the kernel could be asked
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - the command is the supervisor's own


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

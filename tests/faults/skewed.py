"""``quarterdeck`` on a machine whose clock is off.

Run as ``python -m tests.faults.skewed SECONDS <quarterdeck's own words>``.
"""

from __future__ import annotations

import sys
import time


def main() -> None:
    seconds, *words = sys.argv[1:]
    real = time.time
    time.time = lambda: real() + float(seconds)
    sys.argv = ["quarterdeck", *words]
    from quarterdeck.cli import main as quarterdeck

    quarterdeck()


if __name__ == "__main__":
    main()

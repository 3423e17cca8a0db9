"""``quarterdeck`` of another folder's sources: ``python -m tests.endurance.earlier FOLDER <quarterdeck's own words>``."""

from __future__ import annotations

import runpy
import sys


def main() -> None:
    folder, *words = sys.argv[1:]
    sys.path.insert(0, folder)
    sys.argv = ["quarterdeck", *words]
    runpy.run_module("quarterdeck", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

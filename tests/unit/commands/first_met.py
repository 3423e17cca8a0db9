"""Eight threads read records that none has read before: ``python -m tests.unit.commands.first_met``, for it may end the process."""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from commands import canonical
from commands.operation import Operation

THREADS = 8


def main() -> None:
    keys = json.loads((Path(__file__).parents[2] / "earlier" / "0.1.0.json").read_text())["keys"]
    records = [fields["record"] for key, (_, fields) in keys.items() if key.startswith("operation:")]
    sys.setswitchinterval(1e-5)  # seconds; so that they do meet
    together = threading.Barrier(THREADS)

    def read() -> int:
        together.wait()
        return len([canonical.load(record, Operation) for record in records])

    with ThreadPoolExecutor(THREADS) as pool:
        assert {done.result() for done in [pool.submit(read) for _ in range(THREADS)]} == {len(records)}


if __name__ == "__main__":
    main()

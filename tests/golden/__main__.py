"""Records them anew: ``make golden``, with KUBEBUILDER_ASSETS as for the tests; the names of some record only those.

Each file of ``recordings/`` holds a workload, what it owns and the warnings about it at one moment, with what we wrote
before (``Written``) and the time by the cluster's clock; and it names this script and the control plane's version.
"""

import json
import sys

from tests.golden import RECORDINGS
from tests.golden.states import STATES
from tests.harness.controlplane import ControlPlane


def main(names: list[str]) -> None:
    RECORDINGS.mkdir(exist_ok=True)
    with ControlPlane() as control_plane:
        version = control_plane.get("/version")["gitVersion"]
        for name in names or STATES:
            found = STATES[name](control_plane)
            text = json.dumps({"recorded_by": "tests/golden", "control_plane": version, **found}, separators=(",", ":"))
            (RECORDINGS / f"{name}.json").write_text(text + "\n")
            print(f"{name}: {len(text)} bytes")


main(sys.argv[1:])

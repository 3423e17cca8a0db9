"""Real objects at moments that matter, recorded from a real control plane; the tests of ``workers.kinds`` tell the verdicts."""

from pathlib import Path
from typing import Final

RECORDINGS: Final = Path(__file__).parent / "recordings"

"""What the API server says about itself: its version and whether it is well."""

from __future__ import annotations

from typing import Any

from playground.cluster.wire.call import Answer

Json = dict[str, Any]
VERSION: Json = {
    # kubectl may be a dispatcher that looks for its own binary for minors 27 to 31 and 33; and clients of 1.37 must not
    # find a feature missing that they take for granted.
    "major": "1",
    "minor": "37",
    "emulationMajor": "1",
    "emulationMinor": "37",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "36",
    "gitVersion": "v1.37.2",
    "gitCommit": "simulated",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "go1.26.8",
    "compiler": "gc",
    "platform": "linux/amd64",
}
PUBLIC = ("/healthz", "/livez", "/readyz", "/version")
"""Paths that everybody may read, and what is below them."""


def answer(path: str) -> Answer | None:
    """None if the path is about something else."""
    path = path.rstrip("/")
    if path == "/version":
        return Answer(document=VERSION)
    if path in {"/healthz", "/livez", "/readyz"}:
        return Answer(content=b"ok", content_type="text/plain; charset=utf-8")
    return None

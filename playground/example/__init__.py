"""A worked example: a small distributed system, who runs it, and what Quarterdeck is told about it. Data, and its readers."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]

SIZES = {"web": 2, "api": 1, "jobs": 1}
"""Replicas in a namespace where nothing is asked for before a change: a smaller copy of production."""

VERSIONS = {
    "registry.example/web": ("1.4.0", "1.4.1", "1.4.2", "1.5.0"),
    "registry.example/api": ("2.0.9", "2.1.0", "2.1.1"),
    "registry.example/jobs": ("0.9.2", "0.9.3", "0.9.4"),
    "registry.example/postgres": ("16.2", "16.3", "16.4"),
}
"""Tags that exist in the demo's registry; ``web:1.4.3`` was never pushed, for one."""

CRASHING = {"registry.example/api:2.2.0": "panic: cannot read configuration: DATABASE_URL has no database name"}
"""Images that exist and end at once, with their last words."""


def configuration() -> Path:
    """Of the demo, with its own comments."""
    return Path(str(files(__name__).joinpath("quarterdeck.yaml")))


def manifests(namespace: str, *, small: bool) -> Iterator[Json]:
    """The system's objects for that namespace."""
    for obj in yaml.safe_load_all(files(__name__).joinpath("system.yaml").read_text()):
        obj["metadata"]["namespace"] = namespace
        if small and obj["kind"] == "Deployment":
            obj["spec"]["replicas"] = SIZES[obj["metadata"]["name"]]
        yield obj

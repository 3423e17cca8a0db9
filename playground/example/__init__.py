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

SAYING = {
    "registry.example/web": (
        "listening on :8080",
        "GET / 200 12ms",
        "GET /assets/app.css 304 1ms",
        "GET /orders 200 41ms",
        "POST /orders 201 87ms",
    ),
    "registry.example/api": (
        "listening on :8080",
        "GET /v1/orders 200 18ms",
        "POST /v1/orders 201 53ms",
        "GET /v1/stock/4711 200 6ms",
        "GET /v1/stock/4712 404 5ms",
    ),
    "registry.example/jobs": (
        "waiting for work on queue orders",
        "order 10342: picked up",
        "order 10342: invoice sent in 1.2s",
        "queue orders: nothing to do",
    ),
    "registry.example/postgres": (
        "LOG:  database system is ready to accept connections",
        "LOG:  checkpoint starting: time",
        "LOG:  checkpoint complete: wrote 41 buffers (0.3%)",
    ),
}
"""What containers print by image: a line at their start, and the others in turn every few seconds."""

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

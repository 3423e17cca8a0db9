"""Requests exactly as written, and answers as they come: for what a client library would smooth over."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
import yaml

from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
Cluster = SimulatedCluster | ControlPlane
SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """``body`` is parsed if it is JSON."""

    code: int
    content_type: str
    body: Any
    warnings: tuple[str, ...] = ()


class Client:
    """One user's connection to one cluster; ``user`` "" sends no credentials."""

    def __init__(self, cluster: Cluster, user: str = "admin") -> None:
        config = yaml.safe_load(cluster.kubeconfig_for(user or "admin").read_text())
        authority = base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"])
        token = config["users"][0]["user"]["token"]
        self._server = cluster.server
        self._headers = {"Authorization": f"Bearer {token}"} if user else {}
        self._pool = urllib3.PoolManager(ca_cert_data=authority.decode(), retries=False, timeout=SECONDS)

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """A body that is no text or bytes is sent as JSON."""
        sent = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        typed = {"Content-Type": "application/json"} if sent is not None else {}
        given = {**self._headers, "User-Agent": "contract", **typed, **(headers or {})}
        response = self._pool.request(method, self._server + path, body=sent, headers=given)
        content_type = response.headers.get("Content-Type", "")
        lines = response.data.count(b"\n{")
        parsed = (
            response.json() if content_type.startswith("application/json") and not lines else response.data.decode()
        )
        return Answer(response.status, content_type, parsed, tuple(response.headers.getlist("Warning")))

    def close(self) -> None:
        self._pool.clear()

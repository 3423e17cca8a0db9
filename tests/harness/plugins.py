"""A program that fetches credentials for a kubeconfig (``exec``), and may hang while it does."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

from tests.harness.processes import wait_until

_TELLS = """#!/bin/sh
echo run >> {folder}/runs
[ "$(wc -l < {folder}/runs)" -le {given} ] || read line < {folder}/pipe
echo '{{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
  "status": {{"token": "fresh", "expirationTimestamp": "2020-01-01T00:00:00Z"}}}}'
"""
_API = "client.authentication.k8s.io/v1"


class HangingPlugin:
    """Its first ``given`` runs give a token that has expired, each later one hangs until ``release``."""

    def __init__(self, folder: Path, given: int = 0) -> None:
        self._folder, self._given = folder, given
        os.mkfifo(folder / "pipe")
        self._program = folder / "plugin"
        self._program.write_text(_TELLS.format(folder=folder, given=given))
        self._program.chmod(0o755)

    def kubeconfig(self, server: str) -> Path:
        program = {"apiVersion": _API, "command": str(self._program), "interactiveMode": "Never"}
        path = self._folder / "with-plugin"
        path.write_text(
            yaml.safe_dump(
                {
                    "current-context": "c",
                    "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                    "clusters": [{"name": "c", "cluster": {"server": server}}],
                    "users": [{"name": "u", "user": {"exec": program}}],
                }
            )
        )
        return path

    @property
    def runs(self) -> int:
        """How often it was begun."""
        noted = self._folder / "runs"
        return len(noted.read_text().splitlines()) if noted.exists() else 0

    def hangs(self) -> None:
        """Returns when it does, or will in a moment."""
        wait_until(lambda: self.runs > self._given, 20)

    def release(self) -> None:
        """The one that hangs, or will in a moment, goes on."""
        self.hangs()
        (self._folder / "pipe").write_text("\n")  # which waits for somebody who reads

"""The file by which kubectl and the clients find the cluster and say who they are."""

from __future__ import annotations

import base64
import json
from pathlib import Path

NAME = "simulated"


def write(path: Path, *, server: str, certificate: Path, user: str, token: str, namespace: str = "default") -> Path:
    """YAML, of which JSON is a part. Only its owner may read it: it holds the token."""
    authority = base64.b64encode(certificate.read_bytes()).decode()
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": NAME,
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": user, "namespace": namespace}}],
        "clusters": [{"name": NAME, "cluster": {"server": server, "certificate-authority-data": authority}}],
        "users": [{"name": user, "user": {"token": token}}],
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(document, indent=2) + "\n")
    return path

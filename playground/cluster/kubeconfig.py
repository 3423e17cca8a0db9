"""The file by which kubectl and the clients find the cluster and say who they are."""

from __future__ import annotations

import base64
import json
from pathlib import Path

NAME = "simulated"


def write(path: Path, *, server: str, certificate: Path, user: str, token: str, context: str = NAME) -> Path:
    """YAML, of which JSON is a part. Only its owner may read it: it holds the token.

    Files of several ``context``s can be named together in KUBECONFIG.
    """
    authority = base64.b64encode(certificate.read_bytes()).decode()
    name = user if context == NAME else f"{user}@{context}"
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context,
        "contexts": [{"name": context, "context": {"cluster": context, "user": name, "namespace": "default"}}],
        "clusters": [{"name": context, "cluster": {"server": server, "certificate-authority-data": authority}}],
        "users": [{"name": name, "user": {"token": token}}],
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(document, indent=2) + "\n")
    return path

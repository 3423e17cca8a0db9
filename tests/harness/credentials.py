"""Who may talk to the control plane: keys, token users and kubeconfig files, valid for one test run."""

import base64
import csv
import secrets
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

MASTERS = "system:masters"
"""The group for which the API server skips authorization."""


@dataclass(frozen=True)
class TokenUser:
    """A user of the API server's static token file."""

    name: str
    group: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(16))


def write_tokens(path: Path, users: Iterable[TokenUser]) -> None:
    """Write kube-apiserver's --token-auth-file, which it reads only at its start."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows((user.token, user.name, user.name, user.group) for user in users)


def write_signing_key(path: Path) -> None:
    """Write the key that signs service account tokens."""
    command = ["openssl", "genrsa", "-out", str(path), "2048"]
    subprocess.run(command, check=True, capture_output=True)


def write_kubeconfig(path: Path, *, server: str, certificate: Path, user: TokenUser) -> None:
    """Write a kubeconfig that trusts `certificate` (PEM) and carries the user's token."""
    authority = base64.b64encode(certificate.read_bytes()).decode()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": user.name}}],
        "clusters": [{"name": "test", "cluster": {"server": server, "certificate-authority-data": authority}}],
        "users": [{"name": user.name, "user": {"token": user.token}}],
    }
    path.write_text(yaml.safe_dump(config))

"""The server's certificate, made at its start: kubectl sends credentials over TLS only."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


def make(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for this machine, and the PEM file of the authority to trust."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    path = folder / "ca.crt"
    authority.cert_pem.write_to_path(str(path))
    return context, path

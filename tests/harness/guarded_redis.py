"""A Redis as a careful operator has it: TLS by a private CA alone, a certificate asked of everybody, and no default user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import trustme
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.harness.redis import RedisServer

USER, PASSWORD = "quarterdeck", "a pass/word@with:signs"
ENCODED = "a%20pass%2Fword%40with%3Asigns"
ADMIN = "the-operators-own"


class Certificates:
    """PEM files in ``folder``: the CA's, and one pair for server and client both."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        authority = trustme.CA()
        issued = authority.issue_cert(host)
        self.ca, self.certificate, self.key = (str(folder / name) for name in ("ca.crt", "tls.crt", "tls.key"))
        authority.cert_pem.write_to_path(self.ca)
        issued.private_key_pem.write_to_path(self.key)
        for blob in issued.cert_chain_pems:
            blob.write_to_path(self.certificate, append=True)

    @property
    def variables(self) -> dict[str, str]:
        return {"REDIS_CA_FILE": self.ca, "REDIS_CERT_FILE": self.certificate, "REDIS_KEY_FILE": self.key}

    @property
    def client(self) -> dict[str, Any]:
        """What a client of redis-py is given."""
        return {"ssl": True, "ssl_ca_certs": self.ca, "ssl_certfile": self.certificate, "ssl_keyfile": self.key}

    def server(self, port: int) -> dict[str, str]:
        """The configuration of a server or a Sentinel that takes nothing else on that port."""
        files = {"ca-cert-file": self.ca, "cert-file": self.certificate, "key-file": self.key}
        own = {f"tls-{name}": path for name, path in files.items()}
        return {"port": "0", "tls-port": str(port), "tls-auth-clients": "yes", "tls-replication": "yes", **own}


class GuardedRedis(RedisServer):
    """``rules``: what its one user may do, as ``ACL SETUSER`` takes it."""

    def __init__(self, folder: Path, rules: Sequence[str], *, appendonly: bool = True) -> None:
        self.certificates = Certificates(folder)
        super().__init__(appendonly=appendonly, password=ADMIN)
        self.permit(*rules)

    def permit(self, *rules: str) -> None:
        """The user anew, with these rules alone."""
        with self.client() as admin:
            admin.execute_command("ACL", "SETUSER", USER, "reset", "on", f">{PASSWORD}", *rules)

    def refused(self) -> list[str]:
        """What the user was refused since the server started: commands, keys, channels."""
        with self.client() as admin:
            found = admin.execute_command("ACL", "LOG")
        return [str(entry.get("object", entry.get(b"object"))) for entry in found]

    @property
    def url(self) -> str:
        return f"rediss://{USER}:{ENCODED}@127.0.0.1:{self.port}/0"

    @property
    def variables(self) -> Mapping[str, str]:
        return {"REDIS_URL": self.url, **self.certificates.variables}

    def client(self) -> Redis:
        """As the operator, who may do everything."""
        return Redis(
            port=self.port, host="127.0.0.1", password=ADMIN, retry=Retry(NoBackoff(), 0), socket_timeout=5,
            **self.certificates.client,
        )  # fmt: skip

    def _command(self) -> list[str]:
        options = self.certificates.server(self.port).items()
        return [*super()._command(), *(part for key, value in options for part in (f"--{key}", value))]

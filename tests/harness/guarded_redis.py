"""A Redis as a careful operator has it: TLS by a private CA alone, a certificate asked of everybody, and no default user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

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
        files = self.certificates
        return Redis(
            port=self.port, host="127.0.0.1", password=ADMIN, retry=Retry(NoBackoff(), 0), socket_timeout=5,
            ssl=True, ssl_ca_certs=files.ca, ssl_certfile=files.certificate, ssl_keyfile=files.key,
        )  # fmt: skip

    def _command(self) -> list[str]:
        files = self.certificates
        options = {
            "port": "0", "tls-port": str(self.port), "tls-auth-clients": "yes", "tls-ca-cert-file": files.ca,
            "tls-cert-file": files.certificate, "tls-key-file": files.key,
        }  # fmt: skip
        return [*super()._command(), *(part for key, value in options.items() for part in (f"--{key}", value))]

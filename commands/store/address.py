"""Where Redis is, and what this process shows there: one value, read from the ``REDIS_*`` variables of an environment.

========================  ==================================================================================
REDIS_URL                 ``redis://USER:PASSWORD@HOST:6379/0``, ``rediss://…`` with TLS, ``unix:///PATH``, or
                          ``redis+sentinel://USER:PASSWORD@HOST:26379,HOST:26379/NAME/0`` (``rediss+sentinel``)
REDIS_CA_FILE             who signs Redis's certificate, where that is nobody whom the system trusts
REDIS_CERT_FILE, _KEY_    this process's own certificate and its key, where Redis asks for one
REDIS_SENTINEL_USER, …    ``REDIS_SENTINEL_PASSWORD``: of the Sentinels, where they ask; else nothing is shown to them
========================  ==================================================================================

User and password are percent-encoded in the URL, and are Redis's own. No I/O but to read the files once.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from commands.errors import ConfigError

HERE = "redis://127.0.0.1:6379/0"
"""Where Redis is, if nothing says so."""

FORM = (
    "write it as redis://USER:PASSWORD@HOST:6379/0 (or rediss://, unix://), or with Sentinel as "
    "redis+sentinel://USER:PASSWORD@HOST:26379,HOST:26379/NAME/0 (or rediss+sentinel://)"
)
PORTS = {"redis": 6379, "rediss": 6379, "redis+sentinel": 26379, "rediss+sentinel": 26379}
"""By scheme, the port where none is written."""
FILES = ("REDIS_CA_FILE", "REDIS_CERT_FILE", "REDIS_KEY_FILE")


@dataclass(frozen=True, slots=True)
class Login:
    """Who this process is there; without a user it is ``default``."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Tls:
    """Paths of PEM files."""

    ca: str | None = None
    certificate: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """``hosts``: the one Redis, or the Sentinels that know which server of that ``name`` is the master."""

    hosts: tuple[tuple[str, int], ...] = ()
    database: int = 0
    login: Login = Login()
    tls: Tls | None = None
    name: str | None = None
    sentinels: Login = Login()
    socket: str | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Address:
        """Raises ``ConfigError`` with every problem; a password is in none."""
        url = environment.get("REDIS_URL") or HERE
        files = {name: environment[name] for name in FILES if environment.get(name)}
        sentinels = Login(environment.get("REDIS_SENTINEL_USER"), environment.get("REDIS_SENTINEL_PASSWORD"))
        problems: list[str] = []
        try:
            address = _parsed(url)
        except ValueError as error:
            problems.append(f"REDIS_URL is no address of a Redis ({error}); {FORM}")
            address = None
        problems += _problems_of_files(files)
        if address and files and not address.tls:
            problems.append(
                f"{' and '.join(files)}: REDIS_URL does not say rediss://, so no certificate would be looked at"
            )
        if address and (sentinels.user or sentinels.password) and not address.name:
            problems.append("REDIS_SENTINEL_USER and _PASSWORD are for Sentinels, and REDIS_URL names none")
        if problems or not address:
            raise ConfigError(problems)
        tls = Tls(*(files.get(name) for name in FILES)) if address.tls else None
        return cls(
            address.hosts, address.database, address.login, tls, address.name, sentinels, address.socket
        )  # fmt: skip


def _parsed(url: str) -> Address:
    """Raises ``ValueError`` with a reason that shows nothing of the URL but what is wrong in it."""
    try:
        parts = urlsplit(url)
    except ValueError:  # which quotes what it stumbled over
        raise ValueError("what is between // and / cannot be read") from None
    shown, _, hosts = parts.netloc.rpartition("@")
    user, _, password = (unquote(part) or None for part in shown.partition(":"))
    login = Login(user, password)
    if parts.fragment:
        raise ValueError("a # in it has to be written %23")
    if parts.scheme == "unix":
        return Address(socket=unquote(parts.path), database=_database_of_socket(parts.query), login=login)
    if parts.scheme not in PORTS:
        raise ValueError("it begins with none of these")
    if parts.query:
        raise ValueError(f"a ? has to be written %3F, and for certificates there are {', '.join(FILES)}")
    name, database = _path(parts.path, named=parts.scheme.endswith("sentinel"))
    found = tuple(_host(host, PORTS[parts.scheme]) for host in hosts.split(","))
    if len(found) > 1 and not name:
        raise ValueError("several hosts are Sentinels")
    return Address(found, database, login, Tls() if parts.scheme.startswith("rediss") else None, name)


def _path(path: str, *, named: bool) -> tuple[str | None, int]:
    first, _, rest = path.removeprefix("/").partition("/")
    if not named:
        return None, _number(first, rest)
    if not first:
        raise ValueError("it does not say which master: its NAME in the Sentinels' own configuration")
    return unquote(first), _number(rest)


def _number(text: str, rest: str = "") -> int:
    if rest or not (text or "0").isdecimal():
        raise ValueError("its database is no number")
    return int(text or 0)


def _database_of_socket(query: str) -> int:
    asked = dict(parse_qsl(query))
    if set(asked) - {"db"}:
        raise ValueError("nothing but ?db= may follow the path")
    return _number(asked.get("db", ""))


def _host(text: str, otherwise: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("its port is no number up to 65535") from None
    if not parts.hostname:
        raise ValueError("it names no host")
    return parts.hostname, port or otherwise


def _problems_of_files(files: Mapping[str, str]) -> Iterator[str]:
    missing = [name for name, path in files.items() if not Path(path).is_file()]
    yield from (f"{name}: there is no file {files[name]}" for name in missing)
    if ("REDIS_CERT_FILE" in files) != ("REDIS_KEY_FILE" in files):
        yield "REDIS_CERT_FILE and REDIS_KEY_FILE belong together: set both or neither"
    elif "REDIS_CERT_FILE" in files and not {"REDIS_CERT_FILE", "REDIS_KEY_FILE"} & set(missing):
        yield from _tried(files, "REDIS_CERT_FILE", "REDIS_KEY_FILE")
    if "REDIS_CA_FILE" in files and "REDIS_CA_FILE" not in missing:
        yield from _tried(files, "REDIS_CA_FILE")


def _tried(files: Mapping[str, str], *names: str) -> Iterator[str]:
    """A file that is no certificate is found now, and not by whoever types the first command."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    load = context.load_verify_locations if len(names) == 1 else context.load_cert_chain
    try:
        load(*(files[name] for name in names))
    except OSError as error:  # SSLError is one
        what = "no certificate in PEM" if len(names) == 1 else "no certificate in PEM with its own unencrypted key"
        yield f"{' and '.join(names)}: {what} ({error.strerror or error})"

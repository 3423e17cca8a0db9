"""How a cluster is reached and with which credentials, by the official client's loaders."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies

from kubernetes.client.configuration import Configuration
from kubernetes.config.config_exception import ConfigException
from kubernetes.config.incluster_config import SERVICE_HOST_ENV_NAME, load_incluster_config
from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

from commands.errors import ConfigError
from workers.cluster.credentials import unfetched

POOL_SIZE = 32
"""Connections kept per cluster: a watcher holds one for each namespace and kind, jobs need few."""


FETCHING = 30
"""Seconds after which a program that fetches credentials is ended. Nobody has waited for it that long; the next may do better."""


class ClusterConfig(Protocol):
    """What ``clusters:`` says of one. Both optional: in-cluster account, else the default kubeconfig."""

    @property
    def kubeconfig(self) -> str | Path | None: ...
    @property
    def context(self) -> str | None: ...


def load(name: str, kubeconfig: str | Path | None, context: str | None) -> Configuration:
    """Read credentials and address. Raises ``ConfigError``, and ``Unanswered`` where the program that fetches them gives none."""
    # An empty proxy keeps the client from taking the environment's, which must not hold for a loopback address.
    configuration = Configuration(proxy="")
    configuration.retries = False
    configuration.keep_alive = True
    configuration.connection_pool_maxsize = POOL_SIZE
    got = True
    try:
        if kubeconfig is None and context is None and os.environ.get(SERVICE_HOST_ENV_NAME):
            load_incluster_config(configuration)  # type: ignore[no-untyped-call]
        else:
            got = _load_kubeconfig(configuration, kubeconfig, context)
    except ConfigException as error:
        raise ConfigError([f"cluster {name}: {error}"]) from error
    if not got:
        raise unfetched(name)
    if not configuration.proxy and not is_loopback(configuration.host):
        proxies = getproxies()
        configuration.proxy = proxies.get(urlsplit(configuration.host).scheme) or proxies.get("all")
    return configuration


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _load_kubeconfig(configuration: Configuration, kubeconfig: str | Path | None, context: str | None) -> bool:
    """Whether it got what it was to fetch."""
    # A list of paths; the loader, which would read the variable once for all, skips those that do not exist.
    paths = str(kubeconfig or os.environ.get("KUBECONFIG") or "~/.kube/config")
    existing = [path for path in paths.split(os.pathsep) if path and Path(path).expanduser().exists()]
    if not existing:
        raise ConfigException(f"there is no kubeconfig at {paths}")
    paths = os.pathsep.join(existing)
    merged: Any = KubeConfigMerger(paths).config  # type: ignore[no-untyped-call]
    _insist_on_context(merged, paths, context)
    fetching = _limited(merged)
    loader: Any = KubeConfigLoader(merged, active_context=context)  # type: ignore[no-untyped-call]
    loader.load_and_set(configuration)
    # The loader logs why such a program failed, and goes on as nobody: every request would be refused, for ever.
    named = loader.current_context["context"].get("user")
    return named not in fetching or bool(configuration.api_key or configuration.cert_file)


def _insist_on_context(merged: Any, paths: str, context: str | None) -> None:
    """The loader's own word for one that is missing names neither a mend nor those that there are."""
    if context is None:
        return
    there = [str(known["name"]) for known in merged.value.get("contexts") or ()]
    if context not in there:
        raise ConfigException(f"{paths} has no context {context}; it has {', '.join(there) or 'none'}")


def _limited(merged: Any) -> set[str]:
    """The users whose credentials a program fetches, which is ended in the end where the system has ``timeout``."""
    limit = shutil.which("timeout")
    entries = {user["name"]: user.value.get("user") or {} for user in merged.value["users"]}
    fetching = {name: entry["exec"] for name, entry in entries.items() if entry.get("exec")}
    for program in fetching.values():
        if limit and not _may_ask(program):
            program["args"] = ["-s", "KILL", str(FETCHING), program["command"], *(program.get("args") or ())]
            program["command"] = limit
    return set(fetching)


def _may_ask(program: Any) -> bool:
    """Whether somebody sits there whom it may ask: ``timeout`` would take the terminal from it."""
    return program.get("interactiveMode") != "Never" and sys.stdin is not None and sys.stdin.isatty()

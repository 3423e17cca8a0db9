"""How a cluster is reached and with which credentials, by the official client's loaders."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies

from kubernetes.client.configuration import Configuration
from kubernetes.config.config_exception import ConfigException
from kubernetes.config.incluster_config import SERVICE_HOST_ENV_NAME, load_incluster_config
from kubernetes.config.kube_config import KubeConfigMerger, load_kube_config

from commands.errors import ConfigError

POOL_SIZE = 32
"""Connections kept per cluster: a watcher holds one for each namespace and kind, jobs need few."""


class ClusterConfig(Protocol):
    """What ``clusters:`` says of one. Both optional: in-cluster account, else the default kubeconfig."""

    @property
    def kubeconfig(self) -> str | Path | None: ...
    @property
    def context(self) -> str | None: ...


def load(name: str, kubeconfig: str | Path | None, context: str | None) -> Configuration:
    """Read credentials and address. Raises ``ConfigError``."""
    # An empty proxy keeps the client from taking the environment's, which must not hold for a loopback address.
    configuration = Configuration(proxy="")
    configuration.retries = False
    configuration.keep_alive = True
    configuration.connection_pool_maxsize = POOL_SIZE
    try:
        if kubeconfig is None and context is None and os.environ.get(SERVICE_HOST_ENV_NAME):
            load_incluster_config(configuration)  # type: ignore[no-untyped-call]
        else:
            _load_kubeconfig(configuration, kubeconfig, context)
    except ConfigException as error:
        raise ConfigError([f"cluster {name}: {error}"]) from error
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


def _insist_on_context(paths: str, context: str | None) -> None:
    """The loader's own word for one that is missing names neither a mend nor those that there are."""
    if context is None:
        return
    merged = KubeConfigMerger(paths).config  # type: ignore[no-untyped-call]
    there = [str(known["name"]) for known in merged.value.get("contexts") or ()] if merged else []
    if context not in there:
        raise ConfigException(f"{paths} has no context {context}; it has {', '.join(there) or 'none'}")


def _load_kubeconfig(configuration: Configuration, kubeconfig: str | Path | None, context: str | None) -> None:
    # A list of paths; the loader, which would read the variable once for all, skips those that do not exist.
    paths = str(kubeconfig or os.environ.get("KUBECONFIG") or "~/.kube/config")
    existing = [path for path in paths.split(os.pathsep) if path and Path(path).expanduser().exists()]
    if not existing:
        raise ConfigException(f"there is no kubeconfig at {paths}")
    paths = os.pathsep.join(existing)
    try:
        load_kube_config(paths, context, configuration, persist_config=False)  # type: ignore[no-untyped-call]
    except ConfigException:
        _insist_on_context(paths, context)
        raise

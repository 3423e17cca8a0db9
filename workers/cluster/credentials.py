"""Who we are to a cluster, with each request. What expires is fetched anew: by a program, or from a server, that may hang."""

from __future__ import annotations

import logging

from kubernetes.client.configuration import Configuration

from commands.errors import Unanswered
from workers.cluster.attempt import Attempt

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds for which credentials are waited for: as long as for an answer of the cluster's own."""

FRESH = 10.0
"""Seconds for which the official client is not asked again. It fetches anew five minutes before they expire."""


class Credentials:
    """Safe to use from several threads: the client itself would fetch inline, without a lock and without a limit."""

    def __init__(self, cluster: str, configuration: Configuration) -> None:
        self._cluster, self._configuration = cluster, configuration
        self._header = Attempt(f"credentials of {cluster}", self._read, FRESH)

    def header(self) -> dict[str, str]:
        """Nothing where they are none, or a certificate. Raises ``Unanswered``."""
        try:
            return self._header.result(PATIENCE)
        except TimeoutError as error:
            raise late(self._cluster) from error
        except Exception as error:
            raise unfetched(self._cluster) from error

    def _read(self) -> dict[str, str]:
        try:
            setting = self._configuration.auth_settings().get("BearerToken")
        except Exception:
            log.exception("The credentials of the cluster %s cannot be fetched anew.", self._cluster)
            raise
        return {setting["key"]: setting["value"]} if setting and setting["value"] else {}


def late(cluster: str) -> Unanswered:
    why = "the program or server that its credentials come from does not answer"
    return Unanswered(f"The cluster {cluster} cannot be reached: {why}.", why, waited=True)


def unfetched(cluster: str) -> Unanswered:
    why = "its credentials cannot be fetched, and the log says why"
    return Unanswered(f"The cluster {cluster} cannot be reached: {why}.", why, waited=False)

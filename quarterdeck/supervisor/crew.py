"""Bot, worker and watcher as programs, each with its own secrets; where each tells whether it is ready."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event, Thread

from quarterdeck.logs import say
from quarterdeck.supervisor.ports import free_port
from quarterdeck.supervisor.program import Environment, Program, for_bot, for_clusters

_PROBE_SECONDS = 2.0
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Crew:
    """``options`` are the words before the subcommand (``--config``, …); ``bot_options`` those after ``bot``.

    ``own``: by name, what that one alone has in its environment.
    """

    environment: Environment
    options: tuple[str, ...]
    bot_options: tuple[str, ...]
    ports: Mapping[str, int]
    own: Mapping[str, Environment] = field(default_factory=dict, repr=False)

    @classmethod
    def muster(
        cls, environment: Environment, options: tuple[str, ...], bot_options: tuple[str, ...] = (),
        own: Mapping[str, Environment] | None = None,
    ) -> Crew:  # fmt: skip
        """Choose a port for each one's health."""
        ports = {name: free_port() for name in ("bot", "worker", "watcher")}
        return cls(environment, options, bot_options, ports, own or {})

    def programs(self) -> list[Program]:
        cluster_side = for_clusters(self.environment)
        return [
            self._program("worker", cluster_side),
            self._program("watcher", cluster_side),
            self._program("bot", for_bot(self.environment), *self.bot_options),
        ]

    def readiness(self) -> dict[str, bool]:
        """By name, what each one's ``/readyz`` says now."""
        return {name: _is_ready(port) for name, port in self.ports.items()}

    def announce(self, sentence: str, stop: Event) -> None:
        """Say it when all are ready for the first time, from a thread of its own: a probe may take seconds."""

        def wait() -> None:
            while not stop.wait(_LOOK_SECONDS):
                if all(self.readiness().values()):
                    say(sentence)
                    return

        Thread(target=wait, name="announces", daemon=True).start()

    def _program(self, name: str, environment: Environment, *more: str) -> Program:
        health = f"127.0.0.1:{self.ports[name]}"
        arguments = (sys.executable, "-m", "quarterdeck", *self.options, name, "--health", health, *more)
        return Program(name, arguments, {**environment, **self.own.get(name, {})})


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PROBE_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()

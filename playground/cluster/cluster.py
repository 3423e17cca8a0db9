"""A Kubernetes cluster on this machine, as a context manager: an HTTPS server on 127.0.0.1 and all that moves behind it."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, Self, TypeVar

from playground.cluster import bootstrap, controller, kind, kubeconfig
from playground.cluster.access.authorizer import Authorizer
from playground.cluster.access.identity import MASTERS
from playground.cluster.access.tokens import Tokens
from playground.cluster.clock import Clock
from playground.cluster.controller import Engine
from playground.cluster.store import Store
from playground.cluster.turning import Turning
from playground.cluster.verbs import Verbs
from playground.cluster.wire import certificate
from playground.cluster.wire.api import Api
from playground.cluster.wire.server import HttpServer

Json = dict[str, Any]
T = TypeVar("T")
ADMIN = "admin"


class Cluster:
    """Methods may be called from any thread; what they do happens on the cluster's own.

    ``port`` 0: a free one. ``speed``: cluster seconds per real second; 0 stands still until ``step``. ``users`` get tokens and
    no rights; ``admin`` and ``masters`` may do everything. ``folder`` keeps certificate and kubeconfigs (default: a temporary one).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        speed: float = 1.0,
        nodes: int = 3,
        users: Iterable[str] = (),
        masters: Iterable[str] = (),
        folder: Path | None = None,
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="cluster-") if folder is None else None
        self.folder = Path(self._temporary.name) if self._temporary else folder or Path()
        self.clock = Clock(speed)
        self._verbs = Verbs(Store(), self.clock, kind.discover())
        self._controllers = controller.discover()
        self._engine = Engine(self._verbs, self._controllers)
        self._turning = Turning(self._engine, self.clock)
        self._identities = Tokens()
        self._tokens = {user: self._identities.add(user) for user in users}
        self._tokens |= {user: self._identities.add(user, (MASTERS,)) for user in (ADMIN, *masters)}
        context, self.certificate = certificate.make(self.folder)
        self._api = Api(self._verbs, Authorizer(self._verbs))
        self._http = HttpServer(self._api, self._identities, context, port)
        self._nodes = nodes
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def server(self) -> str:
        """The API server's base URL."""
        return f"https://127.0.0.1:{self._http.port}"

    @property
    def kubeconfig(self) -> Path:
        """The administrator's."""
        return self.kubeconfig_for(ADMIN)

    def kubeconfig_for(self, user: str) -> Path:
        path = self.folder / f"{user.replace(':', '-')}.kubeconfig"
        return kubeconfig.write(
            path, server=self.server, certificate=self.certificate, user=user, token=self.token(user)
        )

    def token(self, user: str) -> str:
        """The bearer token of ``admin`` or of one of the ``users``."""
        return self._tokens[user]

    def run(self, work: Callable[[Verbs], T]) -> T:
        """Do something with the cluster's verbs on its thread, between two steps, and return what it returns."""

        async def call() -> T:
            return work(self._verbs)

        return self._wait(call())

    def step(self, seconds: float) -> None:
        """Let cluster time pass at once, and everything happen that is due in it. For ``speed`` 0."""
        self.run(lambda _: self._engine.step(seconds))

    def start(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cluster", daemon=True)
        self._thread.start()
        try:
            self._wait(self._begin())
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        if self._loop is not None and self._thread is not None:
            self._wait(self._end())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None
        if self._temporary is not None:
            self._temporary.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _begin(self) -> None:
        bootstrap.fill(self._verbs, self._nodes)
        self._turning.start()
        await self._http.listen()

    async def _end(self) -> None:
        self._turning.stop()
        await self._http.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _wait(self, work: Awaitable[T]) -> T:
        if self._loop is None:
            raise RuntimeError("the cluster is not running")

        async def awaited() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result()

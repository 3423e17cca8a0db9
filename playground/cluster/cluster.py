"""A Kubernetes cluster on this machine, as a context manager: an HTTPS server on 127.0.0.1 and all that moves behind it."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from playground.cluster import bootstrap, controller, kind, kubeconfig, nodes
from playground.cluster.access.access import Access
from playground.cluster.access.identity import MASTERS, service_account
from playground.cluster.clock import Clock
from playground.cluster.controller import Engine
from playground.cluster.controllers.namespace import Namespaces
from playground.cluster.kubelet.kubelet import Kubelet
from playground.cluster.loop_thread import LoopThread
from playground.cluster.store import Store
from playground.cluster.turning import Turning
from playground.cluster.verbs import Verbs
from playground.cluster.wire import certificate
from playground.cluster.wire.api import Api
from playground.cluster.wire.audit import WriteRequest
from playground.cluster.wire.hooks import Admits
from playground.cluster.wire.outages import Rule
from playground.cluster.wire.server import HttpServer

T = TypeVar("T")
ADMIN = "admin"


class Cluster:
    """Methods may be called from any thread; what they do happens on the cluster's own, between two of its steps.

    ``port`` 0: a free one. ``speed``: cluster seconds per real second; 0 stands still until ``step``. ``users`` get tokens and
    no rights; ``admin`` and ``masters`` may do everything. ``folder`` keeps certificate and kubeconfigs (default: a temporary one).
    ``ahead``: seconds by which its clock goes before this machine's, or (below 0) behind it.
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
        ahead: float = 0.0,
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="cluster-") if folder is None else None
        self.folder = Path(self._temporary.name) if self._temporary else folder or Path()
        self.clock = Clock(speed, time.time() + ahead)
        self.controllers = controller.discover()
        self._verbs = Verbs(Store(), self.clock, kind.discover())
        self._verbs.admission += [
            partial(one.admit, self._verbs) for one in self.controllers if isinstance(one, Admits)
        ]
        self._engine = Engine(self._verbs, self.controllers)
        self._turning = Turning(self._engine, self.clock)
        access = self._access = Access(self._verbs)
        self._verbs.admission.append(access.escalation.admit)
        self._tokens = {user: access.tokens.add(user) for user in users}
        self._tokens |= {user: access.tokens.add(user, (MASTERS,)) for user in (ADMIN, *masters)}
        context, self.certificate = certificate.make(self.folder)
        for one in self.controllers:
            if isinstance(one, Namespaces):
                one.authority = self.certificate.read_text()
        self._api = Api(self._verbs, access, self.controllers)
        self._http = HttpServer(self._api, access, context, port)
        self._nodes = nodes
        self._thread: LoopThread | None = None

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

    def kubeconfig_of(self, namespace: str, account: str, *, context: str) -> Path:
        """Of a service account, which has to be there already."""

        def token(verbs: Verbs) -> str:
            uid = verbs.get(verbs.kind("ServiceAccount"), namespace, account)["metadata"]["uid"]
            return self._access.tokens.issue(service_account(namespace, account, uid))

        return kubeconfig.write(
            self.folder / f"{namespace}-{account}.kubeconfig",
            server=self.server, certificate=self.certificate, user=account, token=self.run(token), context=context,
        )  # fmt: skip

    def token(self, user: str) -> str:
        """The bearer token of ``admin`` or of one of the ``users``."""
        return self._tokens[user]

    def start(self) -> Self:
        self._thread = LoopThread("cluster")
        try:
            self.run(lambda verbs: bootstrap.fill(verbs, self._nodes))
            self._running.call(self._turning.start)
            self.listen()
            self.run(lambda verbs: bootstrap.announce(verbs, self._http.port))
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End everything; the objects are gone, and with a temporary folder the files too.

        Raises ExceptionGroup if a controller had failed on the way: a fault of the simulator.
        """
        thread, self._thread = self._thread, None
        try:
            if thread is not None:
                thread.call(self._turning.stop)
                thread.wait(self._http.close())
                thread.stop()
        finally:
            if self._temporary is not None:
                self._temporary.cleanup()

    def __enter__(self) -> Self:
        return self if self._thread else self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def kubelet(self) -> Kubelet:
        """What plays the nodes: its catalogue of images, and what containers are made to say."""
        return next(one for one in self.controllers if isinstance(one, Kubelet))

    # From inside.

    def run(self, work: Callable[[Verbs], T]) -> T:
        """Do something with the cluster's verbs, as nobody asked over the wire; returns what it returns."""
        return self._running.call(lambda: work(self._verbs))

    def step(self, seconds: float) -> None:
        """Let cluster time pass at once, and everything happen that is due in it. For ``speed`` 0."""
        self._running.call(lambda: self._engine.step(seconds))

    def writes(self) -> list[WriteRequest]:
        """The write requests over the wire, oldest first, refused ones included."""
        return self._running.call(lambda: list(self._http.audit.writes))

    # What goes wrong.

    def lose_node(self, name: str = "") -> str | None:
        """Cut a node off, by default the busiest; returns its name, or None if none is Ready. The cluster notices after 50 s."""

        def lose(verbs: Verbs) -> str | None:
            found = name or nodes.busiest(verbs)
            if found:
                nodes.lose(self.kubelet, found)
            return found

        return self.run(lose)

    def return_node(self, name: str) -> None:
        """Its kubelet reports again within a second."""
        self.run(lambda _: nodes.bring_back(self.kubelet, name))

    def stop_listening(self) -> None:
        """As if the API server were gone: connections break, new ones are refused. Everything behind it goes on."""
        self._running.wait(self._http.close())

    def listen(self) -> None:
        """Be there again: same port, certificate and data."""
        self._running.wait(self._http.listen())

    def refuse(
        self, status: int = 500, *, matching: str = "", times: int | None = None, retry_after: int | None = None
    ) -> None:
        """Answer with that status instead of doing what is asked.

        ``matching``: a regular expression searched in ``PATCH /apis/apps/v1/…?dryRun=All``. ``times`` None: until cleared.
        """
        self._add(Rule("refuse", re.compile(matching), times, status=status, retry_after=retry_after))

    def delay(self, seconds: float, *, matching: str = "", times: int | None = None) -> None:
        """Let real seconds pass before a request is looked at."""
        self._add(Rule("delay", re.compile(matching), times, seconds=seconds))

    def lose_answers(self, *, matching: str = "", times: int | None = None) -> None:
        """Do what is asked, but break the connection before the client hears of it."""
        self._add(Rule("lose", re.compile(matching), times))

    def clear_faults(self) -> None:
        self._running.call(self._http.outages.clear)

    def close_watches(self) -> None:
        """End all watches, as an API server does now and then."""
        self._running.call(self._api.resources.watches.close_all)

    def compact(self) -> None:
        """Forget the past: watches that resume from it and lists that are read on get 410."""

        def forget() -> None:
            self._verbs.store.compact()
            self._api.resources.listing.forget()

        self._running.call(forget)

    @property
    def _running(self) -> LoopThread:
        if self._thread is None:
            raise RuntimeError("the cluster is not running")
        return self._thread

    def _add(self, rule: Rule) -> None:
        self._running.call(lambda: self._http.outages.add(rule))

"""What ``/metrics`` tells; docs/operations.md has the table. No label can be what somebody typed.

Counters of operations lie in Redis, for those of a forked job would die with it.
"""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from commands.errors import StoreUnavailable
from commands.queue import Queue
from commands.store import Store

PROCESSES = ("bot", "worker", "watcher")


class StoreCollector(Collector):
    """Reads Redis when it is scraped; without Redis it tells only that."""

    def __init__(self, store: Store, queue: Queue, now: Callable[[], float]) -> None:
        self._store, self._queue, self._now = store, queue, now

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("quarterdeck_redis_up", "Whether Redis answers.")
        try:
            families = [*self._counted(self._store.counters()), *self._gauges()]
        except StoreUnavailable:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *families]

    def _gauges(self) -> Iterable[Metric]:
        yield _gauge("quarterdeck_queue_depth", "Jobs that wait for a worker.", self._queue.depth)
        silent = GaugeMetricFamily(
            "quarterdeck_cluster_silent", "1 for each cluster that does not answer.", labels=["cluster"]
        )
        for cluster in self._store.silences.open(self._now()):
            silent.add_metric([cluster], 1)
        yield silent
        yield self._running()
        yield _gauge("quarterdeck_outbox_waiting", "Messages that wait for Slack.", self._store.outbox.waiting)

    def _running(self) -> Metric:
        running = GaugeMetricFamily("quarterdeck_processes", "Processes that run, by kind.", labels=["process"])
        kinds = Counted(who.partition("@")[0] for who in self._store.announcements.heard(self._now()))
        for kind in PROCESSES:
            running.add_metric([kind], kinds[kind])
        return running

    def _counted(self, counters: dict[str, float]) -> Iterable[Metric]:
        ended = CounterMetricFamily(
            "quarterdeck_operations", "Operations that ended.", labels=["verb", "environment", "end"]
        )
        seconds = CounterMetricFamily("quarterdeck_state_seconds", "Time spent in a state.", labels=["state"])
        left = CounterMetricFamily("quarterdeck_state_left", "Operations that left a state.", labels=["state"])
        families = {"ended": ended, "seconds": seconds, "left": left}
        for name, value in counters.items():
            kind, *labels = name.split("|")
            if kind in families:
                families[kind].add_metric(labels, value)
        return families.values()


def _gauge(name: str, help: str, read: Callable[[], int]) -> Metric:
    gauge = GaugeMetricFamily(name, help)
    gauge.add_metric([], read())
    return gauge


class BotMeter:
    """The bot's own: it lives long enough to count for itself."""

    def __init__(self, into: CollectorRegistry) -> None:
        self._acks = Histogram(
            "quarterdeck_ack_seconds", "From a request's receipt to its acknowledgement.", registry=into,
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
        )  # fmt: skip
        self._calls = Counter("quarterdeck_slack_calls", "Slack calls by result.", ["method", "result"], registry=into)

    def acked(self, seconds: float) -> None:
        self._acks.observe(seconds)

    def called(self, method: str, result: str) -> None:
        self._calls.labels(method, result).inc()


class ConfigMeter:
    """Whether the rules in force are those of the file."""

    def __init__(self, into: CollectorRegistry) -> None:
        self._current = Gauge(
            "quarterdeck_config_current", "1 where the file's rules are in force, 0 where it cannot be used.",
            registry=into,
        )  # fmt: skip
        self._loads = Counter(
            "quarterdeck_config_loads", "Readings of the file by result: taken or refused.", ["result"], registry=into
        )

    def taken(self) -> None:
        self._current.set(1)
        self._loads.labels("taken").inc()

    def refused(self) -> None:
        self._current.set(0)
        self._loads.labels("refused").inc()


def registry(*collectors: Collector) -> CollectorRegistry:
    """One of our own: nothing else that lives in the process appears by chance."""
    made = CollectorRegistry()
    for collector in collectors:
        made.register(collector)
    return made

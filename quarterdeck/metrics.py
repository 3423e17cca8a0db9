"""What ``/metrics`` tells. Counters of operations lie in Redis, for those of a forked job would die with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from commands.errors import StoreUnavailable
from commands.queue import Queue
from commands.store import Store


class StoreCollector(Collector):
    """Reads Redis when it is scraped; without Redis it tells only that."""

    def __init__(self, store: Store, queue: Queue) -> None:
        self._store, self._queue = store, queue

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
        yield _gauge("quarterdeck_outbox_waiting", "Messages that wait for Slack.", self._store.outbox.waiting)

    def _counted(self, counters: dict[str, float]) -> Iterable[Metric]:
        ended = CounterMetricFamily("quarterdeck_operations", "Operations that ended.", labels=["verb", "environment", "end"])
        seconds = CounterMetricFamily("quarterdeck_state_seconds", "Time spent in a state.", labels=["state"])
        left = CounterMetricFamily("quarterdeck_state_left", "Operations that left a state.", labels=["state"])
        calls = CounterMetricFamily("quarterdeck_slack_calls", "Slack calls by result.", labels=["method", "result"])
        families = {"ended": ended, "seconds": seconds, "left": left, "slack": calls}
        for name, value in counters.items():
            kind, *labels = name.split("|")
            if kind in families:
                families[kind].add_metric(labels, value)
        return families.values()


def _gauge(name: str, help: str, read: Callable[[], int]) -> Metric:
    gauge = GaugeMetricFamily(name, help)
    gauge.add_metric([], read())
    return gauge


def registry(store: Store, queue: Queue) -> CollectorRegistry:
    """A registry of our own: nothing else that lives in the process appears by chance."""
    made = CollectorRegistry()
    made.register(StoreCollector(store, queue))
    return made

"""The kubelet cuts a log's end off where it is longer than was asked for: then fewer lines are asked for."""

from __future__ import annotations

from typing import Any, cast

from workers.cluster import LOG_BYTES, Cluster
from workers.judging import Judge
from workers.live import ClusterLive


class Kubelet:
    """Serves ``tailLines`` of a log, and of these the first megabyte."""

    name = "main"

    def __init__(self, *lines: str) -> None:
        self.lines, self.asked = lines, [0]

    def logs(self, *_: str, tail: int | None, **__: Any) -> str:
        self.asked.append(tail or 0)
        whole = "".join(self.lines[-tail if tail else None :])
        return whole.encode()[:LOG_BYTES].decode()


def read(kubelet: Kubelet, tail: int) -> str:
    class Records:
        def __getattr__(self, name: str) -> None:
            return None

    live = ClusterLive(cast(Cluster, kubelet), "prod", "prod", cast(Any, Records()), lambda: 0.0, cast(Judge, None))
    return live.logs("web-1", "app", tail=tail)


def test_the_end_is_what_is_told():
    kubelet = Kubelet(*(f"{number} {'x' * 500}\n" for number in range(10_000)))
    told = read(kubelet, 10_000).splitlines()
    assert told[-1].startswith("9999 ")
    assert len(told) < 2000
    assert len(kubelet.asked) < 8


def test_a_short_one_is_read_once():
    kubelet = Kubelet("a\n", "b\n")
    assert read(kubelet, 50) == "a\nb\n"
    assert kubelet.asked == [0, 50]


def test_lines_beyond_all_measure_are_told_as_far_as_they_go():
    kubelet = Kubelet(*("x" * LOG_BYTES + "\n" for _ in range(3)))
    assert len(read(kubelet, 50)) == LOG_BYTES

"""The watcher: follows every operation in flight to its true end, from one shared watch per cluster, namespace and kind.

``loop`` leads or stands by; ``duty`` is what the leader does; ``feed`` … ``sight`` are what it sees; ``observe``, ``drift``
and ``sweep`` are what it decides. Several may run; one leads, by a lease that goes with every write.
"""

from workers.watcher.loop import Watcher

__all__ = ["Watcher"]

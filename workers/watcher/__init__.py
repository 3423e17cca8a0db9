"""The watcher: follows every operation in flight to its true end, from one shared watch per cluster, namespace and kind."""

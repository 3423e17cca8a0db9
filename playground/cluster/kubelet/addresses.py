"""Which addresses nodes and pods have: 192.168.64.0/24 for nodes, and for the pods of each node a network of its own."""

from __future__ import annotations

from itertools import count


class Addresses:
    """Addresses of pods are used again once they are free."""

    def __init__(self) -> None:
        self._nodes: dict[str, int] = {}
        self._taken: set[str] = set()

    def of_node(self, name: str) -> str:
        return f"192.168.64.{self._number(name) + 1}"

    def of_pod(self, node: str) -> str:
        """A free one, which is taken from now on."""
        network = f"10.244.{self._number(node)}"
        address = next(found for host in count(2) if (found := f"{network}.{host}") not in self._taken)
        self._taken.add(address)
        return address

    def free(self, address: str) -> None:
        self._taken.discard(address)

    def _number(self, node: str) -> int:
        return self._nodes.setdefault(node, len(self._nodes) + 1)

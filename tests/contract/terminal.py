"""The same kubectl commands typed at both servers: what is printed must be the same but for what differs by chance.

A story is a function that is given a ``Terminal`` and types away.
"""

from __future__ import annotations

import difflib
import itertools
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.contract.conftest import Kubectl
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
Cluster = SimulatedCluster | ControlPlane
Story = Callable[["Terminal"], None]
_numbers = itertools.count(1)
_HASH = "[bcdfghjklmnpqrstvwxz2456789]"
_CHANCE = (
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uid>"),
    (rf"-{_HASH}{{6,10}}-{_HASH}{{5}}\b", "-<hash>-<suffix>"),
    (rf"([=-]){_HASH}{{6,10}}\b", r"\1<hash>"),
    (rf"\b(agent|load|now)-{_HASH}{{5}}\b", r"\1-<suffix>"),
    (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "<time>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
    (r'(resourceVersion:) "\d+"', r"\1 <version>"),
    (r" \(x\d+ over [\dsmh]+\)", ""),  # controllers do again what they have not yet seen done
    (r"(?<![\w.-])(\d+[smhd]){1,2}(?![\w.-])", "<age>"),
    (r"\b\d+\.\d+\.\d+\.\d+\b", "<ip>"),
    (r"[ \t]{2,}", "  "),
)


class Terminal:
    """Types kubectl commands in a namespace of its own; ``said`` keeps command, exit code, output and errors of each."""

    def __init__(self, cluster: Cluster, kubectl: Kubectl) -> None:
        self.cluster = cluster
        self.said: list[list[str]] = []
        self._kubectl = kubectl

    @property
    def namespace(self) -> str:
        return self._kubectl.namespace

    def __call__(self, *args: str, stdin: str = "") -> str:
        """Returns the output as it was."""
        code, output, errors = self._kubectl(*args, stdin=stdin)
        lines = [f"$ kubectl {' '.join(args)}", *self._normal(output), *self._normal(errors), f"exit code {code}"]
        self.said.append(lines)
        return output

    def quietly(self, *args: str) -> None:
        """Of commands whose output depends on when they look: only the last line and the exit code are kept."""
        code, output, errors = self._kubectl(*args)
        last = [*self._normal(output), *self._normal(errors)][-1:]
        self.said.append([f"$ kubectl {' '.join(args)}", *last, f"exit code {code}"])

    def wait(self, where: str, ready: Callable[[Json], bool]) -> Json:
        """``where``: ``deployments/web``. Returns the object."""
        return self.cluster.wait(f"/apis/apps/v1/namespaces/{self._kubectl.namespace}/{where}", ready, timeout=30)

    def told(self, *texts: str) -> None:
        """Wait until as many of the namespace's events have each text in them: events come after what they tell of."""

        def are_told(events: list[Json]) -> bool:
            return all(sum(text in one["message"] for one in events) >= texts.count(text) for text in texts)

        self.cluster.wait_items(f"/api/v1/namespaces/{self.namespace}/events", are_told, timeout=30)

    def note(self, document: Any) -> None:
        """Compare this too."""
        self.said.append(json.dumps(document, indent=1, sort_keys=True).splitlines())

    def _normal(self, text: str) -> list[str]:
        text = text.replace(self._kubectl.namespace, "<namespace>")
        for pattern, name in _CHANCE:
            text = re.sub(pattern, name, text)
        return _ordered([line.rstrip() for line in text.splitlines()])


def _ordered(lines: list[str]) -> list[str]:
    """Below Conditions and Events the order depends on what came first within a second: sorted."""
    blocks: list[list[str]] = []
    for line in lines:
        if not blocks or not line.startswith(" "):
            blocks.append([])
        blocks[-1].append(line)
    by_chance = ("Conditions:", "Events:")
    return [line for block in blocks for line in (sorted(block) if block[0].startswith(by_chance) else block)]


def same(story: Story, simulated: SimulatedCluster, real: ControlPlane, homes: Path) -> None:
    """Tell both at once; the first command that is answered differently fails the test, with both answers shown."""
    namespace = f"typing-{next(_numbers)}"

    def told(cluster: Cluster) -> list[list[str]]:
        home = homes / cluster.server.rpartition(":")[2]
        home.mkdir(exist_ok=True)
        cluster.namespace(namespace)
        terminal = Terminal(cluster, Kubectl(cluster, home, namespace))
        story(terminal)
        return terminal.said

    with ThreadPoolExecutor() as threads:
        played_all, wanted_all = threads.map(told, (simulated, real))
    for played, wanted in zip(played_all, wanted_all, strict=True):
        difference = "\n".join(difflib.ndiff(wanted, played))
        assert played == wanted, f"- the real one, + the played one\n{difference}"

"""Containers that are not even made: their configuration is missing, or the node's runtime refuses them."""

from __future__ import annotations

import re

from workers.kinds.faults.container import Container, could_start
from workers.kinds.faults.fault import Circumstances, Fault, ends
from workers.kinds.faults.settings import missing

_COMMAND = re.compile(
    r"exec: \"?(?P<command>[^\"\s]+?)\"?: (?P<why>executable file not found in \$PATH|no such file or directory|permission denied)"
    r"|stat (?P<path>\S+): (?P<reason>no such file or directory|permission denied)"
)

_ITSELF = re.compile(r" \(pod: \"[^\"]*\", container: [^)]*\)$")
"""The pod and the container, which are told anyway."""


def configuration(container: Container, _around: Circumstances) -> Fault | None:
    said = container.message
    if "failed to sync" in said and "cache" in said:  # the kubelet has not yet read what it needs
        return None
    needed = missing(said)
    return container.fault(f" needs {needed}" if needed else f" cannot be configured: {_ITSELF.sub('', said)}")


def creation(container: Container, around: Circumstances) -> Fault:
    """The runtime may be overburdened only (``context deadline exceeded``)."""
    until = ends(could_start(container.pod), around.patience.container_start)
    return container.fault(f" cannot be made: {refused(container.message)}", proven_at=until)


def run(container: Container, _around: Circumstances) -> Fault:
    ran_before = container.restarts > 0
    return container.fault(f" cannot be started: {refused(container.message)}", previous=ran_before, ran=ran_before)


def refused(message: str) -> str:
    """The runtime's words, without those of each layer that they came through."""
    if found := _COMMAND.search(message):
        command, why = found["command"] or found["path"], found["why"] or found["reason"]
        return f"its command {command} is not in the image" if "permission" not in why else f"{command} may not be run"
    return message


RULES = {
    "CreateContainerConfigError": configuration,
    "CreateContainerError": creation,
    "RunContainerError": run,
}
"""By the reason for which a container waits."""

"""Pods whose volumes don't come: they stay "ContainerCreating", and only events say why."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.kinds.faults.container import CREATING, condition, containers
from workers.kinds.faults.fault import Circumstances, Fault, Object, ends, first_seen, said
from workers.kinds.faults.settings import missing

_VOLUME = re.compile(r"(?:for|mount|volumes?) (?:volume )?\"(?P<name>[^\"]+)\" ?:? ?(?P<why>.*)", re.DOTALL)
_UNMOUNTED = re.compile(r"unmounted volumes=\[(?P<names>[^\]]*)\]")
_USED_BY = re.compile(r"already used by pod\(s\) (?P<pods>.+)")

_SANDBOX = "FailedCreatePodSandBox"


def unmounted(pod: Object, around: Circumstances) -> Iterator[Fault]:
    """The latest that the node said of it. A ConfigMap or Secret that is not there is proof; a volume may yet come."""
    if not _is_being_made(pod):
        return
    for event in around.heard(pod, "FailedMount", "FailedAttachVolume", _SANDBOX):
        reason, text, name = str(event["reason"]), said(event), str(pod["metadata"]["name"])
        needed = missing(text, _source(pod, text)) if reason == "FailedMount" else None
        if "failed to sync" in text and "cache" in text:
            continue
        if needed:
            yield Fault(f"the pod needs {needed}", name, reason=reason)
        elif reason == _SANDBOX:
            until = ends(first_seen(event), around.patience.container_start)
            yield Fault(f"the node cannot set the pod up: {text}", name, reason=reason, proven_at=until)
        else:
            until = ends(first_seen(event), around.patience.volumes)
            yield Fault(_plainly(reason, text), name, reason=reason, proven_at=until)
        return


def _is_being_made(pod: Object) -> bool:
    states = [container.waiting.get("reason") in CREATING for container in containers(pod)]
    return condition(pod, "PodScheduled").get("status") != "False" and (
        all(states) if states else bool(pod["spec"].get("nodeName"))
    )


def _source(pod: Object, text: str) -> str:
    """The ConfigMap or Secret behind the volume that the text names; "" where there is none, or several (projected)."""
    found = _VOLUME.search(text)
    volume: Object = next((v for v in pod["spec"].get("volumes") or () if found and v["name"] == found["name"]), {})
    return str((volume.get("configMap") or {}).get("name") or (volume.get("secret") or {}).get("secretName") or "")


def _plainly(reason: str, text: str) -> str:
    volume = _VOLUME.search(text)
    if text.startswith("Multi-Attach error") and volume:
        users = _USED_BY.search(text)
        by = f"pod {users['pods']}" if users else "another node"
        return f"volume {volume['name']} is still in use by {by}, and can only be at one node at a time"
    if unmounted := _UNMOUNTED.search(text):
        return f"the volumes {unmounted['names']} don't come to the node in time"
    done = "attached to the node" if reason == "FailedAttachVolume" else "mounted"
    if volume:
        return f"volume {volume['name']} cannot be {done}: {volume['why']}"
    return f"a volume cannot be {done}: {text}"

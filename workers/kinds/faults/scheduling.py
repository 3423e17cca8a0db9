"""Pods that no node takes: the scheduler's text in plain words.

It reads ``0/5 nodes are available: 1 node(s) had untolerated taint {gpu: true}, 4 Insufficient cpu. preemption: …``;
what follows the first sentence tells what would not have helped either, and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from commands.times import seconds_of
from commands.wording import counted
from workers.kinds.faults.container import condition
from workers.kinds.faults.fault import NEVER, Circumstances, Fault, Object, cut, ends, short
from workers.redact import redact

_NODES = re.compile(r"0/(?P<all>\d+) nodes are available: ?(?P<why>.*)", re.DOTALL)
_REASON = re.compile(r"(?P<count>\d+) (?P<why>.+)", re.DOTALL)
_TAINT = re.compile(r"node\(s\) had (?:untolerated )?taint \{(?P<taint>[^}]*)\}")
_CLAIM = re.compile(r'persistentvolumeclaim "(?P<name>[^"]+)" (?P<why>.+)')

_WORDS = {
    "Too many pods": "can hold no more pods",
    "node(s) had untolerated taint(s)": "have a taint that it does not tolerate",
    "node(s) were unschedulable": "are cordoned",
    "node(s) didn't match Pod's node affinity/selector": "don't match its node selector or affinity",
    "node(s) didn't match node selector": "don't match its node selector",
    "node(s) didn't match the requested node name": "are not the node that it names",
    "node(s) didn't match pod affinity rules": "don't run the pods that it wants beside it (affinity)",
    "node(s) didn't match pod anti-affinity rules": "run pods that it must not be beside (anti-affinity)",
    "node(s) didn't satisfy existing pods anti-affinity rules": "run pods that don't want it beside them (anti-affinity)",
    "node(s) didn't match pod topology spread constraints": "would spread its pods too unevenly",
    "node(s) didn't match pod topology spread constraints (missing required label)": "lack the label by which its pods are spread",
    "node(s) didn't have free ports for the requested pod ports": "have a port of the host in use that it wants",
    "node(s) didn't match PersistentVolume's node affinity": "cannot reach its volume",
    "node(s) had volume node affinity conflict": "cannot reach its volume",
    "node(s) had no available volume zone": "are in another zone than its volume",
    "node(s) didn't find available persistent volumes to bind": "have no volume free for its claim",
    "node(s) exceed max volume count": "have as many volumes as they can",
    "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)": "cannot help: its volume does not exist",
}


def unschedulable(pod: Object, around: Circumstances) -> Iterator[Fault]:
    """No proof as long as a node may yet be added (helm#31896): ``patience.unschedulable`` makes one of it."""
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") != "False":
        return
    name, reason = str(pod["metadata"]["name"]), str(scheduled.get("reason") or "")
    if reason == "SchedulingGated":
        gates = ", ".join(str(each.get("name")) for each in pod["spec"].get("schedulingGates") or ())
        yield Fault(f"the pod is held back by its scheduling gates ({gates})", name, reason=reason, proven_at=NEVER)
    elif reason == "Unschedulable":
        since = seconds_of(scheduled.get("lastTransitionTime"))
        cause = f"no node takes the pod: {plainly(str(scheduled.get('message') or ''))}"
        yield Fault(cause, name, reason=reason, proven_at=ends(since, around.patience.unschedulable))


def plainly(text: str) -> str:
    """``4 of 5 nodes have too little cpu, 1 has the taint gpu: true, which it does not tolerate``."""
    found = _NODES.fullmatch(redact(text).strip())
    if not found:
        return "the cluster has no node" if "no nodes available" in text else short(text)
    why, total = found["why"].partition(". ")[0].strip().rstrip("."), found["all"]
    # A taint's value in the older form is followed by ", that the pod didn't tolerate".
    parts = [_REASON.fullmatch(part) for part in re.split(r", (?=\d+ )", why)]
    if any(part is None for part in parts):
        return _claims(why)
    told = [
        _told(int(part["count"]), part["why"].strip(), total if i == 0 else "") for i, part in enumerate(parts) if part
    ]
    return cut(", ".join(told))


def _told(count: int, why: str, total: str) -> str:
    """``total``: that of all nodes, where it is to be said."""
    words = _words(why)
    of = f" of {counted(int(total), 'node')}" if total else ""
    return f"{count}{of} {_singular(words) if count == 1 else words}"


def _words(why: str) -> str:
    if why.startswith("Insufficient "):
        return f"have too little {why.removeprefix('Insufficient ')}"
    if taint := _TAINT.match(why):
        return f"have the taint {short(taint['taint']).rstrip(': ')}, which it does not tolerate"
    return _WORDS.get(why) or short(why)


def _singular(words: str) -> str:
    first, _, rest = words.partition(" ")
    singular = {"have": "has", "are": "is", "don't": "doesn't", "run": "runs", "lack": "lacks", "can": "can"}
    return f"{singular.get(first, first)} {rest}".replace("as they can", "as it can")


def _claims(why: str) -> str:
    """What holds for all nodes is said without a count, and is about volumes."""
    if "unbound immediate PersistentVolumeClaims" in why:
        return "a volume claim of it is not bound to any volume"
    if claim := _CLAIM.search(why):
        what = {"not found": "does not exist", "is being deleted": "is being deleted"}.get(claim["why"].rstrip("."))
        return f"its volume claim {claim['name']} {what or 'is ' + short(claim['why'])}"
    return short(why)

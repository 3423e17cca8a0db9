"""What the API server refuses when a controller makes pods: quota, policy, a webhook. By its own text, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workers.kinds.faults.fault import Circumstances, Object, cut, ends, first_seen, last_seen
from workers.redact import redact


@dataclass(frozen=True, slots=True)
class Refusal:
    """``sentence`` goes without its stop; before ``proven_at`` (Unix seconds) it may pass by itself."""

    sentence: str
    proven_at: float = 0.0


_WRAPPING = re.compile(
    r"^(?:Error creating: |create (?:Pod|Claim) .+? failed error: )?"
    r"(?:(?P<what>pods|persistentvolumeclaims) \"[^\"]*\" is forbidden: )?",
)
_Words = Callable[[re.Match[str]], str]

_RULES: Mapping[re.Pattern[str], tuple[_Words, bool]] = {
    re.compile(
        r"exceeded quota: (?P<name>\S+), requested: (?P<asked>\S+), used: (?P<used>\S+), limited: (?P<limit>\S+)"
    ): (
        lambda m: (
            f"quota {m['name']} leaves no room ({_list(m['asked'])} asked for, {_list(m['used'])} in use, "
            f"{_list(m['limit'])} allowed)"
        ),
        True,
    ),
    re.compile(r"failed quota: (?P<name>\S+): must specify (?P<what>.+)"): (
        lambda m: f"quota {m['name']} wants every container to state {m['what']}",
        False,
    ),
    re.compile(r"admission webhook \"(?P<name>[^\"]+)\" denied the request(?: without explanation)?:? ?(?P<why>.*)"): (
        lambda m: f"admission webhook {m['name']} refuses them{_because(m['why'])}",
        False,
    ),
    re.compile(r"failed calling webhook \"(?P<name>[^\"]+)\": (?:failed to call webhook: )?(?P<why>.*)"): (
        lambda m: f"admission webhook {m['name']} does not answer{_because(m['why'])}",
        True,
    ),
    re.compile(r"ValidatingAdmissionPolicy '(?P<name>[^']+)' with binding '[^']+' denied request: (?P<why>.*)"): (
        lambda m: f"policy {m['name']} refuses them{_because(m['why'])}",
        False,
    ),
    re.compile(r"violates PodSecurity \"(?P<level>[^\"]+)\": (?P<why>.*)"): (
        lambda m: f"the namespace's pod security level {m['level']} refuses them{_because(m['why'])}",
        False,
    ),
    re.compile(r"serviceaccount \"(?P<name>[^\"]+)\" not found"): (
        lambda m: f"their service account {m['name']} does not exist",
        False,
    ),
    re.compile(r"no PriorityClass with name (?P<name>\S+) was found"): (
        lambda m: f"their priority class {m['name']} does not exist",
        False,
    ),
    re.compile(
        r"(?P<which>maximum|minimum) (?P<what>.+?) usage per (?P<per>\w+) is (?P<limit>[^,]+), but (?P<why>.*)"
    ): (
        lambda m: (
            f"the namespace's limit range allows a {m['which']} {m['what']} of {m['limit']} for each {m['per'].lower()}, but {m['why']}"
        ),
        False,
    ),
    re.compile(r"because it is being terminated"): (lambda _: "the namespace is being deleted", False),
}


def plainly(text: str) -> tuple[str, bool]:
    """The sentence, and whether it may pass by itself. What no rule knows stays as it was said, and may."""
    bare = " ".join(redact(text).split())
    for pattern, (words, passes) in _RULES.items():
        if match := pattern.search(bare):
            return cut(words(match)), passes
    known = _WRAPPING.match(bare)
    forbidden = known is not None and known["what"] is not None
    return cut(bare[known.end() :] if known else bare), not forbidden


def refusal(text: str, since: float, around: Circumstances) -> Refusal:
    """``since`` (Unix seconds): when pods were first refused."""
    words, passes = plainly(text)
    until = ends(since, around.patience.creation) if passes else 0.0
    return Refusal(f"pods cannot be created: {words}", until)


def heard_of(workload: Object, around: Circumstances, since: float) -> Refusal | None:
    """Of kinds that have no condition for it: the last complaint of the controller that is newer than ``since``."""
    events = around.heard(workload, "FailedCreate")
    if not events or last_seen(events[0]) < since:
        return None
    began = max(since, min(first_seen(event) for event in events))
    return refusal(str(events[0].get("message") or ""), began, around)


def _because(why: str) -> str:
    return f": {why.strip()}" if why.strip() else ""


def _list(amounts: str) -> str:
    return amounts.replace(",", ", ")

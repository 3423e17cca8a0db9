"""What images do once somebody runs them. A catalogue answers for each reference; by default the tag says it in a word."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

_NAME = re.compile(
    r"(?:(?P<host>[A-Za-z0-9][-.A-Za-z0-9]*(?::[0-9]+)?)/)?(?P<path>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
    r"(?::(?P<tag>\w[-.\w]{0,127}))?(?:@(?P<digest>[a-z0-9]+:[0-9a-f]{32,}))?"
)


@dataclass(frozen=True, kw_only=True)
class Image:
    """Times are cluster seconds; None means never. ``{image}``, ``{host}``, ``{path}`` and ``{tag}`` are filled into ``pull_fault``."""

    pull_fault: str = ""
    """What containerd says instead of pulling it; "" if it is there."""
    pull_recovers: float | None = None
    """So long after the first try the registry has it after all."""
    pull_seconds: float = 0.0
    start_seconds: float = 0.0
    create_fault: str = ""
    """Why its container cannot be created, for an image that wants something which is not there."""
    ends_after: float | None = None
    exit_code: int = 0
    out_of_memory: bool = False
    task_seconds: float | None = 0.0
    """How long it runs where it is expected to end: as an init container, or in a Job."""
    ready_after: float | None = 0.0
    healthy_for: float | None = None
    """After so long its liveness probe fails; None: always healthy."""
    probe_fault: str = ""
    """What a failing probe reports; "": what the probe's kind usually does."""
    stops_after: float | None = 0.0
    """How long it takes to stop when asked to; None: it does not listen and is killed when its grace period ends."""
    log: tuple[str, ...] = ("listening on :8080",)
    """Printed when it starts."""
    chatter: tuple[str, ...] = ()
    """Printed in turn while it runs, a line each ``chatter_seconds``."""
    chatter_seconds: float = 5.0


Catalogue = Callable[[str], Image]
"""From an image's reference to what it does."""

GOOD = Image()
_RESOLVING = 'failed to pull and unpack image "{image}": failed to resolve reference "{image}"'
_MANIFEST = "https://{host}/v2/{path}/manifests/{tag}"
MISSING = Image(pull_fault=f"rpc error: code = NotFound desc = {_RESOLVING}: {{image}}: not found")
UNAUTHORIZED = Image(
    pull_fault=f"rpc error: code = Unknown desc = {_RESOLVING}: unexpected status from HEAD request to {_MANIFEST}: "
    "401 Unauthorized"
)
FLAKY = Image(
    pull_fault=f'rpc error: code = DeadlineExceeded desc = {_RESOLVING}: failed to do request: Head "{_MANIFEST}": '
    "dial tcp 203.0.113.10:443: i/o timeout",
    pull_recovers=3.0,
)
NEEDS_CONFIG = Image(create_fault='configmap "web-config" not found')
NEEDS_KEY = Image(create_fault="couldn't find key LOG_LEVEL in ConfigMap default/web-config")
# What ends at once is never seen ready, or a rollout would go on over it.
CRASHING = Image(ends_after=0.0, ready_after=None, exit_code=1, log=("starting", "panic: cannot connect to database"))
OUT_OF_MEMORY = Image(
    ends_after=0.0, ready_after=None, exit_code=137, out_of_memory=True, log=("starting", "filling the cache")
)
UNREADY = Image(ready_after=None, task_seconds=None, probe_fault="HTTP probe failed with statuscode: 503")
SLOW = Image(pull_seconds=2.0)
ENDLESS = Image(pull_seconds=600.0)
SICK = Image(healthy_for=5.0)
BRIEF = Image(ends_after=3.0, exit_code=1, log=("starting", "panic: cannot connect to database"))
ILL = Image(healthy_for=0.0, ready_after=None)
BY_WORD: Mapping[str, Image] = {
    "missing": MISSING,
    "unauthorized": UNAUTHORIZED,
    "flaky": FLAKY,
    "configmissing": NEEDS_CONFIG,
    "crash": CRASHING,
    "oom": OUT_OF_MEMORY,
    "unready": UNREADY,
    "slow": SLOW,
    "endless": ENDLESS,
    "sick": SICK,
    "brief": BRIEF,
    "keymissing": NEEDS_KEY,
    "ill": ILL,
    "unstarted": UNREADY,
}
"""By the word in the image's tag: ``web:crash``, ``web:v2-crash``, ``web:crash-3``. Any other tag is good at once."""


def by_tag(reference: str) -> Image:
    for word, image in BY_WORD.items():
        if re.search(rf":([^:/@]*[^a-z])?{word}([^a-z]|$)", reference):
            return image
    return GOOD


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long things usually take where somebody watches; 0 everywhere else."""

    pull_seconds: float = 1.5
    start_seconds: float = 0.5
    stops_after: float = 1.0
    task_seconds: float = 3.0

    def of(self, image: Image) -> Image:
        """The image at this pace, where it does not say something else itself."""
        slower = {name: getattr(self, name) for name in ("pull_seconds", "start_seconds", "stops_after", "task_seconds")
                  if getattr(image, name) == getattr(GOOD, name)}  # fmt: skip
        return replace(image, **slower)


def registry(
    versions: Mapping[str, Iterable[str]],
    special: Mapping[str, Image] | None = None,
    *,
    pace: Pace | None = None,
    usual: Mapping[str, Image] | None = None,
) -> Catalogue:
    """Repositories with the tags that exist; ``special`` are whole references that do something else.

    ``usual`` says by repository what its good tags do, if more than run. Tags not listed are missing; of repositories not
    listed the word in the tag decides.
    """
    known = {f"{repository}:{tag}" for repository, tags in versions.items() for tag in tags}
    paced = pace or Pace(pull_seconds=0.0, start_seconds=0.0, stops_after=0.0, task_seconds=0.0)

    def find(reference: str) -> Image:
        if special and reference in special:
            return paced.of(special[reference])
        repository = reference.partition("@")[0] if "@" in reference else reference.rpartition(":")[0]
        if reference in known or "@" in reference:
            return paced.of((usual or {}).get(repository, GOOD))
        found = by_tag(reference)
        return paced.of(MISSING if repository in versions and found is GOOD else found)

    return find


def is_valid(reference: str) -> bool:
    """Whether it can be an image's name at all."""
    return _NAME.fullmatch(reference) is not None


def full_name(reference: str) -> str:
    """As containerd names it: with registry and tag."""
    found = _NAME.fullmatch(reference)
    if found is None:
        return reference
    host, path = _split(found)
    suffix = f"@{found['digest']}" if found["digest"] else f":{found['tag'] or 'latest'}"
    return f"{host}/{path}{suffix}"


def image_id(reference: str) -> str:
    """``registry/path@sha256:…``: the same for the same reference."""
    found = _NAME.fullmatch(reference)
    if found is None:
        return ""
    host, path = _split(found)
    digest = found["digest"] or "sha256:" + hashlib.sha256(full_name(reference).encode()).hexdigest()
    return f"{host}/{path}@{digest}"


def pull_fault(image: Image, reference: str) -> str:
    found = _NAME.fullmatch(reference)
    host, path = _split(found) if found else ("", reference)
    tag = (found["tag"] if found else "") or "latest"
    filled = {"image": full_name(reference), "host": host, "path": path, "tag": tag}
    return re.sub(r"\{(\w+)\}", lambda match: filled[match[1]], image.pull_fault)


def _split(found: re.Match[str]) -> tuple[str, str]:
    host, path = found["host"] or "", found["path"]
    if host and not ("." in host or ":" in host or host == "localhost" or host != host.lower()):
        host, path = "", f"{host}/{path}"
    return host or "docker.io", path if host or "/" in path else f"library/{path}"

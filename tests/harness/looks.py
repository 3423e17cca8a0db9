"""What the kubelet says of containers that do well and badly: the data behind `stages`.

Messages are those of a kubelet with containerd, since diagnoses read them.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A container's status. `state` and `last_state` are YAML in flow style, as Go templates over the container."""

    state: str
    last_state: str = "{}"
    ready: bool = False
    restarts: int = 0
    pending: bool = False
    """Whether the pod stays Pending because of it: nothing of this container ever ran."""

    @property
    def reason(self) -> str:
        """Why it is waiting or terminated."""
        found = re.search(r"reason: (\w+)", self.state)
        return found[1] if found else ""


@dataclass(frozen=True)
class Behaviour:
    """A container looks like `first` and, `after_ms` milliseconds later and from then on, like `then`."""

    first: Look
    then: Look
    after_ms: int
    warning: tuple[str, str] | None = None
    """Reason and message of the event on the pod that comes with the change."""


def _running(*, ready: bool) -> Look:
    return Look("{running: {startedAt: {{ $now | Quote }}}}", ready=ready)


def _waiting(reason: str, message: str) -> str:
    """`message` may have %q where the image goes."""
    quoted = f"{{{{ replace `%q` (Quote .image) `{message}` | Quote }}}}"
    return f"{{waiting: {{reason: {reason}, message: {quoted}}}}}"


def _terminated(reason: str, code: int) -> str:
    times = "startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}"
    return f"{{terminated: {{reason: {reason}, exitCode: {code}, {times}}}}}"


def _never_pulled(cause: str) -> Behaviour:
    pull = Look(_waiting("ErrImagePull", f"failed to pull and unpack image %q: {cause}"), pending=True)
    back_off = Look(_waiting("ImagePullBackOff", f"Back-off pulling image %q: ErrImagePull: {cause}"), pending=True)
    return Behaviour(pull, back_off, 200, ("Failed", f"Failed to pull image: {cause}"))


_BACK_OFF = ("BackOff", "Back-off restarting failed container")


def _crash_loop(reason: str, code: int, warning: tuple[str, str] = _BACK_OFF) -> Behaviour:
    end = _terminated(reason, code)
    back_off = "{waiting: {reason: CrashLoopBackOff, message: back-off 40s restarting failed container}}"
    return Behaviour(Look(end), Look(back_off, end, restarts=3), 200, warning)


def _unready(probe: str) -> Behaviour:
    said = f"{probe} probe failed: HTTP probe failed with statuscode: 503"
    return Behaviour(CREATING, _running(ready=False), 100, ("Unhealthy", said))


CREATING = Look("{waiting: {reason: ContainerCreating}}", pending=True)
INITIALIZING = Look("{waiting: {reason: PodInitializing}}", pending=True)
INITIALIZED = Look(_terminated("Completed", 0), ready=True)
COMPLETED = Look(_terminated("Completed", 0))
READY = _running(ready=True)

_TIMED_OUT = Look(_waiting("ErrImagePull", "failed to pull image %q: dial tcp: i/o timeout"), pending=True)
_NO_CONFIG = Look(_waiting("CreateContainerConfigError", 'configmap "web-config" not found'), pending=True)
_KEY = "couldn't find key LOG_LEVEL in ConfigMap default/web-config"
_NO_KEY = Look(_waiting("CreateContainerConfigError", _KEY), pending=True)

BEHAVIOURS = {
    "missing": _never_pulled("not found"),
    "unauthorized": _never_pulled("unexpected status from HEAD request: 401 Unauthorized: unauthorized"),
    "flaky": Behaviour(_TIMED_OUT, READY, 3000),
    "configmissing": Behaviour(CREATING, _NO_CONFIG, 100, ("Failed", 'Error: configmap "web-config" not found')),
    "crash": _crash_loop("Error", 1),
    "oom": _crash_loop("OOMKilled", 137),
    "keymissing": Behaviour(CREATING, _NO_KEY, 100, ("Failed", f"Error: {_KEY}")),
    "ill": _crash_loop("Error", 137, ("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500")),
    "unready": _unready("Readiness"),
    "unstarted": _unready("Startup"),
    "slow": Behaviour(CREATING, READY, 2000),
    "endless": Behaviour(CREATING, READY, 600_000),
}
"""By the word in the image's tag: `web:crash`, `web:v2-crash`, `web:crash-3`. Any other tag is ready at once."""

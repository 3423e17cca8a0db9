"""What the kubelet says of containers that do well and badly: the data behind `stages`.

Messages are those of a kubelet with containerd, since diagnoses read them.
"""

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


@dataclass(frozen=True)
class Behaviour:
    """A container looks like `first` and, `after_ms` milliseconds later and from then on, like `then`."""

    first: Look
    then: Look | None = None
    after_ms: int = 0

    @property
    def settled(self) -> Look:
        """What it looks like in the end."""
        return self.then or self.first


def _running(*, ready: bool) -> Look:
    return Look("{running: {startedAt: {{ $now | Quote }}}}", ready=ready)


def _waiting(reason: str, message: str) -> str:
    """`message` is a Go format string whose %q is the image."""
    quoted = f"{{{{ printf `{message}` .image | Quote }}}}"
    return f"{{waiting: {{reason: {reason}, message: {quoted}}}}}"


def _terminated(reason: str, code: int) -> str:
    times = "startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}"
    return f"{{terminated: {{reason: {reason}, exitCode: {code}, {times}}}}}"


def _never_pulled(cause: str) -> Behaviour:
    pull = Look(_waiting("ErrImagePull", f"failed to pull and unpack image %q: {cause}"), pending=True)
    back_off = Look(_waiting("ImagePullBackOff", f"Back-off pulling image %q: ErrImagePull: {cause}"), pending=True)
    return Behaviour(pull, back_off, after_ms=200)


def _crash_loop(reason: str, code: int) -> Behaviour:
    back_off = "{waiting: {reason: CrashLoopBackOff, message: back-off 40s restarting failed container}}"
    return Behaviour(
        Look(_terminated(reason, code)), Look(back_off, _terminated(reason, code), restarts=3), after_ms=200
    )


CREATING = Look("{waiting: {reason: ContainerCreating}}", pending=True)
INITIALIZING = Look("{waiting: {reason: PodInitializing}}", pending=True)
COMPLETED = Look(_terminated("Completed", 0), ready=True)
READY = _running(ready=True)

_TIMEOUT = Look(_waiting("ErrImagePull", "failed to pull image %q: dial tcp: i/o timeout"), pending=True)
_NO_CONFIG = Look(
    '{waiting: {reason: CreateContainerConfigError, message: "configmap \\"web-config\\" not found"}}', pending=True
)

BEHAVIOURS = {
    "missing": _never_pulled("not found"),
    "unauthorized": _never_pulled("unexpected status from HEAD request: 401 Unauthorized: unauthorized"),
    "flaky": Behaviour(_TIMEOUT, READY, after_ms=3000),
    "configmissing": Behaviour(_NO_CONFIG),
    "crash": _crash_loop("Error", 1),
    "oom": _crash_loop("OOMKilled", 137),
    "unready": Behaviour(_running(ready=False)),
    "slow": Behaviour(CREATING, READY, after_ms=2000),
}
"""By the word in the image's tag: `web:crash`, `web:v2-crash`, `web:crash-3`. Any other tag is ready at once."""

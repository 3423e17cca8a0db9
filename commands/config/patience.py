"""``environments.<name>.patience``: how long what may pass by itself is borne before a rollout counts as broken."""

from __future__ import annotations

from commands.config.fields import Duration, Section


class Patience(Section):
    """Seconds from when the trouble began; the reason for each default is in docs/diagnosis.md. None: until the deadline.

    What cannot pass by itself (an image that is not there, a crash loop, a missing Secret) is never waited for.

    ``image_pull``: a pull fails for a reason that may pass. ``container_start``: the node cannot make a container or a
    pod's sandbox. ``creation``: the API server refuses pods for a quota, or a webhook does not answer. ``volumes``: a
    volume cannot be attached or mounted. ``unschedulable``: no node takes a pod. ``not_ready``: a container runs
    without being ready.
    """

    image_pull: Duration = 30
    container_start: Duration = 30
    creation: Duration = 30
    volumes: Duration = 120
    unschedulable: Duration | None = None
    not_ready: Duration | None = None

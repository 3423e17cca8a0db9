"""``environments``: the names that people use, and the rules that hold there."""

from __future__ import annotations

from typing import Annotated, Literal

from commands.config.approvals import Approvals
from commands.config.fields import Allowed, Channel, ClusterName, Duration, Flag, Name, Namespace, Section
from commands.config.impersonate import Impersonate
from commands.config.limits import Limits
from commands.config.patience import Patience

Owners = Annotated[Literal["warn", "refuse"], Allowed('"warn" or "refuse"')]
OnFailure = Annotated[Literal["ask", "hold", "rollback"], Allowed('"ask", "hold" or "rollback"')]


class Environment(Section):
    """A cluster and a namespace. Without ``approvals`` none are asked for; ``channel`` is where its operations are shown.

    ``owners``: what becomes of a change to what somebody else would put back (Argo CD, Flux, Helm, an operator, an HPA).

    ``mask_secrets``: the Secrets that pods use are read, to mask their values in logs and events, of evidence too.

    ``on_failure``: what becomes of a change that breaks. ``ask``: it stays, and Roll back is offered; ``hold``: it stays,
    and the workload is held until somebody lifts that; ``rollback``: it is taken back first, where there is a way.

    ``bake``: seconds for which a rollout is watched on after all its pods were ready; a crash, or one of them unready
    again, is its failure then. None: it is done when they are ready.

    ``deadline``: seconds after which an operation that has not come to an end by itself has failed.
    """

    cluster: ClusterName
    namespace: Namespace
    aliases: tuple[Name, ...] = ()
    channel: Channel | None = None
    approvals: Approvals | None = None
    limits: Limits | None = None
    impersonate: Impersonate | None = None
    owners: Owners = "warn"
    on_failure: OnFailure = "ask"
    bake: Duration | None = None
    deadline: Duration = 600
    patience: Patience = Patience()
    mask_secrets: Flag = False

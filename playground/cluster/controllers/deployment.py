"""Moves a Deployment's pods from old ReplicaSets to the one of its present template, and tells how that goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.cluster.controller import Key, own
from playground.cluster.events import Recorder
from playground.cluster.request import Asking
from playground.cluster.status import StatusError
from playground.cluster.store import Change
from playground.cluster.verbs import Verbs
from playground.cluster.workloads import deployment_conditions as reasons
from playground.cluster.workloads import deployment_revisions as revisions
from playground.cluster.workloads import deployment_scaling as scaling
from playground.cluster.workloads.deployment_conditions import condition, found, has_deadline, replaced
from playground.cluster.workloads.deployment_status import is_complete, status_of, until_timeout, with_progress
from playground.cluster.workloads.ownership import (
    claimed,
    controlled_by,
    each,
    is_controlled_by,
    try_create,
)
from playground.cluster.workloads.pods import is_over, is_terminating

Json = dict[str, Any]


class DeploymentController:
    name = "deployment-controller"

    @property
    def watches(self) -> Mapping[str, Callable[[Change], Iterable[Key]]]:
        return {"deployments.apps": own, "replicasets.apps": controlled_by("Deployment")}

    def reconcile(self, verbs: Verbs, key: Key) -> float | None:
        waits = [Rollout.of(verbs, found, self.name).step() for found in each(verbs, verbs.kind("Deployment"), key)]
        return min((wait for wait in waits if wait is not None), default=None)


@dataclass
class Rollout:
    """One Deployment and its ReplicaSets as they are now; ``step`` does the next thing that is to be done.

    What is found out about the Deployment itself is gathered in ``deployment`` and written once, at the end of the step.
    """

    verbs: Verbs
    deployment: Json
    sets: list[Json]
    recorder: Recorder

    @classmethod
    def of(cls, verbs: Verbs, deployment: Json, component: str) -> Rollout:
        sets = claimed(verbs, deployment, verbs.kind("ReplicaSet"))
        return cls(verbs, deployment, sets, Recorder(verbs, component))

    @property
    def now(self) -> float:
        return self.verbs.clock.now()

    @property
    def new(self) -> Json | None:
        return revisions.newest(self.deployment, self.sets)

    @property
    def olds(self) -> list[Json]:
        new = self.new
        return [one for one in self.sets if one is not new]

    def step(self) -> float | None:
        """Seconds after which to look again anyway."""
        before = self.deployment
        self._move()
        if self.deployment != before:
            asking = Asking(subresource="status")
            self.deployment = self.verbs.update(self.verbs.kind("Deployment"), self.deployment, asking)
        return until_timeout(self.deployment, self.deployment["status"], self.now)

    def _move(self) -> None:
        if is_terminating(self.deployment):
            self._write(self._counted())
            return
        self._note_pause()
        if self.deployment["spec"].get("paused"):
            self._settle()
            self._forget()
        elif scaling.was_scaled(self.deployment, self.sets):
            self._settle()
        elif self.deployment["spec"]["strategy"]["type"] == "Recreate":
            self._recreate()
        else:
            self._roll()

    def _note_pause(self) -> None:
        """A paused rollout has no deadline: a condition says so, and so does another one when it goes on."""
        known = found(self.deployment["status"].get("conditions", ()), reasons.PROGRESSING)
        was_paused = known is not None and known["reason"] == reasons.PAUSED
        paused = bool(self.deployment["spec"].get("paused"))
        late = known is not None and known["reason"] == reasons.TIMED_OUT
        if not has_deadline(self.deployment) or late or was_paused == paused:
            return
        said = (reasons.PAUSED, "Deployment is paused") if paused else (reasons.RESUMED, "Deployment is resumed")
        self._progress("Unknown", *said)

    def _settle(self) -> None:
        """Without rolling on: share the wanted replicas out among what there is."""
        self._adopt_revision()
        for name, size in scaling.scaled_sizes(self.deployment, self.new, self.olds).items():
            self._scale(name, size)
        self._write(self._counted())

    def _roll(self) -> None:
        new = self._have_new()
        # What was scaled must have happened before more is: otherwise new pods could start before old ones are deleted.
        if new and self._all_observed() and not self._scale_new(new) and not self._scale_old(new):
            self._finish()
        self._tell()

    def _recreate(self) -> None:
        self._adopt_revision()
        running = scaling.active(self.olds)
        for one in running:
            self._scale(scaling.name(one), 0)
        if not running and not self._old_pods_remain() and (new := self._have_new()):
            self._scale_new(new)
            self._finish()
        self._tell()

    def _all_observed(self) -> bool:
        return all(one["status"].get("observedGeneration", 0) >= one["metadata"]["generation"] for one in self.sets)

    def _old_pods_remain(self) -> bool:
        if any(one["status"].get("replicas", 0) for one in self.olds):
            return True
        pods = self.verbs.list(self.verbs.kind("Pod"), self.deployment["metadata"]["namespace"])
        return any(is_controlled_by(pod, one) and not is_over(pod) for pod in pods for one in self.olds)

    def _have_new(self) -> Json | None:
        """The ReplicaSet of the present template, made now if need be; None if it could not be made."""
        if self.new is None:
            self._create()
        else:
            self._adopt_revision()
        return self.new

    def _adopt_revision(self) -> None:
        """Give the newest ReplicaSet the highest revision and the Deployment's annotations."""
        new = self.new
        if new is None:
            return
        number = revisions.next_revision(self.olds)
        annotations = revisions.noted(self.deployment, new, number)
        min_ready = self.deployment["spec"].get("minReadySeconds", 0)
        if annotations != new["metadata"].get("annotations") or new["spec"].get("minReadySeconds", 0) != min_ready:
            new = self._change(new, annotations=annotations, minReadySeconds=min_ready)
        self._number(annotations[revisions.REVISION])
        if has_deadline(self.deployment) and not found(
            self.deployment["status"].get("conditions", ()), reasons.PROGRESSING
        ):
            self._progress("True", reasons.FOUND, f'Found new replica set "{scaling.name(new)}"')

    def _create(self) -> None:
        replicas = scaling.new_size(self.deployment, 0, sum(map(scaling.size, self.sets)))
        number = revisions.next_revision(self.sets)
        wanted = revisions.replica_set_for(self.deployment, replicas, number)
        made = try_create(self.verbs, self.verbs.kind("ReplicaSet"), wanted)
        if isinstance(made, StatusError):
            self._not_created(wanted, made)
            return
        self.sets.append(made)
        name = scaling.name(made)
        if replicas:
            message = f"Scaled up replica set {name} from 0 to {replicas}"
            self.recorder.normal(self.deployment, "ScalingReplicaSet", message)
        self._number(str(number))
        if has_deadline(self.deployment):
            self._progress("True", reasons.CREATED, f'Created new replica set "{name}"')

    def _not_created(self, wanted: Json, error: StatusError) -> None:
        name = wanted["metadata"]["name"]
        if error.reason == "AlreadyExists":  # somebody else's, or of another template: try another name
            collisions = self.deployment["status"].get("collisionCount", 0) + 1
            self._write({**self.deployment["status"], "collisionCount": collisions})
            return
        message = f'Failed to create new replica set "{name}": {error}'
        self._progress("False", reasons.NOT_CREATED, message)
        self.recorder.warning(self.deployment, reasons.NOT_CREATED, message)

    def _scale_new(self, new: Json) -> bool:
        wanted = scaling.new_size(self.deployment, scaling.size(new), sum(map(scaling.size, self.sets)))
        return self._scale(scaling.name(new), wanted)

    def _scale_old(self, new: Json) -> bool:
        before = {scaling.name(one): scaling.size(one) for one in self.olds}
        sizes = scaling.old_sizes(self.deployment, new, self.olds)
        for name in sizes:
            if sizes[name] != before[name]:
                self._scale(name, sizes[name])
        return any(sizes[name] != before[name] for name in sizes)

    def _scale(self, name: str, size: int) -> bool:
        """Whether the size changed. The notes of what it was sized for are kept true in any case."""
        one = next(each for each in self.sets if scaling.name(each) == name)
        before = scaling.size(one)
        annotations = {**one["metadata"].get("annotations", {}), **revisions.size_notes(self.deployment)}
        if size == before and annotations == one["metadata"].get("annotations"):
            return False
        self._change(one, annotations=annotations, replicas=size)
        if size == before:
            return False
        message = f"Scaled {'up' if size > before else 'down'} replica set {name} from {before} to {size}"
        self.recorder.normal(self.deployment, "ScalingReplicaSet", message)
        return True

    def _finish(self) -> None:
        if is_complete(self.deployment, self.deployment["status"]):
            self._forget()

    def _forget(self) -> None:
        for one in revisions.forgettable(self.deployment, self.olds):
            self.verbs.delete(self.verbs.kind("ReplicaSet"), one["metadata"]["namespace"], scaling.name(one))
            self.sets.remove(one)

    def _change(self, one: Json, *, annotations: Mapping[str, str], **spec: int) -> Json:
        meta = {**one["metadata"], "annotations": dict(annotations)}
        changed = self.verbs.update(
            self.verbs.kind("ReplicaSet"), {**one, "metadata": meta, "spec": {**one["spec"], **spec}}
        )
        self.sets[self.sets.index(one)] = changed
        return changed

    def _number(self, number: str) -> None:
        """Note the revision on the Deployment: through its status, so that no new generation comes of it."""
        annotations = self.deployment["metadata"].get("annotations", {})
        if annotations.get(revisions.REVISION) != number:
            meta = {**self.deployment["metadata"], "annotations": {**annotations, revisions.REVISION: number}}
            self.deployment = {**self.deployment, "metadata": meta}

    def _progress(self, status: str, reason: str, message: str) -> None:
        news = condition(reasons.PROGRESSING, status, reason, message, self.now)
        held: Sequence[Json] = self.deployment["status"].get("conditions", ())
        self._write({**self.deployment["status"], "conditions": replaced(held, news)})

    def _counted(self) -> Json:
        return status_of(self.deployment, self.new, self.sets, self.now)

    def _tell(self) -> None:
        self._write(with_progress(self.deployment, self._counted(), self.new, self.sets, self.now))

    def _write(self, status: Json) -> None:
        self.deployment = {**self.deployment, "status": status}


CONTROLLER = DeploymentController

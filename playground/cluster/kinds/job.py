"""Jobs: pods that run to their end (``controllers/job.py``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playground.cluster import faults
from playground.cluster.clock import parse
from playground.cluster.columns import AGE, NAME, human_duration
from playground.cluster.conditions import is_true
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.normal_form import read
from playground.cluster.pod_template import default_template, template_causes
from playground.cluster.selectors import matches
from playground.cluster.status import Cause, not_simulated
from playground.cluster.workload_checks import immutable_causes
from playground.cluster.workload_columns import CONTAINERS, IMAGES, SELECTOR

Json = dict[str, Any]
UID_LABEL = "batch.kubernetes.io/controller-uid"
_NUMBERS = ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished")
_FIXED = ("completions", "selector", "template", "completionMode")

_NOT_PLAYED = ("podFailurePolicy", "successPolicy", "backoffLimitPerIndex", "maxFailedIndexes", "managedBy")
_LEAVING = (
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set "
    "propagationPolicy=Orphan to suppress this warning"
)


def fill_spec(spec: Json) -> None:
    """What a Job's spec gets that is not bound to one Job: also of a CronJob's template, but for the numbers."""
    for field in _NOT_PLAYED:
        if field in spec:
            raise not_simulated(f"{field} of Jobs")
    if spec.get("podReplacementPolicy") == "Failed":
        raise not_simulated("Jobs that wait for a pod's end before they replace it")
    default_template(spec.setdefault("template", {}))


def _default(obj: Json) -> None:
    read(obj)
    spec = obj.setdefault("spec", {})
    fill_spec(spec)
    if "completions" not in spec and "parallelism" not in spec:
        spec["completions"] = 1
    for field, value in (("parallelism", 1), ("backoffLimit", 6), ("completionMode", "NonIndexed"),
                         ("suspend", False), ("podReplacementPolicy", "TerminatingOrFailed")):  # fmt: skip
        spec.setdefault(field, value)
    spec.setdefault("manualSelector", False)
    labels = spec["template"]["metadata"].get("labels")
    if labels and not obj["metadata"].get("labels"):
        obj["metadata"]["labels"] = dict(labels)
    obj.setdefault("status", {})


def _prepare(new: Json, old: Json | None) -> None:
    """A new Job picks its pods by its own uid, which no other pod has as its label."""
    spec, meta = new["spec"], new["metadata"]
    if old is not None:
        return
    template = spec["template"]
    labels = template["metadata"].get("labels", {})
    shared = meta.get("labels", {}) == labels
    if not spec["manualSelector"]:
        uid, name = meta["uid"], meta["name"]
        picked = {**spec.get("selector", {}).get("matchLabels", {}), UID_LABEL: uid}
        own = {"controller-uid": uid, "job-name": name, UID_LABEL: uid, "batch.kubernetes.io/job-name": name}
        labels = {**labels, **own}
        spec["selector"] = {**spec.get("selector", {}), "matchLabels": picked}
        spec["template"] = {**template, "metadata": {**template["metadata"], "labels": labels}}
    if labels and shared:
        meta["labels"] = labels


def spec_causes(spec: Json, path: str) -> Iterator[Cause]:
    """What may be wrong in a Job's spec, there or in a CronJob's template."""
    for field in _NUMBERS:
        yield from faults.not_negative(f"{path}.{field}", spec.get(field))
    yield from faults.one_of(f"{path}.completionMode", spec.get("completionMode"), ("NonIndexed", "Indexed"))
    if spec.get("completionMode") == "Indexed" and "completions" not in spec:
        why = "when completion mode is Indexed"
        yield faults.required(f"{path}.completions", why)
    yield from template_causes(spec["template"], f"{path}.template")
    policy = spec["template"]["spec"].get("restartPolicy")
    if policy == "Always":  # which is also what nothing means for other pods
        yield faults.required(f"{path}.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"')


def _validate(new: Json, old: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    causes: list[Cause] = []
    selector = spec.get("selector", {})
    if "selector" not in spec:
        causes.append(faults.required("spec.selector"))
    elif not spec["manualSelector"] and (set(selector.get("matchLabels", {})), len(selector)) != ({UID_LABEL}, 1):
        causes.append(faults.invalid("spec.selector", selector, "`selector` not auto-generated"))
    causes += spec_causes(spec, "spec")
    labels = spec["template"]["metadata"].get("labels")
    if not selector or not matches(selector, labels):
        causes.append(
            faults.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
        )
    return [*causes, *immutable_causes(new, old, *_FIXED)]


def state(obj: Json, _: float) -> str:
    for condition in ("Complete", "Failed"):
        if is_true(obj, condition):
            return condition
    if "deletionTimestamp" in obj["metadata"]:
        return "Terminating"
    found = [one for one in ("Suspended", "FailureTarget", "SuccessCriteriaMet") if is_true(obj, one)]
    return found[0] if found else "Running"


def _completions(obj: Json, _: float) -> str:
    done, spec = obj["status"].get("succeeded", 0), obj["spec"]
    if "completions" in spec:
        return f"{done}/{spec['completions']}"
    return f"{done}/1 of {spec['parallelism']}" if spec["parallelism"] > 1 else f"{done}/1"


def _duration(obj: Json, now: float) -> str:
    status = obj["status"]
    if not status.get("startTime"):
        return ""
    end = parse(status["completionTime"]) if status.get("completionTime") else now
    return human_duration(end - parse(status["startTime"]))


KIND = Kind(
    kind="Job",
    plural="jobs",
    group="batch",
    categories=("all",),
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Status", state),
        Column("Completions", _completions),
        Column("Duration", _duration),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ),
    default=_default,
    prepare=_prepare,
    validate=_validate,
    leaving=_LEAVING,
    fields={"status.successful": lambda obj: str(obj["status"].get("succeeded", 0))},
)

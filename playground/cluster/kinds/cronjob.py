"""CronJobs: a Job each time the clock says so (``controllers/cronjob.py``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground.cluster import faults, schedule
from playground.cluster.columns import AGE, NAME, since
from playground.cluster.kind import STATUS, Column, Kind
from playground.cluster.kinds.job import fill_spec, spec_causes
from playground.cluster.naming import subdomain_fault
from playground.cluster.normal_form import read
from playground.cluster.status import Cause, not_simulated
from playground.cluster.workload_checks import number_causes

Json = dict[str, Any]
_LONGEST_NAME = 52
"""So that its Jobs' names, eleven letters longer, are labels."""
_NUMBERS = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
_TEMPLATE = "spec.jobTemplate.spec"


def _default(obj: Json) -> None:
    read(obj)
    spec = obj.setdefault("spec", {})
    if spec.get("schedule", "").startswith("@every"):
        raise not_simulated("schedules that begin with @every")
    for field, value in (("concurrencyPolicy", "Allow"), ("suspend", False),
                         ("successfulJobsHistoryLimit", 3), ("failedJobsHistoryLimit", 1)):  # fmt: skip
        spec.setdefault(field, value)
    template = spec.setdefault("jobTemplate", {})
    template.setdefault("metadata", {})
    fill_spec(template.setdefault("spec", {}))
    obj.setdefault("status", {})


def _validate(new: Json, _: Json | None) -> Sequence[Cause]:
    spec = new["spec"]
    return [
        *_when(spec),
        *faults.one_of("spec.concurrencyPolicy", spec["concurrencyPolicy"], ("Allow", "Forbid", "Replace")),
        *number_causes(spec, *_NUMBERS),
        *spec_causes(spec["jobTemplate"]["spec"], _TEMPLATE),
    ]


def _when(spec: Json) -> Iterator[Cause]:
    text, zone = spec.get("schedule", ""), spec.get("timeZone")
    if not text:
        yield faults.required("spec.schedule")
    else:
        try:
            schedule.read(text)
        except ValueError as error:
            yield faults.invalid("spec.schedule", text, str(error))
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        yield faults.invalid("spec.timeZone", zone, f"unknown time zone {zone}")


def _name_fault(name: str) -> str:
    too_long = f"must be no more than {_LONGEST_NAME} characters" if len(name) > _LONGEST_NAME else ""
    return too_long or subdomain_fault(name)


def _last(obj: Json, now: float) -> str:
    last = obj["status"].get("lastScheduleTime")
    return since(last, now) if last else "<none>"


def _of_containers(field: str) -> Column:
    def cell(obj: Json, _: float) -> str:
        pod = obj["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        return ",".join(container.get(field, "") for container in pod.get("containers", []))

    return Column("Containers" if field == "name" else "Images", cell, wide=True)


KIND = Kind(
    kind="CronJob",
    plural="cronjobs",
    group="batch",
    short=("cj",),
    categories=("all",),
    subresources=(STATUS,),
    columns=(
        NAME,
        Column("Schedule", lambda obj, _: obj["spec"]["schedule"]),
        Column("Timezone", lambda obj, _: obj["spec"].get("timeZone") or "<none>"),
        Column("Suspend", lambda obj, _: str(obj["spec"]["suspend"]), type="boolean"),
        Column("Active", lambda obj, _: len(obj["status"].get("active", [])), type="integer"),
        Column("Last Schedule", _last),
        AGE,
        _of_containers("name"),
        _of_containers("image"),
        Column("Selector", lambda _obj, _now: "<none>", wide=True),
    ),
    default=_default,
    validate=_validate,
    name_fault=_name_fault,
)

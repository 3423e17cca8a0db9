"""Limits: what a plan, or one operation more, would exceed; whoever asks for it and whoever has approved it. Pure.

A plan as it is stored holds hashes, so what it makes of replicas and images is told by its absolute arguments ``replicas``,
``min`` and ``max`` (an autoscaler's, which sets any number between them) and ``images``, which its digest covers. Where a limit is set and what it is about is not told, the answer is no.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from commands.config import Config
from commands.config.limits import Images, Limits, Replicas
from commands.draft import Plan, Promise, hash_of
from commands.objects import image_of
from commands.operation import Operation
from commands.policy.circumstances import Circumstances, Objection
from commands.policy.registries import is_from
from commands.policy.sentences import listed, mention, the_place
from commands.times import UNITS, clock
from commands.wording import counted, plural

_REPLICAS: Final = ("spec", "replicas")
_IMAGES: Final = tuple(
    ("spec", "template", "spec", containers, None, "image")
    for containers in ("containers", "initContainers", "ephemeralContainers")
)
"""Where they stand; None is any index."""


def exceeded(
    config: Config, operation: Operation, plan: Plan, circumstances: Circumstances, now: float
) -> Iterator[Objection]:
    """Every limit of the environment that this would exceed."""
    environment = config.environments.get(operation.environment)
    if environment is None or environment.limits is None:
        return
    limits, place = environment.limits, _Place(config, operation.environment)
    if limits.replicas and plan.promise.beside is not None:
        yield from _bounds(limits.replicas, plan, place)
    elif limits.replicas and _writes(plan.promise, _REPLICAS):
        yield from _replicas(limits.replicas, plan, place)
    if limits.images and any(_writes(plan.promise, path) for path in _IMAGES):
        yield from _images(limits.images, plan, place)
    yield from _asked(limits, operation, circumstances, place, now)
    yield from _under_way(limits, circumstances, place)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the limits of an environment stand in the file."""

    config: Config
    environment: str

    def __call__(self, *path: str | int) -> str:
        return the_place(self.config, "environments", self.environment, "limits", *path)

    def refuse(self, sentence: str, *path: str | int, until: float | None = None) -> Objection:
        return Objection(sentence, self(*path), until)

    def untold(self, what: str, *path: str | int) -> Objection:
        return self.refuse(f"I cannot tell {what}, which {self(*path)} limits, so the answer is no.", *path)


def _replicas(limit: Replicas, plan: Plan, place: _Place) -> Iterator[Objection]:
    wanted = plan.promise.arguments.get("replicas")
    if not isinstance(wanted, int):
        yield place.untold("how many replicas this would make", "replicas")
        return
    yield from _beyond(limit, wanted, place)
    if limit.step:
        yield from _step(limit.step, wanted, _present(plan), place)


def _bounds(limit: Replicas, plan: Plan, place: _Place) -> Iterator[Objection]:
    """Each bound that is set, and the number that the autoscaler makes of the present one at its next look."""
    said = [plan.promise.arguments[name] for name in ("min", "max") if name in plan.promise.arguments]
    values = [value for value in said if isinstance(value, int)]
    wanted = plan.bounds_wanted
    if not values or values != said or wanted is None or plan.replicas is None:
        yield place.untold("how many replicas this would make", "replicas")
        return
    for value in dict.fromkeys(values):
        yield from _beyond(limit, value, place)
    if limit.step:  # from none it is brought to one first, by whoever wakes it: an autoscaler leaves it alone till then
        yield from _step(limit.step, wanted.nearest(plan.replicas or 1), plan.replicas or 1, place)


def _beyond(limit: Replicas, wanted: int, place: _Place) -> Iterator[Objection]:
    if wanted < limit.min:
        allowed = f"{place.environment} allows no fewer than {counted(limit.min, 'replica')}"
        yield place.refuse(
            f"{allowed} ({place('replicas', 'min')}), and this would make it {wanted}. Ask for {limit.min} or more.",
            "replicas", "min",
        )  # fmt: skip
    if wanted > limit.max:
        allowed = f"{place.environment} allows no more than {counted(limit.max, 'replica')}"
        yield place.refuse(
            f"{allowed} ({place('replicas', 'max')}), and this would make it {wanted}. Ask for {limit.max} or fewer.",
            "replicas", "max",
        )  # fmt: skip


def _step(step: int, wanted: int, present: int | None, place: _Place) -> Iterator[Objection]:
    if present is None:
        yield place.untold("how many replicas there are", "replicas", "step")
        return
    fewest, most = 0 if present <= step else -(-present // step), max(present, 1) * step
    if not fewest <= wanted <= most:
        yield place.refuse(
            f"In {place.environment} one step takes {counted(present, 'replica')} to {fewest} at least and to {most} at most "
            f"({place('replicas', 'step')}), and this would make it {wanted}. Go there in several steps.",
            "replicas", "step",
        )  # fmt: skip


def _present(plan: Plan) -> int | None:
    """As many as the plan says there are, if that is what the promise was made on. Left out means 1 (the API's default)."""
    old = {write.old for write in plan.promise.writes if _path(write.path) == _REPLICAS}
    return plan.replicas if old == {hash_of(plan.replicas)} or (old == {None} and plan.replicas == 1) else None


def _images(limit: Images, plan: Plan, place: _Place) -> Iterator[Objection]:
    images = plan.promise.arguments.get("images")
    if not isinstance(images, dict):
        yield place.untold("which images this would bring in", "images")
        return
    for image in dict.fromkeys(images.values()):
        if limit.registries and not is_from(image, limit.registries):
            yield place.refuse(
                f"{image} comes from elsewhere than {listed(limit.registries)}, whence {place.environment} takes images "
                f"({place('images', 'registries')}). Push it there and deploy that.",
                "images", "registries",
            )  # fmt: skip
        for index, pattern in enumerate(limit.refuse_tags):
            if fnmatchcase(_tag(image) or "", pattern):
                yield place.refuse(
                    f"{place.environment} takes no image whose tag is {pattern} ({place('images', 'refuse_tags', index)}), "
                    f"such as {image}. Deploy a version that bears another.",
                    "images", "refuse_tags", index,
                )  # fmt: skip


def _tag(image: str) -> str | None:
    read = image_of(image)
    return read.tag or (None if read.digest else "latest")


def _asked(
    limits: Limits, operation: Operation, circumstances: Circumstances, place: _Place, now: float
) -> Iterator[Objection]:
    most, before = limits.per_person_per_hour, circumstances.asked_before
    if most is None:
        return
    if before is None:
        yield place.untold("what else was asked for within the hour", "per_person_per_hour")
        return
    within = sorted(at for at in before if at > now - UNITS["h"])
    if len(within) >= most:
        until = within[-most] + UNITS["h"]
        yield place.refuse(
            f"{mention(operation.invocation.person.id)} has asked for {counted(len(within), 'operation')} in {place.environment} "
            f"within an hour, and {place('per_person_per_hour')} allows {most}. Ask again after {clock(until)}.",
            "per_person_per_hour", until=until,
        )  # fmt: skip


def _under_way(limits: Limits, circumstances: Circumstances, place: _Place) -> Iterator[Objection]:
    most, before = limits.concurrent, circumstances.running_before
    if most is None:
        return
    if before is None:
        yield place.untold("what else is under way", "concurrent")
    elif len(before) >= most:
        others = f"{listed(before, 'and')} {plural(len(before), 'is', 'are')} under way"
        yield place.refuse(
            f"{others} in {place.environment}, and {place('concurrent')} allows {counted(most, 'operation')} at a time. "
            f"Ask again when {plural(len(before), 'it', 'one of them')} has ended.",
            "concurrent",
        )  # fmt: skip


def _writes(promise: Promise, place: tuple[str | None, ...]) -> bool:
    """Whether one of the writes is to that field, to something around it, or within it."""
    paths = (zip(_path(write.path), place, strict=False) for write in promise.writes)
    return any(all(wanted in {None, key} for key, wanted in pairs) for pairs in paths)


def _path(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])

"""Which container a new image goes into. Asked where it is not plain, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commands.errors import Ambiguous, NotFound
from commands.grammar.suggestions import did_you_mean, listed, quoted
from commands.live import Object
from commands.objects import Image, containers, image_of, init_containers, name_of, template_of


@dataclass(frozen=True, slots=True)
class Place:
    """A container and where it stands, as a JSON pointer."""

    name: str
    image: str
    path: str


def places(workload: Object) -> tuple[list[Place], list[Place]]:
    """The containers and the init containers."""
    template = template_of(workload)
    return _places("containers", containers(template)), _places("initContainers", init_containers(template))


def named(workload: Object, name: str) -> Place:
    """By name, init containers included. Raises ``NotFound``."""
    ordinary, init = places(workload)
    known = [*ordinary, *init]
    for place in known:
        if place.name == name:
            return place
    names = [place.name for place in known]
    raise NotFound(
        f"{name_of(workload)} has no container {quoted(name)}.{did_you_mean(name, names)} It has {listed(names, 'and')}."
    )


def fitting(workload: Object, wanted: Image | None) -> Place:
    """The only container, or the only one that runs the wanted image's repository. Raises ``Ambiguous``."""
    ordinary, _ = places(workload)
    if len(ordinary) == 1:
        return ordinary[0]
    same = [place for place in ordinary if wanted and means(wanted, image_of(place.image))]
    if len(same) == 1:
        return same[0]
    shown = ", ".join(f"{place.name} ({place.image})" for place in ordinary)
    choices = listed(f"container={place.name}" for place in ordinary)
    raise Ambiguous(f"{name_of(workload)} has {len(ordinary)} containers: {shown}. Say which one is meant: {choices}.")


def means(said: Image, present: Image) -> bool:
    """Whether the repository that was said is the present one: in full, or by its last word (``web`` of ``registry/web``)."""
    short = "/" not in said.repository and said.repository == present.repository.rpartition("/")[2]
    return short or said.repository == present.repository


def _places(field: str, listed_: Sequence[dict[str, Any]]) -> list[Place]:
    return [
        Place(container["name"], container.get("image", ""), f"/spec/template/spec/{field}/{index}")
        for index, container in enumerate(listed_)
    ]

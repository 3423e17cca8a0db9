"""``environments.<name>.limits``: what nobody exceeds there, whoever they are and whoever has approved it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from commands.config.fields import Allowed, Registry, Section, matching

MOST_REPLICAS = 10_000

Count = Annotated[int, Field(ge=0, le=MOST_REPLICAS), Allowed(f"a whole number from 0 to {MOST_REPLICAS}")]
Factor = Annotated[int, Field(ge=2, le=1000), Allowed("a whole number from 2 to 1000")]
AtATime = Annotated[int, Field(ge=1, le=1000), Allowed("a whole number from 1 to 1000")]

TagPattern = Annotated[
    str,
    matching(r"[A-Za-z0-9_.*?\[\]!-]{1,128}", "is not a pattern of tags"),
    Allowed('a tag, or a pattern such as "*-dev"'),
]


class Replicas(Section):
    """How many a workload may be given: from ``min`` to ``max``, and in one step at most ``step`` times or one ``step``th.

    None counts as one for that: with a step of 3, three can be scaled to zero and zero to three. Bounds of an autoscaler that are
    set stay between too (one that is left as it was is not judged), and what it makes of the present number at once is one step.
    """

    min: Count = 0
    max: Count = MOST_REPLICAS
    step: Factor | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max < self.min:
            raise PydanticCustomError("malformed", "has a max below its min")
        return self


class Images(Section):
    """Where images may come from (left out: anywhere), and the tags that none may bear.

    Docker Hub is ``docker.io``, also where an image names no registry. An image with neither tag nor digest bears ``latest``.
    Judged are the images that an operation changes, not those that run already.
    """

    registries: tuple[Registry, ...] = ()
    refuse_tags: tuple[TagPattern, ...] = ()


class Limits(Section):
    """``replicas`` and ``images``, and how many operations: of one person within an hour, and under way at a time.

    An operation that was rejected does not count; one is under way from being queued to its end.
    """

    replicas: Replicas | None = None
    images: Images | None = None
    per_person_per_hour: AtATime | None = None
    concurrent: AtATime | None = None

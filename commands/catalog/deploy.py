"""``deploy``: give a container of a workload another image, or several of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from commands.catalog.drafting import draft_of, nothing_to_change, refuse_paused, rollout_risks
from commands.catalog.drafting.containers import Place, fitting, means, named, places
from commands.declaration import Argument, Asks, Changes, Command, Type
from commands.draft import Draft, Edit, Guard
from commands.errors import Unsuitable
from commands.grammar.suggestions import listed
from commands.invocation import Invocation
from commands.live import Live, Object
from commands.objects import Image, image_of, is_digest, is_tag, name_of
from commands.wording import counted

Choice = tuple[Place, Image]
"""A container, and the whole image it is to run."""


def plan(invocation: Invocation, live: Live) -> Draft:
    """An edit for each container that changes: its image. Absolute: ``images``, full reference by container."""
    workload = live.workload(invocation.arguments["workload"])
    chosen = _chosen(invocation, workload)
    refuse_paused(workload, live)
    moving = [(place, wanted) for place, wanted in chosen if place.image != str(wanted)]
    if not moving:
        raise nothing_to_change(workload, live, " and ".join(dict.fromkeys(str(wanted) for _, wanted in chosen)))
    return draft_of(
        live,
        workload,
        _summary(workload, moving),
        *(Edit(f"{place.path}/image", place.image or None, str(wanted)) for place, wanted in moving),
        arguments={"images": {place.name: str(wanted) for place, wanted in moving}},
        guards=tuple(Guard(f"{place.path}/name", place.name) for place, _ in moving),
        risks=(*_image_risks(moving), *rollout_risks(workload)),
    )


def _chosen(invocation: Invocation, workload: Object) -> list[Choice]:
    """Each container with the whole image it is to run: as planned before, or else as said."""
    if planned := invocation.argument("images"):
        return [(named(workload, name), image_of(image)) for name, image in planned.items()]
    said = [_said(version) for version in invocation.arguments["version"].split(",")]
    container = invocation.argument("container")
    if container:
        pairs = _paired([named(workload, name) for name in container.split(",")], said)
    else:
        pairs = [(fitting(workload, each if each.repository else None), each) for each in said]
    chosen = [(place, _in_repository(each, image_of(place.image))) for place, each in pairs]
    meant = [place for place, _ in chosen]
    if twice := sorted({place.name for place in meant if meant.count(place) > 1}):
        raise Unsuitable(f"{listed(twice, 'and')} was said twice: say one version for each container.")
    return chosen if container else [*chosen, *_in_step(workload, chosen)]


def _paired(named: Sequence[Place], said: Sequence[Image]) -> list[tuple[Place, Image]]:
    """One version for all of them, or one for each."""
    if len(said) == 1:
        return [(place, said[0]) for place in named]
    if len(said) != len(named):
        raise Unsuitable(
            f"{counted(len(said), 'version')} for {counted(len(named), 'container')}: "
            "say one version for all of them, or as many as there are containers."
        )
    return list(zip(named, said, strict=True))


def _in_step(workload: Object, chosen: Sequence[Choice]) -> list[Choice]:
    """Init containers of the very image that is replaced, such as one that migrates its database: they would stay behind."""
    _, init = places(workload)
    return [(place, wanted) for place in init for other, wanted in chosen if place.image == other.image]


def _said(version: str) -> Image:
    """The version in parts, with an empty repository where none was said."""
    if is_digest(version):
        return Image("", digest=version)
    if is_tag(version):
        return Image("", tag=version)
    image = image_of(version)
    if image.tag is None and "/" not in image.repository and image.digest and _is_version(image.repository):
        return Image("", tag=image.repository, digest=image.digest)  # 1.4.2@sha256:…
    return image


def _is_version(word: str) -> bool:
    return word[:1].isdigit() or (word.startswith("v") and word[1:2].isdigit())


def _in_repository(said: Image, present: Image) -> Image:
    """The said version in the repository that the container has, unless another one was said in full."""
    kept = not said.repository or means(said, present)
    return Image(present.repository if kept else said.repository, said.tag, said.digest)


def _summary(workload: Object, moving: Sequence[Choice]) -> str:
    """``web 1.4.1 → 1.4.2``; where it has several containers, which: ``web (app, migrate) 1.4.1 → 1.4.2``."""
    steps: dict[str, list[str]] = {}
    for place, wanted in moving:
        steps.setdefault(_step(image_of(place.image), wanted), []).append(place.name)
    ordinary, _ = places(workload)
    if len(steps) == 1 and len(ordinary) == 1 and ordinary[0] in [place for place, _ in moving]:
        return f"{name_of(workload)} {next(iter(steps))}"
    return f"{name_of(workload)} " + ", ".join(f"({', '.join(names)}) {step}" for step, names in steps.items())


def _step(present: Image, wanted: Image) -> str:
    if present.repository != wanted.repository:
        return f"{present} → {wanted}"
    return f"{present.version} → {wanted.version}"


def _image_risks(moving: Iterable[Choice]) -> Iterator[str]:
    for place, wanted in moving:
        if wanted.floats:
            yield "image tag is `latest`"
        present = image_of(place.image)
        if present.repository != wanted.repository:
            yield f"image comes from another repository: {wanted.repository} instead of {present.repository or 'none'}"


COMMAND = Command(
    name="deploy",
    summary="Give a workload another version",
    effect=Changes(plan),
    asks=frozenset({Asks.WORKLOAD, Asks.REVISION}),
    arguments=(
        Argument("workload", Type.WORKLOAD, "what gets it, such as web or sts/db"),
        Argument("version", Type.IMAGE, "a tag, a digest, or a whole image reference; several with commas"),
        Argument(
            "container",
            Type.NAMES,
            "which container, where there are several; or more of them, with commas",
            required=False,
            keyword=True,
        ),
    ),
    examples=(
        "deploy web 1.4.2 to prod",
        "deploy web:1.4.2 prod",
        "deploy web registry.example/web:1.4.2 to prod container=app",
        "deploy web 1.4.2 to prod container=app,migrate",
        "deploy web web:1.4.2,envoy:v1.31 to prod",
    ),
    slash=True,
)

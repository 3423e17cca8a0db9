"""``deploy``: give a container of a workload another image."""

from __future__ import annotations

from commands.catalog.drafting import draft_of, nothing_to_change, refuse_paused, rollout_risks
from commands.catalog.drafting.containers import Place, fitting, means, named
from commands.declaration import Argument, Asks, Changes, Command, Type
from commands.draft import Draft, Edit, Guard
from commands.invocation import Invocation
from commands.live import Live, Object
from commands.objects import Image, containers, image_of, is_digest, is_tag, name_of, template_of


def plan(invocation: Invocation, live: Live) -> Draft:
    """One edit: the container's image. Absolute: ``images``, full reference by container."""
    workload = live.workload(invocation.arguments["workload"])
    place, wanted = _choice(invocation, workload)
    refuse_paused(workload, live)
    if place.image == str(wanted):
        raise nothing_to_change(workload, live, str(wanted))
    return draft_of(
        live,
        workload,
        _summary(workload, place, wanted),
        Edit(f"{place.path}/image", place.image or None, str(wanted)),
        arguments={"images": {place.name: str(wanted)}},
        guards=(Guard(f"{place.path}/name", place.name),),
        risks=(*_image_risks(place, wanted), *rollout_risks(workload)),
    )


def _choice(invocation: Invocation, workload: Object) -> tuple[Place, Image]:
    """The container and the whole image it is to run: as planned before, or else as said."""
    for name, image in (invocation.argument("images") or {}).items():
        return named(workload, name), image_of(image)
    said = _said(invocation.arguments["version"])
    container = invocation.argument("container")
    place = named(workload, container) if container else fitting(workload, said if said.repository else None)
    return place, _in_repository(said, image_of(place.image))


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


def _summary(workload: Object, place: Place, wanted: Image) -> str:
    """``web 1.4.1 → 1.4.2``."""
    present = image_of(place.image)
    name = name_of(workload)
    if len(containers(template_of(workload))) > 1 or "/initContainers/" in place.path:
        name = f"{name} ({place.name})"
    if present.repository != wanted.repository:
        return f"{name} {present} → {wanted}"
    return f"{name} {present.version} → {wanted.version}"


def _image_risks(place: Place, wanted: Image) -> list[str]:
    risks = []
    if wanted.floats:
        risks.append("image tag is `latest`")
    present = image_of(place.image)
    if present.repository != wanted.repository:
        risks.append(
            f"image comes from another repository: {wanted.repository} instead of {present.repository or 'none'}"
        )
    return risks


COMMAND = Command(
    name="deploy",
    summary="Give a workload another version",
    effect=Changes(plan),
    asks=frozenset({Asks.WORKLOAD, Asks.REVISION}),
    arguments=(
        Argument("workload", Type.WORKLOAD, "what gets it, such as web or sts/db"),
        Argument("version", Type.IMAGE, "a tag, a digest, or a whole image reference"),
        Argument("container", Type.NAME, "which container, where there are several", required=False, keyword=True),
    ),
    examples=(
        "deploy web 1.4.2 to prod",
        "deploy web:1.4.2 prod",
        "deploy web registry.example/web:1.4.2 to prod container=app",
    ),
    slash=True,
)

"""``rollback``: the pod template of an earlier revision once more. Replicas and annotations stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from commands.canonical import digest_of
from commands.catalog.drafting import draft_of, nothing_to_change, refuse_paused, rollout_risks
from commands.catalog.reporting.origin import Origins, Own
from commands.declaration import Argument, Asks, Changes, Command, Type
from commands.draft import Draft, Edit
from commands.errors import NotFound
from commands.invocation import Invocation
from commands.live import Live, Object, Revision
from commands.objects import bare_template, every_image, image_of, images, name_of, template_of
from commands.ordered import is_ordered
from commands.wording import plural


def plan(invocation: Invocation, live: Live) -> Draft:
    """One edit: the whole template. Absolute: ``revision``, the ``images`` that change, and ``template`` where a Roll back button asks."""
    workload = live.workload(invocation.arguments["workload"])
    refuse_paused(workload, live)
    origins, revisions = Origins(workload, live), live.revisions(workload)
    broke = {
        each.number: why for each in revisions if (why := _broke(origins.of(each.template, each.stamp))) is not None
    }
    wanted = _wanted(invocation, workload, revisions, broke)
    template = bare_template(wanted.template)
    if template == bare_template(template_of(workload)):
        raise nothing_to_change(workload, live, f"revision {wanted.number}")
    return draft_of(
        live,
        workload,
        f"{name_of(workload)} to revision {wanted.number}",
        Edit("/spec/template", template_of(workload), template),
        arguments={"revision": wanted.number, "images": _other_images(workload, wanted)},
        risks=(*_risks(wanted, broke), *rollout_risks(workload), *_freeing(workload)),
        frees=is_ordered(workload),
    )


def _freeing(workload: Object) -> tuple[str, ...]:
    if not is_ordered(workload):
        return ()
    return ("pods that are broken and in the way are deleted, one after another: its controller would wait for them",)


def _other_images(workload: Object, wanted: Revision) -> dict[str, str]:
    """By container, those that it would not run already: limits are about them."""
    present = every_image(template_of(workload))
    return {name: image for name, image in every_image(wanted.template).items() if present.get(name) != image}


def _broke(ours: Own | None) -> str | None:
    return ours.broke if ours else None


def _wanted(
    invocation: Invocation, workload: Object, revisions: Sequence[Revision], broke: Mapping[int, str]
) -> Revision:
    """A button means a template, by its digest: the number of its revision moves when it is rolled out again."""
    template, number = invocation.argument("template"), invocation.argument("revision")
    if template is not None:
        return _replaced(workload, revisions, template, number)
    return _previous(workload, revisions, broke) if number is None else _numbered(workload, revisions, number)


def _replaced(workload: Object, revisions: Sequence[Revision], template: str, number: int | None) -> Revision:
    for revision in revisions:
        if digest_of(bare_template(revision.template)) == template:
            return revision
    was = f" (it was revision {number})" if number is not None else ""
    raise NotFound(
        f"What {name_of(workload)} ran before{was} is no longer among its revisions, of which revisionHistoryLimit keeps "
        f"only some. {_available(revisions)} Nothing was changed; say `rollback` with one of these, or deploy the version "
        "that you want."
    )


def _numbered(workload: Object, revisions: Sequence[Revision], number: int) -> Revision:
    for revision in revisions:
        if revision.number == number:
            return revision
    raise NotFound(f"{name_of(workload)} has no revision {number}. {_available(revisions)}")


def _previous(workload: Object, revisions: Sequence[Revision], broke: Mapping[int, str]) -> Revision:
    """The newest before the current one that is not known to have broken, if there is one that is not.

    Where the live template is in no revision yet, all are before it.
    """
    current = next((revision.number for revision in revisions if revision.current), None)
    before = [revision for revision in revisions if current is None or revision.number < current]
    if before:
        return next((revision for revision in before if revision.number not in broke), before[0])
    raise NotFound(f"{name_of(workload)} has no revision to go back to. {_available(revisions)}")


def _available(revisions: Sequence[Revision]) -> str:
    if not revisions:
        return "None are kept."
    shown = (f"{revision.number}{' (current)' if revision.current else ''}" for revision in revisions)
    return f"There {plural(len(revisions), 'is', 'are')}: {', '.join(shown)}."


def _risks(wanted: Revision, broke: Mapping[int, str]) -> Iterator[str]:
    if any(image_of(image).floats for image in images(wanted.template).values()):
        yield "image tag is `latest`"
    if (why := broke.get(wanted.number)) is not None:
        yield f"revision {wanted.number} broke when it was rolled out last{f' ({why})' if why else ''}"


COMMAND = Command(
    name="rollback",
    summary="Take a workload back to an earlier revision",
    effect=Changes(plan, frees=True),
    asks=frozenset({Asks.WORKLOAD, Asks.REVISION, Asks.REVISIONS}),
    arguments=(
        Argument("workload", Type.WORKLOAD, "what goes back, such as web or sts/db"),
        Argument(
            "revision",
            Type.REVISION,
            "which one; the last before that is not known to have broken, if left out",
            required=False,
            preposition="to",
        ),
    ),
    examples=("rollback web in prod", "rollback web in prod to 12"),
    aliases=("undo",),
    slash=True,
)

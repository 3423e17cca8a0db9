"""What a draft keeps of the live object, so that Roll back can find it again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from commands.canonical import digest_of
from commands.draft import Draft
from commands.errors import Forbidden
from commands.live import Object, Revision
from tests.unit.commands.cluster_objects import template, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import planned

KEPT = [
    Revision(9, template("registry/web:1.4.1"), "2026-07-28T08:00:00Z", None, None, current=True),
    Revision(8, template("registry/web:1.4.0"), "2026-07-28T08:00:00Z", None, None, current=False),
]


class Powerless(FakeLive):
    """Its account may not read revisions."""

    def revisions(self, workload: Object) -> Sequence[Revision]:
        raise Forbidden("no", verb="list", resource="apps/controllerrevisions", namespace="prod")


def deployment(**metadata: object) -> Object:
    obj = workload()
    obj["metadata"] |= {"annotations": {"deployment.kubernetes.io/revision": "9"}, **metadata}
    return obj


def deploy(live: FakeLive) -> Draft:
    return planned("deploy web 1.4.2 to prod", live)


def test_a_deployment_says_its_revision_itself() -> None:
    draft = deploy(Powerless([deployment()]))
    assert (draft.revision, draft.replicas) == (9, 3)
    assert draft.template == digest_of(template("registry/web:1.4.1"))


def test_not_before_its_controller_has_seen_the_template() -> None:
    assert deploy(FakeLive([deployment(generation=5)], KEPT)).revision is None


@pytest.mark.parametrize(("kind", "replicas"), [("StatefulSet", 3), ("DaemonSet", None)])
def test_of_other_kinds_the_controller_revision_is_looked_for(kind: str, replicas: int | None) -> None:
    draft = deploy(FakeLive([workload(kind=kind)], KEPT))
    assert (draft.revision, draft.replicas) == (9, replicas)


def test_a_deploy_does_not_need_the_right_to_read_revisions() -> None:
    assert deploy(Powerless([workload(kind="StatefulSet")])).revision is None

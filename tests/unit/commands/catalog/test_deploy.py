"""``deploy``: which container, which image, and what is warned of or refused."""

from __future__ import annotations

import pytest

from commands.draft import Draft, Edit, Guard
from commands.errors import Ambiguous, NotFound, NothingToChange, Unsuitable
from tests.unit.commands.cluster_objects import template, two_containers, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import planned

DIGEST = "sha256:" + "0123456789abcdef" * 4


def deploy(words: str, obj: dict[str, object]) -> Draft:
    return planned(f"deploy {words} to prod", FakeLive([obj]))


def image_after(words: str, present: str) -> str:
    return str(deploy(words, workload(image=present)).patch.edits[0].new)


def test_one_edit_with_its_old_value_and_the_containers_name_beside_it() -> None:
    draft = deploy("web 1.4.2", workload())
    path = "/spec/template/spec/containers/0"
    assert draft.patch.edits == (Edit(f"{path}/image", "registry/web:1.4.1", "registry/web:1.4.2"),)
    assert draft.patch.guards == (Guard(f"{path}/name", "app"),)
    assert draft.patch.ref.claim == "main/prod/Deployment/web"
    assert draft.summary == "web 1.4.1 → 1.4.2"
    assert draft.arguments == {"workload": "Deployment/web", "images": {"app": "registry/web:1.4.2"}}
    assert draft.risks == ()


@pytest.mark.parametrize(
    ("version", "present", "wanted"),
    [
        ("1.4.2", "web:1.4.1", "web:1.4.2"),
        ("1.4.2", "registry:5000/web", "registry:5000/web:1.4.2"),
        ("1.4.2", f"registry:5000/web:1.4.1@{DIGEST}", "registry:5000/web:1.4.2"),
        (DIGEST, "registry:5000/web:1.4.1", f"registry:5000/web@{DIGEST}"),
        (f"1.4.2@{DIGEST}", "registry:5000/web:1.4.1", f"registry:5000/web:1.4.2@{DIGEST}"),
        ("web:1.4.2", "registry/team/web:1.4.1", "registry/team/web:1.4.2"),
        ("other/web:1.4.2", "registry/web:1.4.1", "other/web:1.4.2"),
        ("registry:5000/web:1.4.2", "registry:5000/web:1.4.1", "registry:5000/web:1.4.2"),
    ],
)
def test_the_repository_stays_unless_another_is_said(version: str, present: str, wanted: str) -> None:
    assert image_after(f"web {version}", present) == wanted


class TestSeveralContainers:
    def test_are_asked_about(self) -> None:
        with pytest.raises(Ambiguous) as refused:
            deploy("web 1.4.2", two_containers())
        assert str(refused.value) == (
            "web has 2 containers: app (registry/web:1.4.1), proxy (envoy:v1.30). "
            "Say which one is meant: `container=app` or `container=proxy`."
        )

    def test_unless_one_is_named(self) -> None:
        draft = deploy("web v1.31 container=proxy", two_containers())
        assert draft.patch.edits[0] == Edit("/spec/template/spec/containers/1/image", "envoy:v1.30", "envoy:v1.31")
        assert draft.summary == "web (proxy) v1.30 → v1.31"

    @pytest.mark.parametrize("reference", ["registry/web:1.4.2", "web:1.4.2"])
    def test_or_just_one_runs_that_repository(self, reference: str) -> None:
        assert deploy(f"web {reference}", two_containers()).arguments["images"] == {"app": "registry/web:1.4.2"}

    def test_two_of_the_same_repository_are_asked_about(self) -> None:
        with pytest.raises(Ambiguous):
            deploy("web registry/web:1.4.2", two_containers("registry/web:1", "registry/web:1"))

    def test_an_unknown_one_suggests_the_nearest(self) -> None:
        with pytest.raises(
            NotFound, match=r"web has no container `ap`\. Did you mean `app`\? It has `app` and `proxy`\."
        ):
            deploy("web 1.4.2 container=ap", two_containers())

    def test_init_containers_only_by_name(self) -> None:
        init = template("registry/web:1.4.1")
        init["spec"]["initContainers"] = [{"name": "migrate", "image": "registry/web:1.4.1"}]
        obj = workload(template=init)
        assert deploy("web registry/web:1.4.2", obj).patch.edits[0].path == "/spec/template/spec/containers/0/image"
        draft = deploy("web 1.4.2 container=migrate", obj)
        assert draft.patch.guards == (Guard("/spec/template/spec/initContainers/0/name", "migrate"),)
        assert draft.summary == "web (migrate) 1.4.1 → 1.4.2"


class TestRefused:
    def test_what_already_runs(self) -> None:
        with pytest.raises(
            NothingToChange, match=r"web in prod already runs registry/web:1\.4\.1: nothing to change\."
        ):
            deploy("web 1.4.1", workload())

    def test_what_is_asked_for_already_and_does_not_run(self) -> None:
        obj = workload()
        obj["status"] |= {"replicas": 4, "updatedReplicas": 1}  # the old ones are still there, and serve
        with pytest.raises(NothingToChange) as refused:
            deploy("web 1.4.1", obj)
        assert str(refused.value) == (
            "web in prod already asks for registry/web:1.4.1, but its new pods are not ready: asking once more would "
            "change nothing. Say `rollback web in prod`, or deploy another version."
        )

    def test_a_paused_deployment(self) -> None:
        with pytest.raises(Unsuitable, match=r"`kubectl rollout resume deployment/web -n prod`"):
            deploy("web 1.4.2", workload(paused=True))


class TestRisks:
    def test_an_image_that_floats(self) -> None:
        assert deploy("web latest", workload()).risks == ("image tag is `latest`",)

    def test_another_repository(self) -> None:
        draft = deploy("web other/web:1.4.2", workload())
        assert draft.risks == ("image comes from another repository: other/web instead of registry/web",)
        assert draft.summary == "web registry/web:1.4.1 → other/web:1.4.2"

    def test_pods_that_nobody_replaces(self) -> None:
        obj = workload("db", "StatefulSet", updateStrategy={"type": "OnDelete"})
        assert deploy("db 1.4.2", obj).risks == (
            "its strategy is OnDelete: a pod changes only when somebody deletes it",
        )

    def test_a_partition(self) -> None:
        obj = workload("db", "StatefulSet", updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 2}})
        assert deploy("db 1.4.2", obj).risks == (
            "its strategy has partition 2: only the pods db-2 and above are replaced",
        )

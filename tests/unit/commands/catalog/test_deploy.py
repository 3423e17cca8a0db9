"""``deploy``: which container, which image, and what is warned of or refused."""

from __future__ import annotations

import pytest

from commands.draft import Draft, Edit, Guard
from commands.errors import Ambiguous, NotFound, NothingToChange, Unsuitable
from tests.unit.commands.cluster_objects import Object, two_containers, workload
from tests.unit.commands.live import FakeLive
from tests.unit.commands.saying import absolute, invocation, plan, planned

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

    def test_an_init_container_of_the_same_image_moves_along(self) -> None:
        draft = deploy("web 1.4.2", migrating("registry/web:1.4.1"))
        assert draft.arguments["images"] == {"app": "registry/web:1.4.2", "migrate": "registry/web:1.4.2"}
        assert draft.patch.guards[1] == Guard("/spec/template/spec/initContainers/0/name", "migrate")
        assert draft.summary == "web 1.4.1 → 1.4.2"

    def test_of_another_version_it_stays(self) -> None:
        assert deploy("web 1.4.2", migrating("registry/web:1.3.0")).arguments["images"] == {"app": "registry/web:1.4.2"}

    def test_alone_only_by_name(self) -> None:
        draft = deploy("web 1.4.2 container=migrate", migrating("registry/web:1.4.1"))
        assert draft.patch.guards == (Guard("/spec/template/spec/initContainers/0/name", "migrate"),)
        assert draft.summary == "web (migrate) 1.4.1 → 1.4.2"

    def test_several_get_one_version(self) -> None:
        draft = deploy("web 1.4.2 container=app,migrate", migrating("registry/web:1.3.0"))
        assert draft.arguments["images"] == {"app": "registry/web:1.4.2", "migrate": "registry/web:1.4.2"}
        assert draft.summary == "web (app) 1.4.1 → 1.4.2, (migrate) 1.3.0 → 1.4.2"

    @pytest.mark.parametrize("words", ["web web:1.4.2,envoy:v1.31", "web 1.4.2,v1.31 container=app,proxy"])
    def test_or_each_its_own(self, words: str) -> None:
        draft = deploy(words, two_containers())
        assert draft.arguments["images"] == {"app": "registry/web:1.4.2", "proxy": "envoy:v1.31"}
        assert draft.summary == "web (app) 1.4.1 → 1.4.2, (proxy) v1.30 → v1.31"

    def test_what_runs_already_is_left_out(self) -> None:
        draft = deploy("web web:1.4.1,envoy:v1.31", two_containers())
        assert draft.arguments["images"] == {"proxy": "envoy:v1.31"}

    def test_planned_again_it_means_the_same_containers(self) -> None:
        live = FakeLive([two_containers()])
        asked = invocation("deploy web web:1.4.2,envoy:v1.31 to prod")
        draft = plan(asked, live)
        assert plan(absolute(asked, draft), live) == draft

    def test_versions_and_names_have_to_fit(self) -> None:
        with pytest.raises(Unsuitable, match="2 versions for 1 container: say one version for all of them"):
            deploy("web 1.4.2,v1.31 container=app", two_containers())

    def test_none_is_said_twice(self) -> None:
        with pytest.raises(Unsuitable, match="`app` was said twice"):
            deploy("web web:1.4.2,web:1.4.3", two_containers())


def migrating(image: str) -> Object:
    """``web`` with an init container of that image."""
    obj = workload()
    obj["spec"]["template"]["spec"]["initContainers"] = [{"name": "migrate", "image": image}]
    return obj


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
            "change nothing. If what they lack is there by now, say `restart web in prod`; else `rollback web in prod`, or deploy "
            "another version."
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
        obj["spec"]["ordinals"] = {"start": 5}
        assert deploy("db 1.4.2", obj).risks == (
            "its strategy has partition 2: only the pods db-7 and above are replaced",
        )
        obj["spec"]["replicas"] = 2
        assert deploy("db 1.4.2", obj).risks == (
            "its strategy has partition 2: none of its pods is replaced until somebody lowers it",
        )

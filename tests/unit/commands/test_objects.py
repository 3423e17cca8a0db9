"""Questions asked of Kubernetes objects: image references, templates, owners, selectors, and a pod in one word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.objects import (
    Image,
    bare_template,
    controller_of,
    image_of,
    images,
    is_controlled_by,
    is_digest,
    is_repository,
    is_tag,
    pod_state,
    ref_of,
    replicas_wanted,
    revision_number,
    selector_of,
)
from tests.unit.commands.cluster_objects import pod, running, template, terminated, waiting, workload

DIGEST = "sha256:" + "0123456789abcdef" * 4


class TestAnImage:
    @pytest.mark.parametrize(
        ("reference", "parts"),
        [
            ("web", Image("web")),
            ("web:1.4.2", Image("web", "1.4.2")),
            ("registry.example/team/web:1.4.2", Image("registry.example/team/web", "1.4.2")),
            ("registry.example:5000/web", Image("registry.example:5000/web")),
            ("localhost:5000/web:1.4.2", Image("localhost:5000/web", "1.4.2")),
            (f"registry:5000/web@{DIGEST}", Image("registry:5000/web", None, DIGEST)),
            (f"registry:5000/web:1.4.2@{DIGEST}", Image("registry:5000/web", "1.4.2", DIGEST)),
        ],
    )
    def test_has_parts_and_is_put_together_again(self, reference: str, parts: Image) -> None:
        assert image_of(reference) == parts
        assert str(parts) == reference

    @given(st.text())
    def test_may_be_any_text(self, text: str) -> None:
        image_of(text)

    @pytest.mark.parametrize(
        ("reference", "floats"),
        [
            ("web", True),
            ("web:latest", True),
            ("web:1.4.2", False),
            (f"web@{DIGEST}", False),
            (f"web:latest@{DIGEST}", False),
        ],
    )
    def test_floats_if_nothing_pins_it(self, reference: str, floats: bool) -> None:
        assert image_of(reference).floats is floats

    @pytest.mark.parametrize(
        ("reference", "version"),
        [
            ("web:1.4.2", "1.4.2"),
            ("web", "latest"),
            (f"web@{DIGEST}", "sha256:0123456789ab…"),
            (f"web:1@{DIGEST}", "1@sha256:0123456789ab…"),
        ],
    )
    def test_is_told_from_another_by_its_version(self, reference: str, version: str) -> None:
        assert image_of(reference).version == version

    @pytest.mark.parametrize(
        "text", ["web", "team/web", "registry.example:5000/a/b-c/d__e", "LOCALHOST:5000/web", "[::1]:5000/web"]
    )
    def test_repositories(self, text: str) -> None:
        assert is_repository(text)

    @pytest.mark.parametrize("text", ["", "Web", "a//b", "/web", "web/", "a b", "web:1", "-web", "a" * 256])
    def test_no_repositories(self, text: str) -> None:
        assert not is_repository(text)

    def test_tags_and_digests(self) -> None:
        assert is_tag("v1.4_2-rc.1")
        assert not any(is_tag(text) for text in ("", "-x", ".x", "a" * 129, "a b", "a/b", "é", "1.4.2\n"))
        assert is_digest(DIGEST)
        assert not any(is_digest(text) for text in ("sha256:abc", DIGEST.upper(), DIGEST + "\n", "md5:" + "0" * 64))


class TestAWorkload:
    def test_is_referred_to_by_uid(self) -> None:
        ref = ref_of(workload(), "main")
        assert (ref.claim, ref.uid) == ("main/prod/Deployment/web", "uid-Deployment-web")

    def test_runs_images_by_container(self) -> None:
        assert images(template("a:1", "b:2")) == {"app": "a:1", "proxy": "b:2"}

    @pytest.mark.parametrize(
        ("obj", "wanted"),
        [
            (workload(replicas=5), 5),
            (workload(replicas=0), 0),
            (workload(replicas=None), 1),
            (workload(kind="DaemonSet"), None),
        ],
    )
    def test_wants_replicas(self, obj: dict[str, Any], wanted: int | None) -> None:
        assert replicas_wanted(obj) == wanted

    def test_selects_its_pods(self) -> None:
        selector = {
            "matchLabels": {"b": "2", "a": "1"},
            "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["x", "y"]},
                {"key": "old", "operator": "NotIn", "values": ["z"]},
                {"key": "has", "operator": "Exists"},
                {"key": "no", "operator": "DoesNotExist"},
            ],
        }
        assert selector_of(workload(selector=selector)) == "a=1,b=2,tier in (x,y),old notin (z),has,!no"


def test_a_bare_template_has_nothing_that_controllers_added() -> None:
    stored = {**template("a:1", labels={"app": "web", "pod-template-hash": "5c9"}), "$patch": "replace"}
    assert bare_template(stored) == template("a:1", labels={"app": "web"})
    assert stored["metadata"]["labels"]["pod-template-hash"] == "5c9"  # a copy


@pytest.mark.parametrize(
    ("obj", "number"),
    [
        ({"metadata": {"annotations": {"deployment.kubernetes.io/revision": "12"}}}, 12),
        ({"metadata": {}, "revision": 3}, 3),
        ({"metadata": {}}, None),
        ({"metadata": {"annotations": {"deployment.kubernetes.io/revision": "x"}}}, None),
    ],
)
def test_revision_numbers(obj: dict[str, Any], number: int | None) -> None:
    assert revision_number(obj) == number


def test_only_the_controller_owns() -> None:
    owners = [{"uid": "a", "kind": "Thing"}, {"uid": "b", "kind": "ReplicaSet", "controller": True}]
    owned = {"metadata": {"ownerReferences": owners}}
    assert controller_of(owned) == owners[1]
    assert is_controlled_by(owned, "b")
    assert not is_controlled_by(owned, "a")
    assert not is_controlled_by({"metadata": {}}, "a")


OOM = {"exitCode": 137, "reason": "OOMKilled"}
UNSCHEDULED = [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes fit"}]


class TestAPodInOneWord:
    @pytest.mark.parametrize(
        ("obj", "word", "container", "why"),
        [
            (pod("p", waiting("ErrImagePull", "not found")), "ErrImagePull", "app", "not found"),
            (
                pod("p", waiting("CrashLoopBackOff", "back-off", ended=OOM)),
                "CrashLoopBackOff",
                "app",
                "OOMKilled, exit code 137",
            ),
            (pod("p", terminated(1, "Error")), "Error", "app", "exit code 1"),
            (pod("p", waiting("PodInitializing"), init=(waiting("ErrImagePull"),)), "Init:ErrImagePull", "init-0", ""),
            (pod("p", waiting("ContainerCreating"), waiting("ImagePullBackOff")), "ImagePullBackOff", "proxy", ""),
            (pod("p", phase="Failed", reason="Evicted", message="low on memory"), "Evicted", None, "low on memory"),
        ],
    )
    def test_that_fails(self, obj: dict[str, Any], word: str, container: str | None, why: str) -> None:
        state = pod_state(obj)
        assert (state.word, state.container, state.why, state.failing) == (word, container, why, True)

    @pytest.mark.parametrize(
        ("obj", "word"),
        [
            (pod("p"), "Running"),
            (pod("p", waiting("ContainerCreating")), "ContainerCreating"),
            (pod("p", terminated(0, "Completed"), phase="Succeeded"), "Completed"),
            (pod("p", phase="Pending", conditions=UNSCHEDULED), "Unschedulable"),
            ({"kind": "Pod", "metadata": {"name": "p"}}, "Unknown"),
            (
                {
                    **pod("p", waiting("ErrImagePull")),
                    "metadata": {"name": "p", "deletionTimestamp": "2026-07-28T09:00:00Z"},
                },
                "Terminating",
            ),
        ],
    )
    def test_that_does_not_fail(self, obj: dict[str, Any], word: str) -> None:
        state = pod_state(obj)
        assert (state.word, state.failing) == (word, False)

    def test_counts_restarts_and_says_whether_it_is_ready(self) -> None:
        assert pod_state(pod("p", running(2), running(1))).restarts == 3
        assert pod_state(pod("p")).ready
        assert not pod_state(pod("p", waiting("ErrImagePull"))).ready

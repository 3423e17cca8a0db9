"""The catalogue: what an image's reference says of how it behaves, and how containerd writes its name."""

from __future__ import annotations

import pytest

from playground.cluster.kubelet import images
from playground.cluster.kubelet.images import BY_WORD, GOOD, MISSING, Image, Pace, by_tag, registry


@pytest.mark.parametrize(("reference", "word"), [
    ("web:missing", "missing"), ("registry.test/web:v2-crash", "crash"), ("web:crash-3", "crash"), ("web:oom.1", "oom"),
    ("localhost:5000/web:slow", "slow"),
])  # fmt: skip
def test_a_word_in_the_tag_decides(reference: str, word: str):
    assert by_tag(reference) is BY_WORD[word]


@pytest.mark.parametrize(
    "reference", ["web:v1", "web", "web:nothingmissing", "crash/web:v1", "crash", "web@sha256:" + "a" * 64]
)
def test_any_other_image_is_good(reference: str):
    assert by_tag(reference) is GOOD


def test_a_catalogue_can_be_given():
    panics = Image(ends_after=0.0, exit_code=2, log=("panic",))
    find = registry({"registry.example/web": ("1.4.1", "1.4.2")}, {"registry.example/web:1.5.0": panics})
    assert find("registry.example/web:1.4.2").pull_fault == ""
    assert find("registry.example/web:1.4.3").pull_fault == MISSING.pull_fault
    assert find("registry.example/web:1.5.0").exit_code == 2
    assert find("registry.example/web:1.4.2-crash").exit_code == 1, "words still count"
    assert find("elsewhere.example/any:1").pull_fault == ""
    assert find("registry.example/web@sha256:" + "a" * 64).pull_fault == ""


def test_a_repository_may_have_its_own_way():
    talks = Image(log=("up",), chatter=("working",))
    find = registry({"web": ("1",), "api": ("1",)}, usual={"web": talks})
    assert (find("web:1").chatter, find("web@sha256:" + "a" * 64).chatter) == (("working",), ("working",))
    assert (find("api:1").chatter, find("web:2").pull_fault) == ((), MISSING.pull_fault)


def test_a_pace_slows_down_what_says_nothing_else():
    find = registry({"web": ("1",)}, {"web:2": Image(pull_seconds=9.0)}, pace=Pace(pull_seconds=2.0, start_seconds=1.0))
    assert (find("web:1").pull_seconds, find("web:1").start_seconds) == (2.0, 1.0)
    assert find("web:2").pull_seconds == 9.0


@pytest.mark.parametrize(("reference", "full"), [
    ("nginx", "docker.io/library/nginx:latest"), ("nginx:1.27", "docker.io/library/nginx:1.27"),
    ("team/web:2", "docker.io/team/web:2"), ("registry.test/web:v1", "registry.test/web:v1"),
    ("localhost:5000/web", "localhost:5000/web:latest"),
])  # fmt: skip
def test_names_are_written_in_full(reference: str, full: str):
    assert images.full_name(reference) == full
    assert images.image_id(reference).startswith(full.rpartition(":")[0] + "@sha256:")


@pytest.mark.parametrize("reference", ["registry.test/Web:v1", "web:", "web:a b", "-web", ""])
def test_what_is_no_name_of_an_image(reference: str):
    assert not images.is_valid(reference)


def test_equal_references_have_equal_digests():
    assert images.image_id("web:1") == images.image_id("docker.io/library/web:1") != images.image_id("web:2")

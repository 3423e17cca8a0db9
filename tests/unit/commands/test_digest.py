"""What an approval is bound to: everything a plan promises, and nothing that moves by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import canonical
from commands.draft import Draft, Edit, Guard, Patch, Ref, digest

REF = Ref("main", "prod", "Deployment", "web", "uid-1")
DRAFT = Draft(
    "web 1 → 2", {"replicas": 5}, Patch(REF, (Edit("/spec/replicas", 3, 5),), (Guard("/a", "b"),)), "t1", ("a risk",)
)


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, arguments={"replicas": 6}),
        replace(DRAFT, template="t2"),
        replace(DRAFT, patch=replace(DRAFT.patch, edits=(Edit("/spec/replicas", 4, 5),))),
        replace(DRAFT, patch=replace(DRAFT.patch, edits=(Edit("/spec/replicas", 3, 6),))),
        replace(DRAFT, patch=replace(DRAFT.patch, guards=())),
        replace(DRAFT, patch=replace(DRAFT.patch, ref=replace(REF, uid="uid-2"))),
        replace(DRAFT, patch=replace(DRAFT.patch, ref=replace(REF, cluster="other"))),
    ],
    ids=["arguments", "template", "old value", "new value", "guards", "uid", "cluster"],
)
def test_what_is_promised_changes_the_digest(other: Draft):
    assert digest("scale", DRAFT) != digest("scale", other)


def test_the_verb_counts_and_risks_do_not():
    assert digest("scale", DRAFT) != digest("deploy", DRAFT)
    assert digest("scale", DRAFT) == digest("scale", replace(DRAFT, risks=("another",), summary="said otherwise"))


def test_a_draft_survives_its_json():
    assert canonical.load(canonical.dump(DRAFT), Draft) == DRAFT
    assert canonical.dump({"b": 1, "a": 2}) == b'{"a":2,"b":1}'

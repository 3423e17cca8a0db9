"""Kinds are found by their files."""

from typing import get_args

from commands.draft import WorkloadKind
from workers import kinds


def test_every_kind_that_can_be_changed_can_be_judged():
    assert set(kinds.KINDS) == set(get_args(WorkloadKind))


def test_a_file_is_named_after_its_kind_and_offers_all():
    for name, module in kinds.KINDS.items():
        assert module.__name__ == f"workers.kinds.{name.lower()}"  # type: ignore[attr-defined]
        assert callable(module.verdict)
        assert isinstance(module.CHILDREN, tuple)

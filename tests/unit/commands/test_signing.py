"""The signing key, as people hand it over."""

from __future__ import annotations

import pytest

from commands.errors import ConfigError
from commands.proof.signing import Key

TEXT = "0123456789abcdef" * 2


def test_a_file_that_ends_with_a_new_line_holds_the_same_key():
    plain, filed = Key.read(TEXT), Key.read(f"{TEXT}\n")
    assert plain
    assert plain == filed


@pytest.mark.parametrize("nothing", [None, "", "\n"])
def test_none_is_set(nothing: str | None):
    assert Key.read(nothing) is None


@pytest.mark.parametrize("short", [TEXT[1:], f"{TEXT[1:]}\n", f"    {TEXT[4:]}"])
def test_blanks_make_no_key_long_enough(short: str):
    with pytest.raises(ConfigError, match="fewer than 32 characters"):
        Key.read(short)

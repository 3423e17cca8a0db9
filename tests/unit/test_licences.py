"""Whatever is installed may be used and passed on: licences as the distributions' own metadata state them."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"

ALLOWED = {
    "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "ZPL-2.1",
}  # fmt: skip
"""All that they ask is to be named."""

ODD = {
    "certifi": ("MPL-2.0", "a file of certificates, passed on unchanged, as that licence asks"),
    "hypothesis": ("MPL-2.0", "for tests alone; nothing of it is passed on"),
    "pathspec": ("MPL-2.0", "for mypy alone; nothing of it is passed on"),
    "axe-playwright-python": ("", "its metadata states none, the LICENSE in it is MIT; for browser tests alone"),
}
"""The others, each with its licence and why it may be here all the same."""

IN_THE_IMAGE = {"certifi"}
"""Those of the odd ones that are passed on."""

SPELLED = {
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd license": "BSD",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "zope public license": "ZPL-2.1",
    "dfsg approved": "",
}
"""Names from before metadata had expressions (PEP 639). What Debian finds free is no licence."""


def pinned(file: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", (REQUIREMENTS / f"{file}.txt").read_text(), re.MULTILINE))


def found(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not for this platform or this Python")


def stated(of: Distribution) -> str:
    """An expression of SPDX: its own, or made from the classifiers, of which each holds for some of it."""
    if expression := of.metadata.get("License-Expression"):
        return str(expression)
    names = [line.rpartition(" :: ")[2] for line in of.metadata.get_all("Classifier", []) if line.startswith("License")]
    names = names or (of.metadata.get("License") or "").splitlines()[:1]
    return " OR ".join(filter(None, (SPELLED.get(name.lower(), name) for name in names)))


def is_allowed(expression: str) -> bool:
    """One of what may be chosen, and all of what holds together. No brackets, of which none is known to occur."""
    return any(all(part.strip() in ALLOWED for part in one.split(" AND ")) for one in expression.split(" OR "))


@pytest.mark.parametrize("name", sorted(pinned("runtime") | pinned("build") | pinned("demo") | pinned("dev")))
def test_it_may_be_used_and_passed_on(name: str) -> None:
    expression = stated(found(name))
    if name in ODD:
        assert expression == ODD[name][0], "no longer what the exception was made for"
        assert name in IN_THE_IMAGE or name not in pinned("runtime")
    else:
        assert is_allowed(expression), f"{name} states {expression or 'none'}"


@pytest.mark.parametrize("name", ODD)
def test_no_exception_is_left_over(name: str) -> None:
    assert name in pinned("runtime") | pinned("dev")


@pytest.mark.parametrize("expression", ["", "GPL-3.0-only", "MIT AND GPL-2.0-only", "(MIT)", "Proprietary", "MPL-2.0"])
def test_what_is_not_on_the_list_is_refused(expression: str) -> None:
    assert not is_allowed(expression)

"""The rules of the house: imports point one way, and one module owns each third-party client."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "commands", "workers", "quarterdeck", "playground")

MAY_IMPORT = {
    "commands": {"commands"},
    "bot": {"bot", "commands"},
    "workers": {"workers", "commands"},
    "quarterdeck": {"quarterdeck", "bot", "workers", "commands", "playground"},
    "playground": {"playground"},
}

OWNERS = {
    "slack_sdk": ("bot/", "quarterdeck/"),
    "slack_bolt": ("bot/", "quarterdeck/"),
    "kubernetes": ("workers/cluster/",),
    "redis": ("commands/store/", "commands/queue.py", "workers/entry.py"),
    "rq": ("commands/queue.py", "workers/entry.py"),
    "pydantic": ("commands/config/",),
    "yaml": ("commands/config/", "quarterdeck/", "playground/"),
    "aiohttp": ("playground/",),
}
"""Who may import each client. ``quarterdeck`` builds what it hands in; the queue takes a client of its own (facts/rq.md)."""


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


@functools.cache
def imported(path: Path) -> frozenset[str]:
    """Top-level names of everything that a file imports, wherever it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add((node.module or "").split(".")[0])
    return frozenset(found)


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_lies_below_them(package: str):
    for path in sorted((ROOT / package).rglob("*.py")):
        strangers = (imported(path) & set(PACKAGES)) - MAY_IMPORT[package]
        assert not strangers, f"{path.relative_to(ROOT)} imports {strangers}"


@pytest.mark.parametrize("client", OWNERS)
def test_each_client_has_one_owner(client: str):
    for path in sources():
        name = str(path.relative_to(ROOT))
        if client in imported(path):
            assert name.startswith(OWNERS[client]), f"{name} imports {client}"


def test_commands_in_the_catalog_import_no_client_and_no_store():
    for path in sorted((ROOT / "commands" / "catalog").rglob("*.py")):
        modules = [n.module or "" for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom)]
        assert not imported(path) & OWNERS.keys(), path.name
        assert not [m for m in modules if m.startswith(("commands.store", "commands.queue"))], path.name


def test_no_write_to_a_cluster_without_a_permit():
    """Who makes a patch that is no dry run, or deletes a pod, is a function that was handed a ``Permit``."""
    made = {}
    for path in sorted((ROOT / "workers").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and any(map(_writes, ast.walk(function))):
                made[f"{path.stem}.{function.name}"] = any(_is_permit(arg) for arg in function.args.args)
    assert made == {"removal.remove": True, "undo.take_back": True, "write.apply": True}


def _writes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    dry = [word.value for word in node.keywords if word.arg == "dry_run"]
    return node.func.attr == "delete_pod" or (
        node.func.attr == "patch" and not (dry and isinstance(dry[0], ast.Constant) and dry[0].value is True)
    )


def _is_permit(arg: ast.arg) -> bool:
    return isinstance(arg.annotation, ast.Name) and arg.annotation.id == "Permit"

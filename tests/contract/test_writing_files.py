"""Files as people keep them: a List, several documents, a whole folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.conftest import Kubectl

LIST = """apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: first}, data: {a: b}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: second}}
"""
DOCUMENTS = """apiVersion: v1
kind: ConfigMap
metadata: {name: third}
---
apiVersion: v1
kind: ConfigMapList
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: fourth}}
"""
NAMES = ("first", "second", "third", "fourth")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(LIST)
    (tmp_path / "b.yaml").write_text(DOCUMENTS)
    return tmp_path


def lines(done: str, names: tuple[str, ...] = NAMES) -> str:
    return "".join(f"configmap/{name} {done}\n" for name in names)


def test_a_folder_of_lists_and_documents_is_applied_compared_and_deleted(kubectl: Kubectl, folder: Path):
    where = ("-f", str(folder))
    assert kubectl("apply", *where) == (0, lines("created"), "")
    assert kubectl("apply", *where) == (0, lines("unchanged"), "")
    assert kubectl("diff", *where) == (0, "", "")
    (folder / "a.yaml").write_text(LIST.replace("a: b", "a: c"))
    code, difference, _ = kubectl("diff", *where)
    assert code == 1
    assert "-  a: b\n+  a: c\n" in difference
    deleted = "".join(f'configmap "{name}" deleted\n' for name in NAMES)
    assert kubectl("delete", *where) == (0, deleted, "")


def test_a_list_is_applied_by_the_server_and_created(kubectl: Kubectl, folder: Path):
    where = ("-f", str(folder / "a.yaml"))
    assert kubectl("apply", "--server-side", *where) == (0, lines("serverside-applied", NAMES[:2]), "")
    code, output, errors = kubectl("create", *where)
    assert (code, output) == (1, "")
    assert [line.partition('": ')[2] for line in errors.splitlines()] == [
        f'configmaps "{name}" already exists' for name in NAMES[:2]
    ]
    kubectl("delete", *where)
    assert kubectl("create", *where) == (0, lines("created", NAMES[:2]), "")

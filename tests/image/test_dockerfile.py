"""The image: what it is made of, and that its build's own commands still make what runs."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.image.dockerfile import ROOT, Build, Instruction, stages

BUILD, FINAL = stages((ROOT / "Dockerfile").read_text())


def said(stage: list[Instruction], word: str) -> list[str]:
    return [instruction.rest for instruction in stage if instruction.word == word]


def test_both_stages_stand_on_one_base_by_its_digest():
    assert said(BUILD, "FROM") == ["python:3.11-slim@${PYTHON_DIGEST} AS build"]
    assert said(FINAL, "FROM") == ["python:3.11-slim@${PYTHON_DIGEST}"]


def test_everything_installed_is_pinned_by_its_hash():
    installs = [each.words for each in BUILD if each.word == "RUN" and "install" in each.words]
    assert installs
    for words in installs:
        assert "--require-hashes" in words or "--no-index" in words


def test_it_runs_as_nobody_by_number_and_without_a_shell():
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", said(FINAL, "USER")[0])
    assert said(FINAL, "RUN") == []
    for instruction in FINAL:
        if instruction.word in {"ENTRYPOINT", "CMD"}:
            assert instruction.words


def test_its_labels_are_those_of_oci():
    [labels] = said(FINAL, "LABEL")
    keys = re.findall(r"([\w.]+)=", labels)
    assert {"title", "description", "version", "revision", "licenses"} <= {
        k.removeprefix("org.opencontainers.image.") for k in keys
    }


def test_nothing_but_what_is_copied_reaches_the_build():
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    copied = {source.split("/")[0] for rest in said(BUILD, "COPY") for source in rest.split()[:-1]}
    assert copied == allowed


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Installing takes a quarter of a minute: once a submission is enough."""
    if not os.environ.get("CI"):
        pytest.skip("set CI to carry the image's build out")
    build = Build(tmp_path_factory.mktemp("image"))
    build.carry_out(BUILD)
    return build


def run(image: Build, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """As the image's entrypoint, in an environment of nothing."""
    [entrypoint] = [each.words for each in FINAL if each.word == "ENTRYPOINT"]
    command = [str(image.path(entrypoint[0])), *entrypoint[1:], *words]
    return subprocess.run(
        command, cwd=folder, env={"HOME": "/"}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.timeout(600)  # it downloads what it installs
def test_its_own_commands_make_what_runs(image: Build, tmp_path: Path):
    assert run(image, tmp_path, "--version").stdout.startswith("quarterdeck, version ")
    helped = run(image, tmp_path, "--help")
    assert helped.returncode == 0, helped.stderr
    demo = run(image, tmp_path, "demo")
    assert demo.returncode == 1
    assert "which only the demo needs, is not installed" in demo.stderr, demo.stderr
    for process in ("bot", "worker", "watcher"):
        done = run(image, tmp_path, process)
        assert done.returncode == 1
        assert "quarterdeck.yaml: there is no such file" in done.stderr, done.stderr
    [installed] = image.path("/opt/quarterdeck/lib").glob("python3*/site-packages")
    for script in (ROOT / "commands").rglob("*.lua"):
        assert (installed / script.relative_to(ROOT)).read_text() == script.read_text()
    assert not (installed / "setuptools").exists()

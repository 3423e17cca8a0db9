"""A Dockerfile read as what it says, and its build stage carried out in a folder instead of a container."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pip

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Instruction:
    """``RUN`` and what follows it."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """Of the exec form, which needs no shell."""
        words: list[str] = json.loads(self.rest)
        return words


def stages(text: str) -> list[list[Instruction]]:
    """Each begins with its ``FROM``; what stands before the first belongs to none."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    found: list[list[Instruction]] = []
    for line in joined:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append(Instruction(word, rest.strip()))
    return found


class Build:
    """The image's file system lies under ``root``; its ``python`` is that of a clean virtual environment."""

    def __init__(self, root: Path, folder: str = "/") -> None:
        self.root, self._folder = root, folder
        self.python = root / "usr/local/bin/python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root / "usr/local")], check=True)
        [packages] = (root / "usr/local/lib").glob("python3*/site-packages")
        packages.joinpath("pip").symlink_to(Path(pip.__file__).parent)  # of ours: installing another takes seconds

    def carry_out(self, stage: list[Instruction]) -> None:
        """Raises ``CalledProcessError`` where a command of it fails."""
        for instruction in stage:
            match instruction.word:
                case "WORKDIR":
                    self._folder = instruction.rest
                    self.path(self._folder).mkdir(parents=True)
                case "COPY":
                    *sources, target = instruction.rest.split()
                    self._copy(sources, self.path(self._folder) / target)
                case "RUN":
                    self._run(instruction.words)

    def path(self, inside: str) -> Path:
        return self.root / inside.removeprefix("/")

    def _copy(self, sources: list[str], target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)
        for source in (ROOT / each for each in sources):
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, target, dirs_exist_ok=True, ignore=ignored)
            else:
                shutil.copy(source, target)

    def _run(self, words: list[str]) -> None:
        program, *rest = [str(self.path(word)) if word.startswith("/") else word for word in words]
        assert program == "python"
        # The Dockerfile's own command, but for the bytecode, whose compiling takes longer than all the rest: it is what the
        # sources say, and would say nothing more. pip reads "no" here as what --no-compile stores: compile is false.
        env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COMPILE": "no"}
        env.pop("PYTHONPATH", None)
        done = subprocess.run(
            [str(self.python), *rest], cwd=self.path(self._folder), env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

"""Running ``quarterdeck`` as a person does: a process, with an environment of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.harness.forked import ran

BARE = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}

CONFIG = """\
clusters:
  main: {{kubeconfig: {kubeconfig}}}
environments:
  prod: {{cluster: main, namespace: prod}}
roles:
  developer: {{members: ["*"]}}
permissions:
  - {{roles: [developer], commands: [deploy], environments: [prod]}}
"""


def config(folder: Path, kubeconfig: str = "/nowhere/kubeconfig") -> Path:
    path = folder / "quarterdeck.yaml"
    path.write_text(CONFIG.format(kubeconfig=kubeconfig))
    return path


def quarterdeck(*words: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    return ran("quarterdeck", *map(str, words), env=BARE | env)

"""The helm program, and what the chart renders to."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

Json = dict[str, Any]

CHART = Path(__file__).parents[2] / "helm" / "quarterdeck"
RELEASE = "quarterdeck"
DIGEST = "sha256:" + "0123456789abcdef" * 4
CUSTOM = ("ServiceMonitor", "PrometheusRule")
"""Kinds that no API server knows by itself."""

CONFIG: Json = {
    "clusters": {"main": {}},
    "environments": {
        "staging": {"cluster": "main", "namespace": "staging"},
        "prod": {"cluster": "main", "namespace": "prod", "approvals": {"required": 1, "approvers": ["sre"]}},
    },
    "roles": {"developer": {"members": ["*"]}, "sre": {"members": ["U0SAM", "S0ONCALL"]}},
    "permissions": [{"roles": ["developer"], "commands": ["*"], "environments": ["*"]}],
}
"""A ``quarterdeck.yaml`` in which everything is permitted everywhere."""

VALUES: Json = {
    "image": {"repository": "registry.test/quarterdeck", "digest": DIGEST},
    "slack": {"secret": "slack"},
    "redis": {"secret": "redis"},
    "config": CONFIG,
}
"""No more than what is needed."""

TRIAL: Json = {
    "redis": {"secret": "", "trial": {"enabled": True, "image": f"registry.test/valkey@{DIGEST}", "secret": "redis"}}
}


def merged(base: Json, over: Mapping[str, Any]) -> Json:
    """As helm merges: mappings by key, None takes a key away, everything else is replaced."""
    both = dict(base)
    for key, value in over.items():
        below = base.get(key)
        both[key] = merged(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return {key: value for key, value in both.items() if value is not None}


class Refused(Exception):
    """Helm did not do it; the text is what it says."""


def find_helm() -> Path:
    """Beside the control plane's programs. Without it a test is skipped, or in CI fails."""
    found = Path(os.environ.get("KUBEBUILDER_ASSETS", "")) / "helm"
    if not found.is_file():
        remedy = "put helm into the folder that KUBEBUILDER_ASSETS names"
        pytest.fail(remedy) if os.environ.get("CI") else pytest.skip(remedy)
    return found


def helm(*words: str, values: Json | None = None, kubeconfig: Path | None = None) -> str:
    """Run it, with ``values`` in a file of their own. Raises ``Refused``."""
    program = find_helm()
    with tempfile.TemporaryDirectory(prefix="helm-") as folder:
        command = [str(program), *words]
        if values is not None:
            file = Path(folder) / "values.yaml"
            file.write_text(yaml.safe_dump(values, sort_keys=False))
            command += ["--values", str(file)]
        env = {"PATH": os.environ["PATH"], "HOME": folder}
        env |= {"KUBECONFIG": str(kubeconfig)} if kubeconfig else {}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=90, check=False)
    if done.returncode:
        raise Refused(done.stderr)
    return done.stdout


def rendered(over: Mapping[str, Any] | None = None, *, namespace: str = "quarterdeck") -> list[Json]:
    """Every object of the release, tests included. Raises ``Refused``."""
    out = helm("template", RELEASE, str(CHART), "--namespace", namespace, values=merged(VALUES, over or {}))
    return [document for document in yaml.safe_load_all(out) if document]


def of(objects: list[Json], kind: str, name: str = "") -> Json:
    """The one of that kind, and of the name after the release's."""
    full = f"{RELEASE}-{name}" if name else RELEASE
    [found] = [o for o in objects if o["kind"] == kind and o["metadata"]["name"] == full]
    return found


def pods(objects: list[Json]) -> dict[str, Json]:
    """By component: the specs of all pods that would run."""
    found = [
        o if o["kind"] == "Pod" else o["spec"]["template"]
        for o in objects
        if o["kind"] in {"Pod", "Deployment", "StatefulSet"}
    ]
    return {pod["metadata"]["labels"]["app.kubernetes.io/component"]: pod["spec"] for pod in found}

"""The commands for configuration, services, jobs and limits: typed at both servers, they print the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.terminal import Story, Terminal, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

Json = dict[str, Any]
pytestmark = pytest.mark.control_plane


def wait(terminal: Terminal, path: str, ready: Callable[[Json], bool] = lambda _: True) -> Json:
    """``path``: ``/api/v1 configmaps/web``."""
    root, _, rest = path.partition(" ")
    return terminal.cluster.wait(f"{root}/namespaces/{terminal.namespace}/{rest}", ready, timeout=30)


def has(condition: str) -> Callable[[Json], bool]:
    return lambda live: any(one["type"] == condition for one in live["status"].get("conditions", []))


def configuration(terminal: Terminal) -> None:
    wait(terminal, "/api/v1 configmaps/kube-root-ca.crt")
    terminal("create", "configmap", "web", "--from-literal=mode=fast")
    terminal("create", "configmap", "web")
    terminal("create", "secret", "generic", "token", "--from-literal=key=value")
    terminal("create", "secret", "docker-registry", "pull", "--docker-username=a", "--docker-password=b")
    terminal("create", "serviceaccount", "robot")
    terminal("get", "configmaps,secrets,serviceaccounts")
    terminal("get", "secret", "token", "-o", "yaml")
    terminal("describe", "configmap", "web")
    terminal("describe", "secret", "token")
    terminal("describe", "serviceaccount", "robot")
    terminal("patch", "configmap", "web", "-p", '{"data":{"mode":"slow"}}')
    terminal("patch", "configmap", "web", "-p", '{"data":{"mode":"slow"}}')
    terminal("get", "configmap", "web", "-o", "jsonpath={.data}")
    terminal("label", "secret", "token", "team=shop")
    terminal("get", "secrets", "-l", "team=shop", "--show-labels")
    terminal("get", "secrets", "--field-selector", "type=Opaque", "-o", "name")
    terminal("delete", "configmap", "web")
    terminal("delete", "configmap", "web")
    terminal("delete", "serviceaccount", "robot", "--ignore-not-found")
    terminal("get", "namespace", terminal.namespace)
    terminal("describe", "namespace", terminal.namespace)


def services(terminal: Terminal) -> None:
    terminal("create", "service", "clusterip", "plain", "--tcp=80:8080")
    terminal("create", "service", "clusterip", "headless", "--clusterip=None")
    terminal("create", "service", "externalname", "outside", "--external-name=example.com")
    terminal("get", "services", "-o", "wide")
    terminal("describe", "service", "plain")
    terminal("describe", "service", "outside")
    wait(terminal, "/api/v1 endpoints/plain")
    terminal("get", "endpoints")
    terminal("set", "selector", "service", "plain", "app=other")
    terminal("get", "service", "plain", "-o", "jsonpath={.spec.selector}")
    terminal("patch", "service", "plain", "-p", '{"spec":{"clusterIP":"10.96.3.3"}}')
    terminal("delete", "services", "--all")


def jobs(terminal: Terminal) -> None:
    terminal("create", "job", "load", "--image=load:1")
    wait(terminal, "/apis/batch/v1 jobs/load", has("Complete"))
    terminal("get", "jobs", "-o", "wide")
    terminal("describe", "job", "load")
    terminal("get", "pods")
    terminal("create", "cronjob", "nightly", "--image=load:1", "--schedule=0 3 1 1 *")
    terminal("create", "cronjob", "wrong", "--image=load:1", "--schedule=often")
    terminal("get", "cronjobs", "-o", "wide")
    terminal("describe", "cronjob", "nightly")
    terminal("create", "job", "now", "--from=cronjob/nightly")
    wait(terminal, "/apis/batch/v1 jobs/now", has("Complete"))
    terminal("describe", "job", "now")
    terminal("patch", "cronjob", "nightly", "-p", '{"spec":{"suspend":true}}')
    terminal("get", "cronjob", "nightly")
    terminal("delete", "job", "load")
    terminal("delete", "cronjob", "nightly")


def failing_jobs(terminal: Terminal) -> None:
    pod = {"restartPolicy": "Never", "containers": [{"name": "load", "image": "load:crash"}]}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "load"},
           "spec": {"backoffLimit": 0, "template": {"spec": pod}}}  # fmt: skip
    terminal("apply", "-f", "-", stdin=json.dumps(job))
    wait(terminal, "/apis/batch/v1 jobs/load", has("Failed"))
    terminal("get", "job", "load")
    terminal("describe", "job", "load")
    terminal("wait", "--for=condition=failed", "job/load")
    terminal("apply", "-f", "-", stdin=json.dumps(job))


def limits(terminal: Terminal) -> None:
    wait(terminal, "/api/v1 configmaps/kube-root-ca.crt")
    terminal("create", "quota", "few", "--hard=pods=1,requests.cpu=2,limits.memory=1Gi,configmaps=2")
    wait(terminal, "/api/v1 resourcequotas/few", lambda live: "used" in live["status"])
    terminal("get", "quota")
    terminal("describe", "quota", "few")
    terminal("describe", "namespace", terminal.namespace)
    terminal("run", "web", "--image=web:1")
    terminal("create", "configmap", "one")
    terminal("create", "configmap", "two")
    terminal("delete", "quota", "few")
    terminal("create", "poddisruptionbudget", "web", "--selector=app=web", "--min-available=1")
    terminal("create", "pdb", "share", "--selector=app=web", "--max-unavailable=25%")
    wait(terminal, "/apis/policy/v1 poddisruptionbudgets/web", has("DisruptionAllowed"))
    wait(terminal, "/apis/policy/v1 poddisruptionbudgets/share", has("DisruptionAllowed"))
    terminal("get", "pdb")
    terminal("describe", "pdb", "web")


def autoscaling(terminal: Terminal) -> None:
    terminal("create", "deployment", "web", "--image=web:1", "--replicas=2")
    terminal.wait("deployments/web", lambda live: live["status"].get("availableReplicas") == 2)
    terminal("autoscale", "deployment", "web", "--min=2", "--max=5", "--cpu-percent=70")
    wait(terminal, "/apis/autoscaling/v2 horizontalpodautoscalers/web", has("ScalingActive"))
    terminal("get", "hpa")
    terminal("describe", "hpa", "web")
    path = f"/apis/autoscaling/v1/namespaces/{terminal.namespace}/horizontalpodautoscalers/web"
    older = terminal.cluster.get(path)
    terminal.note({key: older[key] for key in ("apiVersion", "kind", "spec", "status")})
    terminal("delete", "hpa", "web")


@pytest.mark.parametrize("story", [configuration, services, jobs, failing_jobs, limits, autoscaling])
def test_the_same_is_printed(
    simulated_cluster: SimulatedCluster, control_plane: ControlPlane, tmp_path: Path, story: Story
) -> None:
    same(story, simulated_cluster, control_plane, tmp_path)

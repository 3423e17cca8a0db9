"""The control plane as tests see it: users, writes, restarts, and that nothing stays behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.harness.api import Api, ApiError
from tests.harness.controlplane import ControlPlane
from tests.harness.processes import alive, wait_until
from tests.harness.workloads import deployment


def client_of(control_plane: ControlPlane, user: str) -> Api:
    """A client made from a user's kubeconfig."""
    config = yaml.safe_load(control_plane.kubeconfig_for(user).read_text())
    return Api(control_plane.server, config["users"][0]["user"]["token"], control_plane.folder / "apiserver.crt")


def test_one_patch_is_one_write(control_plane: ControlPlane) -> None:
    namespace = control_plane.namespace()
    control_plane.apply(deployment("web", namespace))
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/web"
    patch = [{"op": "replace", "path": "/spec/replicas", "value": 1}]
    control_plane.patch(path, patch, query={"dryRun": "All"})
    control_plane.patch(path, patch)
    [_apply, write] = control_plane.writes("deployments", namespace, user="harness")
    assert (write.verb, write.user, write.name, write.code) == ("patch", "harness", "web", 200)
    assert write.request_object == patch
    [rehearsal] = control_plane.writes("deployments", namespace, user="harness", dry_run=True)
    assert rehearsal.uri.endswith("dryRun=All")
    assert control_plane.writes("deployments", namespace) == []  # the harness and the controllers are left out


def test_a_powerless_user_may_do_what_is_granted(control_plane: ControlPlane) -> None:
    namespace = control_plane.namespace()
    powerless = client_of(control_plane, "powerless")
    pods = f"/api/v1/namespaces/{namespace}/pods"
    with pytest.raises(ApiError, match="403"):
        powerless.request("GET", pods)
    control_plane.grant("powerless", namespace, [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}])
    assert powerless.request("GET", pods)["items"] == []
    with pytest.raises(ApiError, match="403"):
        powerless.request("DELETE", f"{pods}/web")
    [refused] = control_plane.writes("pods", namespace)
    assert (refused.user, refused.verb, refused.code) == ("powerless", "delete", 403)
    powerless.close()


def test_a_restarted_api_server_keeps_data_and_rolls_out(control_plane: ControlPlane) -> None:
    namespace = control_plane.namespace()
    control_plane.apply(deployment("web", namespace))
    control_plane.stop_apiserver()
    control_plane.start_apiserver()
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/web"
    assert control_plane.get(path)["metadata"]["name"] == "web"
    control_plane.wait(path, lambda web: web.get("status", {}).get("availableReplicas") == 3, timeout=30)


def test_a_wait_that_fails_shows_what_it_saw(control_plane: ControlPlane) -> None:
    with pytest.raises(TimeoutError, match='"kube-root-ca'):
        control_plane.wait("/api/v1/namespaces/default/configmaps/kube-root-ca.crt", lambda _: False, timeout=0.3)


STARTER = """
import json, sys
from tests.harness.controlplane import ControlPlane
control_plane = ControlPlane(nodes=1)
print(json.dumps(control_plane.pids), flush=True)
sys.stdin.readline()
control_plane.stop()
"""


@pytest.mark.usefixtures("control_plane")
@pytest.mark.parametrize("end", ["stop", "SIGKILL"])
def test_no_process_is_left_behind(end: str, tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path)}  # after SIGKILL nobody deletes the data folder
    process = subprocess.Popen([sys.executable, "-c", STARTER], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        assert process.stdin
        assert process.stdout
        pids = json.loads(process.stdout.readline())
        assert all(alive(pid) for pid in pids.values())
        if end == "stop":
            process.stdin.write(b"\n")
        else:
            process.send_signal(signal.SIGKILL)
    assert len(pids) == 5
    wait_until(lambda: not any(alive(pid) for pid in pids.values()), timeout=30)

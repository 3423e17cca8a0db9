"""From the evidence of each cause to the message that says why, beside ``kubectl rollout status``, which waits for the deadline."""

from __future__ import annotations

import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from tests.bench.rollouts import kubectl
from tests.bench.table import Row
from tests.harness.api import ApiError
from tests.harness.processes import wait_until
from tests.harness.workloads import deployment
from tests.scenarios.stack import SECONDS, Stack

ROUNDS = 4
DEADLINE = 10
"""``progressDeadlineSeconds`` of what kubectl follows, and of ours; a Deployment's own default is 600."""


@dataclass(frozen=True)
class Cause:
    """``evidence``: the words that are proof, in the status of what is at the path ``kept`` ({}: the namespace) and bears its label."""

    what: str
    tag: str
    evidence: str
    kept: str = "api/v1/namespaces/{}/pods"
    init: bool = False
    """Whether it has an init container of the same image."""


CAUSES = (
    Cause("image missing", "missing", "not found"),
    Cause("image unauthorised", "unauthorized", "401 Unauthorized"),
    Cause("ConfigMap missing", "configmissing", "not found"),
    Cause("key missing", "keymissing", "couldn't find key"),
    Cause("crash", "crash", "CrashLoopBackOff"),
    Cause("out of memory", "oom", "CrashLoopBackOff"),
    Cause("liveness probe", "ill", "CrashLoopBackOff"),
    Cause("init container", "crash", "CrashLoopBackOff", init=True),
    Cause("policy", "refused", "denied request", "apis/apps/v1/namespaces/{}/replicasets"),
    Cause("deadline alone", "endless", "ProgressDeadlineExceeded", "apis/apps/v1/namespaces/{}/deployments"),
)


def rows(stack: Stack) -> list[Row]:
    _refuse(stack)
    theirs = _all_theirs(stack)
    took = [
        [_ours(stack, cause, f"ours{n}-{round_}") for round_ in range(_rounds(cause))] for n, cause in enumerate(CAUSES)
    ]
    said = f"kubectl rollout status, deadline {DEADLINE} s"
    each = [
        Row(f"{cause.what}: from its evidence to the message, median", statistics.median(ours), said, other)
        for cause, ours, other in zip(CAUSES, took, theirs, strict=True)
    ]
    slowest = max(max(ours) for ours in took)
    return [*each, Row("of all these, the slowest", slowest, said, max(theirs))]


def _rounds(cause: Cause) -> int:
    """Whose evidence is that time is over takes as long each time."""
    return 1 if "Deadline" in cause.evidence else ROUNDS


def _ours(stack: Stack, cause: Cause, name: str) -> float:
    """Milliseconds."""
    _deployed(stack, cause, name)
    stack.new_minute()  # or the fiftieth edit within one is waited for
    channel = stack.channel()
    with ThreadPoolExecutor(1) as pool:
        proven = pool.submit(_proven, stack, cause, name)
        stack.workspace.say(stack.cast.dev, channel, f"/deploy {name} {cause.tag} to staging")
        stack.workspace.wait_message(channel, lambda m: m.text.endswith(": failed"), 2 * DEADLINE)
        said = time.perf_counter()
        return max(0.0, (said - proven.result()) * 1000)


def _all_theirs(stack: Stack) -> list[float]:
    """Side by side, for each waits for its deadline."""
    with ThreadPoolExecutor(len(CAUSES)) as pool:
        return list(pool.map(partial(_theirs, stack), CAUSES, [f"theirs{n}" for n in range(len(CAUSES))]))


def _theirs(stack: Stack, cause: Cause, name: str) -> float:
    namespace = stack.namespaces["staging"]
    _deployed(stack, cause, name)
    wanted = [f"{part}=registry.test/{name}:{cause.tag}" for part in (name, *(["setup"] if cause.init else []))]
    with ThreadPoolExecutor(1) as pool:
        proven = pool.submit(_proven, stack, cause, name)
        kubectl(stack, "set", "image", f"deployment/{name}", *wanted, "-n", namespace)
        try:
            kubectl(stack, "rollout", "status", f"deployment/{name}", "-n", namespace)
        except subprocess.CalledProcessError:
            return (time.perf_counter() - proven.result()) * 1000
    raise AssertionError(f"kubectl took {cause.what} for a rollout that is done")


def _deployed(stack: Stack, cause: Cause, name: str) -> None:
    image = f"registry.test/{name}:v0"
    inits = {"setup": image} if cause.init else None
    obj = deployment(
        name, stack.namespaces["staging"], image, replicas=1, progress_deadline=DEADLINE, init_containers=inits
    )
    stack.cluster.apply(obj)
    stack.cluster.wait(stack.cluster.path_of(obj), lambda found: found.get("status", {}).get("availableReplicas") == 1)


def _proven(stack: Stack, cause: Cause, name: str) -> float:
    kept = f"/{cause.kept.format(stack.namespaces['staging'])}?labelSelector=app%3D{name}"
    stack.cluster.wait_items(kept, lambda found: any(cause.evidence in str(each.get("status")) for each in found))
    return time.perf_counter()


def _refuse(stack: Stack) -> None:
    """Pods with that tag, by a policy."""
    pods = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    refused = "!object.spec.containers.exists(each, each.image.endsWith(':refused'))"
    spec = {"matchConstraints": {"resourceRules": [pods]}, "validations": [{"expression": refused, "message": "no"}]}
    policy = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": "bench"}}
    stack.cluster.apply({**policy, "kind": "ValidatingAdmissionPolicy", "spec": spec})
    binding = {"policyName": "bench", "validationActions": ["Deny"]}
    stack.cluster.apply({**policy, "kind": "ValidatingAdmissionPolicyBinding", "spec": binding})
    wait_until(partial(_is_refused, stack), SECONDS)


def _is_refused(stack: Stack) -> bool:
    """By now: what decides on admission learns of a policy a moment later."""
    spec = {"containers": [{"name": "web", "image": "registry.test/web:refused"}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "tried"}, "spec": spec}
    try:
        path = f"/api/v1/namespaces/{stack.namespaces['staging']}/pods"
        stack.cluster.api.request("POST", path, pod, query={"dryRun": "All"})
    except ApiError:
        return True
    return False

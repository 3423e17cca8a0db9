"""Each cause told apart, in one sentence, by the texts that kubelets, schedulers and API servers really write. Pure."""

from __future__ import annotations

from typing import Any

import pytest

from commands.config import Environment, Patience
from tests.unit.workers.kinds import rollouts as r
from workers.kinds.faults import Circumstances, fault_of, lingering, suspect, warnings
from workers.kinds.faults.refusals import heard_of, plainly
from workers.kinds.faults.scheduling import plainly as of_nodes

Json = dict[str, Any]


def event(
    reason: str, message: str, *, about: str = "uid-web-1", path: str = "", first: float = 2, last: float = 30
) -> Json:
    """A warning; times in seconds since the write."""
    involved = {"uid": about, **({"fieldPath": path} if path else {})}
    times = {"firstTimestamp": r.stamp(r.WROTE + first), "lastTimestamp": r.stamp(r.WROTE + last)}
    return {"type": "Warning", "reason": reason, "message": message, "count": 3, "involvedObject": involved, **times}


def heard(*events: Json, **patience: int | None) -> Circumstances:
    return Circumstances.of(events, Patience().model_copy(update=patience))


def proven(status: Json, *events: Json, now: float = r.NOW, **patience: int | None) -> str | None:
    fault = fault_of(r.pod("web-1", **status), now, heard(*events, **patience))
    return fault.cause if fault else None


def suspected(pod: Json, *events: Json) -> str | None:
    """What it says where time is over, and that this is no proof."""
    fault = suspect([pod], heard(*events))
    assert fault_of(pod, r.NOW, heard(*events)) is None
    return fault.cause if fault else None


# ------------------------------------------------------------------ settings


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ('configmap "web-config" not found', "container app needs the ConfigMap web-config, which does not exist"),
        ('secret "db" not found', "container app needs the Secret db, which does not exist"),
        (
            "couldn't find key LOG_LEVEL in ConfigMap staging/web-config",
            "container app needs the key LOG_LEVEL of the ConfigMap web-config, which has no such key",
        ),
        (
            "couldn't find key password in Secret staging/db",
            "container app needs the key password of the Secret db, which has no such key",
        ),
        (
            'container has runAsNonRoot and image will run as root (pod: "web-1_staging(0)", container: app)',
            "container app cannot be configured: container has runAsNonRoot and image will run as root",
        ),
    ],
)
def test_settings_that_are_missing(said: str, cause: str) -> None:
    assert proven(r.waiting("CreateContainerConfigError", said)) == cause


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (
            'MountVolume.SetUp failed for volume "settings" : configmap "web-config" not found',
            "the pod needs the ConfigMap web-config, which does not exist",
        ),
        (
            'MountVolume.SetUp failed for volume "tls" : references non-existent secret key: tls.key',
            "the pod needs the key tls.key of a Secret, which has no such key",
        ),
        (
            'MountVolume.SetUp failed for volume "settings" : configmap references non-existent config key: app.yaml',
            "the pod needs the key app.yaml of a ConfigMap, which has no such key",
        ),
    ],
)
def test_settings_that_are_mounted_are_missing_at_once_too(said: str, cause: str) -> None:
    assert proven(CREATING, event("FailedMount", said), now=r.WROTE + 3) == cause


@pytest.mark.parametrize(
    ("volume", "source"),
    [
        ({"configMap": {"name": "web-config"}}, "the ConfigMap web-config"),
        ({"projected": {"sources": [{"configMap": {"name": "one of several"}}]}}, "a ConfigMap"),
    ],
)
def test_a_key_that_is_mounted_is_told_with_what_it_is_to_be_of(volume: Json, source: str) -> None:
    said = 'MountVolume.SetUp failed for volume "settings" : configmap references non-existent config key: app.yaml'
    pod = r.pod("web-1", **CREATING)
    pod["spec"] = {**pod["spec"], "volumes": [{"name": "settings", **volume}]}
    fault = fault_of(pod, r.NOW, heard(event("FailedMount", said)))
    assert fault
    assert fault.cause == f"the pod needs the key app.yaml of {source}, which has no such key"


# ------------------------------------------------------------------ volumes

CREATING = r.waiting("ContainerCreating")


@pytest.mark.parametrize(
    ("reason", "said", "cause"),
    [
        (
            "FailedAttachVolume",
            'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) db-0',
            "volume pvc-1 is still in use by pod db-0, and can only be at one node at a time",
        ),
        (
            "FailedAttachVolume",
            'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can\'t be attached to another',
            "volume pvc-1 is still in use by another node, and can only be at one node at a time",
        ),
        (
            "FailedAttachVolume",
            'AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = NotFound desc = disk is gone',
            "volume pvc-1 cannot be attached to the node: rpc error: code = NotFound desc = disk is gone",
        ),
        (
            "FailedMount",
            'MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32',
            "volume nfs cannot be mounted: mount failed: exit status 32",
        ),
        (
            "FailedMount",
            (
                "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process "
                "volumes=[]: context deadline exceeded"
            ),
            "the volumes data don't come to the node in time",
        ),
    ],
)
def test_volumes_are_waited_for_a_while(reason: str, said: str, cause: str) -> None:
    told = event(reason, said, first=10)
    pod = r.pod("web-1", **CREATING)
    assert warnings([pod], r.NOW, heard(told)) == (cause,)
    assert proven(CREATING, told, now=r.WROTE + 129) is None
    assert proven(CREATING, told, now=r.WROTE + 130) == cause
    assert proven(CREATING, told, volumes=20) == cause


def test_a_volume_that_came_in_the_end_is_forgotten() -> None:
    pod = r.pod("web-1")
    assert suspect([pod], heard(event("FailedMount", 'MountVolume.SetUp failed for volume "x" : not yet'))) is None


def test_a_cold_cache_of_the_kubelets_is_no_fault() -> None:
    said = 'MountVolume.SetUp failed for volume "s" : failed to sync secret cache: timed out waiting for the condition'
    assert suspect([r.pod("web-1", **CREATING)], heard(event("FailedMount", said))) is None


def test_a_sandbox_that_cannot_be_made() -> None:
    said = (
        'Failed to create pod sandbox: rpc error: code = Unknown desc = plugin type="calico" failed (add): no IPs left'
    )
    cause = f"the node cannot set the pod up: {said}"
    assert proven(CREATING, event("FailedCreatePodSandBox", said), now=r.WROTE + 31) is None
    assert proven(CREATING, event("FailedCreatePodSandBox", said), now=r.WROTE + 32) == cause


# ------------------------------------------------------------------ images and starting


@pytest.mark.parametrize(
    ("reason", "said", "cause"),
    [
        (
            "ErrImagePull",
            'rpc error: code = NotFound desc = failed to pull and unpack image "r/web:2": failed to resolve reference "r/web:2": r/web:2: not found',
            "container app: image r/web:2 not found",
        ),
        (
            "ErrImagePull",
            'failed to pull and unpack image "r/web:2": no match for platform in manifest: not found',
            "container app: image r/web:2 has nothing for this kind of node (platform)",
        ),
        (
            "SignatureValidationFailed",
            "no signature",
            "container app: image r/web:2 is not signed as it has to be: no signature",
        ),
        (
            "RunContainerError",
            'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "serve": executable file not found in $PATH: unknown',
            "container app cannot be started: its command serve is not in the image",
        ),
        (
            "RunContainerError",
            "OCI runtime create failed: unable to start container process: exec: /run.sh: permission denied: unknown",
            "container app cannot be started: /run.sh may not be run",
        ),
        (
            "CreateContainerError",
            "context deadline exceeded",
            "container app cannot be made: context deadline exceeded",
        ),
    ],
)
def test_what_does_not_start(reason: str, said: str, cause: str) -> None:
    assert proven(r.waiting(reason, said)) == cause


@pytest.mark.parametrize("before", ["", 'Back-off pulling image "r/web:2": ErrImagePull: '])
def test_why_a_pull_fails_is_told_without_the_layers_that_it_came_through(before: str) -> None:
    said = (
        'rpc error: code = DeadlineExceeded desc = failed to pull and unpack image "r/web:2": failed to resolve reference '
        '"r/web:2": failed to do request: Head "https://r/v2/web/manifests/2": dial tcp 203.0.113.10:443: i/o timeout'
    )
    cause = (
        'image r/web:2 cannot be pulled: Head "https://r/v2/web/manifests/2": dial tcp 203.0.113.10:443: i/o timeout'
    )
    assert proven(r.waiting("ErrImagePull", before + said)) == f"container app: {cause}"


# ------------------------------------------------------------------ crashes and probes


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (2, "container app exits with code 2 (CrashLoopBackOff)"),
        (127, "container app exits with code 127 (its command was not found, CrashLoopBackOff)"),
        (137, "container app exits with code 137 (killed, CrashLoopBackOff)"),
        (139, "container app exits with code 139 (segmentation fault, CrashLoopBackOff)"),
    ],
)
def test_crashes_by_their_code(code: int, cause: str) -> None:
    assert proven(r.waiting("CrashLoopBackOff", last={"exitCode": code, "reason": "Error"})) == cause


LIVENESS = (
    'Liveness probe failed: Get "http://10.0.0.7:8080/healthz": dial tcp 10.0.0.7:8080: connect: connection refused'
)


def ended(code: int, began: float = 0, over: float = 31) -> Json:
    times = {"startedAt": r.stamp(r.WROTE + began), "finishedAt": r.stamp(r.WROTE + over)}
    return r.waiting("CrashLoopBackOff", last={"exitCode": code, "reason": "Error", **times})


def test_a_container_that_its_liveness_probe_kills() -> None:
    probe = event("Unhealthy", LIVENESS, path="spec.containers{app}")
    found = LIVENESS.partition(": ")[2]
    cause = f"container app is killed because its liveness probe fails: {found} (CrashLoopBackOff)"
    assert proven(ended(137), probe) == cause
    assert proven(ended(143), probe) == cause
    assert proven(ended(137), event("Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 500")) == (
        "container app is killed because its start-up probe fails: HTTP probe failed with statuscode: 500 (CrashLoopBackOff)"
    )


@pytest.mark.parametrize(
    ("status", "probe"),
    [
        pytest.param(ended(3), event("Unhealthy", LIVENESS), id="it ended by itself"),
        pytest.param(ended(137, 40, 50), event("Unhealthy", LIVENESS), id="the probe failed in an earlier run"),
        pytest.param(ended(137), event("Unhealthy", "Readiness probe failed: no"), id="readiness kills nobody"),
        pytest.param(ended(137), event("Unhealthy", LIVENESS, path="spec.containers{other}"), id="another's probe"),
        pytest.param(ended(137), event("Unhealthy", LIVENESS, about="uid-web-2"), id="another pod's probe"),
    ],
)
def test_a_crash_is_not_put_down_to_a_probe_that_has_no_part_in_it(status: Json, probe: Json) -> None:
    assert "exits with code" in str(proven(status, probe))


def test_out_of_memory_goes_before_a_failing_probe() -> None:
    status = r.waiting("CrashLoopBackOff", last={"exitCode": 137, "reason": "OOMKilled"})
    assert proven(status, event("Unhealthy", LIVENESS)) == "container app runs out of memory (OOMKilled)"


def running(*, ready: bool = False, **more: Any) -> Json:
    status = {**r.pod("x")["status"]["containerStatuses"][0], "ready": ready, **more}
    return {"containerStatuses": [status]}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Readiness probe failed: HTTP probe failed with statuscode: 503",
            "readiness probe fails: HTTP probe failed with statuscode: 503",
        ),
        ("Startup probe failed: command timed out", "start-up probe fails: command timed out"),
        ("Readiness probe errored: rpc error", "readiness probe fails: rpc error"),
        ("Readiness probe failed: ", "readiness probe fails: it found nothing"),
        ("(combined from similar events): Readiness probe failed: no", "readiness probe fails: no"),
    ],
)
def test_a_probe_is_named_with_its_own_message(said: str, words: str) -> None:
    pod = r.pod("web-1", **running())
    told = event("Unhealthy", said, path="spec.containers{app}")
    assert suspected(pod, told) == f"container app runs but is not ready: its {words}"
    assert warnings([pod], r.WROTE + 10, heard(told)) == ()
    assert proven(running(), told, not_ready=20) == f"container app runs but is not ready: its {words}"


def test_what_a_probe_prints_is_kept_for_the_evidence_where_secrets_are_masked_exactly() -> None:
    told = event("Unhealthy", "Readiness probe failed: swordfish is no good")
    place = {"cluster": "main", "namespace": "prod"}
    usual, masking = Environment(**place), Environment(**place, mask_secrets=True)
    pod = r.pod("web-1", **running())
    assert "swordfish" in str(warnings([pod], r.NOW, Circumstances.under(usual, [told])))
    assert warnings([pod], r.NOW, Circumstances.under(masking, [told])) == ("container app runs but is not ready",)


def test_secrets_in_a_probes_words_are_masked() -> None:
    told = event("Unhealthy", "Readiness probe failed: psql: password=hunter2 is wrong")
    assert "hunter2" not in str(suspected(r.pod("web-1", **running()), told))


def test_an_init_container_that_does_not_end() -> None:
    status = {"name": "setup", "ready": False, "state": {"running": {"startedAt": r.stamp(r.WROTE)}}}
    waits = r.waiting("PodInitializing")["containerStatuses"]
    pod = r.pod("web-1", initContainerStatuses=[status], containerStatuses=waits)
    assert suspected(pod) == "init container setup is still running, and the other containers wait for it"


def test_a_sidecar_is_no_init_container() -> None:
    status = {"name": "proxy", "ready": False, "state": {"running": {"startedAt": r.stamp(r.WROTE)}}}
    pod = r.pod("web-1", initContainerStatuses=[status], conditions=[{"type": "Ready", "status": "False"}])
    pod["spec"]["initContainers"] = [{"name": "proxy", "image": "r/proxy:1", "restartPolicy": "Always"}]
    assert suspected(pod) == "sidecar proxy runs but is not ready"


def test_a_crash_that_is_not_yet_a_loop_is_only_a_warning() -> None:
    status = {"name": "app", "ready": False, "state": {"terminated": {"exitCode": 1, "reason": "Error"}}}
    assert suspected(r.pod("web-1", containerStatuses=[status])) == "container app exits with code 1"


# ------------------------------------------------------------------ nodes


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            (
                "0/5 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, "
                "4 Insufficient cpu. preemption: 0/5 nodes are available: 1 Preemption is not helpful for scheduling, "
                "4 No preemption victims found for incoming pod."
            ),
            (
                "1 of 5 nodes has the taint node-role.kubernetes.io/control-plane, which it does not tolerate, "
                "4 have too little cpu"
            ),
        ),
        (
            "0/3 nodes are available: 3 node(s) had taint {dedicated: gpu}, that the pod didn't tolerate.",
            "3 of 3 nodes have the taint dedicated: gpu, which it does not tolerate",
        ),
        (
            "0/2 nodes are available: 1 Insufficient memory, 1 Too many pods, 2 Insufficient nvidia.com/gpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
            "1 of 2 nodes has too little memory, 1 can hold no more pods, 2 have too little nvidia.com/gpu",
        ),
        (
            "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector.",
            "1 of 3 nodes is cordoned, 2 don't match its node selector or affinity",
        ),
        (
            "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. preemption: not eligible.",
            "3 of 3 nodes run pods that it must not be beside (anti-affinity)",
        ),
        (
            "0/1 nodes are available: 1 node(s) had untolerated taint(s). no preemption",
            "1 of 1 node has a taint that it does not tolerate",
        ),
        (
            "0/3 nodes are available: 3 node(s) had volume node affinity conflict.",
            "3 of 3 nodes cannot reach its volume",
        ),
        (
            "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
            "a volume claim of it is not bound to any volume",
        ),
        (
            '0/3 nodes are available: persistentvolumeclaim "data" not found. not found',
            "its volume claim data does not exist",
        ),
        (
            '0/3 nodes are available: persistentvolumeclaim "data" is being deleted. preemption: no',
            "its volume claim data is being deleted",
        ),
        ("no nodes available to schedule pods", "the cluster has no node"),
        ("running PreFilter plugin: something new", "running PreFilter plugin: something new"),
        ("0/3 nodes are available: 3 something new.", "3 of 3 nodes something new"),
    ],
)
def test_the_schedulers_text_in_plain_words(said: str, words: str) -> None:
    assert of_nodes(said) == words


def unscheduled(message: str = "0/3 nodes are available: 3 Insufficient cpu.") -> Json:
    since = {"lastTransitionTime": r.stamp(r.WROTE + 1)}
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message, **since}
    return {"phase": "Pending", "conditions": [condition], "containerStatuses": []}


def test_a_pod_without_a_node_waits_for_the_deadline_unless_told_otherwise() -> None:
    cause = "no node takes the pod: 3 of 3 nodes have too little cpu"
    assert suspected(r.pod("web-1", **unscheduled())) == cause
    assert proven(unscheduled(), now=r.WROTE + 5_000) is None
    assert proven(unscheduled(), now=r.WROTE + 60, unschedulable=60) is None
    assert proven(unscheduled(), now=r.WROTE + 61, unschedulable=60) == cause


def test_a_pod_whose_node_is_lost_is_nobodys_fault() -> None:
    pod = r.pod(
        "web-1", conditions=[{"type": "Ready", "status": "False"}, {"type": "ContainersReady", "status": "True"}]
    )
    pod["spec"]["nodeName"] = "worker-2"
    assert suspected(pod) == "node worker-2 of the pod is not heard of"


def test_a_pod_that_its_node_does_not_take_up_is_told_after_a_while() -> None:
    bound = {"type": "PodScheduled", "status": "True", "lastTransitionTime": r.stamp(r.WROTE)}
    pod = r.pod("web-1", phase="Pending", conditions=[bound], startTime=None, containerStatuses=[])
    pod["spec"]["nodeName"] = "worker-2"
    cause = "node worker-2 has not taken the pod up"
    assert suspected(pod) == cause
    assert warnings([pod], r.WROTE + 59) == ()
    assert warnings([pod], r.WROTE + 60) == (cause,)
    taken = r.pod("web-1", phase="Pending", conditions=[bound], startTime=r.stamp(r.WROTE), containerStatuses=[])
    taken["spec"]["nodeName"] = "worker-2"
    assert suspected(taken) is None


def test_a_readiness_gate_that_is_shut_is_named() -> None:
    said = 'corresponding condition of pod readiness gate "example.com/lb" does not exist.'
    ready = {"type": "Ready", "status": "False", "reason": "ReadinessGatesNotReady", "message": said}
    pod = r.pod("web-1", conditions=[ready, {"type": "ContainersReady", "status": "True"}])
    assert suspected(pod) == f"the pod is not ready: {said}"


def test_a_pod_that_does_not_go_is_told_with_what_holds_it() -> None:
    held, quiet, on_time = (r.pod(name) for name in ("web-1", "web-2", "web-3"))
    held["metadata"] |= {"deletionTimestamp": r.stamp(r.WROTE), "finalizers": ["example.com/drain"]}
    quiet["metadata"] |= {"deletionTimestamp": r.stamp(r.WROTE)}
    quiet["spec"] = {**quiet["spec"], "nodeName": "worker-2"}
    on_time["metadata"] |= {"deletionTimestamp": r.stamp(r.NOW)}
    assert lingering([held, quiet, on_time, r.pod("web-4")], r.NOW) == (
        "pod web-1 should be gone, but finalizer example.com/drain holds it",
        "pod web-2 should be gone, but node worker-2 has not said that it ended",
    )


# ------------------------------------------------------------------ what the API server refuses

PASSES, STAYS = True, False


@pytest.mark.parametrize(
    ("said", "words", "passes"),
    [
        (
            'pods "web-5d4-x" is forbidden: exceeded quota: small, requested: cpu=500m,pods=1, used: cpu=1,pods=4, limited: cpu=1,pods=4',
            "quota small leaves no room (cpu=500m, pods=1 asked for, cpu=1, pods=4 in use, cpu=1, pods=4 allowed)",
            PASSES,
        ),
        (
            'Error creating: pods "web-5d4-x" is forbidden: failed quota: small: must specify limits.cpu for: app; limits.memory for: app',
            "quota small wants every container to state limits.cpu for: app; limits.memory for: app",
            STAYS,
        ),
        (
            'admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/prod/ was blocked: no latest tag',
            "admission webhook validate.kyverno.svc-fail refuses them: resource Pod/prod/ was blocked: no latest tag",
            STAYS,
        ),
        (
            'admission webhook "deny.example.com" denied the request without explanation',
            "admission webhook deny.example.com refuses them",
            STAYS,
        ),
        (
            'Internal error occurred: failed calling webhook "v.example.com": failed to call webhook: Post "https://v.prod.svc:443/check?timeout=10s": dial tcp 10.0.0.9:443: connect: connection refused',
            'admission webhook v.example.com does not answer: Post "https://v.prod.svc:443/check?timeout=10s": dial tcp 10.0.0.9:443: connect: connection refused',
            PASSES,
        ),
        (
            "pods \"web-x\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request: latest is no version",
            "policy no-latest refuses them: latest is no version",
            STAYS,
        ),
        (
            'pods "web-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)',
            'the namespace\'s pod security level restricted:latest refuses them: runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)',
            STAYS,
        ),
        (
            'pods "web-x" is forbidden: error looking up service account prod/web: serviceaccount "web" not found',
            "their service account web does not exist",
            STAYS,
        ),
        (
            'pods "web-x" is forbidden: no PriorityClass with name high was found',
            "their priority class high does not exist",
            STAYS,
        ),
        (
            'pods "web-x" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
            "the namespace's limit range allows a maximum cpu of 1 for each container, but limit is 2",
            STAYS,
        ),
        (
            'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: something new',
            "something new",
            STAYS,
        ),
        ("etcdserver: request timed out", "etcdserver: request timed out", PASSES),
    ],
)
def test_what_the_api_server_refuses(said: str, words: str, passes: bool) -> None:
    assert plainly(said) == (words, passes)


def test_kinds_without_a_condition_are_judged_by_their_events() -> None:
    told = event(
        "FailedCreate",
        'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: q',
        about="s1",
    )
    found = heard_of(r.stateful_set(), heard(told), r.WROTE)
    assert found
    assert found.sentence == "pods cannot be created: exceeded quota: q"
    assert heard_of(r.stateful_set(), heard(told), r.WROTE + 31) is None, "it was before our write"
    assert heard_of(r.stateful_set(), heard(), r.WROTE) is None

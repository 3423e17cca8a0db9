"""How nodes and pods come to life: stages for kwok, which plays the kubelet. No container ever runs.

Each container behaves by the word in its image's tag (`looks.BEHAVIOURS`), whichever kind of workload owns the pod.
An init container that does badly holds back the others. In pods that are not restarted for ever (Jobs) a container
that would be ready has completed. A pod with several timed behaviours changes once, at the first of their times.
"""

from tests.harness.api import Json
from tests.harness.looks import BEHAVIOURS, Behaviour
from tests.harness.podstatus import image_pattern, pod_status

_NOT_DELETED = {"key": ".metadata.deletionTimestamp", "operator": "DoesNotExist"}
_NOT_OVER = {"key": ".status.phase", "operator": "NotIn", "values": ["Failed", "Succeeded"]}


def stages() -> list[Json]:
    """All stages, as documents of kwok's configuration file."""
    changes = [_pod_change(word, behaviour) for word, behaviour in BEHAVIOURS.items()]
    return [_node_ready(), _pod_deletion(), _pod_start(), *changes]


def _node_ready() -> Json:
    ready = '.status.conditions.[] | select(.type == "Ready") | .status'
    template = """
{{ $now := Now }}
conditions:
- {type: Ready, status: "True", reason: KubeletReady, lastHeartbeatTime: {{ $now | Quote }},
   lastTransitionTime: {{ $now | Quote }}}
addresses: [{type: InternalIP, address: {{ NodeIP | Quote }}}]
daemonEndpoints: {kubeletEndpoint: {Port: {{ NodePort }}}}
allocatable: {cpu: "64", memory: 256Gi, pods: "1000"}
capacity: {cpu: "64", memory: 256Gi, pods: "1000"}
"""
    return _stage("node-ready", "Node", [{"key": ready, "operator": "NotIn", "values": ["True"]}], _status(template))


def _pod_deletion() -> Json:
    deleted = {"key": ".metadata.deletionTimestamp", "operator": "Exists"}
    return _stage("pod-deletion", "Pod", [deleted], {"delete": True})


def _pod_start() -> Json:
    new = {"key": ".status.containerStatuses", "operator": "DoesNotExist"}
    template = pod_status(lambda behaviour: behaviour.first)
    return _stage("pod-start", "Pod", [_NOT_DELETED, new], _status(template))


def _pod_change(word: str, behaviour: Behaviour) -> Json:
    statuses = "(.status.containerStatuses[]?, .status.initContainerStatuses[]?)"
    has_word = f'(.image | test("{image_pattern(word)}"))'
    is_first = f'((.state.waiting.reason // .state.terminated.reason) == "{behaviour.first.reason}")'
    key = f"[{statuses} | select({has_word} and {is_first})] | length > 0"
    due = {"key": key, "operator": "In", "values": ["true"]}
    template = pod_status(lambda behaviour: behaviour.then)
    stage = _stage(f"pod-{word}", "Pod", [_NOT_DELETED, _NOT_OVER, due], _status(template))
    stage["spec"]["delay"] = {"durationMilliseconds": behaviour.after_ms}
    if behaviour.warning:
        reason, message = behaviour.warning
        stage["spec"]["next"]["event"] = {"type": "Warning", "reason": reason, "message": message}
    return stage


def _stage(name: str, kind: str, conditions: list[Json], following: Json) -> Json:
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": kind},
            "selector": {"matchExpressions": conditions},
            "next": following,
        },
    }


def _status(template: str) -> Json:
    return {"statusTemplate": template}

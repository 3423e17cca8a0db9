"""How nodes and pods come to life: stages for kwok, which plays the kubelet. No container ever runs.

Each container behaves by the word in its image's tag (`looks.BEHAVIOURS`), whichever kind of workload owns the pod.
An init container that does badly holds back the others. In pods that are not restarted for ever (Jobs) a container
that would be ready has completed. A pod with several timed behaviours changes once, at the first of their times.
"""

from collections.abc import Callable

from tests.harness.api import Json
from tests.harness.looks import BEHAVIOURS, COMPLETED, INITIALIZING, READY, Behaviour, Look

_NOT_DELETED = {"key": ".metadata.deletionTimestamp", "operator": "DoesNotExist"}


def stages() -> list[Json]:
    """All stages, as documents of kwok's configuration file."""
    changes = [_pod_change(word, behaviour) for word, behaviour in BEHAVIOURS.items() if behaviour.then]
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
    template = _pod_template(lambda behaviour: behaviour.first)
    return _stage("pod-start", "Pod", [_NOT_DELETED, new], _status(template))


def _pod_change(word: str, behaviour: Behaviour) -> Json:
    statuses = "(.status.containerStatuses[]?, .status.initContainerStatuses[]?)"
    reason = "(.state.waiting.reason // .state.terminated.reason)"
    first = behaviour.first.state.split("reason: ")[1].split(",")[0].rstrip("}")
    key = f'[{statuses} | select((.image | test("{_pattern(word)}")) and {reason} == "{first}")] | length > 0'
    due = {"key": key, "operator": "In", "values": ["true"]}
    template = _pod_template(lambda behaviour: behaviour.settled)
    stage = _stage(f"pod-{word}", "Pod", [_NOT_DELETED, due], _status(template))
    stage["spec"]["delay"] = {"durationMilliseconds": behaviour.after_ms}
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


def _pattern(word: str) -> str:
    """A regular expression (RE2) for images that have the word in their tag: not as a part of a longer word."""
    return f":([^:/@]*[^a-z])?{word}([^a-z]|$)"


def _pod_template(look_of: Callable[[Behaviour], Look]) -> str:
    """Go template of a pod's status. $held: an init container has not completed, so the others wait."""
    looks = {word: look_of(behaviour) for word, behaviour in BEHAVIOURS.items()}
    return f"""
{{{{ $now := Now }}}}
{{{{ $once := ne .spec.restartPolicy "Always" }}}}
{{{{ $held := false }}}}
{{{{ $pending := false }}}}
{{{{ $failed := false }}}}
{{{{ $unready := list }}}}
{{{{ if .spec.initContainers }}}}
initContainerStatuses:
{{{{ range .spec.initContainers }}}}
{_container(looks, COMPLETED, held="false")}
{{{{ end }}}}
{{{{ $held = gt (len $unready) 0 }}}}
{{{{ end }}}}
containerStatuses:
{{{{ range .spec.containers }}}}
{_container(looks, READY, held="$held")}
{{{{ end }}}}
{_SUMMARY}
"""


def _container(looks: dict[str, Look], good: Look, held: str) -> str:
    """Template of one container's status, chosen by its image."""
    chosen = "".join(
        f"{{{{ else if regexMatch `{_pattern(word)}` .image }}}}\n{_fields(look, good)}" for word, look in looks.items()
    )
    return f"""- name: {{{{ .name | Quote }}}}
  image: {{{{ .image | Quote }}}}
  imageID: ""
{{{{ if {held} }}}}
{_fields(INITIALIZING, good)}{chosen}{{{{ else }}}}
{_fields(READY, good)}{{{{ end }}}}"""


def _fields(look: Look, good: Look) -> str:
    """The status fields of a look, and what it means for the pod."""
    if look is READY:
        return f"{{{{ if $once }}}}\n{_literal(COMPLETED)}{{{{ else }}}}\n{_literal(good)}{{{{ end }}}}\n"
    notes = "{{ $unready = append $unready .name }}\n"
    if look.pending:
        notes += "{{ $pending = true }}\n"
    if "{terminated" in look.state + look.last_state:
        notes += "{{ $failed = true }}\n"
    return notes + _literal(look)


def _literal(look: Look) -> str:
    started = look.state.startswith("{running")
    return f"""  ready: {str(look.ready).lower()}
  started: {str(started).lower()}
  restartCount: {look.restarts}
  state: {look.state}
  lastState: {look.last_state}
"""


_SUMMARY = """
{{ $never := eq .spec.restartPolicy "Never" }}
{{ $ready := and (eq (len $unready) 0) (not $once) }}
phase: {{ if $pending }}Pending{{ else if and $failed $never }}Failed{{ else if and $once (not $unready) }}Succeeded
  {{- else }}Running{{ end }}
startTime: {{ $now | Quote }}
conditions:
- {type: PodScheduled, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: Initialized, status: {{ if $held }}"False"{{ else }}"True"{{ end }}, lastTransitionTime: {{ $now | Quote }}}
{{ range list "ContainersReady" "Ready" }}
- type: {{ . }}
  status: {{ if $ready }}"True"{{ else }}"False"{{ end }}
  lastTransitionTime: {{ $now | Quote }}
  reason: {{ if $ready }}""{{ else if $unready }}ContainersNotReady{{ else }}PodCompleted{{ end }}
  message: {{ if $unready }}{{ printf "containers with unready status: [%s]" (join " " $unready) | Quote }}
    {{- else }}""{{ end }}
{{ end }}
"""

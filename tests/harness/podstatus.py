"""The pod status that kwok writes, as a Go template: each container's look, and what follows for the pod."""

from collections.abc import Callable

from tests.harness.looks import BEHAVIOURS, COMPLETED, INITIALIZED, INITIALIZING, READY, Behaviour, Look


def image_pattern(word: str) -> str:
    """A regular expression (RE2) for images that have the word in their tag: not as a part of a longer word."""
    return f":([^:/@]*[^a-z])?{word}([^a-z]|$)"


def pod_status(look_of: Callable[[Behaviour], Look]) -> str:
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
{_container(looks, _literal(INITIALIZED), held="false")}
{{{{ end }}}}
{{{{ $held = gt (len $unready) 0 }}}}
{{{{ end }}}}
containerStatuses:
{{{{ range .spec.containers }}}}
{_container(looks, _ready_or_completed(), held="$held")}
{{{{ end }}}}
{_SUMMARY}
"""


def _container(looks: dict[str, Look], good: str, held: str) -> str:
    """Template of one container's status, chosen by its image."""
    chosen = "".join(
        f"{{{{ else if regexMatch `{image_pattern(word)}` .image }}}}\n{_fields(look, good)}"
        for word, look in looks.items()
    )
    return f"""- name: {{{{ .name | Quote }}}}
  image: {{{{ .image | Quote }}}}
  imageID: ""
{{{{ if {held} }}}}
{_fields(INITIALIZING, good)}{chosen}{{{{ else }}}}
{good}{{{{ end }}}}"""


def _fields(look: Look, good: str) -> str:
    """The status fields of a look, and what it means for the pod."""
    if look is READY:
        return good
    notes = "{{ $unready = append $unready .name }}\n"
    if look.pending:
        notes += "{{ $pending = true }}\n"
    if "{terminated" in look.state + look.last_state:
        notes += "{{ $failed = true }}\n"
    return notes + _literal(look)


def _ready_or_completed() -> str:
    return f"{{{{ if $once }}}}\n{_literal(COMPLETED)}{{{{ else }}}}\n{_literal(READY)}{{{{ end }}}}\n"


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

"""The pod template that workloads share: what is filled in, and what is refused with the API server's sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.cluster import faults
from playground.cluster.label_syntax import annotation_causes, label_causes
from playground.cluster.pod_defaults import default_pod_spec
from playground.cluster.pod_validation import pod_spec_causes
from playground.cluster.selectors import matches
from playground.cluster.status import Cause

__all__ = [
    "default_pod_spec",
    "default_template",
    "pod_spec_causes",
    "replicated_causes",
    "selector_causes",
    "template_causes",
]
Json = dict[str, Any]


def default_template(template: Json) -> None:
    """In place; the template is in its normal form already."""
    template.setdefault("metadata", {})
    default_pod_spec(template.setdefault("spec", {}))


def template_causes(template: Json, path: str = "spec.template") -> list[Cause]:
    """Of a template that any workload may have: labels, annotations and the pod's spec."""
    meta = template.get("metadata", {})
    return [
        *label_causes(f"{path}.labels", meta.get("labels", {})),
        *annotation_causes(f"{path}.annotations", meta.get("annotations", {})),
        *pod_spec_causes(template.get("spec", {}), f"{path}.spec"),
    ]


def replicated_causes(spec: Json, *, of: str = "ReplicaSet") -> list[Cause]:
    """Of the template in a workload's spec whose pods are picked by its selector and run for ever."""
    template = spec.get("template", {})
    labels = template.get("metadata", {}).get("labels")
    path = "spec.template"
    return [
        *_unpicked(spec, labels, path),
        *template_causes(template, path),
        *_ends(template.get("spec", {}), path, of),
    ]


def selector_causes(spec: Json, noun: str) -> list[Cause]:
    """``noun``: as in "empty selector is invalid for deployment"."""
    if "selector" not in spec:
        return [faults.required("spec.selector")]
    selector = spec["selector"]
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        return [faults.invalid("spec.selector", selector, f"empty selector is invalid for {noun}")]
    return label_causes("spec.selector.matchLabels", selector.get("matchLabels", {}))


def _unpicked(spec: Json, labels: Any, path: str) -> Iterator[Cause]:
    selector = spec.get("selector")
    if selector == {} or matches(selector, labels):
        return
    shown = labels and dict(sorted(labels.items()))
    yield faults.invalid(f"{path}.metadata.labels", shown, "`selector` does not match template `labels`")


def _ends(spec: Json, path: str, of: str) -> Iterator[Cause]:
    if spec.get("restartPolicy") != "Always":
        yield faults.not_supported(f"{path}.spec.restartPolicy", spec.get("restartPolicy"), ["Always"])
    if "activeDeadlineSeconds" in spec:
        yield faults.forbidden(f"{path}.spec.activeDeadlineSeconds", f"activeDeadlineSeconds in {of} is not Supported")

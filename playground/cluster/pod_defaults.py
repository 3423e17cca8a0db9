"""What the API server fills into the spec of a pod, or of a workload's pod template. Compared with release 1.37."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_ALL_MODES = 0o644
_TOKEN_SECONDS = 3600
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_IMAGE = re.compile(
    rf"(?:[A-Za-z0-9][-.A-Za-z0-9]*(?::[0-9]+)?/)?{_PART}(?:/{_PART})*"
    r"(?::(?P<tag>\w[-.\w]{0,127}))?(?:@(?P<digest>[a-z0-9]+:[0-9a-f]{32,}))?"
)
"""Registry, path, tag and digest, as container tools write images."""


def fill(spec: Json, **values: Any) -> None:
    """Set what is not given."""
    for key, value in values.items():
        spec.setdefault(key, value)


def default_pod_spec(spec: Json) -> None:
    """In place; the spec is in its normal form already."""
    for container in (
        *spec.get("containers", ()),
        *spec.get("initContainers", ()),
        *spec.get("ephemeralContainers", ()),
    ):
        _default_container(container)
    for volume in spec.get("volumes", ()):
        _default_volume(volume)
    fill(spec, dnsPolicy="ClusterFirst", restartPolicy="Always", schedulerName="default-scheduler", securityContext={},
         terminationGracePeriodSeconds=30)  # fmt: skip
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account


def pull_policy(image: str) -> str:
    """Always for ``latest``, which no tag means too; not for a digest, nor for what is no image's name at all."""
    found = _IMAGE.fullmatch(image)
    return "Always" if found and not found["digest"] and found["tag"] in {None, "latest"} else "IfNotPresent"


def _default_container(container: Json) -> None:
    fill(container, imagePullPolicy=pull_policy(container.get("image", "")), resources={},
         terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File")  # fmt: skip
    for port in container.get("ports", ()):
        fill(port, protocol="TCP")
    for variable in container.get("env", ()):
        _default_source(variable.get("valueFrom", {}))
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if name in container:
            _default_probe(container[name])
    for handler in container.get("lifecycle", {}).values():
        if isinstance(handler, dict):
            _default_handler(handler)


def _default_source(source: Json) -> None:
    if "fieldRef" in source:
        fill(source["fieldRef"], apiVersion="v1")
    if "resourceFieldRef" in source:
        fill(source["resourceFieldRef"], divisor="0")


def _default_probe(probe: Json) -> None:
    fill(probe, failureThreshold=3, periodSeconds=10, successThreshold=1, timeoutSeconds=1)
    _default_handler(probe)


def _default_handler(handler: Json) -> None:
    if "httpGet" in handler:
        fill(handler["httpGet"], path="/", scheme="HTTP")
    if "grpc" in handler:
        fill(handler["grpc"], service="")


def _default_volume(volume: Json) -> None:
    if not volume.keys() - {"name"}:
        volume["emptyDir"] = {}
    for source in ("secret", "configMap", "downwardAPI", "projected"):
        if source in volume:
            fill(volume[source], defaultMode=_ALL_MODES)
    if "hostPath" in volume:
        fill(volume["hostPath"], type="")
    projections = volume.get("projected", {}).get("sources", ())
    for projection in (volume, *projections):
        for item in projection.get("downwardAPI", {}).get("items", ()):
            _default_source(item)
        if "serviceAccountToken" in projection:
            fill(projection["serviceAccountToken"], expirationSeconds=_TOKEN_SECONDS)
    if "ephemeral" in volume:
        template = volume["ephemeral"].setdefault("volumeClaimTemplate", {})
        fill(template, metadata={})
        fill(template.setdefault("spec", {}), volumeMode="Filesystem")

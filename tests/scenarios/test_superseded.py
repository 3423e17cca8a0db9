"""Somebody else changes the target while it is followed: who and what is said, and nothing more is written."""

from __future__ import annotations

import pytest

from tests.scenarios.scene import IMAGE, Scene
from tests.scenarios.stack import Cast

APART = {
    "podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [
            {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"holds": "apart"}}}
        ]
    }
}
"""No two pods on a node: with more replicas than nodes it never ends by itself, however long anybody takes to write over it."""


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (
            IMAGE,
            "registry.test/web:1.4.3",
            "changed the pod template meanwhile; it asks for {} registry.test/web:1.4.3 now.",
        ),
        ("/spec/replicas", 3, "set the replicas to 3 meanwhile."),
    ],
)
def test_who_wrote_over_it_is_told(scene: Scene, cast: Cast, path: str, value: str | int, told: str) -> None:
    if path == IMAGE:
        web = scene.deployed("staging")
        said = f"/deploy {web} unready to staging"
    else:
        web = scene.deployed("staging", pod={"affinity": APART}, labels={"holds": "apart"})
        said = f"/scale {web} 5 in staging"
    message = scene.until(scene.ask(cast.dev, said), "observing")
    patch = [{"op": "replace", "path": path, "value": value}]
    scene.stack.cluster.patch(scene.path("staging", web), patch, query={"fieldManager": "ci-robot"})
    ended = scene.ended(message, "superseded")
    assert f"The field manager ci-robot {told.format(web)}" in ended.plain()
    assert len(scene.writes("staging", web)) == 1

"""Stories made up by chance, each the same every time: people who apply, patch and replace one object in turns.

A suspended CronJob, since its controller leaves it alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.telling import APPLY, MERGE, STRATEGIC, Json, Say, same
from tests.harness.controlplane import ControlPlane
from tests.harness.simulated import SimulatedCluster

pytestmark = pytest.mark.control_plane
NIGHTLY = "cronjobs/nightly"
NAMES = ("app", "side", "third", "fourth")
FINALIZERS = ("a.b/c", "d.e/f", "g.h/i")
TURNS = 14


class Writer:
    """Makes up what somebody sends."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def turn(self, say: Say) -> None:
        query = {"fieldManager": self._one_of("ann", "bob", "zoe")}
        match self._one_of("apply", "apply", "force", "strategic", "strategic", "strategic", "merge", "put"):
            case "apply":
                say("PATCH", NIGHTLY, self.whole(), APPLY, **query)
            case "force":
                say("PATCH", NIGHTLY, self.whole(), APPLY, force="true", **query)
            case "strategic":
                say("PATCH", NIGHTLY, self.strategic(), STRATEGIC, **query)
            case "merge":
                say(
                    "PATCH",
                    NIGHTLY,
                    {
                        "metadata": self._labels(),
                        "spec": {"suspend": True, "startingDeadlineSeconds": self._one_of(None, 200)},
                    },
                    MERGE,
                    **query,
                )
            case _:
                say("PUT", NIGHTLY, self.whole(), **query)

    def whole(self) -> Json:
        pods: Json = {
            "restartPolicy": "Never",
            "containers": [self._container(name) for name in self._some(NAMES)],
            **self._maybe(nodeSelector=dict.fromkeys(self._some("ab"), "v")),
            **self._maybe(tolerations=[{"key": key, "operator": "Exists"} for key in self._some("xyz")]),
            **self._maybe(volumes=[{"name": "v", "emptyDir": {}}, *self._one_of([], [{"name": "w", "configMap": {"name": "x"}}])]),
        }  # fmt: skip
        spec = {"schedule": "0 3 * * *", "suspend": True, "jobTemplate": {"spec": {"template": {"spec": pods}}}}
        spec |= self._maybe(successfulJobsHistoryLimit=self._one_of(1, 2))
        meta = {"name": "nightly", **self._labels(), **self._maybe(finalizers=self._some(FINALIZERS))}
        return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta, "spec": spec}

    def strategic(self) -> Json:
        names = self._some(NAMES)
        containers = [self._changed(name) for name in names]
        pods: Json = {"containers": containers}
        if self._often(0.4):
            pods["$setElementOrder/containers"] = [
                {"name": name} for name in [*names, *self._some(set(NAMES) - {*names}, least=0)]
            ]
        if self._often(0.1):
            pods["containers"] = [{"$patch": "replace"}, *(self._container(name) for name in names)]
        pods |= self._maybe(
            nodeSelector=self._one_of(
                None, {"a": None, "c": "d"}, {"$patch": "replace", "z": "z"}, {"$patch": "delete"}
            )
        )
        pods |= self._maybe(
            volumes=self._one_of(
                [{"name": "v", "$retainKeys": ["name", "secret"], "secret": {"secretName": "s"}}],
                [{"name": "w", "$patch": "delete"}],
            )
        )
        meta = {**self._maybe(labels={"a": self._one_of(None, "3")}), **self._maybe(finalizers=self._some(FINALIZERS))}
        return {"metadata": meta, "spec": {"jobTemplate": {"spec": {"template": {"spec": pods}}}}}

    def _changed(self, name: str) -> Json:
        if self._often(0.15):
            return {"name": name, "$patch": "delete"}
        container = self._container(name)
        if self._often(0.2):
            container["env"] = self._one_of(None, [{"name": "A", "$patch": "delete"}, {"name": "B", "value": "9"}])
        return container

    def _container(self, name: str) -> Json:
        ports = [
            {"containerPort": 1000 * NAMES.index(name) + port, **self._maybe(protocol="UDP")}
            for port in self._some((80, 81))
        ]
        probe = {"httpGet": {"path": self._one_of("/", "/ready"), "port": 80}, "periodSeconds": self._one_of(3, 4)}
        return {
            "name": name,
            "image": self._one_of("i:1", "i:2"),
            **self._maybe(ports=ports),
            **self._maybe(env=[{"name": key, "value": self._one_of("1", "2")} for key in self._some("ABCD")]),
            **self._maybe(args=self._some("xyz", least=0)),
            **self._maybe(resources={"limits": {key: self._one_of("1", "2") for key in self._some(("cpu", "memory"))}}),
            **self._maybe(securityContext={self._one_of("runAsUser", "runAsGroup"): self._one_of(1, 2)}),
            **self._maybe(readinessProbe=probe),
        }

    def _labels(self) -> Json:
        return self._maybe(labels={key: self._one_of("1", "2") for key in self._some("abc")})

    def _maybe(self, **field: Any) -> Json:
        return field if self._often(0.35) else {}

    def _often(self, share: float) -> bool:
        return self._chance.random() < share

    def _one_of(self, *choices: Any) -> Any:
        return self._chance.choice(choices)

    def _some(self, choices: Any, least: int = 1) -> list[Any]:
        ordered = sorted(choices)
        return self._chance.sample(ordered, self._chance.randint(min(least, len(ordered)), len(ordered)))


def story(seed: int) -> Callable[[Say], None]:
    def told(say: Say) -> None:
        writer = Writer(seed)
        say("POST", "cronjobs", writer.whole(), fieldManager="maker")
        for _ in range(TURNS):
            writer.turn(say)

    return told


@pytest.mark.parametrize("seed", range(8))
def test_both_answer_alike(seed: int, simulated_cluster: SimulatedCluster, control_plane: ControlPlane):
    same(story(seed), simulated_cluster, control_plane)

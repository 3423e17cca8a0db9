"""Clusters: can each be reached, and may its account do all that workers and watcher do there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from commands.config import Config
from commands.errors import ClusterError, ConfigError
from quarterdeck import kubeconfigs
from quarterdeck.checks.finding import Finding
from workers.cluster import Cluster

WORKLOADS = ("deployments", "statefulsets", "daemonsets")

PERMISSIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    **{("apps", plural): ("get", "list", "watch", "patch") for plural in WORKLOADS},
    ("apps", "replicasets"): ("list", "watch"),
    ("apps", "controllerrevisions"): ("list",),
    ("", "pods"): ("get", "list", "watch"),
    ("", "pods/log"): ("get",),
    ("", "events"): ("list",),
    ("autoscaling", "horizontalpodautoscalers"): ("list",),
}
"""(API group, resource) → verbs, in each environment's namespace. Nothing else is asked of a cluster."""

SPARED: Mapping[tuple[str, str], str] = {
    ("autoscaling", "horizontalpodautoscalers"): "plans do not tell that an autoscaler owns the replicas",
}
"""What Quarterdeck works without, and what is missed then."""


def check(config: Config) -> Iterator[Finding]:
    for name, entry in config.clusters.items():
        environments = {e: s.namespace for e, s in config.environments.items() if s.cluster == name}
        if path := kubeconfigs.absent(entry):
            yield Finding("skip", f"cluster {name}", f"{path} is not on this machine; run check where a worker runs")
            continue
        try:
            cluster = kubeconfigs.opened(name, entry)
        except ConfigError as error:
            yield from (Finding("fail", problem) for problem in error.problems)
            continue
        yield from _reached(cluster, environments)


def _reached(cluster: Cluster, environments: Mapping[str, str]) -> Iterator[Finding]:
    try:
        yield Finding("ok", f"cluster {cluster.name} answers ({cluster.version()})")
        for environment, namespace in environments.items():
            yield from _permitted(cluster, environment, namespace)
    except ClusterError as error:
        yield Finding("fail", f"cluster {cluster.name}", str(error))
    finally:
        cluster.close()


def _permitted(cluster: Cluster, environment: str, namespace: str) -> Iterator[Finding]:
    wanted = [(group, resource, verb) for (group, resource), verbs in PERMISSIONS.items() for verb in verbs]

    def may(want: tuple[str, str, str]) -> bool:
        group, resource, verb = want
        plural, _, subresource = resource.partition("/")
        return cluster.can_i(verb, group, plural, namespace, subresource)

    with ThreadPoolExecutor(8) as pool:
        missing = [want for want, allowed in zip(wanted, pool.map(may, wanted), strict=True) if not allowed]
    for group, resource, verb in missing:
        full = f"{resource}.{group}" if group else resource
        what = f"{environment}: the account may not {verb} {full} in namespace {namespace}"
        mend = f"add the verb `{verb}` on `{full}` to its Role there"
        without = SPARED.get((group, resource))
        yield Finding("warn", what, f"{mend}, or {without}") if without else Finding("fail", what, mend)
    if not missing:
        yield Finding("ok", f"{environment}: all {len(wanted)} permissions in namespace {namespace}")

"""Clusters: can each be reached, and may its account do all that the permitted commands need there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from commands.config import Config
from commands.errors import ClusterError, ConfigError, Unanswered
from commands.registry import Registry
from commands.wording import counted
from quarterdeck import kubeconfigs
from quarterdeck.checks import impersonation
from quarterdeck.checks.finding import Finding
from workers.cluster import Cluster
from workers.rights import Process, Right, rights_in

SPARED: Mapping[str, str] = {
    "horizontalpodautoscalers.autoscaling": "plans do not tell that an autoscaler owns the replicas, and its bounds are not changed",
    "events": "what only events tell (volumes that don't come, failing probes) is not known before the deadline",
    "services": "status does not tell which Services serve a workload",
    "endpointslices.discovery.k8s.io": "status does not tell which Services serve a workload",
    "jobs.batch": "status and logs know no Jobs",
    "cronjobs.batch": "status and logs know no CronJobs",
}
"""What Quarterdeck works without, and what is missed then."""

UNSEEN: Mapping[str, str] = {
    "horizontalpodautoscalers.autoscaling": "nobody sees what becomes of its bounds where a worker may set them",
}
"""What the watcher goes blind without, though a worker may write it."""


def check(config: Config, registry: Registry, processes: Sequence[Process]) -> Iterator[Finding]:
    """Whether this account may do what these processes do. Side by side, for one cluster may take its time."""
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda name: list(_cluster(name, config, registry, processes)), config.clusters):
            yield from found


def _cluster(name: str, config: Config, registry: Registry, processes: Sequence[Process]) -> Iterator[Finding]:
    entry = config.clusters[name]
    environments = (e for e, settings in config.environments.items() if settings.cluster == name)
    wanted = {e: rights_in(config, registry, e, processes) for e in environments}
    if path := kubeconfigs.absent(entry):
        yield Finding("skip", f"cluster {name}", f"{path} is not on this machine; run check where a worker runs")
        return
    try:
        cluster = kubeconfigs.Opening(name, entry).cluster()
    except ConfigError as error:
        yield from (Finding("fail", problem) for problem in error.problems)
        return
    except Unanswered as error:
        yield Finding("fail", f"cluster {name}", str(error))
        return
    yield from _reached(cluster, config, registry, wanted, acts="worker" in processes)


def _reached(
    cluster: Cluster, config: Config, registry: Registry, wanted: Mapping[str, frozenset[Right]], *, acts: bool
) -> Iterator[Finding]:
    """``acts``: the account is a worker's, which may have to write as somebody else."""
    try:
        yield Finding("ok", f"cluster {cluster.name} answers ({cluster.version()})")
        for environment, rights in wanted.items():
            namespace = config.environments[environment].namespace
            yield from _permitted(cluster, environment, namespace, sorted(rights), acts=acts)
            if acts:
                yield from impersonation.check(cluster, config, registry, environment)
    except ClusterError as error:
        yield Finding("fail", f"cluster {cluster.name}", str(error))
    finally:
        cluster.close()


def _permitted(
    cluster: Cluster, environment: str, namespace: str, wanted: Sequence[Right], *, acts: bool
) -> Iterator[Finding]:
    def may(right: Right) -> bool:
        full_name, verb = right
        resource, _, group = full_name.partition(".")
        plural, _, subresource = resource.partition("/")
        return cluster.can_i(verb, group, plural, namespace, subresource)

    with ThreadPoolExecutor(8) as pool:
        missing = [right for right, allowed in zip(wanted, pool.map(may, wanted), strict=True) if not allowed]
    for resource, verb in missing:
        what = f"{environment}: the account may not {verb} {resource} in namespace {namespace}"
        mend = f"add the verb `{verb}` on `{resource}` to its Role there"
        watched = verb == "watch" or not acts  # no worker watches anything
        without = (watched and UNSEEN.get(resource)) or SPARED.get(resource)
        yield Finding("warn", what, f"{mend}, or {without}") if without else Finding("fail", what, mend)
    if not missing:
        yield Finding("ok", f"{environment}: all {counted(len(wanted), 'permission')} in namespace {namespace}")

"""Freeing: a broken pod that keeps an ordered StatefulSet from going back is deleted, as the approved plan said."""

from __future__ import annotations

import logging
from dataclasses import replace

from commands import transitions
from commands.errors import Forbidden, Invalid, QuarterdeckError, StoreError
from commands.operation import Freed, Operation
from commands.policy import permit_freeing
from commands.store import Lease
from workers.jobs.context import ACTING_AGE, Context
from workers.removal import remove
from workers.stuck import in_the_way, promised

log = logging.getLogger(__name__)


def free(context: Context, operation: Operation, lease: Lease) -> None:
    """Delete the pod that is in the way now, if there is one. Harmless to repeat: the watcher asks again where it remains.

    It is decided anew from what is live; the deletion is for that very pod, as it was read. The record comes first, so
    that no pod goes without its entry in the audit, and before it a dry run, so that it says of none that it goes which
    the cluster does not give. What keeps us from deleting does not end the operation: its verdict says what blocks it.
    """
    try:
        _free(context, operation, lease)
    except StoreError:
        raise
    except QuarterdeckError as error:
        log.warning("%s: the pod in its way stays for now: %s", operation.id, error)
    except Exception:
        log.exception("%s: freeing met a fault of our own", operation.id)


def _free(context: Context, operation: Operation, lease: Lease) -> None:
    written, ref = promised(operation), operation.target
    if written is None or ref is None:
        return
    cluster = context.clusters(ref.cluster)
    live = cluster.get(ref.kind, ref.namespace, ref.name)
    if live["metadata"]["uid"] != ref.uid:
        return
    theirs = written.at + context.now() - operation.since
    pod = in_the_way(live, cluster.list("Pod", ref.namespace).items, written, theirs)
    if pod is None:
        return
    granted = permit_freeing(context.config, operation, now=context.now(), key=context.store.key)
    person = operation.invocation.person
    writing = context.knowing(lambda: context.written_as(person, operation.environment, cluster, ACTING_AGE))
    gone = Freed(pod["metadata"]["name"], pod["metadata"]["uid"])
    try:
        remove(writing, granted, dict(pod), dry_run=True)
    except (Forbidden, Invalid) as error:  # a no, which the same question gets again
        _note(context, operation, replace(gone, kept=str(error)), lease)
        raise
    _note(context, operation, gone, lease)
    remove(writing, granted, dict(pod), dry_run=False)


def _note(context: Context, operation: Operation, pod: Freed, lease: Lease) -> None:
    """Once, however often it is tried."""
    if pod not in operation.freed:
        context.record(transitions.frees(operation, pod, context.now()), lease)

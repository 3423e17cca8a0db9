"""A Kubernetes cluster on this machine: the API server, its controllers, a scheduler and kubelets, in one process.

It is played: nothing runs in a container. What decides safety is as on a real cluster: unmodified kubectl and the
official clients cannot tell the difference (``tests/contract`` says the same to both).

One thread, one event loop: requests and controllers take turns, so each step sees a consistent cluster, and a test can
step through time. Rooms: ``wire`` (HTTP: discovery, watches, tables), ``verbs`` over the ``store`` (create, patch,
delete), ``patches``, ``access`` (tokens, RBAC), ``kinds`` (a declaration each), ``controllers``, ``kubelet``.
"""

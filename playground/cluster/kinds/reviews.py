"""Questions about who one is and what one may: answered at once and stored nowhere. See ``access.reviews``."""

from __future__ import annotations

from playground.cluster.kind import Kind

AUTHORIZATION, AUTHENTICATION = "authorization.k8s.io", "authentication.k8s.io"


def _review(kind: str, group: str = AUTHORIZATION, *, namespaced: bool = False) -> Kind:
    return Kind(
        kind=kind, plural=f"{kind.lower()}s", group=group, namespaced=namespaced, verbs=("create",), has_generation=False,
        stored=False,
    )  # fmt: skip


KINDS = (
    _review("SelfSubjectReview", AUTHENTICATION),
    _review("TokenReview", AUTHENTICATION),
    _review("SelfSubjectAccessReview"),
    _review("SelfSubjectRulesReview"),
    _review("SubjectAccessReview"),
    _review("LocalSubjectAccessReview", namespaced=True),
)

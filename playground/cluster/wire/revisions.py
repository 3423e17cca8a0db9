"""What a client says about resource versions when it reads, checked as the API server checks it."""

from __future__ import annotations

from playground.cluster.status import Cause, StatusError, bad_request, invalid
from playground.cluster.store import Store
from playground.cluster.wire.call import Call


def revision_of(call: Call) -> int:
    """The resource version asked for; 0 if there is none. Raises StatusError 400."""
    text = call.query.get("resourceVersion", "")
    if text and not text.isdigit():
        fault = f'resourceVersion: Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid syntax'
        raise bad_request(f"invalid resource version: {fault}")
    return int(text or 0)


def check_options(call: Call) -> None:
    """Raises StatusError 422 for options that do not go together."""
    given, match = call.query.get("resourceVersion", ""), call.query.get("resourceVersionMatch", "")
    initial = "sendInitialEvents" in call.query
    if initial and match != "NotOlderThan":
        raise _forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
    if initial or not match:
        return
    if not given:
        raise _forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided")
    if match == "Exact" and given == "0":
        raise _forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')


def check_known(store: Store, revision: int) -> None:
    """Raises StatusError 504 for a revision that is still to come."""
    if revision <= store.revision:
        return
    causes = [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]
    message = f"Timeout: Too large resource version: {revision}, current: {store.revision}"
    raise StatusError(504, "Timeout", message, {"causes": causes, "retryAfterSeconds": 1})


def _forbidden(why: str) -> StatusError:
    return invalid(
        "meta.k8s.io", "ListOptions", "", [Cause("resourceVersionMatch", f"Forbidden: {why}", "FieldValueForbidden")]
    )

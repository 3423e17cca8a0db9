"""What a client says about resource versions when it reads, checked as the API server checks it."""

from __future__ import annotations

from playground.cluster import faults
from playground.cluster.status import Cause, StatusError, bad_request, invalid
from playground.cluster.store import Store
from playground.cluster.wire.call import Call

_MATCHES = ("Exact", "NotOlderThan", "")


def revision_of(call: Call) -> int:
    """The resource version asked for; 0 if there is none. Raises StatusError 400, from a watch 500 without a reason."""
    text = call.query.get("resourceVersion", "")
    if text and not text.isdigit():
        fault = f'resourceVersion: Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid syntax'
        raise (
            StatusError(500, "", fault)
            if call.asked.verb == "watch"
            else bad_request(f"invalid resource version: {fault}")
        )
    return int(text or 0)


def check_options(call: Call) -> None:
    """Raises StatusError 422 for options that do not go together."""
    given, match = call.query.get("resourceVersion", ""), call.query.get("resourceVersionMatch", "")
    initial = "sendInitialEvents" in call.query
    if initial and call.asked.verb != "watch":
        raise _wrong(faults.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    if initial and match != "NotOlderThan":
        raise _forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
    if match not in _MATCHES:
        raise _wrong(faults.not_supported("resourceVersionMatch", match, _MATCHES))
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
    return _wrong(faults.forbidden("resourceVersionMatch", why))


def _wrong(cause: Cause) -> StatusError:
    return invalid("meta.k8s.io", "ListOptions", "", [cause])

"""Asks a service over HTTP, through a connection that holds its address and credentials."""

from __future__ import annotations

from typing import Any, Literal

from orderloom import ConnectionFailedError, Http, NodeError, Outcome, Setting, World, node, status_failure
from orderloom_nodes.http.body import read_body
from orderloom_nodes.http.status import Accept, is_accepted

_SAFE = frozenset({"GET", "HEAD"})  # RFC 9110, 9.2.1: nothing is done by them
_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})  # RFC 9110, 9.2.2: twice is as once


class Answered(Outcome, name="answered"):
    """The service answered with a status that is accepted; `body` is data where it is JSON, else text."""

    status: int
    headers: dict[str, str]
    body: Any = None


@node("http", effects="keyed", in_doubt="query", errors=("in_doubt",))
def http(
    world: World,
    path: Setting[str] = "",
    method: Setting[Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]] = "GET",
    parts: dict[str, Any] | None = None,
    query: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    body: Any = None,
    accept: Setting[Accept] = ("2xx",),
    idempotent: Setting[bool | None] = None,
    connection: Setting[str] = "http",
) -> Answered:
    """Send one request below the connection's address; `path` may have holes, `orders/{id}`, that `parts` fill.

    The call's key goes out as `Idempotency-Key`. Say `idempotent: true` where the service tells repeated requests by
    it: otherwise a POST or PATCH that got no answer may have been done, is not repeated, and fails as `in_doubt`.
    A status that is not in `accept` fails: 429 rate_limited, 408 and 504 timeout, other 5xx unavailable, 400, 422 and
    3xx invalid, the rest refused.
    """
    twice_is_once = method in _REPEATABLE if idempotent is None else idempotent
    service = world.connection(connection, Http)
    told = f"{method} {path or '/'}"
    try:
        reply = service.send(method, path, parts=parts, query=query, headers=headers, json=body, key=world.key)
        if not is_accepted(reply.status, accept):
            raise status_failure(told, reply, world.now())
    except ConnectionFailedError as error:
        if error.in_doubt and not twice_is_once:
            raise NodeError("in_doubt", f"{error.message}; it may have been done") from None
        if error.in_doubt and method in _SAFE:
            raise NodeError(error.error_class, error.message, retry_after_s=error.retry_after_s) from None
        raise
    return Answered(status=reply.status, headers=dict(reply.headers), body=read_body(told, reply))

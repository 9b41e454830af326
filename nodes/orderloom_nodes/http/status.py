"""Statuses: which are accepted, and as which class of error the others fail."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Annotated

from pydantic import AfterValidator

from orderloom import NodeError, Reply
from orderloom_nodes.http.body import shown

_PATTERN = re.compile(r"[1-5](?:[0-9][0-9]|xx)")
_CLASSES = {400: "invalid", 408: "timeout", 422: "invalid", 425: "unavailable", 429: "rate_limited", 501: "refused",
            504: "timeout", 505: "refused"}
_NOT_DONE = frozenset({425, 429, 503})  # the service says that it has not begun
LONGEST_WAIT_S = 86_400.0


def _statuses(given: tuple[int | str, ...]) -> tuple[str, ...]:
    told = tuple(str(one) for one in given)
    if not told or not all(_PATTERN.fullmatch(one) for one in told):
        raise ValueError("statuses such as [200, 404], or all of a kind, [2xx]")
    return told


Accept = Annotated[tuple[int | str, ...], AfterValidator(_statuses)]


def is_accepted(status: int, accept: tuple[int | str, ...]) -> bool:
    return any(str(one) in {str(status), f"{status // 100}xx"} for one in accept)


def failure(told: str, reply: Reply, now: datetime, twice_is_once: bool) -> NodeError:
    """The failure that a status stands for; `retry_after_s` as the service says, at most a day."""
    found = _CLASSES.get(reply.status) or {3: "invalid", 5: "unavailable"}.get(reply.status // 100, "refused")
    if reply.status >= 500 and found != "refused" and not twice_is_once and reply.status not in _NOT_DONE:
        found = "in_doubt"
    words = f"{told}: {reply.status} {_phrase(reply.status)}{_where(reply)}"
    body = shown(reply)
    return NodeError(found, f"{words}: {body}" if body else words, retry_after_s=_retry_after_s(reply, now))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _where(reply: Reply) -> str:
    """Redirects are not followed: the address has to be the right one."""
    to = reply.headers.get("location", "")
    return f" to {to[:200]}, and redirects are not followed" if reply.status // 100 == 3 and to else ""


def _retry_after_s(reply: Reply, now: datetime) -> float | None:
    """Retry-After in seconds, or until its date (RFC 9110, 10.2.3)."""
    said = reply.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), LONGEST_WAIT_S)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT_S)

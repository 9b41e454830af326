"""A reply that is no answer to what was asked in; the failure that it stands for out."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.protocols import Reply

LONGEST_WAIT_S = 86_400.0
SHOWN = 200  # characters of a body in a message
_CLASSES = {
    400: "invalid", 408: "timeout", 422: "invalid", 425: "unavailable", 429: "rate_limited", 501: "refused",
    504: "timeout", 505: "refused",
}  # fmt: skip
_NOT_BEGUN = frozenset({425, 429, 503})  # the service says that it has done nothing


def status_failure(told: str, reply: Reply, now: datetime) -> ConnectionFailedError:
    """429 is rate_limited, 408 and 504 timeout, other 5xx unavailable, 400, 422 and 3xx invalid, the rest refused.

    `told` says what was asked; it is in doubt where the service broke in the middle of it.
    """
    status = reply.status
    found = _CLASSES.get(status) or {3: "invalid", 5: "unavailable"}.get(status // 100, "refused")
    words = f"{told}: {status} {_phrase(status)}".rstrip() + _where(reply)
    body = shown(reply.body)
    in_doubt = status >= 500 and found != "refused" and status not in _NOT_BEGUN
    return ConnectionFailedError(
        found, f"{words}: {body}" if body else words, _retry_after_s(reply, now), in_doubt=in_doubt
    )


def shown(body: bytes) -> str:
    """The beginning of a body, on one line, for a message."""
    text = body[: SHOWN * 2].decode("utf-8", errors="replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:SHOWN]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _where(reply: Reply) -> str:
    """Redirects are not followed: the address has to be the right one."""
    to = reply.headers.get("location", "")
    return f" to {to[:SHOWN]}, and redirects are not followed" if reply.status // 100 == 3 and to else ""


def _retry_after_s(reply: Reply, now: datetime) -> float | None:
    """Retry-After in seconds, or until its date (RFC 9110, 10.2.3)."""
    said = reply.headers.get("retry-after", "").strip()
    if said.isascii() and said.replace(".", "", 1).isdigit():
        return min(float(said), LONGEST_WAIT_S)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT_S)

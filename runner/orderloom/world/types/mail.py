"""Connections that send mail: `outbox` writes files, `smtp` hands over to a server."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from orderloom.world.connection_types import (
    TEXT,
    ConnectionType,
    Key,
    Unfit,
    folder,
    host,
    is_loopback,
    reader,
    seconds,
    secret,
    text,
)
from orderloom.world.mail import DEFAULT_SENDER, Outbox, Smtp
from orderloom.world.secrets import secret_from

SUBMISSION_PORT = 587                       # RFC 6409
TLS_PORT = 465                              # RFC 8314
_ADDRESS = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+")


@reader(type="integer", minimum=1, maximum=65535)
def _port(value: Any) -> int | Unfit:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536:
        return value
    return Unfit("is a number from 1 to 65535", f"mostly {SUBMISSION_PORT}")


@reader(enum=["starttls", "tls", "none"])
def _security(value: Any) -> str | Unfit:
    if value in ("starttls", "tls", "none"):
        return str(value)
    return Unfit(
        "is one of starttls, tls, none", f"`starttls` goes with port {SUBMISSION_PORT}, `tls` with port {TLS_PORT}"
    )


@reader(**TEXT)
def _sender(value: Any) -> str | Unfit:
    if isinstance(value, str) and value.isprintable() and _ADDRESS.fullmatch(parseaddr(value)[1]):
        return value
    return Unfit("is an e-mail address", "for example: `Shop <shop@example.com>`")


def _open_outbox(values: Mapping[str, Any], base: Path) -> object:
    return Outbox(base / values.get("folder", "outbox"), values.get("from", DEFAULT_SENDER))


def _open_smtp(values: Mapping[str, Any], base: Path) -> object:
    port = values.get("port", SUBMISSION_PORT)
    return Smtp(
        host=values["host"].strip("[]"),
        port=port,
        sender=values["from"],
        security=_security_of(values),
        user=values.get("user", ""),
        password=secret_from(values["password"], base) if "password" in values else None,
        timeout_s=values.get("timeout_s", 20.0),
    )


def _security_of(values: Mapping[str, Any]) -> str:
    return str(values.get("security") or ("tls" if values.get("port") == TLS_PORT else "starttls"))


def _odd_smtp(values: Mapping[str, Any]) -> Iterator[Unfit]:
    if ("user" in values) != ("password" in values):
        yield Unfit("has only one of `user` and `password`", "give both, or neither", "C006")
    if "password" in values and _security_of(values) == "none" and not is_loopback(values.get("host", "")):
        yield Unfit("would send its password unprotected", "remove `security: none`", "S102")


TYPES = (
    ConnectionType(
        "outbox", {"folder": Key(folder, "outbox"), "from": Key(_sender, "Shop <shop@example.com>")}, _open_outbox
    ),
    ConnectionType(
        "smtp",
        {
            "host": Key(host, "smtp.example.com", required=True),
            "port": Key(_port, str(SUBMISSION_PORT)),
            "security": Key(_security, "starttls"),
            "from": Key(_sender, "Shop <shop@example.com>", required=True),
            "user": Key(text, "shop"),
            "password": Key(secret, "{env: SMTP_PASSWORD}"),
            "timeout_s": Key(seconds, "20"),
        },
        _open_smtp,
        _odd_smtp,
    ),
)

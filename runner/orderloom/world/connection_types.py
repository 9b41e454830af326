"""The types of connection there are: which keys each has, and how it is opened. A new one is a new entry below."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from orderloom.world.mail import DEFAULT_SENDER, Outbox, Smtp
from orderloom.world.secrets import secret_from

SUBMISSION_PORT = 587                       # RFC 6409
TLS_PORT = 465                              # RFC 8314
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]+\]?")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+")
_SECRET_WAYS = {"env", "file"}


@dataclass(frozen=True)
class Unfit:
    """Why a value cannot stand where it does."""

    message: str
    help: str | None = None
    code: str = "C005"


@dataclass(frozen=True)
class Key:
    """One key of a connection: how its value is read, and an example of it."""

    read: Callable[[Any], Any]
    example: str
    required: bool = False


def _nothing_odd(_: Mapping[str, Any]) -> Iterator[Unfit]:
    return iter(())


@dataclass(frozen=True)
class ConnectionType:
    """`open` gets the values that were read and the folder that paths are relative to; `odd` sees them together."""

    name: str
    keys: Mapping[str, Key]
    open: Callable[[Mapping[str, Any], Path], object]
    odd: Callable[[Mapping[str, Any]], Iterator[Unfit]] = _nothing_odd


# Reading values

def _text(value: Any) -> str | Unfit:
    if isinstance(value, str) and value and value.isprintable():
        return value
    return Unfit("is a text on one line", "put it in quotes")


def _host(value: Any) -> str | Unfit:
    if isinstance(value, str) and _HOST.fullmatch(value):
        return value
    return Unfit("is the name of a server", "without `smtp://` before it and without a port behind it")


def _port(value: Any) -> int | Unfit:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536:
        return value
    return Unfit("is a number from 1 to 65535", f"mostly {SUBMISSION_PORT}")


def _seconds(value: Any) -> float | Unfit:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and 0 < value <= 600:
        return float(value)
    return Unfit("is a number of seconds, at most 600")


def _security(value: Any) -> str | Unfit:
    if value in ("starttls", "tls", "none"):
        return str(value)
    return Unfit(
        "is one of starttls, tls, none", f"`starttls` goes with port {SUBMISSION_PORT}, `tls` with port {TLS_PORT}"
    )


def _sender(value: Any) -> str | Unfit:
    if isinstance(value, str) and value.isprintable() and _ADDRESS.fullmatch(parseaddr(value)[1]):
        return value
    return Unfit("is an e-mail address", "for example: `Shop <shop@example.com>`")


def _folder(value: Any) -> str | Unfit:
    if isinstance(value, str) and value and value.isprintable():
        return value
    return Unfit("is the path of a folder")


def _secret(value: Any) -> Mapping[str, str] | Unfit:
    if (
        isinstance(value, dict)
        and len(value) == 1
        and value.keys() <= _SECRET_WAYS
        and all(_is_text(v) for v in value.values())
    ):
        return value
    if isinstance(value, dict):
        return Unfit("is `{env: NAME}` or `{file: PATH}`", "name one of the two")
    return Unfit(
        "stands here for all to read", "write `{env: NAME}` or `{file: PATH}` instead, and change the password", "S101"
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and value.isprintable()


# Opening

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


def _open_stock_files(values: Mapping[str, Any], base: Path) -> object:
    from orderloom.world.stock import StockFiles  # noqa: PLC0415 (only projects with stock files pay for it)

    return StockFiles(base / values.get("folder", "stock"))


def _security_of(values: Mapping[str, Any]) -> str:
    return str(values.get("security") or ("tls" if values.get("port") == TLS_PORT else "starttls"))


def _odd_smtp(values: Mapping[str, Any]) -> Iterator[Unfit]:
    if ("user" in values) != ("password" in values):
        yield Unfit("has only one of `user` and `password`", "give both, or neither", "C006")
    if "password" in values and _security_of(values) == "none" and not _is_loopback(values.get("host", "")):
        yield Unfit("would send its password unprotected", "remove `security: none`", "S102")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


CONNECTION_TYPES: Mapping[str, ConnectionType] = {
    kind.name: kind
    for kind in (
        ConnectionType(
            "outbox", {"folder": Key(_folder, "outbox"), "from": Key(_sender, "Shop <shop@example.com>")}, _open_outbox
        ),
        ConnectionType(
            "smtp",
            {
                "host": Key(_host, "smtp.example.com", required=True),
                "port": Key(_port, str(SUBMISSION_PORT)),
                "security": Key(_security, "starttls"),
                "from": Key(_sender, "Shop <shop@example.com>", required=True),
                "user": Key(_text, "shop"),
                "password": Key(_secret, "{env: SMTP_PASSWORD}"),
                "timeout_s": Key(_seconds, "20"),
            },
            _open_smtp,
            _odd_smtp,
        ),
        ConnectionType("stock-files", {"folder": Key(_folder, "stock")}, _open_stock_files),
    )
}

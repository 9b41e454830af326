"""What a type of connection is: which keys it has, how each is read, and how it is opened."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]+\]?")
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

def text(value: Any) -> str | Unfit:
    if isinstance(value, str) and value and value.isprintable():
        return value
    return Unfit("is a text on one line", "put it in quotes")


def host(value: Any) -> str | Unfit:
    if isinstance(value, str) and _HOST.fullmatch(value):
        return value
    return Unfit("is the name of a server", "without `smtp://` before it and without a port behind it")


def seconds(value: Any) -> float | Unfit:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and 0 < value <= 600:
        return float(value)
    return Unfit("is a number of seconds, at most 600")


def folder(value: Any) -> str | Unfit:
    if isinstance(value, str) and value and value.isprintable():
        return value
    return Unfit("is the path of a folder")


def secret(value: Any) -> Mapping[str, str] | Unfit:
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


def shelf_file(value: Any) -> str | Unfit:
    if isinstance(value, str) and value.endswith(".sqlite") and value.isprintable():
        return value
    return Unfit("is the path of a file that ends in .sqlite", "such as .orderloom/world.sqlite")


def yes_or_no(value: Any) -> bool | Unfit:
    return value if isinstance(value, bool) else Unfit("is true or false")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"

"""What a type of connection is: which keys it has, how each is read, and how it is opened."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]+\]?")
_SECRET_WAYS = {"env", "file"}
TEXT = {"type": "string", "minLength": 1}
SECRET = {
    "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False,
    "properties": {
        "env": {**TEXT, "description": "the environment variable that holds it"},
        "file": {**TEXT, "description": "the file that holds it"},
    },
}  # fmt: skip

@dataclass(frozen=True)
class Unfit:
    """Why a value cannot stand where it does."""

    message: str
    help: str | None = None
    code: str = "C005"


@dataclass(frozen=True)
class Reader(Generic[T]):
    """How a value is read, and what can be told of it beforehand: a JSON Schema (draft-07) for editors."""

    schema: Mapping[str, Any]
    read: Callable[[Any], T]

    def __call__(self, value: Any) -> T:
        return self.read(value)


def reader(**schema: Any) -> Callable[[Callable[[Any], T]], Reader[T]]:
    """`@reader(type="string")` above a function that reads; whatever it takes must fit the schema."""
    return lambda read: Reader(schema, read)


@dataclass(frozen=True)
class Key:
    """One key of a connection: how its value is read, and an example of it."""

    read: Callable[[Any], Any]
    example: str
    required: bool = False

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of a value, for editors; anything where its reader tells nothing."""
        return self.read.schema if isinstance(self.read, Reader) else {}


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

@reader(**TEXT)
def text(value: Any) -> str | Unfit:
    if isinstance(value, str) and value and value.isprintable():
        return value
    return Unfit("is a text on one line", "put it in quotes")


@reader(**TEXT)
def host(value: Any) -> str | Unfit:
    if isinstance(value, str) and _HOST.fullmatch(value):
        return value
    return Unfit("is the name of a server", "without `smtp://` before it and without a port behind it")


@reader(type="number", exclusiveMinimum=0, maximum=600)
def seconds(value: Any) -> float | Unfit:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and 0 < value <= 600:
        return float(value)
    return Unfit("is a number of seconds, at most 600")


@reader(**TEXT)
def folder(value: Any) -> str | Unfit:
    if isinstance(value, str) and value and value.isprintable():
        return value
    return Unfit("is the path of a folder")


@reader(**SECRET)
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


@reader(type="string", pattern="[.]sqlite$")
def shelf_file(value: Any) -> str | Unfit:
    if isinstance(value, str) and value.endswith(".sqlite") and value.isprintable():
        return value
    return Unfit("is the path of a file that ends in .sqlite", "such as .orderloom/world.sqlite")


@reader(type="boolean")
def yes_or_no(value: Any) -> bool | Unfit:
    return value if isinstance(value, bool) else Unfit("is true or false")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"

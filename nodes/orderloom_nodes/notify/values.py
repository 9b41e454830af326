"""What a template may see of a value: declared fields, keys, items; and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderloom.model import Address, Model, Money, Party


def member(value: Any, name: str) -> Any:
    """The field of that name, or None. Nothing but declared fields: no methods, no properties, no internals."""
    if isinstance(value, Mapping):
        return value.get(name)
    if name in getattr(type(value), "model_fields", ()):
        return getattr(value, name)
    return None


def items_of(value: Any) -> tuple[Any, ...]:
    """The items of a list; one record by itself counts as a list of one."""
    if isinstance(value, (list, tuple)):
        return tuple(value)
    return (value,) if isinstance(value, (Mapping, Model)) and value else ()


def is_there(value: Any) -> bool:
    """Not null, not false, not empty. Zero is there."""
    if value is None or value is False:
        return False
    return bool(value) if isinstance(value, (str, list, tuple, Mapping)) else True


def spoken(value: Any) -> str | None:
    """The value as text; None where there is nothing to write, as for a record."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        said = [text for item in value if (text := spoken(item)) is not None]
        return ", ".join(said) if said or not value else None
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    return None


def _address(address: Address) -> str:
    region = " ".join(part for part in (address.region_code, address.postal_code) if part)
    parts = (address.name, address.company, *address.address_lines, address.city, region, address.country_code)
    return ", ".join(part for part in parts if part)


def _party(party: Party) -> str:
    return " ".join(part for part in (party.first_name, party.last_name) if part) or party.company or ""


def _moment(value: datetime) -> str:
    zone = value.tzname() or ""
    return f"{value:%Y-%m-%d %H:%M} {zone}".rstrip() if value.year >= 1000 else value.isoformat(" ", "minutes")


def _decimal(value: Decimal) -> str:
    return f"{value:f}" if abs(value.adjusted()) < 100 else str(value)


_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (int, lambda value: str(value) if value.bit_length() < 1000 else f"{value:#x}"),
    (float, str),
    (Decimal, _decimal),
    (Money, str),
    (Address, _address),
    (Party, _party),
    (datetime, _moment),
    ((date, time), lambda value: value.isoformat()),
    (timedelta, str),
)

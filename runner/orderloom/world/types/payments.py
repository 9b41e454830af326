"""Connections that move money: `test-gateway` behaves like a payment provider and moves none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from orderloom.model import Money, OrderRecord
from orderloom.world.connection_types import (
    TEXT,
    ConnectionType,
    Key,
    Unfit,
    folder,
    is_loopback,
    reader,
    secret,
    shelf_file,
    text,
)
from orderloom.world.gateway import ANSWERS, TestGateway
from orderloom.world.gift_cards import GiftCardBook
from orderloom.world.secrets import Secret, secret_from
from orderloom.world.shelf import shelf_at
from orderloom.world.types.http import LIMITS, address, service, with_ca

_ANSWERS = {"anyOf": [{"enum": list(ANSWERS)}, {"type": "array", "minItems": 1, "items": {"enum": list(ANSWERS)}}]}


@reader(type="object", additionalProperties=_ANSWERS)
def _answers(value: Any) -> Mapping[str, Any] | Unfit:
    if not isinstance(value, dict):
        return Unfit("says what the gateway answers, by card or order number", 'for example: `{"0002": hard}`')
    for name, told in value.items():
        for word in told if isinstance(told, list) and told else [told]:
            if word not in ANSWERS:
                return Unfit(f"has no answer `{word}` (at {name})", f"answers are: {', '.join(ANSWERS)}")
    return value


def _open(values: Mapping[str, Any], base: Path) -> object:
    return TestGateway(shelf_at(base, values), values.get("answers"), partial(_earlier, values, base))


def _earlier(values: Mapping[str, Any], base: Path) -> list[OrderRecord]:
    from orderloom.world.order_files import read_order_files  # noqa: PLC0415 (only a refund of an earlier order reads it)

    return read_order_files(base / values["folder"]) if "folder" in values else []


@reader(type="object", additionalProperties=TEXT)
def _cards(value: Any) -> Mapping[str, str] | Unfit:
    example = "for example: `{GC-BIRTHDAY: 25.00 USD}`"
    if not isinstance(value, dict) or not all(isinstance(told, str) for told in value.values()):
        return Unfit("says the balance of each card by its code", example)
    for code, told in value.items():
        try:
            _money(told)
        except ValueError as error:
            return Unfit(f"has no balance at {code}: {error}", example)
    return value


def _money(told: str) -> Money:
    """`25.00 USD`. Raises `ValueError` with a sentence."""
    amount, _, currency = told.partition(" ")
    return Money.of(amount, currency)


def _open_cards(values: Mapping[str, Any], base: Path) -> object:
    cards = {code: _money(told) for code, told in values.get("cards", {}).items()}
    return GiftCardBook(shelf_at(base, values), cards)


def odd_key(values: Mapping[str, Any]) -> Iterator[Unfit]:
    """A secret key goes out over https only, but for this machine."""
    from orderloom.world.http import Base  # noqa: PLC0415

    at = Base.parse(values["base"]) if "base" in values else None
    if at is not None and at.scheme == "http" and not is_loopback(at.host):
        yield Unfit("would send its key unprotected", "write https:// in `base`", "S102")


def _open_stripe(values: Mapping[str, Any], base: Path) -> object:
    from orderloom.world.http import Base  # noqa: PLC0415 (only projects that use Stripe pay for it)
    from orderloom.world.stripe import Stripe  # noqa: PLC0415

    at = Base.parse(values.get("base", "https://api.stripe.com"))
    bearer = Secret(f"Bearer {secret_from(values['key'], base).reveal()}")
    http = service(at, with_ca(values, base), {"Authorization": bearer})
    return Stripe(http, shelf_at(base, values), values.get("link"))


TYPES = (
    ConnectionType(
        "stripe",
        {
            "key": Key(secret, "{env: STRIPE_SECRET_KEY}", required=True),
            "base": Key(address, "https://api.stripe.com"),
            "link": Key(text, "https://shop.example.com/pay"),
            "file": Key(shelf_file, ".orderloom/world.sqlite"),
            **LIMITS,
        },
        _open_stripe,
        odd_key,
    ),
    ConnectionType(
        "gift-cards",
        {"cards": Key(_cards, "{GC-BIRTHDAY: 25.00 USD}"), "file": Key(shelf_file, ".orderloom/world.sqlite")},
        _open_cards,
    ),
    ConnectionType(
        "test-gateway",
        {
            "answers": Key(_answers, '{"0002": hard}'),
            "folder": Key(folder, "orders"),
            "file": Key(shelf_file, ".orderloom/world.sqlite"),
        },
        _open,
    ),
)

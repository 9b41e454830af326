"""Calls that are repeated in doubt: what an attempt before did is looked up by its key, and not done again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orderloom import NodeError, World
from orderloom.model import Payment
from orderloom.world.errors import ConnectionFailedError
from orderloom_nodes.collect_payment import Paid, collect_payment
from orderloom_nodes.http import http
from orderloom_nodes.refund import Refunded, refund
from orderloom_nodes.ship_documents import ship_documents
from tests.nodes.paying import Till, order, usd
from tests.nodes.test_ship_documents import Parcel


class Looking:
    """A connection that may be looked at, and whose `method` must not be called."""

    def __init__(self, inner: Any, method: str) -> None:
        self._inner, self._method = inner, method

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            return self._refuse
        return getattr(self._inner, name)

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise AssertionError(f"`{self._method}` was called though the key is known")


def doubted(world: World) -> World:
    return replace(world, in_doubt=True)


def test_a_charge_that_was_made_is_found_and_not_made_again() -> None:
    till = Till()
    collect_payment(order=order(), world=till.world())
    world = doubted(till.world(payments=Looking(till.gateway, "collect")))

    found = collect_payment(order=order(), world=world)

    assert isinstance(found, Paid)
    assert till.charges == ["30.00"]


def test_a_charge_that_nobody_knows_is_made() -> None:
    till = Till()

    assert isinstance(collect_payment(order=order(), world=doubted(till.world())), Paid)
    assert till.charges == ["30.00"]


def test_a_charge_without_an_answer_is_in_doubt() -> None:
    till = Till({"7": "unknown"})
    with pytest.raises(NodeError) as failed:
        collect_payment(order=order(), world=till.world())

    assert (failed.value.error_class, failed.value.in_doubt) == ("unavailable", True)


def test_money_that_went_back_is_found_and_not_given_again() -> None:
    till = Till()
    paid = Payment(status="paid", transactions=(till.charge("c", "30.00"),))
    refund(payment=paid, amount=usd("10.00"), world=till.world())
    world = doubted(till.world(payments=Looking(till.gateway, "refund")))

    found = refund(payment=paid, amount=usd("10.00"), world=world)

    assert isinstance(found, Refunded)
    assert till.given_back == "10.00"


def test_a_label_that_was_bought_is_found_and_not_bought_again() -> None:
    parcel = Parcel()
    first = ship_documents(shipment=parcel.shipment, order=parcel.order, world=parcel.world())
    world = doubted(parcel.world(labels=Looking(parcel.labels, "buy")))

    again = ship_documents(shipment=parcel.shipment, order=parcel.order, world=world)

    assert again.tracking_number == first.tracking_number


def test_a_label_that_was_taken_back_is_not_found() -> None:
    parcel = Parcel()
    made = parcel.labels.buy(parcel.shipment, "call")
    assert parcel.labels.find("call") == made
    parcel.labels.void(made.label_id or "", "v")

    assert parcel.labels.find("call") is None


class Silent:
    """A service whose answers are lost."""

    def send(self, *_: Any, **__: Any) -> Any:
        raise ConnectionFailedError("timeout", "no answer", in_doubt=True)


@pytest.mark.parametrize(
    ("method", "more", "error_class", "in_doubt"),
    [
        ("GET", {}, "timeout", False),
        ("PUT", {}, "timeout", True),
        ("POST", {"idempotent": True}, "timeout", True),
        ("POST", {}, "in_doubt", False),
    ],
)
def test_a_request_without_an_answer_may_have_been_done_unless_it_only_reads(
    method: Any, more: Any, error_class: str, in_doubt: bool
) -> None:
    with pytest.raises((NodeError, ConnectionFailedError)) as failed:
        http(world=Till().world(http=Silent()), method=method, **more)

    assert (failed.value.error_class, failed.value.in_doubt) == (error_class, in_doubt)  # type: ignore[union-attr]

"""Whatever stands in a member of a payload, it is read, left out or refused in our words; no reader breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.declare import Unreadable
from tests.nodes.capturing import captured

from .amazon import order_2026, order_v0, purchase_order
from .ebay import order_ebay
from .test_amazon_vendors_and_returns import returned
from .test_forms import form
from .test_shopify_returns import refund, requested
from .test_woocommerce_orders import refund as refund_woo
from .test_woocommerce_orders import woo

DOCUMENTS = {
    "Amazon v0": (order_v0(), "order"),
    "Amazon 2026": (order_2026(), "order"),
    "Amazon vendor": (purchase_order(), "order"),
    "Amazon return": (returned(), "return"),
    "eBay": (order_ebay(), "order"),
    "WooCommerce": (woo(), "order"),
    "WooCommerce refund": (refund_woo(), "return"),
    "Shopify refund": (refund(), "return"),
    "Shopify return": (requested(), "return"),
    "form": (form(), "order"),
}
ODD: list[Any] = [
    None, "", 0, -1, 1.5, "x", [], {}, [{}], [None], True, "9" * 400, "NaN", "-5.00", {"a": 1}, "\u202e", 10**30,
    "12.345678901", "2026-02-30T00:00:00Z", "2026-03-01T10:00:00",
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield (*path, name)
        yield from places(member, (*path, name))


def put(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    part = changed
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    return changed


@pytest.mark.parametrize("name", DOCUMENTS)
@settings(max_examples=25)
@given(data=st.data())
def test_an_odd_value_anywhere_breaks_no_reader(name: str, data: st.DataObject) -> None:
    document, kind = DOCUMENTS[name]
    path = data.draw(st.sampled_from(list(places(document))))

    found = captured(json.dumps(put(document, path, data.draw(st.sampled_from(ODD)))).encode(), document=kind)

    told = [one.code for kept in found if isinstance(kept, Unreadable) for one in kept.problems]
    assert "V099" not in told
    assert found

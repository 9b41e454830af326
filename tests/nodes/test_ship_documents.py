"""The papers of a parcel: whatever fails in the middle, made again they are there once."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom import World
from orderloom.model import (
    Address,
    Carrier,
    Label,
    Money,
    Order,
    Package,
    Refund,
    Shipment,
    ShipmentLine,
    ShippingPreferences,
    StockLevel,
    Take,
    Transaction,
)
from orderloom.testing import PapersKept, StockOf
from orderloom.world import FixedClock
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.labels import LabelFormat, TestLabels
from orderloom.world.order_book import OrderBook
from orderloom.world.papers import Folder
from orderloom.world.shelf import Shelf
from orderloom_nodes.ship_documents import ship_documents
from orderloom_nodes.ship_documents.slip import file_name, packing_slip
from orderloom_nodes.void_label import Kept, Voided, void_label
from tests.nodes.orders import HOME, good_order, mug
from tests.paper.reading import barcodes, pages, words

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
When = Literal["before", "after"]


@dataclass
class ShopTold:
    """A shop that looks before it acts, as the real ones do."""

    told: dict[str, str] = field(default_factory=dict)

    def fulfil(self, order: Order, shipment: Shipment, key: str) -> str:
        number = shipment.packages[0].tracking_number or ""
        return self.told.setdefault(number, f"f{len(self.told) + 1}")

    def cancel(self, order: Order, reason: str, key: str) -> None:
        raise AssertionError

    def refund(self, order: Order, refund: Refund, lines: Mapping[str, int], key: str) -> Transaction:
        raise AssertionError


@dataclass
class Failing:
    """Another connection, one of whose methods fails once: before it does its work, or after."""

    inner: Any
    method: str
    when: When
    failed: bool = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        return self._once(found) if name == self.method else found

    def _once(self, call: Any) -> Any:
        def failing(*args: Any, **kwargs: Any) -> Any:
            if self.failed:
                return call(*args, **kwargs)
            self.failed = True
            if self.when == "after":
                call(*args, **kwargs)
            raise ConnectionFailedError("unavailable", "the line went dead")

        return failing


class Parcel:
    """One parcel of two mugs out of five, and all that it meets."""

    def __init__(self) -> None:
        shelf = Shelf()
        self.papers = PapersKept()
        self.labels = TestLabels(shelf, self.papers)
        self.stock = StockOf([StockLevel(location_id="reno", sku="MUG", on_hand=5)])
        self.book, self.shop = OrderBook(shelf), ShopTold()
        self.order = good_order(lines=(mug(quantity=2),))
        takes = [Take(location_id="reno", sku="MUG", quantity=2)]
        held = self.stock.reserve(self.order.order_id, takes, "plan", NOON)
        assert held is not None
        self.shipment = Shipment(
            shipment_id=f"{self.order.order_id}/s1", order_id=self.order.order_id, location_id="reno",
            lines=(ShipmentLine(line_id="1", sku="MUG", quantity=2),), reservation_id=held.reservation_id,
            carrier=Carrier(carrier_code="ups", service_code="ground"),
            ship_from=Address(name="Loom & Larch", city="Reno", country_code="US"), ship_to=Address(**HOME),
        )  # fmt: skip

    def world(self, **instead: object) -> World:
        connections = {
            "labels": self.labels, "documents": self.papers, "stock": self.stock, "orders": self.book,
            "shopify": self.shop, **instead,
        }  # fmt: skip
        return World(FixedClock(NOON), connections, key="call")

    def on_hand(self) -> tuple[int, int]:
        [level] = self.stock.levels(["MUG"])
        return level.on_hand, level.reserved


STEPS: list[tuple[str, str]] = [
    ("documents", "write"), ("labels", "buy"), ("stock", "use"), ("shopify", "fulfil"), ("orders", "note"),
]  # fmt: skip


def test_a_parcel_gets_all_its_papers_and_everybody_is_told() -> None:
    parcel = Parcel()

    told = ship_documents(shipment=parcel.shipment, order=parcel.order, world=parcel.world())

    assert told.shipment.packages[0].tracking_number == told.tracking_number
    assert sorted(name.partition("/")[0] for name in parcel.papers.papers) == ["labels", "slips"]
    assert parcel.on_hand() == (3, 0)
    assert parcel.shop.told == {told.tracking_number: told.fulfilment}
    record = parcel.book.find(parcel.order.order_id)
    assert record is not None
    assert [one.shipment_id for one in record.shipments] == [parcel.shipment.shipment_id]
    assert record.order.fulfillment_status == "fulfilled"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("name", "method"), STEPS)
def test_whatever_fails_in_the_middle_the_next_attempt_completes_and_does_nothing_twice(
    name: str, method: str, when: When
) -> None:
    """A label bought twice is a parcel paid twice; stock taken twice is an article that nobody can find."""
    parcel, whole = Parcel(), Parcel()
    expected = ship_documents(shipment=whole.shipment, order=whole.order, world=whole.world())
    broken = parcel.world(**{name: Failing(parcel.world().connections[name], method, when)})

    with pytest.raises(ConnectionFailedError):
        ship_documents(shipment=parcel.shipment, order=parcel.order, world=broken)
    told = ship_documents(shipment=parcel.shipment, order=parcel.order, world=broken)

    assert told == expected
    assert parcel.papers.papers == whole.papers.papers
    assert parcel.on_hand() == (3, 0)
    assert len(parcel.shop.told) == 1
    record = parcel.book.find(parcel.order.order_id)
    assert record is not None
    assert len(record.shipments) == 1


def test_without_a_reservation_nothing_is_taken_off_the_shelf() -> None:
    parcel = Parcel()
    loose = parcel.shipment.model_copy(update={"reservation_id": None})

    ship_documents(shipment=loose, order=parcel.order, world=parcel.world())

    assert parcel.on_hand() == (5, 2)


def test_two_parcels_of_one_order_leave_it_fulfilled_in_part_and_then_whole() -> None:
    parcel = Parcel()
    halves = [
        parcel.shipment.model_copy(update={
            "shipment_id": f"s{number}", "lines": (ShipmentLine(line_id="1", sku="MUG", quantity=1),),
        })
        for number in (1, 2)
    ]  # fmt: skip

    stands = []
    for number, half in enumerate(halves):
        world = World(FixedClock(NOON), parcel.world().connections, key=f"call {number}")
        record = parcel.book.find(parcel.order.order_id)
        ship_documents(shipment=half, order=record.order if record else parcel.order, world=world)
        noted = parcel.book.find(parcel.order.order_id)
        assert noted is not None
        stands.append(noted.order.fulfillment_status)

    assert stands == ["partially_fulfilled", "fulfilled"]


# Taken back


def shipped(parcel: Parcel) -> tuple[Label, Shipment]:
    told = ship_documents(shipment=parcel.shipment, order=parcel.order, world=parcel.world())
    return told.label, told.shipment


def test_a_label_that_is_given_back_puts_the_units_on_the_shelf_again_once() -> None:
    parcel = Parcel()
    label, shipment = shipped(parcel)

    for _ in range(2):
        assert isinstance(void_label(label=label, shipment=shipment, world=parcel.world()), Voided)

    assert parcel.on_hand() == (5, 0)


def test_units_of_a_parcel_whose_label_was_given_back_are_not_shipped_in_the_book_of_orders() -> None:
    parcel = Parcel()
    label, shipment = shipped(parcel)

    for _ in range(2):
        void_label(label=label, shipment=shipment, world=parcel.world())

    record = parcel.book.find(parcel.order.order_id)
    assert record is not None
    assert (record.order.lines[0].quantity_shipped, record.order.fulfillment_status) == (0, "unfulfilled")
    [kept] = record.shipments
    assert kept.status == "cancelled"
    assert kept.packages[0].label is not None
    assert kept.packages[0].label.voided_at is not None


def test_a_label_that_cannot_be_given_back_leaves_the_units_where_they_are() -> None:
    parcel = Parcel()
    _, shipment = shipped(parcel)

    told = void_label(label=Label(label_id="unknown"), shipment=shipment, world=parcel.world())

    assert isinstance(told, Kept)
    assert parcel.on_hand() == (3, 0)


def test_a_label_that_was_given_back_is_not_stuck_on_the_next_parcel() -> None:
    parcel = Parcel()
    label, shipment = shipped(parcel)
    void_label(label=label, shipment=shipment, world=parcel.world())

    told = ship_documents(shipment=parcel.shipment, order=parcel.order, world=parcel.world())

    assert told.label.label_id != label.label_id
    assert told.label.voided_at is None


def test_each_parcel_of_a_shipment_has_a_label_of_its_own_and_each_is_given_back() -> None:
    parcel = Parcel()
    boxes = tuple(
        Package(package_id=name, lines=(ShipmentLine(line_id="1", sku="MUG", quantity=1),)) for name in ("a", "b")
    )
    parcel.shipment = parcel.shipment.model_copy(update={"packages": boxes})

    told = ship_documents(shipment=parcel.shipment, order=parcel.order, world=parcel.world())
    again = ship_documents(shipment=parcel.shipment, order=parcel.order, world=parcel.world())
    gone = void_label(label=told.label, shipment=told.shipment, world=parcel.world())

    numbers = [one.tracking_number for one in told.shipment.packages]
    assert (len(set(numbers)), told.tracking_number) == (2, numbers[0])
    assert again.shipment.packages == told.shipment.packages
    assert isinstance(gone, Voided)
    assert [parcel.labels.find(key) for key in ("call", "call/p2")] == [None, None]


# The slip


def test_the_packing_slip_says_what_is_in_the_parcel_and_where_it_goes() -> None:
    parcel = Parcel()
    order = good_order(
        order_number="1001", lines=(mug(quantity=2, title="Mug", variant_title="blue"),),
        shipping_preferences=ShippingPreferences(gift_message="Happy birthday, Łukasz!"),
    )  # fmt: skip

    told = words(packing_slip(parcel.shipment, order))

    assert told.startswith("Packing slip 1001")
    assert "by ups ground" in told
    assert "Louisville KY 40202" in told
    assert "Mug blue" in told
    assert "Happy birthday, Lukasz!" in told
    assert "page 1 of 1" in told


def test_a_slip_of_many_lines_goes_on_on_numbered_pages_and_leaves_none_out() -> None:
    lines = tuple(mug(line_id=str(number), sku=f"SKU-{number:03d}") for number in range(1, 91))
    parts = tuple(ShipmentLine(line_id=line.line_id, sku=line.sku, quantity=1) for line in lines)
    slip = packing_slip(Parcel().shipment.model_copy(update={"lines": parts}), good_order(lines=lines))

    told = words(slip)
    assert all(told.count(line.sku) == 1 for line in lines)
    assert told.count("Article") == pages(slip) == 3
    assert "page 2 of 3" in told


def test_a_slip_shows_no_price_and_is_the_same_bytes_again() -> None:
    parcel = Parcel()
    order = good_order(lines=(mug(title="<b>(Mug)</b>", unit_price=Money.of("98.76", "USD")),))

    slip = packing_slip(parcel.shipment, order)

    assert "<b>(Mug)</b>" in words(slip)
    assert "98.76" not in words(slip)
    assert slip == packing_slip(parcel.shipment, order)


@given(st.lists(st.text(min_size=1, max_size=200), min_size=2, max_size=2, unique=True))
def test_two_shipments_always_have_two_slips_with_names_that_a_file_may_bear(ids: list[str]) -> None:
    names = [file_name(identity) for identity in ids]

    assert names[0].casefold() != names[1].casefold()
    assert all(name.isascii() and "/" not in name and len(name) <= 100 for name in names)


# The folder


ODD = st.sampled_from(["..", ".", "", "~", "C:", "a\\..", "\0"])


@given(st.lists(st.text(max_size=20) | ODD, max_size=5))
def test_no_name_of_a_paper_ever_leads_out_of_its_folder(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        outside = Path(name)
        (outside / "inside").mkdir()
        with contextlib.suppress(ConnectionFailedError):
            written = Folder(outside / "inside").write("/".join(parts), b"x")
            assert Path(written).resolve().is_relative_to((outside / "inside").resolve())
        assert [path.name for path in outside.iterdir()] == ["inside"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "labels").symlink_to(tmp_path)

    with pytest.raises(ConnectionFailedError, match="leads out of"):
        Folder(tmp_path / "inside").write("labels/a.pdf", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


def test_a_paper_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("slips/a.pdf", b"first")

    with pytest.raises(TypeError):
        folder.write("slips/a.pdf", cast("bytes", "no bytes"))

    assert [(path.name, path.read_bytes()) for path in (tmp_path / "slips").iterdir()] == [("a.pdf", b"first")]


# Labels


@given(st.text())
def test_a_tracking_number_always_has_its_check_digit(key: str) -> None:
    """GS1 General Specifications 7.9: weights 3 and 1 from the right, the whole divisible by ten."""
    label = TestLabels(Shelf(), PapersKept()).buy(Parcel().shipment, key)

    digits = [int(digit) for digit in (label.tracking_number or "").removeprefix("TEST")]
    assert len(digits) == 12
    assert sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


@pytest.mark.parametrize("form", ["pdf", "zpl"])
def test_a_label_says_that_it_is_no_postage(form: LabelFormat) -> None:
    papers, parcel = PapersKept(), Parcel()

    label = TestLabels(Shelf(), papers, form).buy(parcel.shipment, "k")

    [picture] = papers.papers.values()
    assert picture.count(b"NOT POSTAGE") == 2
    assert (label.tracking_number or "").startswith("TEST")


def test_a_label_for_the_way_back_says_so_and_bears_its_number_as_a_qr_code() -> None:
    papers, parcel = PapersKept(), Parcel()
    back = parcel.shipment.model_copy(update={"direction": "return", "shipment_id": "r1/back"})

    label = TestLabels(Shelf(), papers).buy(back, "k")

    [picture] = papers.papers.values()
    assert "RETURN - TEST - NOT POSTAGE" in words(picture)
    assert "Return r1/back" in words(picture)
    assert ("]Q1", label.tracking_number) in barcodes(picture)


def test_every_parcel_has_the_next_sscc_of_the_company_and_keeps_it() -> None:
    labels, shipment = TestLabels(Shelf(), PapersKept(), gs1_prefix="4012345"), Parcel().shipment

    made = [labels.buy(shipment, key) for key in ("a", "b", "a")]

    assert [label.sscc for label in made] == ["040123450000000009", "040123450000000016", "040123450000000009"]


def test_a_company_prefix_whose_serials_are_used_up_gives_no_label() -> None:
    shelf = Shelf()
    shelf.put("sscc-serial", "401234512345", 10_000)

    with pytest.raises(ConnectionFailedError, match="no SSCC is left"):
        TestLabels(shelf, PapersKept(), gs1_prefix="401234512345").buy(Parcel().shipment, "k")


def test_the_parcel_of_a_shipment_bears_the_sscc_of_its_label() -> None:
    label, shipment = shipped(Parcel())

    assert shipment.packages[0].sscc == label.sscc
    assert label.sscc is not None

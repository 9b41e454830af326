"""Pick lists, commercial invoices, and labels at the printer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderloom import Later, NodeError, ProblemsError, World
from orderloom.model import Address, Discount, Handling, Label, Measure, Money, Shipment, ShipmentLine
from orderloom.paper import label_zpl
from orderloom.testing import PapersKept
from orderloom.world import FixedClock
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.printers import LabelPrinter
from orderloom.world.shelf import Shelf
from orderloom_nodes.customs_invoice import Incomplete, Invoiced, customs_invoice
from orderloom_nodes.pick_list import Listed, pick_list
from orderloom_nodes.pick_list.bins import Bins
from orderloom_nodes.print_label import Printed, print_label
from tests.nodes.orders import HOME, good_order, mug
from tests.paper.reading import barcodes, pages, words
from tests.paper.test_labels import PLAIN

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BINS = """location_id,sku,zone,aisle,bin
reno,MUG,A,2,12
reno,TEA,A,10,1
reno,RUG,B,1,3
reno,CUP,A,2,4
"""


def shipment(number: int = 1, location: str = "reno", **units: int) -> Shipment:
    parts = tuple(ShipmentLine(line_id=sku, sku=sku, quantity=count) for sku, count in units.items())
    return Shipment(shipment_id=f"o{number}/s1", order_id=f"o{number}", location_id=location, lines=parts)


def world(papers: PapersKept | None = None, **more: Any) -> World:
    return World(FixedClock(NOON), {"documents": papers or PapersKept(), **more}, key="call")


def picked(*shipments: Shipment, **more: Any) -> tuple[Listed, bytes]:
    papers = PapersKept()
    told = pick_list.call(shipments, Bins.read(BINS, "bins.csv"), world(papers), **more)
    assert isinstance(told, Listed)
    [paper] = papers.papers.values()
    return told, paper


def order_of(text: str, *wanted: str) -> bool:
    """Whether the words stand in this order."""
    places = [text.index(word) for word in wanted]
    return places == sorted(places)


# Pick lists


def test_a_pick_list_goes_by_zone_aisle_and_bin_as_people_count() -> None:
    told, paper = picked(shipment(RUG=1, TEA=2, MUG=1, CUP=3))

    assert order_of(words(paper), "CUP", "MUG", "TEA", "RUG")  # bin 4 before 12, aisle 2 before 10
    assert (told.units, told.stops, told.unplaced) == (7, 4, ())
    assert barcodes(paper)[0].text == "o1/s1"


def test_single_lists_have_a_page_for_each_shipment() -> None:
    _, paper = picked(shipment(1, MUG=1), shipment(2, TEA=1))

    assert pages(paper) == 2
    assert words(paper).count("Article") == 2


def test_a_batch_passes_each_stop_once_and_says_what_goes_into_which_box() -> None:
    told, paper = picked(shipment(1, MUG=1, TEA=2), shipment(2, MUG=4), kind="batch")

    assert (told.units, told.stops) == (7, 2)
    assert "1 in A, 4 in B" in words(paper)
    assert words(paper).count("MUG") == 1


def test_a_wave_begins_a_page_for_each_zone() -> None:
    _, paper = picked(shipment(1, MUG=1, RUG=2), shipment(2, CUP=1), kind="wave")

    assert pages(paper) == 3
    assert order_of(words(paper), "2 shipments", "zone A", "zone B")


def test_an_article_whose_bin_nobody_knows_stands_at_the_end_and_is_told() -> None:
    told, paper = picked(shipment(VASE=1, RUG=1))

    assert told.unplaced == ("VASE",)
    assert order_of(words(paper), "RUG", "VASE")


def test_a_walk_through_two_locations_is_refused() -> None:
    with pytest.raises(NodeError, match="newark, reno"):
        picked(shipment(1, MUG=1), shipment(2, "newark", MUG=1))


def test_the_same_shipments_make_the_same_list() -> None:
    assert picked(shipment(MUG=1)) == picked(shipment(MUG=1))


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("location_id,sku,zone,aisle\nreno,MUG,A,1\n", 1, "no column `bin`"),
        (BINS + "reno,MUG,C,1,1\n", 6, "stands in two rows"), (BINS + ",MUG,C,1,1\n", 6, "lacks a location"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_bins_is_told_with_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        Bins.read(text, "bins.csv")

    [problem] = caught.value.problems
    assert (problem.code, problem.place.line) == ("C222", line)
    assert told in problem.message


# Commercial invoices


def goods(line_id: str, **more: Any) -> Any:
    told = {
        "line_id": line_id, "sku": f"SKU-{line_id}", "title": "Mug, stoneware", "quantity": 3,
        "unit_price": Money.of("10.00", "USD"), "weight": Measure(value=Decimal(400), unit="g"),
        "handling": Handling(hs_code="691200", origin_country="PT"),
    }  # fmt: skip
    return mug(**{**told, **more})


def invoiced(*lines: Any, count: int = 3, **more: Any) -> tuple[Invoiced | Incomplete, PapersKept]:
    order, papers = good_order(order_number="1001", lines=lines), PapersKept()
    asked = Shipment(
        shipment_id="s1", order_id=order.order_id, location_id="reno",
        lines=tuple(ShipmentLine(line_id=line.line_id, sku=line.sku, quantity=count) for line in lines),
        ship_from=Address(company="Loom & Larch", city="Reno", country_code="US"),
        ship_to=Address(**{**HOME, "country_code": "CA"}),
    )  # fmt: skip
    told = customs_invoice.call(asked, order, world(papers), **more)
    assert isinstance(told, Invoiced | Incomplete)
    return told, papers


def test_an_invoice_says_what_customs_asks_and_adds_up() -> None:
    cheaper = goods("1", discounts=(Discount(amount=Money.of("5.00", "USD")),))

    told, papers = invoiced(cheaper, goods("2", title="Чашка"), exporter_id="GB123")

    assert isinstance(told, Invoiced)
    assert told.total == Money.of("55.00", "USD")
    assert told.shipment.customs is not None
    assert told.shipment.customs.items[0]["value"] == {"amount": "25.00", "currency": "USD"}
    [paper] = papers.papers.values()
    said = words(paper)
    for wanted in ("691200", "PT", "Chashka", "Total: 6 units, 2.400 kg net, 55.00 USD", "EORI/tax id GB123", "DAP"):
        assert wanted in said


def test_a_part_of_a_line_is_worth_its_share() -> None:
    told, _ = invoiced(goods("1", line_total=Money.of("20.00", "USD")), count=1)

    assert isinstance(told, Invoiced)
    assert told.total == Money.of("6.67", "USD")


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"handling": Handling(origin_country="PT")}, "lacks a tariff code"), ({"handling": None}, "country of origin"),
        ({"weight": None}, "a weight"), ({"title": None}, "a description"),
        ({"unit_price": Money.of("0.00", "USD")}, "a value"),
    ],
)  # fmt: skip
def test_what_customs_would_turn_back_is_not_written(missing: dict[str, Any], told: str) -> None:
    result, papers = invoiced(goods("1", **missing))

    assert isinstance(result, Incomplete)
    assert told in result.reasons[0]
    assert papers.papers == {}


# Printers


@contextmanager
def printer() -> Iterator[tuple[int, list[bytes]]]:
    """One that takes whatever it is sent: its port, and its labels, all of them there after the block."""
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: taken.extend(iter(lambda: received(server), b"")), daemon=True)
        thread.start()
        yield server.getsockname()[1], taken
        socket.create_connection(server.getsockname()).close()  # nothing is the sign to end
        thread.join(5)


def received(server: socket.socket) -> bytes:
    line, _ = server.accept()
    with line, line.makefile("rb") as stream:
        return stream.read()


@pytest.fixture
def label(tmp_path: Path) -> Label:
    (tmp_path / "l.zpl").write_bytes(label_zpl(PLAIN))
    return Label(label_id="L1", tracking_number="TEST1", format="ZPL", path=str(tmp_path / "l.zpl"))


def at(shelf: Shelf, folder: Path, port: int) -> World:
    return world(printer=LabelPrinter(shelf, folder, "127.0.0.1", port, 5))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_label_waits_while_the_printer_is_off_and_is_printed_once_when_it_is_on(tmp_path: Path, label: Label) -> None:
    """Row 47 of the failures: nothing is bought again, nothing is marked that was not printed."""
    shelf = Shelf()
    off = at(shelf, tmp_path, free_port())

    waits = print_label.call(label, off)
    with printer() as (port, taken):
        told = [print_label.call(label, at(shelf, tmp_path, port)) for _ in range(3)]

    assert isinstance(waits, Later)
    assert waits.at == NOON + timedelta(minutes=1)
    assert "is it switched on" in waits.state["because"]
    assert told == [Printed(label=label, duplicate=False)] * 3
    assert taken == [label_zpl(PLAIN)]


def test_the_pauses_grow_to_a_quarter_of_an_hour(tmp_path: Path, label: Label) -> None:
    connection = LabelPrinter(Shelf(), tmp_path, "127.0.0.1", free_port(), 5)
    minutes, state = [], {}
    for _ in range(6):
        waits = print_label.call(label, World(FixedClock(NOON), {"printer": connection}, key="call", state=state))
        assert isinstance(waits, Later)
        minutes.append((waits.at - NOON) // timedelta(minutes=1))
        state = dict(waits.state)

    assert minutes == [1, 2, 4, 8, 15, 15]


def test_a_label_that_is_printed_again_says_that_it_is_a_duplicate(tmp_path: Path, label: Label) -> None:
    """Row 47: another run, the same label."""
    shelf = Shelf()
    with printer() as (port, taken):
        connection = LabelPrinter(shelf, tmp_path, "127.0.0.1", port, 5)
        told = [connection.print(label, key).duplicate for key in ("first", "second")]

    assert told == [False, True]
    assert [b"DUPLICATE" in one for one in taken] == [False, True]


def test_a_label_that_may_have_been_printed_when_the_machine_died_is_marked(tmp_path: Path, label: Label) -> None:
    shelf = Shelf()
    shelf.put("print", "k", "sending")
    with printer() as (port, taken):
        told = LabelPrinter(shelf, tmp_path, "127.0.0.1", port, 5).print(label, "k")

    assert told.duplicate
    assert b"DUPLICATE" in taken[0]


@pytest.mark.parametrize(
    ("more", "told"),
    [({"format": "PDF"}, "format: zpl"), ({"path": "/etc/passwd"}, "outside of"), ({"path": None}, "outside of")],
)
def test_only_labels_of_ours_in_zpl_reach_the_printer(
    tmp_path: Path, label: Label, more: dict[str, Any], told: str
) -> None:
    connection = LabelPrinter(Shelf(), tmp_path, "127.0.0.1", free_port(), 5)

    with pytest.raises(ConnectionFailedError, match=told):
        connection.print(label.model_copy(update=more), "k")

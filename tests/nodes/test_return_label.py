"""The label that goods come back with, as the counter that takes the parcel reads it."""

from __future__ import annotations

from orderloom import World
from orderloom.model import Location
from orderloom.testing import PapersKept, StockOf
from orderloom.world import FixedClock
from orderloom.world.labels import TestLabels
from orderloom.world.shelf import Shelf
from orderloom_nodes.return_label import return_label
from tests.nodes.orders import good_order
from tests.nodes.paying import NOON, back
from tests.paper.reading import Bars, barcodes, words

AURORA = Location.model_validate({
    "location_id": "aurora", "capabilities": ["returns"],
    "address": {"name": "Loom & Larch", "address_lines": ["7 Dock Road"], "city": "Aurora", "country_code": "US"},
})  # fmt: skip


def world(papers: PapersKept) -> World:
    connections = {"labels": TestLabels(Shelf(), papers), "stock": StockOf(places=[AURORA])}
    return World(FixedClock(NOON), connections, "label-1")


def test_the_qr_code_of_a_return_label_reads_as_the_number_that_the_flow_waits_for() -> None:
    papers = PapersKept()

    made = return_label(back(), good_order(), world(papers))

    [paper] = papers.papers.values()
    assert Bars("]Q1", made.tracking_number) in barcodes(paper)


def test_a_return_label_leads_from_the_customer_to_the_place_that_takes_returns() -> None:
    papers = PapersKept()

    return_label(back(), good_order(), world(papers))

    [paper] = papers.papers.values()
    sender, receiver = words(paper).split("Chestnut Street 92", 1)
    assert ("Ann Lee" in sender, "Aurora" in sender) == (True, False)
    assert "7 Dock Road" in receiver

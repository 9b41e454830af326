"""What `write-ubl` writes: well-formed, in the standard's order of elements, saying what the order and shipment say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.model import Line, Order, Shipment
from orderloom.source.xml import Element, parse_xml
from orderloom_nodes.write_ubl.despatch import despatch_advice
from orderloom_nodes.write_ubl.response import answer_of, order_response, simple_response

from .test_ubl_orders import order
from .ubl import line, ubl

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
# the members of each document that we write, as the schemas of UBL 2.1 order them
SEQUENCES = {
    "OrderResponse": (
        "UBLVersionID", "CustomizationID", "ProfileID", "ID", "SalesOrderID", "IssueDate", "IssueTime",
        "OrderResponseCode", "Note", "DocumentCurrencyCode", "OrderReference", "SellerSupplierParty",
        "BuyerCustomerParty", "Delivery", "OrderLine",
    ),
    "OrderResponseSimple": (
        "UBLVersionID", "CustomizationID", "ProfileID", "ID", "IssueDate", "IssueTime", "Note", "AcceptedIndicator",
        "RejectionNote", "OrderReference", "SellerSupplierParty", "BuyerCustomerParty",
    ),
    "DespatchAdvice": (
        "UBLVersionID", "CustomizationID", "ProfileID", "ID", "IssueDate", "IssueTime", "DespatchAdviceTypeCode",
        "Note", "OrderReference", "DespatchSupplierParty", "DeliveryCustomerParty", "BuyerCustomerParty", "Shipment",
        "DespatchLine",
    ),
}  # fmt: skip


def two_lines(**cancelled: int) -> Order:
    found = order(ubl(lines=line() + line("2", "3", unit="KGM", amount="150.00")))
    lines = tuple(
        Line(**{**dict(one), "quantity_cancelled": cancelled.get(f"line_{one.line_id}", 0)}) for one in found.lines
    )
    return found.model_copy(update={"lines": lines})


def shipment(*lines: tuple[str, int]) -> Shipment:
    sent = [{"line_id": name, "sku": "PAINT-1", "quantity": units} for name, units in lines]
    return Shipment.model_validate(
        {
            "shipment_id": "34/s1",
            "order_id": "edi:7300010000001:34",
            "location_id": "lund",
            "lines": sent,
            "carrier": {"carrier_code": "postnord"},
            "packages": [{"package_id": "p1", "tracking_number": "TR-1", "sscc": "073500100000000011", "lines": sent}],
        }
    )


def root(text: bytes) -> Element:
    return parse_xml(text, "answer.xml")


def at(element: Element, way: str) -> list[str]:
    """The texts at the end of the way, whatever the namespaces."""
    found = [element]
    for name in way.split("/"):
        found = [inner for one in found for inner in one.children if inner.name == name]
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("cancelled", "answer", "code", "lines"),
    [
        ({}, "accepted", "AP", [("5", "4"), ("5", "3")]),
        ({"line_1": 1}, "changed", "CA", [("3", "3"), ("5", "3")]),
        ({"line_2": 3}, "changed", "CA", [("5", "4"), ("7", "0")]),
        ({"line_1": 4, "line_2": 3}, "rejected", "RE", []),
    ],
)
def test_a_response_says_of_each_line_what_is_left_of_it(
    cancelled: dict[str, int], answer: str, code: str, lines: list[tuple[str, str]]
) -> None:
    found = two_lines(**cancelled)

    written = root(order_response(found, answer_of(found), "", "34-response", NOW))

    assert answer_of(found) == answer
    assert at(written, "OrderResponseCode") == [code]
    item = "OrderLine/LineItem"
    assert list(zip(at(written, f"{item}/LineStatusCode"), at(written, f"{item}/Quantity"), strict=True)) == lines
    assert at(written, "OrderReference/ID") == ["34"]


def test_a_response_names_the_parties_as_the_buyer_did_and_the_units_that_it_ordered() -> None:
    written = root(order_response(two_lines(), "accepted", "", "34-response", NOW))

    assert at(written, "BuyerCustomerParty/Party/EndpointID") == ["7300010000001"]
    assert at(written, "BuyerCustomerParty/Party/PartyName/Name") == ["Byggvaror AB"]
    entries = [one for one in written.children if one.name == "OrderLine"]
    units = [one.attributes["unitCode"] for entry in entries for inner in entry.children
             for one in inner.children if one.name == "Quantity"]  # fmt: skip
    assert units == ["EA", "KGM"]


@pytest.mark.parametrize(("answer", "told"), [("accepted", "true"), ("changed", "true"), ("rejected", "false")])
def test_a_simple_response_says_yes_or_no(answer: str, told: str) -> None:
    written = root(simple_response(two_lines(), answer, "no paint left", "34-simple", NOW))  # type: ignore[arg-type]

    assert at(written, "AcceptedIndicator") == [told]
    assert at(written, "RejectionNote") == (["no paint left"] if told == "false" else [])


def test_a_despatch_advice_says_what_is_sent_and_what_is_still_to_come() -> None:
    written = root(despatch_advice(two_lines(), shipment(("1", 3), ("2", 3)), NOW))

    assert at(written, "DespatchLine/DeliveredQuantity") == ["3", "3"]
    assert at(written, "DespatchLine/OutstandingQuantity") == ["1"]
    assert at(written, "DespatchLine/OrderLineReference/LineID") == ["1", "2"]
    assert at(written, "Shipment/TransportHandlingUnit/ID") == ["073500100000000011"]
    assert at(written, "Shipment/Delivery/TrackingID") == ["TR-1"]
    assert at(written, "DeliveryCustomerParty/Party/PostalAddress/CityName") == ["Malmö"]


def test_an_order_that_came_by_peppol_is_answered_in_its_profile() -> None:
    profile = "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID>"
    text = ubl(number=profile + "<cbc:ID>34</cbc:ID>")

    by_peppol = root(order_response(order(text), "accepted", "", "n", NOW))
    plain = root(order_response(order(ubl()), "accepted", "", "n", NOW))

    assert at(by_peppol, "CustomizationID") == ["urn:fdc:peppol.eu:poacc:trns:order_response:3"]
    assert at(plain, "CustomizationID") == []


def written() -> list[bytes]:
    found = two_lines(line_1=1)
    return [
        order_response(found, "changed", "why", "n", NOW),
        simple_response(found, "rejected", "why", "n", NOW),
        despatch_advice(found, shipment(("1", 1)), NOW),
    ]


@pytest.mark.parametrize("text", written(), ids=list(SEQUENCES))
def test_elements_stand_in_the_order_of_the_standard(text: bytes) -> None:
    whole = root(text)
    sequence = SEQUENCES[whole.name]

    places = [sequence.index(one.name) for one in whole.children]

    assert places == sorted(places)


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_whatever_a_note_holds_the_document_can_be_read_again(note: str) -> None:
    text = order_response(order(ubl()), "accepted", note, "n", NOW)

    assert root(text).name == "OrderResponse"


def test_the_despatch_advice_of_the_standard_has_the_lines_that_ours_has(shared: Path) -> None:
    theirs = parse_xml((shared / "data/ubl/UBL-DespatchAdvice-2.0-Example.xml").read_bytes(), "theirs.xml")
    ours = root(despatch_advice(two_lines(), shipment(("1", 4)), NOW))

    names = {one.name for entry in theirs.children if entry.name == "DespatchLine" for one in entry.children}
    assert {one.name for entry in ours.children if entry.name == "DespatchLine" for one in entry.children} <= names

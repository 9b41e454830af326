"""Orders, changes and cancellations of UBL 2.0 to 2.4: parties, places, prices, sums; and what hostile XML meets."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from orderloom.declare import Revising, Unreadable
from orderloom.model import Order
from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.totals import check_totals

from .ubl import BUYER, DELIVERY, ITEM, TOTAL, UBL, line, read, ubl


def order(text: str | bytes, **settings: str) -> Order:
    [found] = read(text, **settings)
    assert not isinstance(found, Unreadable), found.problems
    assert isinstance(found.order, Order)
    return found.order


def codes(text: str | bytes) -> list[str]:
    [found] = read(text)
    assert isinstance(found, Unreadable), found
    return [problem.code for problem in found.problems]


def test_an_order_says_what_the_document_said() -> None:
    found = order(ubl())

    assert (found.order_id, found.order_number, found.order_type) == ("edi:7300010000001:34", "34", "wholesale")
    assert (found.currency, str(found.totals.grand_total)) == ("SEK", "200.00 SEK")
    [one] = found.lines
    assert (one.line_id, one.sku, one.gtin, one.title) == ("1", "PAINT-1", "07300010000018", "Falu")
    assert (one.quantity, str(one.unit_price), str(one.line_total)) == (4, "50.00 SEK", "200.00 SEK")
    assert found.customer is not None
    assert (found.customer.company, found.customer.email) == ("Byggvaror AB", "pelle@example.test")
    assert [one.value for one in found.customer.tax_ids] == ["SE123456780101"]


def test_it_goes_to_the_place_of_delivery_and_the_bill_to_the_buyer() -> None:
    found = order(ubl())

    assert found.shipping_address is not None
    assert (found.shipping_address.address_lines, found.shipping_address.city) == (("Hamngatan 7",), "Malmö")
    assert found.billing_address is not None
    assert (found.billing_address.address_lines, found.billing_address.country_code) == (("Storgatan 5",), "SE")
    without = order(ubl(delivery="")).shipping_address
    assert without is not None
    assert without.city == "Lund"


def test_ubl_2_0_writes_the_address_straight_into_the_delivery() -> None:
    older = DELIVERY.replace("<cac:DeliveryLocation><cac:Address>", "<cac:DeliveryAddress>")
    older = older.replace("</cac:Address></cac:DeliveryLocation>", "</cac:DeliveryAddress>")

    assert order(ubl(delivery=older)).shipping_address == order(ubl()).shipping_address


def test_a_house_number_stands_where_its_country_writes_it() -> None:
    british = DELIVERY.replace(">SE<", ">GB<")

    found = order(ubl(delivery=british)).shipping_address

    assert found is not None
    assert found.address_lines == ("7 Hamngatan",)


def renamed(text: str) -> str:
    """The same document with other prefixes, the standard's as the default one."""
    return (
        re.sub(r"(</?)cbc:", r"\1x:", re.sub(r"(</?)cac:", r"\1y:", text))
        .replace("xmlns:cbc", "xmlns:x")
        .replace("xmlns:cac", "xmlns:y")
    )


def prefixed(text: str) -> str:
    return (
        text.replace("<Order xmlns=", "<o:Order xmlns:o=").replace("</Order>", "</o:Order>")
    )


@pytest.mark.parametrize("other", [renamed, prefixed], ids=["other prefixes", "a prefixed root"])
def test_namespaces_count_and_prefixes_do_not(other: Callable[[str], str]) -> None:
    assert order(other(ubl())).model_dump(exclude={"raw"}) == order(ubl()).model_dump(exclude={"raw"})


def test_elements_of_another_namespace_are_no_order() -> None:
    assert codes(ubl().replace("xsd:Order-2", "xsd:Invoice-2")) == ["V001"]
    assert codes(ubl().replace("CommonBasicComponents-2", "CommonBasicComponents-9"))[0] in {"V010", "V019"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_letters_are_right_in_whatever_encoding_the_document_declares(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")

    found = order(ubl().replace("UTF-8", declared).encode(encoding))

    assert found.shipping_address is not None
    assert found.shipping_address.city == "Malmö"


def test_an_envelope_of_peppol_is_opened() -> None:
    inner = ubl().split("?>\n", 1)[1]
    sbdh = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    whole = f'<StandardBusinessDocument xmlns="{sbdh}"><Header/>{inner}</StandardBusinessDocument>'

    assert order(whole).order_number == "34"


@pytest.mark.parametrize(
    ("prolog", "what"),
    [
        ('<!DOCTYPE Order SYSTEM "http://127.0.0.1:9/x.dtd">', "a document type"),
        ('<!DOCTYPE Order [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "a document type"),
        ('<!DOCTYPE Order [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>', "a document type"),
    ],
)
def test_a_document_type_is_refused_before_anything_of_it_is_followed(prolog: str, what: str) -> None:
    [found] = read(ubl().replace("?>\n", f"?>\n{prolog}\n", 1))

    assert isinstance(found, Unreadable)
    assert [problem.code for problem in found.problems] == ["X002"]
    assert what in found.problems[0].message
    assert found.document.startswith("<?xml")


@pytest.mark.parametrize("text", ["<Order", ubl()[:-20], "<html><body>404</body></html>", "<"])
def test_xml_that_is_cut_short_or_something_else_is_told(text: str) -> None:
    assert codes(text)[0] in {"X001", "V001"}


ALLOWANCE = """<cac:AllowanceCharge><cbc:ChargeIndicator>{sign}</cbc:ChargeIndicator>
  <cbc:AllowanceChargeReason>{why}</cbc:AllowanceChargeReason>
  <cbc:Amount currencyID="SEK">{amount}</cbc:Amount></cac:AllowanceCharge>"""


def total(payable: str, goods: str = "200.00") -> str:
    return TOTAL.replace("200.00</cbc:Line", f"{goods}</cbc:Line").replace("200.00</cbc:Pay", f"{payable}</cbc:Pay")


def adds_up(found: Order) -> bool:
    findings = Findings(())
    check_totals(found, findings)
    return not findings.errors


def test_allowances_are_discounts_and_charges_are_fees() -> None:
    both = ALLOWANCE.format(sign="true", why="Freight", amount="30.00")
    both += ALLOWANCE.format(sign="false", why="Loyal", amount="10.00")

    found = order(ubl(rest=both, total=total("220.00")))

    assert [(fee.type, str(fee.amount)) for fee in found.fees] == [("Freight", "30.00 SEK")]
    assert [(one.title, str(one.amount)) for one in found.discounts] == [("Loyal", "10.00 SEK")]
    assert adds_up(found)


def test_an_allowance_of_a_line_is_that_lines_discount() -> None:
    off = ALLOWANCE.format(sign="false", why="Bulk", amount="20.00")

    found = order(ubl(lines=line(amount="180.00", more=off), total=total("180.00", "180.00")))

    assert [str(one.amount) for one in found.lines[0].discounts] == ["20.00 SEK"]
    assert str(found.totals.subtotal) == "200.00 SEK"
    assert adds_up(found)


def test_a_price_for_a_hundred_is_told_by_the_unit() -> None:
    price = """<cac:Price><cbc:PriceAmount currencyID="SEK">12.50</cbc:PriceAmount>
      <cbc:BaseQuantity unitCode="EA">100</cbc:BaseQuantity></cac:Price>"""

    [one] = order(ubl(lines=line(quantity="1000", price=price, amount="125.00"))).lines

    assert (str(one.unit_price), str(one.line_total)) == ("0.125 SEK", "125.00 SEK")


def test_where_no_price_is_told_it_is_what_the_line_comes_to_by_its_units() -> None:
    assert str(order(ubl(lines=line(price=""))).lines[0].unit_price) == "50 SEK"
    free = order(ubl(lines=line(price="", amount=""), total=""))
    assert str(free.totals.grand_total) == "0.00 SEK"


TAX = """<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">50.00</cbc:TaxAmount>{}</cac:TaxTotal>"""
SUBTOTAL = """<cac:TaxSubtotal><cbc:TaxAmount currencyID="SEK">{}</cbc:TaxAmount><cac:TaxCategory>
  <cbc:ID>S</cbc:ID><cbc:Percent>{}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
  </cac:TaxCategory></cac:TaxSubtotal>"""


def test_a_tax_is_told_by_its_rates_where_they_are() -> None:
    parts = SUBTOTAL.format("40.00", "25") + SUBTOTAL.format("10.00", "12")

    found = order(ubl(rest=TAX.format(parts), total=total("250.00")))

    assert [(one.title, str(one.rate), str(one.amount)) for one in found.taxes] == [
        ("VAT", "0.25", "40.00 SEK"), ("VAT", "0.12", "10.00 SEK")]
    assert (found.taxes_included, adds_up(found)) == (False, True)


def test_a_total_without_the_tax_says_that_the_prices_hold_it() -> None:
    found = order(ubl(rest=TAX.format(""), total=total("200.00")))

    assert (found.taxes_included, adds_up(found)) == (True, True)


def test_without_an_anticipated_total_the_total_is_what_the_lines_come_to() -> None:
    found = order(ubl(total="", lines=line() + line("2", "1", price="", amount="10.00")))

    assert str(found.totals.grand_total) == "210.00 SEK"


def test_the_currency_may_stand_at_the_amounts_alone() -> None:
    assert order(ubl(currency="")).currency == "SEK"


@pytest.mark.parametrize("unit", ["KGM", "LTR", "MTR"])
def test_a_unit_that_is_no_piece_is_told_at_the_line(unit: str) -> None:
    [one] = order(ubl(lines=line(unit=unit))).lines

    assert ("unit", unit) in [(said.name, said.value) for said in one.attributes]


@pytest.mark.parametrize("unit", ["C62", "EA", "H87"])
def test_a_piece_says_nothing(unit: str) -> None:
    assert order(ubl(lines=line(unit=unit))).lines[0].attributes == ()


def test_days_without_a_zone_are_the_channels_and_times_with_one_their_own() -> None:
    by_default, in_sweden = order(ubl()), order(ubl(), zone="Europe/Stockholm")
    clock = "<cbc:IssueTime>12:30:00.0000000+02:00</cbc:IssueTime>"
    own = order(ubl(issued=f"<cbc:IssueDate>2026-03-01</cbc:IssueDate>{clock}"))

    assert [str(found.ordered_at) for found in (by_default, in_sweden, own)] == [
        "2026-03-01 12:30:00+00:00", "2026-03-01 11:30:00+00:00", "2026-03-01 10:30:00+00:00"]
    assert in_sweden.promise is not None
    assert str(in_sweden.promise.latest_delivery) == "2026-03-12 22:59:59+00:00"


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-03-01", "2026-03-01 00:00:00+00:00"),
        ("2026-03-01Z", "2026-03-01 00:00:00+00:00"),
        ("2026-03-01+02:00", "2026-02-28 22:00:00+00:00"),
    ],
)
def test_a_day_may_bear_an_offset_of_its_own(day: str, moment: str) -> None:
    assert str(order(ubl(issued=f"<cbc:IssueDate>{day}</cbc:IssueDate>")).ordered_at) == moment


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"number": ""}, "V010"),
        ({"issued": ""}, "V010"),
        ({"issued": "<cbc:IssueDate>2026-02-30</cbc:IssueDate>"}, "V017"),
        ({"issued": "<cbc:IssueDate>2026-03-01</cbc:IssueDate><cbc:IssueTime>25:00</cbc:IssueTime>"}, "V017"),
        ({"currency": "<cbc:DocumentCurrencyCode>EURO</cbc:DocumentCurrencyCode>"}, "V015"),
        ({"currency": "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"}, "V016"),
        ({"lines": ""}, "V019"),
        ({"lines": line() + line()}, "V020"),
        ({"lines": line(quantity="2.5")}, "V018"),
        ({"lines": line(quantity="0")}, "V018"),
        ({"lines": line(quantity="-1")}, "V018"),
        ({"lines": line(quantity="many")}, "V011"),
        ({"lines": line(amount="1.234,50")}, "V012"),
        ({"lines": line(number="")}, "V010"),
        ({"lines": "<cac:OrderLine><cbc:Note>x</cbc:Note></cac:OrderLine>"}, "V010"),
        ({"total": total("200.005")}, "V013"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(parts: dict[str, str], code: str) -> None:
    [found] = read(ubl(**parts))

    assert isinstance(found, Unreadable)
    assert code in [problem.code for problem in found.problems]
    assert all(problem.place.line for problem in found.problems)


def test_the_names_of_an_article_are_kept_and_the_sellers_own_is_its_sku() -> None:
    bare = ITEM.replace("Sellers", "Manufacturers")

    [one] = order(ubl(lines=line(item=bare))).lines

    assert one.sku == "07300010000018"
    assert {said.type: said.value for said in one.external_refs} == {
        "buyers_item": "B-1", "manufacturers_item": "PAINT-1", "standard_item": "07300010000018"}


def test_what_has_no_place_in_our_order_is_kept_and_attached_files_are_not() -> None:
    attached = """<cac:AdditionalDocumentReference><cbc:ID>Doc1</cbc:ID><cac:Attachment>
      <cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf">AAAA</cbc:EmbeddedDocumentBinaryObject>
      </cac:Attachment></cac:AdditionalDocumentReference><cac:Contract><cbc:ID>C-1</cbc:ID></cac:Contract>"""

    kept = order(ubl(rest=attached)).metadata["ubl"]

    assert kept["Contract"] == {"ID": "C-1"}
    assert "AAAA" not in str(kept)


REFERENCE = "<cac:OrderReference><cbc:ID>34</cbc:ID></cac:OrderReference>"


def changed(text: str) -> Order:
    [found] = read(text)
    assert isinstance(found, Revising), found
    assert isinstance(found.outcome.order, Order)  # type: ignore[union-attr]
    return found.outcome.order  # type: ignore[union-attr]


def test_a_change_revises_the_order_that_it_refers_to_and_begins_none() -> None:
    gone = line("2", more="<cbc:LineStatusCode>2</cbc:LineStatusCode>")
    text = ubl("OrderChange", number="<cbc:ID>C1</cbc:ID>", head=REFERENCE, lines=line() + gone)

    found = changed(text)

    assert (found.order_id, found.order_number) == (order(ubl()).order_id, "34")
    assert [one.quantity_open for one in found.lines] == [4, 0]


@pytest.mark.parametrize("time", ["<cbc:IssueTime>13:00:00</cbc:IssueTime>", ""])
def test_changes_of_one_day_come_after_the_order_and_a_cancellation_after_them(time: str) -> None:
    day = "<cbc:IssueDate>2026-03-01</cbc:IssueDate>"
    first = order(ubl(issued=day))
    number = "<cbc:SequenceNumberID>{}</cbc:SequenceNumberID>"
    changes = [changed(ubl("OrderChange", issued=day + time, head=REFERENCE + number.format(n))) for n in (1, 2)]
    last = changed(ubl("OrderCancellation", issued=day, head=REFERENCE, lines="", total="", delivery=""))

    revisions = [found.revision for found in (first, *changes, last)]
    assert revisions == sorted(revisions)
    assert time or len(set(revisions)) == 4


def test_a_cancellation_cancels_the_order_that_it_refers_to() -> None:
    note = "<cbc:CancellationNote>by phone</cbc:CancellationNote>"
    found = changed(ubl("OrderCancellation", head=note + REFERENCE, lines="", total="", delivery=""))

    assert found.order_id == order(ubl()).order_id
    assert (found.fulfillment_status, found.cancel_reason, found.notes) == ("cancelled", "customer", ("by phone",))
    assert found.cancelled_at is not None


def test_orders_of_two_buyers_with_one_number_are_two_orders() -> None:
    other = BUYER.replace("7300010000001", "7300010000002")

    assert order(ubl()).order_id != order(ubl(buyer=other)).order_id


def test_the_samples_of_oasis_are_read(shared: Path) -> None:
    samples = shared / "data" / "ubl"
    first = order((samples / "UBL-Order-2.1-Example.xml").read_bytes())
    second = order((samples / "UBL-Order-2.0-Example.xml").read_bytes())
    last = changed((samples / "UBL-OrderCancellation-2.1-Example.xml").read_text("utf-8"))

    assert (str(first.totals.grand_total), [one.quantity for one in first.lines]) == ("6225.00 SEK", [120, 15])
    assert (str(second.totals.grand_total), str(second.totals.subtotal)) == ("100.00 GBP", "100.00 GBP")
    assert last.order_id == first.order_id
    assert codes((samples / "UBL-DespatchAdvice-2.0-Example.xml").read_bytes()) == ["V001"]


def test_a_namespace_is_not_taken_for_its_beginning() -> None:
    assert f"{UBL}Order-2" in ubl()
    assert codes(ubl().replace("xsd:Order-2", "xsd:Order-20")) == ["V001"]

"""EDIFACT's ORDERS, and TRADACOMS' of version 9, in the canonical order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orderloom import PassedOver, Revising
from orderloom.model import Money
from orderloom_nodes.capture.formats.edi.edifact_dates import read_date

from .making import captured, edifact, order, told

WHOLE = [
    "BGM+220+4500123+9",
    "DTM+137:202603020930:203",
    "DTM+2:20260315:102",
    "DTM+64:20260310:102",
    "FTX+DEL+++Ring twice:please",
    "RFF+CT:C-9",
    "NAD+BY+5400110000009::9++Groothandel NV+Kaai 1:Bus 2+Antwerpen++2000+BE",
    "CTA+OC+:Jan Peeters",
    "COM+jan@groot.example:EM+?+3235550100:TE",
    "NAD+DP+5400110000016::9++Winkel 7+Markt 3+Gent++9000+BE",
    "NAD+IV+5400110000023::9++Boekhouding+Kaai 1+Antwerpen++2000+BE",
    "NAD+SU+5013546107732::9",
    "CUX+2:EUR:9",
    "PAT+1++5:3:D:30",
    "TDT+20++30+31+:::DHL Freight",
    "ALC+A++++TD",
    "MOA+204:12.50",
    "ALC+C++++FC",
    "MOA+23:20",
    "LIN+10++5400111864181:SRV",
    "PIA+5+MUG-6:SA+B-1:IN",
    "IMD+F++:::Mok, blauw",
    "QTY+21:12:PCE",
    "QTY+59:6",
    "DTM+2:20260314:102",
    "PRI+AAB:11",
    "PRI+AAA:10.50",
    "TAX+7+VAT+++:::21+S",
    "MOA+124:26.46",
    "RFF+LI:1",
    "FTX+AAI+++breekbaar",
    "MEA+PD+LAY",
    "LIN+20",
    "PIA+5+SCREW:SA",
    "QTY+21:500:PCE",
    "PRI+AAA:4.5:CT:AAE:100:PCE",
    "UNS+S",
    "MOA+86:182.46",
    "MOA+79:148.5",
    "CNT+2:2",
    "CNT+1:512",
]


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def test_the_header_of_orders_is_the_head_of_the_order() -> None:
    found = order(edifact(WHOLE))

    assert (found.order_id, found.purchase_order_number) == ("edi:5400110000009:4500123", "4500123")
    assert found.ordered_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert (found.currency, found.notes) == ("EUR", ("Ring twice please",))
    assert found.promise is not None
    assert found.promise.latest_delivery == datetime(2026, 3, 15, 23, 59, 59, tzinfo=UTC)
    assert found.promise.earliest_delivery == datetime(2026, 3, 10, tzinfo=UTC)
    assert found.payment.terms is not None
    assert found.payment.terms.net_days == 30


def test_each_party_has_its_place() -> None:
    found = order(edifact(WHOLE))

    assert found.shipping_address is not None
    assert found.billing_address is not None
    assert found.customer is not None
    to = found.shipping_address
    assert (to.company, to.address_lines, to.city, to.postal_code, to.country_code) == (
        "Winkel 7",
        ("Markt 3",),
        "Gent",
        "9000",
        "BE",
    )
    assert found.billing_address.company == "Boekhouding"
    assert (found.customer.company, found.customer.customer_id) == ("Groothandel NV", "5400110000009")
    assert (found.customer.email, found.customer.phone) == ("jan@groot.example", "+3235550100")


def test_lines_have_article_net_price_tax_and_dates() -> None:
    first, second = order(edifact(WHOLE)).lines

    assert (first.line_id, first.sku, first.gtin, first.quantity) == ("10", "MUG-6", "5400111864181", 12)
    assert (first.title, first.unit_price) == ("Mok, blauw", eur("10.50"))
    assert [(one.amount, str(one.rate)) for one in first.taxes] == [(eur("26.46"), "0.21")]
    assert first.requested_delivery is not None
    assert first.requested_delivery.latest == datetime(2026, 3, 14, 23, 59, 59, tzinfo=UTC)
    assert (second.sku, second.quantity, second.unit_price) == ("SCREW", 500, eur("0.045"))


def test_the_sums_are_those_of_the_message() -> None:
    totals = order(edifact(WHOLE)).totals

    assert (totals.subtotal, totals.discount, totals.fees, totals.tax) == (
        eur("148.50"),
        eur("12.50"),
        eur("20.00"),
        eur("26.46"),
    )
    assert totals.grand_total == eur("182.46")
    without = order(edifact([segment for segment in WHOLE if not segment.startswith("MOA+86")])).totals
    assert without.grand_total == eur("182.46")


def test_what_has_no_place_is_kept_as_it_stands() -> None:
    said = order(edifact(WHOLE)).metadata["edi"]

    assert said["line_segments"]["10"] == ["QTY+59:6", "TAX+7+VAT+++:::21+S", "MEA+PD+LAY"]
    assert (said["message"], said["message_version"], said["interchange"]) == ("ORDERS", "D:96A:UN", "77")


@pytest.mark.parametrize(
    "version", ["ORDERS:D:93A:UN", "ORDERS:D:96A:UN:EAN008", "ORDERS:D:01B:UN:EAN010", "ORDERS:1:921:UN"]
)
def test_the_versions_that_partners_send_are_read(version: str) -> None:
    assert order(edifact(WHOLE, kind=version)).lines == order(edifact(WHOLE)).lines


@pytest.mark.parametrize("code", ["1", "4", "5"])
def test_a_function_of_change_revises_the_order(code: str) -> None:
    [found] = captured(edifact(["BGM+220+4500123+" + code, *WHOLE[1:]]))

    assert isinstance(found, Revising)
    read: Any = found.outcome
    assert (read.order.order_id, read.order.revision > 0) == ("edi:5400110000009:4500123", True)
    assert (read.order.cancelled_at is not None) == (code == "1")


def test_a_change_with_a_number_of_its_own_refers_to_the_order() -> None:
    lines = [
        "BGM+230+CHG-1+4",
        "DTM+137:20260303:102",
        "RFF+ON:4500123",
        "LIN+10+2+MUG:SA",
        "LIN+20+3+CUP:SA",
        "QTY+21:3",
        "UNS+S",
    ]

    found = order(edifact(lines, kind="ORDCHG:D:96A:UN"))

    assert (found.order_id, found.metadata["edi"]["document_number"]) == ("edi:5400110000009:4500123", "CHG-1")
    assert [(line.quantity, line.quantity_open) for line in found.lines] == [(1, 0), (3, 3)]


@pytest.mark.parametrize(
    ("value", "form", "moment"),
    [
        ("20260302", "102", "2026-03-02T00:00:00+00:00"),
        ("260302", "101", "2026-03-02T00:00:00+00:00"),
        ("202603020930", "203", "2026-03-02T09:30:00+00:00"),
        ("20260302093015", "204", "2026-03-02T09:30:15+00:00"),
        ("2603020930", "201", "2026-03-02T09:30:00+00:00"),
        ("202603020930CET", "303", "2026-03-02T08:30:00+00:00"),
        ("202603", "610", "2026-03-01T00:00:00+00:00"),
        ("202610", "616", "2026-03-02T00:00:00+00:00"),
        ("20260302-20260305", "718", "2026-03-02T00:00:00+00:00"),
        ("202603020930+0100", "205", "2026-03-02T08:30:00+00:00"),
    ],
)
def test_dates_are_read_by_their_format(value: str, form: str, moment: str) -> None:
    assert read_date(value, form).isoformat() == moment


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("BGM+220+4500123+9", "BGM+220++9"), "V708", "BGM holds no order number (CONTRL error 13)"),
        (("BGM+220+4500123+9", "BGM+220+1+99"), "V709", "the function `99` is none of an order's (CONTRL error 12)"),
        (("20260315:102", "20260230:102"), "V709", "DTM holds `20260230` in format `102`, which is no date"),
        (("QTY+21:500:PCE", "QTY+21:1.5:PCE"), "V709", "the quantity is 1.5: a line has whole units"),
        (("QTY+21:500:PCE", "QTY+59:1"), "V708", "the line has no ordered quantity"),
        (("CNT+2:2", "CNT+2:3"), "V704", "CNT counts 3 lines, and there are 2"),
        (("CUX+2:EUR:9", "CUX+2:EUX:9"), "V710", "`currency` cannot be `EUX`"),
    ],
)
def test_content_that_cannot_be_read_is_refused_with_its_element(change: tuple[str, str], code: str, said: str) -> None:
    found = told(edifact([segment.replace(*change) for segment in WHOLE]))

    assert found[0][0] == code
    assert said in found[0][1]


def test_messages_of_other_kinds_are_counted_and_passed_over() -> None:
    found = captured(edifact(["BGM+380+1+9"], kind="INVOIC:D:96A:UN"))

    assert found == [PassedOver("EDIFACT INVOIC (invoice) of 5400110000009: no order")]


def test_a_file_of_tradacoms_gives_each_of_its_orders(shared: Path) -> None:
    first, second = [one.order for one in captured((shared / "data/edi/tradacoms_order9.edi").read_bytes())]

    assert (first.order_number, second.order_number) == ("981", "982")
    assert first.ordered_at == datetime(1994, 3, 21, tzinfo=UTC)
    assert (first.customer and first.customer.company, first.currency) == ("ANY SHOP PLC", "GBP")
    assert [(line.sku, line.quantity, line.title) for line in first.lines] == [
        ("5000100481452", 10, "PRODUCT A"),
        ("5000100350666", 10, "PRODUCT B"),
        ("5000100154073", 30, "PRODUCT C"),
    ]
    assert first.notes == ("RING BEFORE DELIVERY",)
    assert first.promise is not None
    assert first.promise.earliest_delivery == datetime(1994, 3, 28, tzinfo=UTC)


TRADACOMS = (
    "STX=ANA:1+5000000000001:SHOP+5000000000002:US+260302:0930+R1'MHD=1+ORDHDR:9'TYP=0430'SDT=5000000000002+US'"
    "CDT=5000000000001+SHOP+1 HIGH ST:YORK:::YO1 7AA'MTR=5'MHD=2+ORDERS:9'"
    "CLO=5000000000003:D7+DEPOT+2 LOW ST:LEEDS:::LS1 1AA'"
    "ORD=P-1::260302'OLD=1+5000100481452:MUG+15000100481459+:B-1+12+3+45900+++MUG:BLUE'OTR=1'MTR=6'END=2'"
)


def test_costs_of_tradacoms_have_four_decimals_that_are_not_written() -> None:
    found = order(TRADACOMS)

    [line] = found.lines
    assert (line.sku, line.gtin, line.title, line.quantity) == ("MUG", "5000100481452", "MUG BLUE", 3)
    assert (line.unit_price, found.totals.grand_total) == (Money.of("4.59", "GBP"), Money.of("13.77", "GBP"))
    assert found.shipping_address is not None
    assert (found.shipping_address.company, found.shipping_address.postal_code) == ("DEPOT", "LS1 1AA")


def test_a_wrong_count_of_tradacoms_is_refused() -> None:
    assert told(TRADACOMS.replace("MTR=6", "MTR=7"))[0][1].startswith(
        "MTR= counts `7` segments, and there are 6; interchange R1"
    )
    assert told(TRADACOMS.replace("OTR=1", "OTR=2"))[0][1].startswith("OTR= counts 2 lines, and there are 1")
    assert told(TRADACOMS.replace("END=2'", ""))[0][1].startswith("the transmission ends without its trailer END=")


def test_an_allowance_within_a_net_price_is_told_and_not_taken_off_again() -> None:
    lines = [
        "BGM+220+1+9",
        "DTM+137:20260302:102",
        "LIN+1++A:SA",
        "QTY+21:2",
        "PRI+AAB:10",
        "ALC+A",
        "MOA+204:2",
        "UNS+S",
    ]
    net = [*lines[:5], "PRI+AAA:9", *lines[5:]]

    off, within = order(edifact(lines)), order(edifact(net))

    assert (off.totals.discount, off.totals.grand_total) == (eur("2.00"), eur("18.00"))
    assert (within.totals.discount, within.totals.grand_total) == (None, eur("18.00"))
    assert [(one.name, one.value) for one in within.lines[0].attributes] == [("discount within the price", "2")]

"""X12's 850 and 860 in the canonical order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orderloom import PassedOver, Revising
from orderloom.cli import invoke
from orderloom.model import Money

from .making import HEAD, LINE, captured, order, told, x12

WHOLE = [
    "BEG*00*DS*PO-77*REL1*20260302*C9",
    "CUR*BY*CAD",
    "REF*IA*V100",
    "REF*ZZ*X*long description",
    "PER*BD*Ann Lee*TE*555",
    "SAC*A*C310***1050********02**Spring promotion",
    "SAC*C*D240***2500********06",
    "SAC*C*H850***199",
    "ITD*14*3*****60",
    "DTM*010*20260310",
    "DTM*002*20260315*1200",
    "TD5*B*2*UPSN*M*UPS Ground*******SC",
    "N9*L1*1",
    "MSG*Ring twice",
    "N1*BY*Big Shop*9*0012345670000",
    "N3*1 Head Office Rd",
    "N4*Toronto*ON*M5V 3L9",
    "PER*OC*Ann Lee*TE*4165550100*EM*ann@big.example",
    "N1*ST*Store 12*92*0012",
    "N2*Receiving",
    "N3*8 Bay St*Dock 3",
    "N4*Montreal*QC*H2Y 1C6*CA",
    "N1*BT*Big Shop AP*92*AP",
    "N3*PO Box 9",
    "N4*Toronto*ON*M5V 3L9*CA",
    "N1*SF*Our Plant",
    "N1*ZZ*Somebody",
    "PO1*10*12*CA*10.5*WE*VN*MUG-6*UP*614141000036*BP*B-1",
    "PID*F*08***Mug, six of them",
    "PID*F*73***blue",
    "PO4*6*1*LB",
    "SAC*A*C310***600",
    "TXI*GS*6.30*5",
    "DTM*038*20260309",
    "REF*LI*L1",
    "XX9*kept",
    "PO1*20*3*EA***UK*10614141000033",
    "CTP**RES*4.25",
    "MSG*fragile",
    "CTT*2*15",
    "AMT*TT*154.13",
]


def cad(amount: str) -> Money:
    return Money.of(amount, "CAD")


def test_the_header_of_an_850_is_the_head_of_the_order() -> None:
    found = order(x12(WHOLE))

    assert found.order_id == "edi:BUYER:PO-77"
    assert (found.purchase_order_number, found.order_number, found.order_type) == ("PO-77", "PO-77", "sale")
    assert found.ordered_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert (found.currency, found.channel.type, found.channel.account_id) == ("CAD", "edi", "BUYER")
    assert found.promise is not None
    assert found.promise.ship_by == datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)
    assert found.promise.latest_delivery == datetime(2026, 3, 15, 12, tzinfo=UTC)
    assert found.payment.terms is not None
    assert found.payment.terms.net_days == 60
    assert found.notes == ("Ring twice",)
    assert ("IA", "V100") in [(ref.type, ref.value) for ref in found.external_refs]


def test_each_n1_loop_has_its_place() -> None:
    found = order(x12(WHOLE))

    assert found.shipping_address is not None
    assert found.billing_address is not None
    assert found.customer is not None
    to = found.shipping_address
    assert (to.company, to.address_lines, to.city) == ("Store 12", ("8 Bay St", "Dock 3"), "Montreal")
    assert (to.region_code, to.postal_code, to.country_code) == ("QC", "H2Y 1C6", "CA")
    assert (found.billing_address.company, found.billing_address.address_lines) == ("Big Shop AP", ("PO Box 9",))
    assert (found.customer.company, found.customer.customer_id) == ("Big Shop", "0012345670000")
    assert (found.customer.email, found.customer.phone) == ("ann@big.example", "4165550100")
    assert [party["code"] for party in found.metadata["edi"]["parties"]] == ["BY", "ST", "BT", "SF", "ZZ"]


def test_lines_have_article_price_discount_tax_and_dates() -> None:
    first, second = order(x12(WHOLE)).lines

    assert (first.line_id, first.sku, first.gtin, first.quantity) == ("10", "MUG-6", "614141000036", 12)
    assert (first.title, first.unit_price) == ("Mug, six of them", cad("10.50"))
    assert [one.amount for one in first.discounts] == [cad("6.00")]
    assert [(one.title, one.amount, str(one.rate)) for one in first.taxes] == [("GS", cad("6.30"), "0.05")]
    assert first.requested_delivery is not None
    assert first.requested_delivery.latest == datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC)
    assert {(one.name, one.value) for one in first.attributes} >= {("unit_of_measure", "CA"), ("price_basis", "WE")}
    assert ("BP", "B-1") in [(ref.type, ref.value) for ref in first.external_refs]
    assert (second.sku, second.gtin, second.unit_price) == ("10614141000033", "10614141000033", cad("4.25"))


def test_the_sums_are_those_of_lines_allowances_charges_and_taxes_and_the_total_is_the_partners() -> None:
    totals = order(x12(WHOLE)).totals

    assert totals.subtotal == cad("138.75")
    assert (totals.discount, totals.shipping, totals.fees, totals.tax) == (
        cad("16.50"),
        cad("25.00"),
        cad("1.99"),
        cad("6.30"),
    )
    assert totals.grand_total == cad("154.13")
    without = order(x12([segment for segment in WHOLE if not segment.startswith("AMT")])).totals
    assert without.grand_total == cad("155.54")


def test_what_has_no_place_is_kept_as_it_stands() -> None:
    said = order(x12(WHOLE)).metadata["edi"]

    assert {"PER*BD*Ann Lee*TE*555", "N9*L1*1", "REF*ZZ*X*long description"} <= set(said["segments"])
    assert said["line_segments"]["10"] == ["PO4*6*1*LB", "XX9*kept"]
    assert (said["interchange"], said["group"], said["control"], said["from"]["id"], said["to"]["id"]) == (
        "000000055",
        "7",
        "0001",
        "BUYER",
        "SELLER",
    )


@pytest.mark.parametrize(("code", "name"), [("00", "original"), ("06", "confirmation"), ("07", "duplicate")])
def test_orders_confirmations_and_duplicates_are_the_same_order(code: str, name: str) -> None:
    [found] = captured(x12([f"BEG*{code}*SA*4711**20260302", *LINE]))

    assert not isinstance(found, Revising)
    assert (found.order.order_id, found.order.revision) == ("edi:BUYER:4711", 0)
    assert found.order.metadata["edi"]["purpose"] == name


def test_a_cancellation_revises_the_order_and_cancels_its_lines() -> None:
    [found] = captured(x12(["BEG*01*SA*4711**20260302", *LINE]))

    assert isinstance(found, Revising)
    read: Any = found.outcome
    assert read.order.order_id == "edi:BUYER:4711"
    assert read.order.cancelled_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert [line.quantity_open for line in read.order.lines] == [0]
    assert read.order.revision > 0


def test_a_cancellation_without_lines_cancels_the_whole_order() -> None:
    found = order(x12(["BCH*01*SA*4711***20260302"], kind="860", group="PC"))

    assert [(line.line_id, line.title, line.quantity_open) for line in found.lines] == [("*", "the whole order", 0)]


def test_an_860_says_what_becomes_of_each_line() -> None:
    changes = [
        "BCH*04*SA*4711**3*20260302",
        "POC*1*QI*8*8*EA*9.95**VN*MUG",
        "POC*2*DI***EA***VN*CUP",
        "POC*3*AI*2*2*EA*1.5**VN*LID",
        "POC*4*CA*0**EA***VN*BOX",
        "CTT*4",
    ]

    [found] = captured(x12(changes, kind="860", group="PC"))

    assert isinstance(found, Revising)
    read: Any = found.outcome
    assert [(line.sku, line.quantity, line.quantity_open) for line in read.order.lines] == [
        ("MUG", 8, 8),
        ("CUP", 1, 0),
        ("LID", 2, 2),
        ("BOX", 1, 0),
    ]
    assert [(one["code"], one["what"]) for one in read.order.metadata["edi"]["changes"]] == [
        ("QI", "quantity increased"),
        ("DI", "deleted"),
        ("AI", "added"),
        ("CA", "changed"),
    ]


def test_of_two_changes_the_later_has_the_higher_revision() -> None:
    first = order(x12(["BCH*04*SA*1**1*20260302", "POC*1*QI*8*8*EA*1**VN*A"], kind="860", group="PC"))
    second = order(x12(["BCH*04*SA*1**2*20260302", "POC*1*QI*9*9*EA*1**VN*A"], kind="860", group="PC"))

    assert 0 < first.revision < second.revision


def test_a_price_per_hundred_is_divided() -> None:
    found = order(x12([*HEAD, "PO1*1*500*EA*12.5*HP*VN*SCREW"]))

    assert found.lines[0].unit_price == Money.of("0.125", "USD")
    assert found.totals.grand_total == Money.of("62.50", "USD")


def test_lines_without_numbers_or_with_the_same_one_are_told_apart() -> None:
    found = order(x12([*HEAD, "PO1**1*EA*1**VN*A", "PO1*2*1*EA*1**VN*B", "PO1*2*1*EA*1**VN*C"]))

    assert [line.line_id for line in found.lines] == ["1", "2", "2-3"]


def test_a_test_interchange_bears_a_tag() -> None:
    assert order(x12([*HEAD, *LINE], test="T")).tags == ("test",)
    assert order(x12([*HEAD, *LINE], test="P")).tags == ()


def test_the_source_may_name_the_partner() -> None:
    found = order(x12([*HEAD, *LINE]), payload_account="acme")

    assert (found.order_id, found.channel.account_id) == ("edi:acme:4711", "acme")


@pytest.mark.parametrize(
    ("segments", "code", "said"),
    [
        (["BEG*00*SA***20260302", *LINE], "V708", "BEG holds no order number (AK403 1)"),
        (["BEG*99*SA*1**20260302", *LINE], "V709", "the purpose `99` is none of a purchase order's (AK403 7)"),
        (["BEG*00*SA*1**20260230", *LINE], "V709", "BEG holds `20260230`, which is not in the calendar (AK403 8)"),
        (
            [*HEAD, "PO1*1*2.5*EA*1**VN*A"],
            "V709",
            "the quantity is 2.5: a line has whole units, 1 to 1,000,000 (AK403 6)",
        ),
        ([*HEAD, "PO1*1*-1*EA*1**VN*A"], "V709", "the quantity is -1: a line has whole units"),
        ([*HEAD, "PO1*1**EA*1**VN*A"], "V708", "PO1 holds no quantity (AK403 1)"),
        ([*HEAD, "PO1*1*1*EA*1.2.3**VN*A"], "V709", "the price is `1.2.3`, which is no number (AK403 6)"),
        ([*HEAD], "V707", "the order has no lines (AK304 3)"),
        (LINE, "V707", "the set has no BEG, which says the order's number (AK304 3)"),
        ([*HEAD, *LINE, "CTT*2"], "V704", "CTT01 counts 2 lines, and there are 1 (AK403 7)"),
        ([*HEAD, "CUR*BY*XQQ", *LINE], "V710", "`currency` cannot be `XQQ`"),
    ],
)
def test_content_that_cannot_be_read_is_refused_with_its_element(segments: list[str], code: str, said: str) -> None:
    found = told(x12(segments))

    assert found[0][0] == code
    assert said in found[0][1]
    assert "interchange 000000055, group 7, message 0001" in found[0][1]


def test_groups_of_other_kinds_are_counted_and_passed_over() -> None:
    text = (
        x12(["BIG*20260302*1"], kind="810", group="IN")
        + x12([*HEAD, *LINE])
        + x12(["AK1*PO*1"], kind="997", group="FA")
    )

    found = captured(text)

    assert [one.reason for one in found if isinstance(one, PassedOver)] == [
        "X12 810 (invoice) of BUYER: no order",
        "X12 997 (acknowledgement) of BUYER: no order",
    ]
    assert len([one for one in found if hasattr(one, "order")]) == 1


def test_a_real_order_of_chips_adds_up(shared: Path) -> None:
    found = order((shared / "data/edi/x12_850_004010_b.edi").read_bytes())

    assert found.totals.grand_total == Money.of("2554.38", "USD")
    assert [line.quantity for line in found.lines] == [16, 13, 32, 51, 9, 85, 1]
    assert found.lines[0].title == "CRUNCHY CHIPS LSS"
    assert found.shipping_address is not None
    assert (found.shipping_address.city, found.shipping_address.country_code) == ("ATHENS", "US")


def test_a_charge_on_a_line_is_a_fee_of_the_order() -> None:
    found = order(x12([*HEAD, "PO1*1*2*EA*10**VN*A", "SAC*C*G970***250", "SAC*A*C310***100"]))

    assert [(fee.type, fee.amount) for fee in found.fees] == [("G970", Money.of("2.50", "USD"))]
    assert found.totals.grand_total == Money.of("21.50", "USD")


def test_the_command_prints_orders_and_tells_what_it_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.edi"
    text = x12([*HEAD, *LINE]) + x12(["BCH*01*SA*4711***20260302"], kind="860", group="PC")
    file.write_text(text + x12(["BIG*20260302*1"], kind="810", group="IN"))

    code = invoke(["capture", str(file)])

    told = capsys.readouterr()
    assert (code, told.out.count("edi:BUYER:4711")) == (0, 2)
    assert "left out 1: X12 810 (invoice) of BUYER: no order" in told.err

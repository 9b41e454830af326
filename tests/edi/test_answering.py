"""What goes out to partners: acknowledgements, answers, ship notices, orders to warehouses; and their 945 back in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderloom import NodeError, Payload, World
from orderloom.model import Line, Money, Order, Package, Shipment, ShipmentLine
from orderloom.testing import make_world
from orderloom.world.numbers import Counter
from orderloom.world.shelf import Shelf
from orderloom_nodes.edi.answers import Partner
from orderloom_nodes.edi.interchanges import Loose, interchanges
from orderloom_nodes.receive_edi import receive_edi
from orderloom_nodes.write_edi import write_edi

from .making import HEAD, LINE, edifact, order, x12

ASKED = ["BEG*00*SA*4711**20260302", "N1*ST*Store 12*92*0012", "N3*8 Bay St", "N4*Portland*OR*97204",
         "PO1*1*5*EA*9.95**VN*MUG*BP*B1", "PID*F****Mug", "PO1*2*3*EA*4**VN*CUP", "PO1*3*2*EA*1**VN*LID"]  # fmt: skip


def written(message: str, world: World | None = None, **given: Any) -> tuple[Any, list[str]]:
    """What the node says, and the segments of the file that it wrote."""
    world = world or make_world({})
    said = write_edi(message=message, world=world, **given)
    papers: Any = world.connections["documents"]
    text = papers.papers[said.path].decode("utf-8" if "level" in given or message == "855" else "iso8859-1")
    return said, [line.rstrip("~'") for line in text.splitlines()]


def whole(text: bytes | str) -> None:
    """Holds that an interchange of ours is one that we would take."""
    for found in interchanges(text if isinstance(text, bytes) else text.encode()):
        assert not isinstance(found, Loose), found
        faults = [*found.faults, *(fault for group in found.groups for fault in group.faults)]
        faults += [fault for group in found.groups for message in group.messages for fault in message.faults]
        assert faults == []


def acknowledged(text: str) -> tuple[Any, list[str]]:
    [received] = [one for one in receive_edi(Payload(text.encode(), "in.edi")) if hasattr(one, "acknowledgement")]
    return written("acknowledgement", acknowledgement=received.acknowledgement)


def test_a_good_interchange_is_acknowledged_by_a_997() -> None:
    said, segments = acknowledged(x12([*HEAD, *LINE]))

    assert segments[0].startswith(
        "ISA*00*          *00*          *ZZ*SELLER         *ZZ*BUYER          *260302*1000*U*00401*"
    )
    assert segments[1:] == [
        "GS*FA*SELLER*BUYER*20260302*1000*1*X*004010", "ST*997*0001", "AK1*PO*7", "AK2*850*0001", "AK5*A",
        "AK9*A*1*1*1", "SE*6*0001", "GE*1*1", "IEA*1*000000001",
    ]  # fmt: skip
    assert said.control == "000000001"


def test_a_bad_element_stands_in_ak3_and_ak4_and_the_group_is_accepted_in_part() -> None:
    _, segments = acknowledged(x12(["BEG*00*SA*1**20261332", *LINE], [*HEAD, "PO1*1*2.5*EA*1**VN*A"], [*HEAD, *LINE]))

    assert segments[3:14] == [
        "AK1*PO*7", "AK2*850*0001", "AK3*BEG*2**8", "AK4*5**8*20261332", "AK5*R*5", "AK2*850*0002", "AK3*PO1*3**8",
        "AK4*2**6*2.5", "AK5*R*5", "AK2*850*0003", "AK5*A",
    ]  # fmt: skip
    assert segments[14] == "AK9*P*3*3*1"


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        ({"se_count": 9}, ["AK2*850*0001", "AK5*R*4", "AK9*R*1*1*0"]),
        ({"se_control": "0009"}, ["AK2*850*0001", "AK5*R*3", "AK9*R*1*1*0"]),
        ({"ge_count": 2}, ["AK2*850*0001", "AK5*R", "AK9*R*2*1*0*5"]),
        ({"ge_control": "8"}, ["AK2*850*0001", "AK5*R", "AK9*R*1*1*0*4"]),
        ({"kind": "810", "group": "IN"}, ["AK2*810*0001", "AK5*R*1", "AK9*R*1*1*0*1"]),
    ],
)
def test_a_broken_set_or_group_has_the_code_of_its_fault(told: dict[str, Any], rows: list[str]) -> None:
    _, segments = acknowledged(x12([*HEAD, *LINE], **told))

    assert segments[4:7] == rows


@pytest.mark.parametrize(
    ("told", "note"), [({"iea_count": 2}, "021"), ({"iea_control": "9"}, "001"), ({"version": "99999"}, "017")]
)
def test_a_broken_interchange_is_rejected_by_a_ta1_alone(told: dict[str, Any], note: str) -> None:
    _, segments = acknowledged(x12([*HEAD, *LINE], **told))

    assert segments[1:] == [f"TA1*000000055*260302*0930*R*{note}", "IEA*0*000000001"]


def test_nobody_acknowledges_an_acknowledgement(shared: Path) -> None:
    data = (shared / "data/edi/x12_997_multiple_interchanges.edi").read_bytes()

    [passed] = list(receive_edi(Payload(data, "in.edi")))

    assert (passed.count, passed.reason) == (3, "acknowledgements, which nobody acknowledges")


def test_edifact_is_acknowledged_by_contrl() -> None:
    lines = ["BGM+220+4711+9", "DTM+137:20260302:102", "LIN+1++MUG:SA", "QTY+21:5", "UNS+S"]

    _, good = acknowledged(edifact(lines))
    _, bad = acknowledged(edifact(lines, [line.replace("QTY+21:5", "QTY+21:1.5") for line in lines]))
    _, broken = acknowledged(edifact(lines, unz_count=5))

    assert good[1:] == [
        "UNB+UNOC:3+5013546107732:14+5400110000009:14+260302:1000+1", "UNH+1+CONTRL:D:3:UN",
        "UCI+77+5400110000009:14+5013546107732:14+7", "UCM+1+ORDERS:D:96A:UN+7", "UNT+4+1", "UNZ+1+1",
    ]  # fmt: skip
    assert bad[4:8] == ["UCM+1+ORDERS:D:96A:UN+7", "UCM+2+ORDERS:D:96A:UN+4", "UCS+5", "UCD+37+1:2"]
    assert broken[3] == "UCI+77+5400110000009:14+5013546107732:14+4+29"


def agreed(asked: Order) -> Order:
    """The first line whole, of the second fewer, nothing of the third."""
    one, two, three = asked.lines
    lines = (one, two.model_copy(update={"quantity_cancelled": 1}), three.model_copy(update={"quantity_cancelled": 2}))
    return asked.model_copy(update={"lines": lines})


def test_an_855_answers_line_by_line_against_what_was_asked() -> None:
    asked = order(x12(ASKED))

    said, segments = written("855", order=agreed(asked), asked=asked)

    assert segments[1:] == [
        "GS*PR*SELLER*BUYER*20260302*1000*1*X*004010", "ST*855*0001",
        "BAK*00*AC*4711*20260302****edi:BUYER:4711*20260302", "CUR*SE*USD", "N1*ST*Store 12*92*0012", "N3*8 Bay St",
        "N4*Portland*OR*97204*US", "PO1*1*5*EA*9.95**VN*MUG*BP*B1", "PID*F****Mug", "ACK*IA*5*EA",
        "PO1*2*3*EA*4.00**VN*CUP",
        "ACK*IQ*2*EA", "PO1*3*2*EA*1.00**VN*LID", "ACK*IR*2*EA", "CTT*3", "SE*15*0001", "GE*1*1", "IEA*1*000000001",
    ]  # fmt: skip
    assert (said.partner, said.altered) == ("BUYER", ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sku": "MUG-2", "external_refs": ()}, "IS"),
        ({"unit_price": Money.of("9.00", "USD")}, "IP"),
        ({"unit_price": Money.of("9.00", "USD"), "quantity_cancelled": 1}, "IC"),
        ({}, "IA"),
    ],
)
def test_each_kind_of_change_has_its_code(change: dict[str, Any], code: str) -> None:
    asked = order(x12(ASKED))
    first = asked.lines[0].model_copy(update=change)

    _, segments = written("855", order=asked.model_copy(update={"lines": (first, *asked.lines[1:])}), asked=asked)

    [ack] = [row for row in segments if row.startswith("ACK")][:1]
    assert ack.startswith(f"ACK*{code}*")
    assert ("VN*MUG-2" in ack) == (code == "IS")


def test_an_order_that_is_rejected_whole_says_so() -> None:
    asked = order(x12(ASKED))
    none = [line.model_copy(update={"quantity_cancelled": line.quantity}) for line in asked.lines]

    _, segments = written("855", order=asked.model_copy(update={"lines": tuple(none)}), asked=asked)

    assert segments[3].startswith("BAK*00*RD*4711")


def parcel(asked: Order) -> Shipment:
    one, two = (ShipmentLine(line_id=line.line_id, sku=line.sku, quantity=line.quantity) for line in asked.lines[:2])
    box = Package(package_id="p1", sscc="340123450000000018", tracking_number="1Z999", lines=(one,))
    other = Package(package_id="p2", sscc="340123450000000025", lines=(two.model_copy(update={"quantity": 2}),))
    return Shipment(
        shipment_id=f"{asked.order_id}/s1", order_id=asked.order_id, location_id="reno", lines=(one, two),
        packages=(box, other), ship_to=asked.shipping_address,
    )  # fmt: skip


def test_an_856_holds_shipment_order_packages_and_items_with_their_sscc() -> None:
    asked = order(x12(ASKED))

    _, segments = written("856", order=asked, shipments=(parcel(asked),))

    assert [row for row in segments if row.startswith(("BSN", "HL", "MAN", "PRF", "LIN", "SN1", "CTT"))] == [
        "BSN*00*edi:BUYER:4711/s1*20260302*1000*0001", "HL*1**S", "HL*2*1*O", "PRF*4711***20260302",
        "HL*3*2*P", "MAN*GM*00340123450000000018", "MAN*CP*1Z999", "HL*4*3*I", "LIN*1*VN*MUG*BP*B1", "SN1**5*EA**5*EA",
        "HL*5*2*P", "MAN*GM*00340123450000000025", "HL*6*5*I", "LIN*2*VN*CUP", "SN1**2*EA**3*EA",
        "HL*7*2*I", "LIN*2*VN*CUP", "SN1**1*EA**3*EA", "CTT*7*8",
    ]  # fmt: skip


def test_a_940_asks_a_warehouse_and_its_945_says_what_was_picked_short() -> None:
    asked = order(x12(ASKED))
    said, segments = written(
        "940", order=asked, shipments=(parcel(asked),), us=Partner(id="US"), partner=Partner(id="WAREHOUSE")
    )

    assert [row for row in segments if row.startswith(("W", "LX", "N9"))] == [
        "W05*N*edi:BUYER:4711/s1*4711", "N9*CO*edi:BUYER:4711", "LX*1", "W01*5*EA**VN*MUG*BP*B1", "N9*LI*1", "LX*2",
        "W01*3*EA**VN*CUP", "N9*LI*2", "W76*8",
    ]  # fmt: skip
    advice = [
        f"W06*F*{said.references[0]}*20260303",
        "LX*1",
        "W12*CC*5*5**EA**VN*MUG",
        "MAN*GM*00340123450000000018",
        "LX*2",
        "W12*BP*3*1*2*EA**VN*CUP",
        "W03*6",
    ]
    text = x12(advice, kind="945", group="SW", sender="WAREHOUSE", receiver="US")

    [received] = list(receive_edi(Payload(text.encode(), "945.edi"), document="shipping-advice"))

    assert received.advice.order_number == "edi:BUYER:4711/s1"
    assert [(line.sku, line.shipped, line.short) for line in received.advice.lines] == [("MUG", 5, 0), ("CUP", 1, 2)]
    assert [line.sku for line in received.advice.short] == ["CUP"]
    assert received.advice.lines[0].sscc == ("340123450000000018",)


def test_a_945_of_other_people_is_read(shared: Path) -> None:
    bare = (shared / "data/edi/x12_945_shipping_advice.edi").read_text()
    head, tail = x12(["X"], kind="945", group="SW").split("ST*945*0001~\nX~\nSE*3*0001~\n")

    payload = Payload((head + bare + tail).encode(), "945.edi")
    [refused] = list(receive_edi(payload, document="shipping-advice"))
    [received] = list(receive_edi(payload, document="shipping-advice", envelope="lenient"))

    assert refused.problems[0].message.startswith("SE01 counts `32` segments, and there are 29")
    assert (received.advice.shipped, received.advice.complete, received.advice.carrier) == (240, True, "TRUK")
    assert received.advice.lines[1].sscc == ("100752782101847620",)
    assert received.advice.lines[0].gtin == "10071179016458"


def test_an_ordrsp_and_a_desadv_answer_in_edifact() -> None:
    lines = ["BGM+220+4711+9", "DTM+137:20260302:102", "NAD+DP+5400110000016::9++O'Neil & Co+Main St+Gent++9000+BE",
             "LIN+1++5400111864181:SRV", "PIA+5+MUG:SA", "QTY+21:5:PCE", "PRI+AAA:9.95",
             "LIN+2", "PIA+5+CUP:SA", "QTY+21:3:PCE", "PRI+AAA:4", "UNS+S"]  # fmt: skip
    asked = order(edifact([line.replace("O'Neil", "O?'Neil") for line in lines]))
    less = asked.lines[1].model_copy(update={"quantity_cancelled": 3})

    _, answer = written("ordrsp", order=asked.model_copy(update={"lines": (asked.lines[0], less)}), asked=asked)
    _, advice = written("desadv", order=asked, shipments=(parcel(asked),))

    assert [row for row in answer if row.startswith(("UNH", "BGM", "RFF", "LIN", "QTY", "CNT"))] == [
        "UNH+1+ORDRSP:D:96A:UN", "BGM+231+edi?:5400110000009?:4711+4", "RFF+ON:4711", "LIN+1+5+5400111864181:SRV",
        "QTY+21:5:PCE", "QTY+113:5:PCE", "LIN+2+7", "QTY+21:3:PCE", "QTY+113:0:PCE", "CNT+2:2",
    ]  # fmt: skip
    assert "NAD+DP+5400110000016::9++O?'Neil & Co+Main St+Gent++9000+BE" in answer
    assert [row for row in advice if row.startswith(("UNH", "CPS", "PAC", "GIN", "LIN", "QTY"))] == [
        "UNH+1+DESADV:D:96A:UN", "CPS+1", "PAC+2++CT", "LIN+1", "QTY+12:1:PCE", "CPS+2+1", "PAC+1++CT",
        "GIN+BJ+340123450000000018", "LIN+2++5400111864181:SRV", "QTY+12:5:PCE", "CPS+3+1", "PAC+1++CT",
        "GIN+BJ+340123450000000025", "LIN+3", "QTY+12:2:PCE",
    ]  # fmt: skip


@pytest.mark.parametrize("message", ["855", "856", "940", "ordrsp", "desadv"])
def test_whatever_we_write_is_an_interchange_that_we_would_take(message: str) -> None:
    asked = order(x12(ASKED))
    world = make_world({})

    said = write_edi(message=message, world=world, order=asked, shipments=(parcel(asked), parcel(asked)))

    papers: Any = world.connections["documents"]
    whole(papers.papers[said.path])


def test_the_same_call_again_has_the_same_number_and_the_next_one_the_next() -> None:
    asked = order(x12(ASKED))
    world = make_world({"key": "run-1/answer"})
    later = World(make_world({"now": "2026-03-05T10:00:00Z"}).clock, world.connections, key="run-1/answer")
    other = World(world.clock, world.connections, key="run-2/answer")

    first, before = written("855", world, order=asked)
    again, after = written("855", later, order=asked)
    following, _ = written("855", other, order=asked)

    assert (first.control, again.control, following.control) == ("000000001", "000000001", "000000002")
    assert before == after


def test_numbers_are_kept_across_processes(tmp_path: Path) -> None:
    now = make_world({}).now()
    taken = [
        Counter(Shelf(tmp_path / "world.sqlite")).take("x12 US to BUYER", key, now) for key in ("a", "b", "a", "c")
    ]

    assert [one.number for one in taken] == [1, 2, 1, 3]


def test_a_separator_in_data_is_replaced_in_x12_and_told() -> None:
    asked = order(x12(ASKED))
    line = asked.lines[0].model_copy(update={"title": "Mug *blue* ~ café\x07"})

    said, segments = written("855", order=asked.model_copy(update={"lines": (line, *asked.lines[1:])}))

    assert "PID*F****Mug  blue    café" in segments
    assert said.altered == (
        "`*` in `Mug *blue* ~ café\x07` became a blank: it is a separator, and X12 cannot release it",
        "`~` in `Mug *blue* ~ café\x07` became a blank: it is a separator, and X12 cannot release it",
        "a control character in `Mug *blue* ~ café\x07` was left out",
    )


def test_a_letter_that_the_syntax_level_does_not_have_is_told() -> None:
    asked = order(x12(ASKED))
    line: Line = asked.lines[0].model_copy(update={"title": "Łódź"})
    sides = {"partner": Partner(id="1"), "us": Partner(id="2")}

    said, _ = written("ordrsp", order=asked.model_copy(update={"lines": (line,)}), **sides)
    whole_letters, _ = written("ordrsp", order=asked.model_copy(update={"lines": (line,)}), level="UNOY", **sides)

    assert said.altered[0] == "`Ł` in `Łódź` became `?`: iso8859-1 does not have it"
    assert whole_letters.altered == ()


def test_where_nothing_says_to_whom_it_goes_the_step_says_what_to_name() -> None:
    asked = order(x12(ASKED)).model_copy(update={"metadata": {}})

    with pytest.raises(
        NodeError, match=r"nothing says to whom the 855 goes: name `partner: \{id: …\}` and `us: \{id: …\}`"
    ):
        written("855", order=asked)

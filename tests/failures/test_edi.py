"""Rows 3 and 13 of the failures that a system of orders must stand: EDI that is odd or broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.edi.making import HEAD, LINE, captured, edifact, order, told, x12

GOOD = x12(["BEG*00*SA*GOOD**20260302", *LINE], control="56")


def numbers(text: str | bytes, **settings: object) -> list[str]:
    return [found.order.order_number for found in captured(text, **settings) if hasattr(found, "order")]


def test_a_byte_order_mark_in_front_of_edi_is_left_out_and_noted() -> None:
    """Row 3."""
    found = order(b"\xef\xbb\xbf" + x12(["BEG*00*SA*4711**20260302", "N1*ST*Café", *LINE]).encode())

    assert found.order_id == "edi:BUYER:4711"
    assert found.shipping_address is not None
    assert found.shipping_address.company == "Café"
    assert found.metadata["edi"]["notes"] == ["the file begins with a byte order mark and was read as UTF-8"]


BROKEN = {
    "a wrong count of segments": (
        x12([*HEAD, *LINE], se_count=9),
        "SE01 counts `9` segments, and there are 4 (AK502 4)",
    ),
    "a set's control number": (
        x12([*HEAD, *LINE], se_control="0009"),
        "SE02 is `0009`, and the header's control number is `0001` (AK502 3)",
    ),
    "a wrong count of sets": (x12([*HEAD, *LINE], ge_count=2), "GE01 counts `2` sets, and there are 1 (AK905 5)"),
    "a group's control number": (
        x12([*HEAD, *LINE], ge_control="8"),
        "GE02 is `8`, and the header's control number is `7` (AK905 4)",
    ),
    "a wrong count of groups": (
        x12([*HEAD, *LINE], iea_count=3),
        "IEA01 counts `3` groups, and there are 1 (TA1 note 021)",
    ),
    "an interchange's control number": (
        x12([*HEAD, *LINE], iea_control="000000099"),
        "IEA02 is `000000099`, and the header's control number is `000000055` (TA1 note 001)",
    ),
    "no SE": (x12([*HEAD, *LINE]).replace("SE*4*0001~\n", ""), "set 0001 ends without its trailer SE (AK502 2)"),
    "no GE": (x12([*HEAD, *LINE]).replace("GE*1*7~\n", ""), "group 7 ends without its trailer GE (AK905 3)"),
    "no IEA": (
        x12([*HEAD, *LINE]).replace("IEA*1*000000055~\n", ""),
        "the interchange ends without its trailer IEA*…*000000055 (TA1 note 023)",
    ),
    "no GS": (
        x12([*HEAD, *LINE]).replace("GS*PO", "XX*PO"),
        "`XX` stands outside of a functional group (TA1 note 024)",
    ),
    "an unknown version": (
        x12([*HEAD, *LINE], version="99999"),
        "ISA12 says version `99999`, which is none of X12's (TA1 note 017)",
    ),
    "a group's unknown version": (
        x12([*HEAD, *LINE], gs_version="4010"),
        "GS08 says version `4010`, which is none of X12's (AK905 2)",
    ),
    "an invoice in a group of orders": (
        x12([*HEAD, *LINE], group="IN"),
        "a set 850 stands in a group of kind `IN`, and belongs into `PO` (AK502 1)",
    ),
    "a separator that means two things": (
        x12([*HEAD, *LINE]).replace("*P*>", "*P**"),
        "the element separator cannot be `*` (TA1 note 026)",
    ),
    "a header that breaks off": (GOOD[:60], "the file ends within ISA (TA1 note 023)"),
}


@pytest.mark.parametrize(("text", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_x12_interchange_is_refused_with_the_standards_reason_and_the_others_run(text: str, said: str) -> None:
    """Row 13."""
    found = captured(GOOD.replace("*GOOD*", "*FIRST*") + text + GOOD)

    assert [one.order.order_number for one in found if hasattr(one, "order")] == ["FIRST", "GOOD"]
    [refused] = [one for one in found if hasattr(one, "problems")]
    assert said in refused.problems[0].message
    assert refused.document.startswith(("ISA", "ST")), "the quarantine keeps what it was"
    assert refused.problems[0].place.line > 8


def test_x12_without_its_header_is_told_and_the_interchange_behind_it_runs() -> None:
    """Row 13."""
    found = captured("ST*850*0001~\nBEG*00*SA*LOST**20260302~\nSE*3*0001~\n" + GOOD)

    assert [one.order.order_number for one in found if hasattr(one, "order")] == ["GOOD"]
    [lost] = [one for one in found if hasattr(one, "problems")]
    assert (lost.problems[0].code, lost.problems[0].place.line) == ("V700", 1)
    assert "X12 without its ISA: `ST*850*0001~" in lost.problems[0].message
    assert lost.problems[0].help == "nobody can tell whose it is: let the partner send it with its envelope"


def test_odd_separators_are_taken_and_not_refused() -> None:
    """Row 13."""
    odd = x12([*HEAD, *LINE]).replace("*", "|").replace("~\n", "\n").replace(">", "\\")

    assert numbers(odd) == ["4711"]
    assert order(odd) == order(x12([*HEAD, *LINE]))
    assert told(odd) == []


def test_of_several_sets_in_a_group_only_the_broken_one_is_refused() -> None:
    """Row 13."""
    text = x12(["BEG*00*SA*1**20260302", *LINE], ["BEG*00*SA*2**20261332", *LINE], ["BEG*00*SA*3**20260302", *LINE])

    assert numbers(text) == ["1", "3"]
    [(code, said)] = told(text)
    assert code == "V709"
    assert said == (
        "BEG holds `20261332`, which is not in the calendar (AK403 8); interchange 000000055, group 7, message 0002, "
        "segment 2 (BEG), element 5"
    )


def test_a_broken_edifact_message_is_refused_with_the_code_of_contrl() -> None:
    """Row 13, for EDIFACT."""
    lines = ["BGM+220+4711+9", "DTM+137:20260302:102", "LIN+1++MUG:SA", "QTY+21:5", "UNS+S"]
    good = edifact(lines).replace("4711", "GOOD")

    for broken, said in (
        (edifact(lines, unt_count=3), "UNT counts `3` segments, and there are 7 (CONTRL error 29)"),
        (edifact(lines, unz_count=4), "UNZ counts `4` groups or messages, and there are 1 (CONTRL error 29)"),
        (edifact(lines, unz_control="1"), "UNZ refers to `1`, and the header's reference is `77` (CONTRL error 28)"),
        (edifact(lines, level="UNXX:3"), "the syntax level `UNXX` is none that is known (CONTRL error 2)"),
        (
            edifact(lines, kind="ORDERS:X:1:ZZ"),
            "UNH says version `X:1:ZZ`, which is no directory of EDIFACT (CONTRL error 12)",
        ),
        (
            edifact(lines).replace("UNZ+1+77'", ""),
            "the interchange ends without its trailer UNZ+…+77 (CONTRL error 13)",
        ),
    ):
        assert numbers(broken + good) == ["GOOD"]
        assert said in told(broken + good)[0][1]


def test_where_counts_may_be_wrong_the_order_is_taken_and_they_are_noted() -> None:
    """Row 13: partners that never count right."""
    text = x12([*HEAD, *LINE], se_count=9, iea_control="000000001")

    assert numbers(text) == []
    [refused] = captured(text)
    assert refused.problems[0].help == (
        "let the partner send the whole interchange again; "
        "from one that never counts right `envelope: lenient` takes it"
    )
    assert numbers(text, envelope="lenient") == ["4711"]
    assert order(text, envelope="lenient").metadata["edi"]["notes"] == [
        "IEA02 is `000000001`, and the header's control number is `000000055`",
        "SE01 counts `9` segments, and there are 4",
    ]


def test_the_shared_files_are_read_or_refused_as_they_are(shared: Path) -> None:
    """Rows 3 and 13, with files of other people: two of three purchase orders have a wrong IEA02."""
    found = {file.name: captured(file.read_bytes(), file.name) for file in sorted((shared / "data" / "edi").iterdir())}

    taken = {name: [one.order.order_number for one in many if hasattr(one, "order")] for name, many in found.items()}
    refused = {name: [p.code for one in many for p in getattr(one, "problems", ())] for name, many in found.items()}
    others = {name: sum(getattr(one, "count", 0) for one in many) for name, many in found.items()}
    assert {name: orders for name, orders in taken.items() if orders} == {
        "tradacoms_order9.edi": ["981", "982"],
        "x12_850_004010_b.edi": ["A99999-01"],
    }
    assert {name: codes[:1] for name, codes in refused.items() if codes} == {
        "edifact_orders_with_group.edi": ["V704"],
        "edifact_ordrsp.edi": ["V703"],
        "x12_850_004010_with_bom.edi": ["V703"],
        "x12_850a_multi.edi": ["V703"],
        "x12_856_asn_walmart.txt": ["V703"],
        "x12_940_warehouse_order.edi": ["V703"],
        "x12_945_shipping_advice.edi": ["V700"],
        "x12_wrong_gs.txt": ["V706"],
    }
    assert {name: count for name, count in others.items() if count} == {
        "x12_214_shipment_status.edi": 1,
        "x12_810a.edi": 1,
        "x12_997_multiple_interchanges.edi": 3,
    }

"""What always holds of EDI: orders that are written come back the same, and no file that is cut breaks anything."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orderloom import PassedOver, Revising, Unreadable
from orderloom_nodes.edi.writing import Row, edifact_writer, x12_writer
from tests.searching import search

from .making import captured, edifact, order, x12

TEXT = st.text(
    st.characters(codec="iso8859-1", exclude_categories=["C", "Z"], exclude_characters="*~>^"), min_size=1, max_size=20
)
LINES = st.lists(st.tuples(TEXT, TEXT, st.integers(1, 1_000_000), st.integers(0, 10**9)), min_size=1, max_size=8)


def price(cents: int) -> str:
    return str(Decimal(cents) / 100)


def x12_order(lines: list[tuple[str, str, int, int]]) -> str:
    rows: list[Row] = [("BEG", "00", "SA", "4711", "", "20260302")]
    for place, (sku, title, units, cents) in enumerate(lines, 1):
        rows += [("PO1", place, units, "EA", price(cents), "", "VN", sku), ("PID", "F", "", "", "", title)]
    rows.append(("CTT", len(lines)))
    return x12([x12_writer().segment(row)[:-1] for row in rows])


def edifact_order(lines: list[tuple[str, str, int, int]]) -> str:
    writer = edifact_writer("UNOY")
    rows: list[Row] = [("BGM", "220", "4711", "9"), ("DTM", ("137", "20260302", "102")), ("CUX", ("2", "USD", "9"))]
    for place, (sku, title, units, cents) in enumerate(lines, 1):
        rows += [
            ("LIN", place),
            ("PIA", "5", (sku, "SA")),
            ("IMD", "F", "", ("", "", "", title)),
            ("QTY", ("21", units)),
        ]
        rows.append(("PRI", ("AAA", price(cents))))
    rows += [("UNS", "S"), ("CNT", ("2", len(lines)))]
    return edifact([writer.segment(row)[:-1] for row in rows], level="UNOY:4")


@search(200)
@given(LINES)
def test_an_order_that_is_written_comes_back_with_the_same_lines_in_both_standards(
    lines: list[tuple[str, str, int, int]],
) -> None:
    for text in (x12_order(lines), edifact_order(lines)):
        found = order(text)

        read = [(line.sku, line.title, line.quantity, line.unit_price.amount) for line in found.lines]
        assert read == [(sku, title, units, Decimal(price(cents))) for sku, title, units, cents in lines]
        assert found.totals.subtotal is not None
        assert found.totals.subtotal.amount == sum(Decimal(price(cents)) * units for _, _, units, cents in lines)


WHOLE = x12_order([("MUG", "Mug", 5, 995), ("CUP", "Cup", 2, 100)]) + edifact_order([("MUG", "Mug?'s", 5, 995)])


@search(400)
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text(max_size=5))
def test_a_file_that_is_cut_anywhere_gives_orders_or_declared_refusals(at: int, gone: int, put: str) -> None:
    text = WHOLE[:at] + put + WHOLE[at + gone :]

    for found in captured(text):
        if isinstance(found, Unreadable):
            assert found.problems
            assert all(problem.code.startswith("V7") for problem in found.problems), found.problems
        else:
            assert isinstance(found, (Revising, PassedOver)) or found.order.lines

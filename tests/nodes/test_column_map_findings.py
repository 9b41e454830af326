"""What is wrong with a column map: every kind of finding, with its code and its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom import Payload, Place, Problem, ProblemsError, Unreadable
from orderloom_nodes.capture import capture
from orderloom_nodes.capture.formats.csv_rows import ColumnMap

GOOD = """columns: day
one_order: =row.Order
order: {ordered_at: "2026-03-02T10:00:00Z", currency: EUR}
line: {sku: =row.Article, quantity: =row.Pieces, unit_price: =row.Price}
"""
HEADER = "Order,Article,Pieces,Price\n"
HERE = Place("flows/day.yaml", 7, 20)


def loaded(folder: Path, text: str) -> ColumnMap:
    (folder / "day.columns.yaml").write_text(text, encoding="utf-8")
    return ColumnMap.load_setting("day.columns.yaml", HERE, [folder])


def findings(folder: Path, text: str) -> list[Problem]:
    try:
        loaded(folder, text)
    except ProblemsError as error:
        return list(error.problems)
    return []


def test_a_right_map_has_no_finding(tmp_path: Path) -> None:
    more = 'separator: ";"\nencoding: cp1252\nnumbers: {decimal: ",", thousands: "."}\nstop_at: 5%\n'

    assert findings(tmp_path, GOOD + more + "dates: {format: '%d.%m.%Y', zone: Europe/Berlin}\n") == []


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("- a\n", 1, 1, "a column map is a file of keys"),
        (GOOD + "seperator: x\n", 5, 1, "a column map has no `seperator`"),
        (GOOD.replace("one_order: =row.Order\n", ""), 1, 1, "a column map needs `one_order`"),
        (GOOD.replace("one_order: =row.Order", "one_order: [a]"), 2, 12, "a column map needs `one_order`"),
        (GOOD.replace("unit_price: =row.Price", "price: =row.Price"), 4, 1, "`line` needs `unit_price`"),
        (GOOD.replace("currency: EUR", "curency: EUR"), 3, 45, "an order has no field `curency`"),
        (GOOD.replace("{sku:", "{titel: x, sku:"), 4, 8, "a line has no field `titel`"),
        (GOOD + "dates: {zone: Europe/Berln}\n", 5, 15, "`Europe/Berln` is no time zone"),
        (GOOD + "dates: {zone: 5}\n", 5, 15, "`zone` is a text"),
        (GOOD + "dates: today\n", 5, 8, "`dates` is a mapping"),
        (GOOD + "dates: {fromat: '%Y'}\n", 5, 9, "`dates` has no `fromat`"),
        (GOOD + "numbers: 5\n", 5, 10, "`numbers` is a mapping"),
        (GOOD + "numbers: {decimal: 5}\n", 5, 20, "`decimal` is a text"),
        (GOOD + 'numbers: {decimal: ""}\n', 5, 20, "`decimal` is one sign"),
        (GOOD + 'numbers: {decimal: ",", thousands: ","}\n', 5, 36, "`,` cannot stand before decimals and between"),
        (GOOD + 'numbers: {thousands: "."}\n', 5, 22, "`.` cannot stand before decimals and between"),
        (GOOD + 'separator: "||"\n', 5, 12, "`separator` is one sign"),
        (GOOD + "separator: 5\n", 5, 12, "`separator` is a text"),
        (GOOD + "encoding: latin-eins\n", 5, 11, "no encoding is named `latin-eins`"),
        (GOOD + "encoding: rot13\n", 5, 11, "no encoding is named `rot13`"),
        (GOOD + "stop_at: some\n", 5, 10, "`stop_at` is a share of the file's rows"),
    ],
)
def test_a_map_of_another_shape_is_m003_where_it_differs(
    tmp_path: Path, text: str, line: int, column: int, words: str
) -> None:
    [found] = findings(tmp_path, text)

    assert (found.code, found.place.line, found.place.column) == ("M003", line, column)
    assert words in found.message


def test_a_formula_that_cannot_be_read_is_m001(tmp_path: Path) -> None:
    [found] = findings(tmp_path, GOOD.replace("=row.Article", '"=row.Article +"'))

    assert (found.code, found.place.line) == ("M001", 4)


def test_a_formula_that_reads_more_than_the_row_is_m002(tmp_path: Path) -> None:
    [found] = findings(tmp_path, GOOD.replace("=row.Article", "=line.Article"))

    assert (found.code, found.place.line, found.place.column) == ("M002", 4, 13)
    assert "nothing is named `line` here" in found.message


def test_a_map_that_is_not_there_is_m005_where_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as refused:
        ColumnMap.load_setting("none.columns.yaml", HERE, [tmp_path])

    assert [(found.code, found.place) for found in refused.value.problems] == [("M005", HERE)]


def test_a_column_that_the_file_does_not_have_is_m006_at_its_formula_with_the_nearest(tmp_path: Path) -> None:
    columns = loaded(tmp_path, GOOD)
    payload = Payload((HEADER.replace("Article", "Artikel") + "1,MUG,2,1.50\n").encode(), "day.csv")

    [found] = capture(payload=payload, columns=columns)

    assert isinstance(found, Unreadable)
    assert [(p.code, p.place.line, p.place.column, p.help) for p in found.problems] == [
        ("M006", 4, 13, "did you mean `Artikel`?")
    ]


def test_a_table_without_the_word_keep_is_m003_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.table.yaml").write_text(
        "table: rows\nhit: first\ninputs: {pieces: {is: line.quantity, type: number}}\n"
        "outputs: {outcome: {type: text, values: [good, bad]}}\n"
        'rows: [{id: a, pieces: "> 0", outcome: good}, {id: b, outcome: bad}]\n'
    )

    found = findings(tmp_path, GOOD + "rules: rows.table.yaml\n")

    assert [(p.code, p.place.line, p.place.column) for p in found] == [("M003", 5, 8)]
    assert "with the word `keep`" in found[0].message

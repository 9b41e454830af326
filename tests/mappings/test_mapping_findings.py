"""What is wrong with a mapping file: every kind of finding, with its code, its place and a mend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderloom.mappings.mapping import FieldMapping, read_mapping
from orderloom.problems import Place, Problem, ProblemsError
from orderloom.project import shipped

HEAD = "mapping: erp\nfrom: {order: Order}\n"


def findings(folder: Path, text: str) -> list[Problem]:
    """What is said of a mapping file that has this text; nothing where it is right."""
    file = folder / "erp.map.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        read_mapping(file)
    except ProblemsError as error:
        return list(error.problems)
    return []


def at(problem: Problem) -> tuple[str, int, int]:
    return (problem.code, problem.place.line, problem.place.column)


def made(folder: Path, text: str, **documents: Any) -> Any:
    file = folder / "erp.map.yaml"
    file.write_text(text, encoding="utf-8")
    return read_mapping(file).apply(documents)


def test_a_formula_that_cannot_be_read_is_m001_where_it_stands(tmp_path: Path) -> None:
    [found] = findings(tmp_path, HEAD + "fields:\n  number: =order.order_number +\n")

    assert at(found) == ("M001", 4, 11)
    assert found.message.startswith("`number`: ")


def test_a_formula_that_reads_an_unknown_name_is_m002_with_the_nearest(tmp_path: Path) -> None:
    [found] = findings(tmp_path, HEAD + "fields: {number: =ordr.order_number}\n")

    assert at(found) == ("M002", 3, 18)
    assert (found.message, found.help) == ("`number`: nothing is named `ordr` here", "did you mean `order`?")


def test_a_field_that_an_order_does_not_have_is_m002_with_the_nearest(tmp_path: Path) -> None:
    [found] = findings(tmp_path, HEAD + "fields: {number: =order.order_nmber}\n")

    assert at(found)[:2] == ("M002", 3)
    assert "order_number" in (found.help or "")


def test_a_field_of_an_item_that_a_line_does_not_have_is_m002_at_its_own_formula(tmp_path: Path) -> None:
    text = HEAD + "fields:\n  lines:\n    for_each: =order.lines\n    fields:\n      code: =item.skuu\n"

    [found] = findings(tmp_path, text)

    assert at(found) == ("M002", 7, 13)
    assert found.message.startswith("`lines[].code`: ")


def test_an_item_is_known_inside_of_its_round_alone(tmp_path: Path) -> None:
    [found] = findings(tmp_path, HEAD + "fields: {code: =item.sku}\n")

    assert (found.code, found.message) == ("M002", "`code`: nothing is named `item` here")


def test_the_items_of_a_literal_list_are_not_taken_for_those_of_another_formula(tmp_path: Path) -> None:
    text = HEAD + "fields:\n  all: =order.lines\n  doubled: {for_each: [1, 2], fields: {n: =item + item}}\n"

    assert findings(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("- a\n", 1, 1, "a mapping is a file of keys"),
        (HEAD + "feilds: {a: 1}\nfields: {a: 1}\n", 3, 1, "a mapping has no `feilds`"),
        ("from: {order: Order}\n", 1, 1, "`fields` is missing"),
        ("fields: {a: 1}\n", 1, 1, "`from` is missing"),
        (HEAD + "fields: [a]\n", 3, 9, "`fields` is missing, or no mapping"),
        (HEAD + "fields: {}\n", 3, 9, "`fields` is missing, or no mapping"),
        ("from: {order: Ordr}\nfields: {a: 1}\n", 1, 15, "`order` cannot be a `Ordr`"),
        ("from: {order: [Order]}\nfields: {a: 1}\n", 1, 15, "`order` cannot be a"),
        (HEAD + "fields: {lines: {for_each: =order.lines, feilds: {a: 1}}}\n", 3, 42, "`for_each` goes with `fields`"),
        (HEAD + "fields: {lines: {for_each: =order.lines}}\n", 3, 18, "`for_each` goes with `fields`"),
        (HEAD + "fields: {a: 1}\ncases: all\n", 4, 8, "`cases` is a list"),
        (HEAD + "fields: {a: 1}\ncases: [{given: {}}]\n", 4, 9, "a case has documents as `given`, and `then`"),
        (HEAD + "fields: {a: 1}\ncases: [{given: all, then: {}}]\n", 4, 9, "a case has documents as `given`"),
        (HEAD + "fields: {a: 1}\ncases: [all]\n", 4, 9, "a case has documents as `given`, and `then`"),
    ],
)
def test_a_file_of_another_shape_is_m003_where_it_differs(
    tmp_path: Path, text: str, line: int, column: int, words: str
) -> None:
    [found] = findings(tmp_path, text)

    assert at(found) == ("M003", line, column)
    assert words in found.message


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        (HEAD + "feilds: {a: 1}\nfields: {a: 1}\n", "did you mean `fields`?"),
        ("from: {order: Ordr}\nfields: {a: 1}\n", "did you mean `Order`?"),
        (HEAD + "fields: {lines: {for_each: =order.lines, feilds: {a: 1}}}\n", "did you mean `fields`?"),
    ],
)
def test_a_misspelt_key_is_answered_with_the_nearest(tmp_path: Path, text: str, mend: str) -> None:
    assert [found.help for found in findings(tmp_path, text)] == [mend]


def test_a_case_that_does_not_come_true_is_m004_at_the_field_that_it_says(tmp_path: Path) -> None:
    case = 'cases:\n  - given: {o: {number: "1042"}}\n    then: {a: "1043", b: x}\n'

    [found] = findings(tmp_path, "from: {o: any}\nfields: {a: =o.number, b: x}\n" + case)

    assert at(found) == ("M004", 5, 15)
    assert found.message == "the case gives `1042` for `a`, not `1043`"


def test_a_field_that_the_mapping_does_not_make_is_m004(tmp_path: Path) -> None:
    [found] = findings(tmp_path, HEAD + "fields: {a: x}\ncases: [{given: {}, then: {b: x}}]\n")

    assert found.message == "the case gives nothing for `b`, not `x`"


def test_a_document_of_a_case_that_is_no_order_is_m004_at_the_document(tmp_path: Path) -> None:
    text = HEAD + "fields: {a: x}\ncases: [{given: {order: {order_id: 5}}, then: {a: x}}]\n"

    [found] = findings(tmp_path, text)

    assert at(found) == ("M004", 4, 17)
    assert found.message.startswith("the case's document is none of ours: `")


def test_a_mapping_that_makes_a_list_has_cases_that_are_lists(tmp_path: Path) -> None:
    text = "from: {o: any}\nfields: {for_each: =o, fields: {n: =item}}\ncases: [{given: {o: [1, 2]}, then: %s}]\n"

    assert findings(tmp_path, text % "[{n: 1}, {n: 2}]") == []
    [found] = findings(tmp_path, text % "[{n: 1}]")
    assert at(found) == ("M004", 3, 36)


def test_a_case_says_moments_parts_and_sums_as_the_result_is_written(tmp_path: Path) -> None:
    earlier = json.loads((shipped() / "orders" / "1042.json").read_text(encoding="utf-8"))["order"]
    fields = "{at: =order.ordered_at, to: =order.shipping_address, sum: =order.totals.grand_total.amount, tenth: =0.1}"
    wanted = '{at: "2026-03-02T16:31:04Z", to: {city: Portland}, sum: 133.95, tenth: 0.1}'
    cases = f"cases:\n  - given: {{order: {json.dumps(earlier)}}}\n    then: {wanted}\n"

    assert findings(tmp_path, f"{HEAD}fields: {fields}\n{cases}") == []


def test_a_truth_value_is_not_taken_for_a_number(tmp_path: Path) -> None:
    [found] = findings(tmp_path, "from: {o: any}\nfields: {a: =o}\ncases: [{given: {o: true}, then: {a: 1}}]\n")

    assert found.code == "M004"


def test_a_mapping_file_that_is_not_there_is_m005_where_it_is_named(tmp_path: Path) -> None:
    place = Place("flows/day.yaml", 7, 20)

    with pytest.raises(ProblemsError) as refused:
        FieldMapping.load_setting("mappings/none.map.yaml", place, [tmp_path])

    [found] = refused.value.problems
    assert (found.code, found.place) == ("M005", place)
    assert "`mappings/none.map.yaml`" in found.message


def test_every_finding_of_a_file_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = HEAD + "fields:\n  a: =order.order_number +\n  b: =ordr\n  c: {for_each: =order.lines}\n"

    assert [at(found) for found in findings(tmp_path, text)] == [("M001", 4, 6), ("M002", 5, 6), ("M003", 6, 7)]


def test_nothing_and_a_single_thing_are_gone_through_like_lists(tmp_path: Path) -> None:
    text = "from: {o: any}\nfields: {n: {for_each: =o, fields: {v: =item}}}\n"

    assert made(tmp_path, text, o=None) == {"n": []}
    assert made(tmp_path, text, o=5) == {"n": [{"v": 5}]}


def test_a_document_that_the_mapping_does_not_name_cannot_be_read(tmp_path: Path) -> None:
    assert made(tmp_path, "from: {o: any}\nfields: {n: =o}\n", o=1, other=2) == {"n": 1}

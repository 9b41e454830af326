"""What a proof says, by example: each kind of finding, of column, and what it leaves open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from orderloom.rules.prove import Finding, Past, Proof, prove
from orderloom.rules.prove.drawing import draw, verdict

HEAD = """
    table: shipping
    hit: {hit}
    inputs:
      weight: {{type: number, unit: kg, range: "[0..1000]"}}
      country: {{type: text, values: [US, CA, MX]}}
    outputs:
      carrier: {{type: text, values: [ups, dhl, post]}}
    rows:
"""
GAP = HEAD.format(hit="unique") + """
      - {id: r4, weight: "<= 30", carrier: ups}
      - {id: r8, weight: "> 30", country: US, carrier: post}
      - {id: r9, weight: "> 30.5", country: "CA, MX", carrier: dhl}
"""


@pytest.fixture
def proof(table) -> Callable[..., Proof]:
    """`proof(head, csv=None, today=None)` of the table of that text."""
    return lambda head, csv=None, **given: prove(table(head, csv), **given)


def of(found: Proof, kind: str) -> list[Finding]:
    return [one for one in found.findings if one.kind == kind]


def test_a_gap_is_told_in_the_words_of_the_table_with_its_edges_an_example_and_an_edit(proof, golden):
    found = proof(GAP, orders=[Past(str(10290 + n), {}, {"weight": 29 + n / 4, "country": "CA"}) for n in range(8)])
    golden("rules/proof-gap.txt", draw(found) + "\n\n" + verdict(found) + "\n")


def test_the_json_of_a_finding_has_region_example_count_and_fix(proof):
    (gap,) = proof(GAP).as_json()["findings"]
    assert gap == {
        "kind": "gap",
        "severity": "error",
        "message": "no row applies to weight (30..30.5], country CA, MX",
        "rows": [],
        "columns": [],
        "region": {"weight": "(30..30.5]", "country": "CA, MX"},
        "example": {"weight": "30.1", "country": "CA"},
        "order": None,
        "on": None,
        "count": None,
        "fix": {
            "edits": [{"row": "r9", "column": "weight", "old": "> 30.5", "new": "> 30"}],
            "effect": "closes the gap, adds no overlap",
            "certain": True,
        },
    }


def test_a_word_that_is_added_to_a_column_shows_the_gap_it_leaves_with_an_order_that_falls_into_it(proof):
    closed = GAP.replace("> 30.5", "> 30")
    assert proof(closed).complete
    (gap,) = of(proof(closed.replace("[US, CA, MX]", "[US, CA, MX, GL]")), "gap")
    assert gap.region == {"weight": "> 30", "country": "GL"}
    assert gap.example == {"weight": 31, "country": "GL"}
    assert gap.fix is not None
    assert (str(gap.fix), gap.fix.certain) == ('r8 country "US" -> "US, GL"', False)


def test_a_table_with_defaults_has_no_gap_and_the_region_is_told_as_information(proof):
    found = proof(GAP.replace("post]}", "post], default: post}"))
    assert found.complete
    assert [(one.kind, one.severity) for one in found.findings] == [("default", "info")]


def test_rows_that_overlap_under_unique_are_an_error_and_the_later_one_gives_way(proof):
    (one,) = of(proof(GAP.replace("> 30.5", ">= 30")), "overlap")
    assert (one.severity, one.rows, one.region) == ("error", ("r4", "r9"), {"weight": "30", "country": "CA, MX"})
    assert str(one.fix) == 'r9 weight ">= 30" -> "> 30"'


def test_rows_that_agree_may_overlap_under_any_and_those_that_do_not_conflict(proof):
    agreeing = GAP.replace("unique", "any").replace("> 30.5", ">= 30")
    assert of(proof(agreeing.replace("dhl}", "ups}")), "conflict") == []
    (one,) = of(proof(agreeing), "conflict")
    assert (one.severity, one.rows) == ("error", ("r4", "r9"))


@pytest.mark.parametrize(
    ("hit", "told"), [("first", 1), ("priority", 1), ("output order", 1), ("collect", 0), ("rule order", 0)]
)
def test_other_policies_settle_an_overlap_and_it_is_information_or_nothing(proof, hit, told):
    found = proof(GAP.replace("unique", hit).replace("> 30.5", ">= 30"))
    assert [one.severity for one in of(found, "overlap")] == ["info"] * told
    assert found.complete


def test_a_masked_row_is_told_with_the_rows_that_take_what_is_its_own(proof):
    found = proof(HEAD.format(hit="first") + """
      - {id: a, weight: "<= 30", carrier: ups}
      - {id: b, weight: "> 30", carrier: dhl}
      - {id: c, weight: "[10..50]", country: CA, carrier: post}
    """)
    (one,) = of(found, "masked")
    assert (one.severity, one.rows, str(one.fix)) == ("warning", ("c", "a", "b"), "delete c")
    assert [(column.columns, column.message) for column in of(found, "unreachable_output")] == [
        (("carrier",), "output `carrier` is never post: no row that can answer gives it")
    ]


def test_under_priority_a_row_is_masked_by_what_is_more_important_wherever_that_stands(proof):
    found = proof(HEAD.format(hit="priority") + """
      - {id: low, weight: "<= 30", country: CA, carrier: post}
      - {id: high, weight: "<= 30", carrier: ups}
      - {id: rest, weight: "> 30", carrier: dhl}
    """)
    assert [one.rows for one in of(found, "masked")] == [("low", "high")]


def test_a_row_that_another_replaces_and_rows_that_could_be_one_are_told(proof):
    found = proof(HEAD.format(hit="first") + """
      - {id: a, weight: "<= 10", carrier: ups}
      - {id: b, weight: "(10..30]", carrier: dhl}
      - {id: c, weight: "(30..50]", carrier: dhl}
      - {id: d, carrier: post}
      - {id: e, weight: "> 90", carrier: post}
    """)
    (merge,) = of(found, "mergeable")
    assert (merge.rows, str(merge.fix)) == (("b", "c"), 'b weight "(10..30]" -> "(10..50]", delete c')
    found = proof(HEAD.format(hit="first") + """
      - {id: a, weight: "<= 10", carrier: ups}
      - {id: b, weight: "> 90", carrier: post}
      - {id: c, carrier: post}
    """)
    (one,) = of(found, "subsumed")
    assert (one.rows, str(one.fix), one.example) == (("b", "c"), "delete b", {"weight": 91, "country": "US"})


def test_a_column_that_decides_nothing_is_told_unless_a_formula_reads_it(proof):
    head = HEAD.format(hit="first").replace("carrier: {", "fee: {type: number}\n      carrier: {")
    assert [one.columns for one in of(proof(head + "      - {id: a, fee: 1, carrier: ups}"), "unused_column")] == [
        ("weight",),
        ("country",),
    ]
    assert [
        one.columns for one in of(proof(head + "      - {id: a, fee: weight * 2, carrier: ups}"), "unused_column")
    ] == [("country",)]


def test_a_cell_that_computes_is_named_and_the_table_is_complete_except_for_its_row(proof):
    found = proof(GAP.replace('weight: "> 30.5"', 'weight: "? * 2 > 60"'))
    assert (found.complete, found.failed, found.except_rows) == (False, False, ("r9",))
    assert verdict(found) == "shipping: complete except row r9, 3 rows"
    assert 'not analysed: row r9, weight `? * 2 > 60`' in draw(found)


def test_a_gap_in_a_row_that_computes_is_found_by_trying(proof):
    (gap,) = of(proof(GAP.replace('weight: "> 30.5"', 'weight: "? * 2 > 90"')), "gap")
    assert gap.region["country"] in ("CA", "MX")
    assert gap.example is not None


def test_a_cell_that_computes_does_not_matter_where_other_rows_take_everything(proof):
    found = proof(HEAD.format(hit="first") + """
      - {id: a, weight: "? * 2 > 60", carrier: ups}
      - {id: b, carrier: dhl}
    """)
    assert found.complete
    assert found.except_rows == ("a",)


def test_comparisons_of_the_fact_with_constants_are_analysed_however_they_are_joined(proof):
    found = proof(HEAD.format(hit="unique") + """
      - {id: a, weight: "? > 30 and ? <= 50", carrier: ups}
      - {id: b, weight: "not(? > 30 and ? <= 50)", carrier: dhl}
    """)
    assert (found.complete, found.unanalysed) == (True, ())


def test_a_fact_that_is_missing_is_an_element_of_its_own_where_rows_are_asked_about_it(proof):
    head = GAP.replace("> 30.5", "> 30").replace("    rows:", "    on_missing: no_match\n    rows:")
    gaps = of(proof(head), "gap")
    assert [one.region for one in gaps] == [{"weight": "null"}, {"weight": "> 30", "country": "null"}]
    assert gaps[0].example is not None
    assert gaps[0].example["weight"] is None
    error = "an error, and nothing is decided"
    assert proof(GAP).missing == (f"weight: {error}", f"country: {error}")


def test_days_are_an_axis_where_rows_are_valid_by_date(proof):
    head = HEAD.format(hit="unique") + """
      - {id: a, carrier: ups, valid_until: 2026-06-30}
      - {id: b, carrier: dhl, valid_from: 2026-07-02}
    """
    (gap,) = of(proof(head), "gap")
    assert (gap.region, gap.day) == ({"valid on": "2026-07-01"}, date(2026, 7, 1))
    assert of(proof(head, today=date(2026, 7, 2)), "gap") == []
    (past,) = of(proof(head, today=date(2026, 7, 2)), "masked")
    assert (past.rows, past.message) == (("a",), "row a can never apply: it was valid until 2026-06-30")


def test_dates_have_no_gap_between_one_day_and_the_next(proof):
    head = """
    hit: unique
    inputs: {day: {type: date}}
    outputs: {fee: {type: number}}
    rows:
      - {day: "<= 2026-06-30", fee: 1}
      - {day: ">= 2026-07-01", fee: 2}
    """
    assert proof(head).complete
    (gap,) = of(proof(head.replace("07-01", "07-02")), "gap")
    assert gap.region == {"day": "2026-07-01"}


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("time", "12:00:00", "12:00:01"),
        ("date and time", "2026-06-30T12:00:00Z", "2026-06-30T12:00:01Z"),
        ("days and time duration", "P3D", "PT73H"),
        ("years and months duration", "P1Y", "P1Y2M"),
        ("text", '"m"', '"n"'),
    ],
)
def test_a_gap_between_ordered_values_of_any_type_is_found(proof, kind, low, high):
    head = f"""
    hit: unique
    inputs: {{a: {{type: {kind}, cells: feel}}}}
    outputs: {{fee: {{type: number}}}}
    rows:
      - {{a: '<= {low}', fee: 1}}
      - {{a: '> {high}', fee: 2}}
    """
    (gap,) = of(proof(head), "gap")
    assert gap.example is not None
    assert of(proof(head.replace(f"> {high}", f"> {low}")), "gap") == []


def test_lists_are_told_apart_by_the_members_that_cells_ask_for(proof):
    head = """
    hit: unique
    inputs: {tags: {type: list of text}}
    outputs: {fee: {type: number}}
    rows:
      - {tags: 'list contains(?, "fragile")', fee: 1}
      - {tags: 'not(list contains(?, "fragile"))', fee: 2}
    """
    assert proof(head).complete
    (gap,) = of(proof(head.replace('not(list contains(?, "fragile"))', 'list contains(?, "heavy")')), "gap")
    assert gap.example == {"tags": ()}
    assert gap.region == {"tags": 'not(list contains(?, "fragile")) and not(list contains(?, "heavy"))'}


def test_an_assumed_range_is_named_and_a_declared_one_bounds_what_is_reported(proof):
    found = proof(GAP.replace(', range: "[0..1000]"', "").replace("> 30.5", "> 30"))
    assert found.complete
    assert found.assumptions == ("weight: no `range` is given, so any number is assumed",)
    assert proof(GAP.replace("> 30.5", "> 30").replace('"<= 30"', '"[0..30]"')).complete


def test_findings_are_counted_by_past_orders_and_the_most_frequent_comes_first(proof):
    head = GAP.replace('"<= 30"', '"(5..30]"')
    orders = [Past(f"o{n}", {}, {"weight": 1, "country": "US"}) for n in range(3)]
    orders += [Past("o9", {}, {"weight": "30.2", "country": "MX"}), Past("odd", {}, {"weight": -1, "country": "US"})]
    found = proof(head, orders=orders)
    assert [(one.count, one.order) for one in of(found, "gap")] == [(3, "o0"), (1, "o9")]
    assert (found.orders, found.unread) == (5, 1)


def test_a_table_of_only_text_without_values_has_a_gap_for_any_other_word(proof):
    (gap,) = of(proof("""
    inputs: {country: {type: text}}
    outputs: {fee: {type: number}}
    rows:
      - {country: "US, CA", fee: 1}
    """), "gap")
    assert (gap.region, gap.example) == ({"country": "not(CA, US)"}, {"country": "XX"})


def test_lists_that_cells_write_out_and_their_numbers_are_told_apart(proof):
    head = """
    hit: first
    inputs: {tags: {type: list of text, values: [fragile, heavy, cold]}}
    outputs: {fee: {type: number}}
    rows:
      - {tags: [fragile, heavy], fee: 1}
      - {tags: "count(?) = 0", fee: 2}
      - {tags: 'list contains(?, "cold") and count(?) > 1', fee: 3}
      - {tags: "count(?) >= 2", fee: 4}
    """
    found = proof(head)
    (gap,) = of(found, "gap")
    assert (found.unanalysed, gap.region, gap.example) == ((), {"tags": "count(?) = 1"}, {"tags": ("fragile",)})
    assert proof(head.replace(">= 2", ">= 1")).complete


def test_a_column_that_allows_few_members_has_no_lists_beyond_them(proof):
    """Of one allowed value there is one list of each length."""
    assert proof("""
    hit: unique
    inputs: {tags: {type: list of text, values: [cold]}}
    outputs: {fee: {type: number}}
    rows:
      - {tags: [], fee: 1}
      - {tags: 'list contains(?, "cold")', fee: 2}
    """).complete


def test_a_list_of_cells_that_compute_is_not_analysed_and_facts_are_tried_in_its_place(proof):
    found = proof("""
    inputs: {tags: {type: list of text}}
    outputs: {fee: {type: number}}
    rows:
      - {tags: "string length(?[1]) > 3", fee: 1}
    """)
    (gap,) = of(found, "gap")
    assert (found.except_rows, gap.region, gap.example) == (("r1",), {"tags": "[]"}, {"tags": ()})


def test_a_search_with_too_few_steps_says_that_it_stopped(table):
    found = prove(table(GAP), steps=1)
    assert not found.complete
    assert found.stopped == ("the search for gaps stopped after 0: there may be more",)


def test_with_everything_it_is_told_what_a_missing_fact_means(proof):
    assert "a missing fact: weight: an error, and nothing is decided" in draw(proof(GAP), everything=True)

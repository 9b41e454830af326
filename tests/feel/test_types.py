"""Types from JSON Schema, and what inference finds in a formula."""

from __future__ import annotations

import pytest

from orderloom.feel import infer, parse, parse_unary_tests, types
from orderloom.feel.types import (
    ANY,
    BOOLEAN,
    DATE_TIME,
    DAYS_DURATION,
    NULL,
    NUMBER,
    STRING,
    ListOf,
    OneOf,
    RangeOf,
    Record,
    Type,
    accepts,
    describe,
    from_schema,
    text_of,
)

LINE = Record({"sku": STRING, "gift_card": BOOLEAN, "reason": text_of(["damaged", "unwanted"])})
MONEY = Record({"amount": NUMBER, "currency": STRING})
SCOPE: dict[str, Type] = {
    "order": Record({"total": NUMBER, "name": STRING, "lines": ListOf(LINE), "placed": DATE_TIME, "paid": MONEY}),
    "choose": ListOf(OneOf({"chosen": Record({"shipment": Record({"id": STRING})}), "none_fits": Record({})})),
    "validate": OneOf({"valid": Record({}), "fixable": Record({"problems": ListOf(STRING)})}),
    "fix": OneOf({"edited": Record({"document": Record({"total": NUMBER})}), "discarded": Record({})}),
    "unknown": ANY,
    "order weight": NUMBER,
}


def findings(text: str, **more: Type) -> list[tuple[str, str, str | None]]:
    scope = {**SCOPE, **more}
    return [
        (finding.code, text[finding.start : finding.end], finding.help)
        for finding in infer(parse(text, tuple(scope)), scope).findings
    ]


def type_of(text: str) -> Type:
    found = infer(parse(text, tuple(SCOPE)), SCOPE)
    assert found.findings == ()
    return found.type


def test_a_schema_with_definitions_options_and_formats_becomes_a_type() -> None:
    schema = {
        "$defs": {"Money": {"type": "object", "additionalProperties": False, "properties": {
            "amount": {"type": "string", "x-feel": "number"}, "currency": {"type": "string"}}}},
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "total": {"$ref": "#/$defs/Money"},
            "paid": {"anyOf": [{"$ref": "#/$defs/Money"}, {"type": "null"}]},
            "placed": {"type": "string", "format": "date-time"},
            "status": {"enum": ["open", "paid"]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "note": {"type": ["string", "null"]},
            "extra": {"allOf": [{"$ref": "#/$defs/Money"}, {"properties": {"rate": {"type": "number"}}}]},
            "anything": {},
        },
    }
    money = Record({"amount": NUMBER, "currency": STRING})

    found = from_schema(schema)

    assert isinstance(found, Record)
    assert found.fields["total"] == found.fields["paid"] == money
    assert found.fields["status"].values == ("open", "paid")
    assert (found.fields["placed"], found.fields["tags"], found.fields["note"]) == (DATE_TIME, ListOf(STRING), STRING)
    assert isinstance(found.fields["extra"], Record)
    assert set(found.fields["extra"].fields) == {"amount", "currency", "rate"}
    assert found.fields["anything"] == ANY
    assert not found.open


def test_a_schema_that_contains_itself_is_unfolded_a_few_times() -> None:
    tree = {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}}

    found = from_schema(tree)

    assert isinstance(found, Record)
    assert describe(found.fields["children"]) == "list of record (children)"


def test_records_that_are_told_apart_by_their_outcome_become_a_result() -> None:
    paid, unpaid = ({"properties": {"outcome": {"const": word}, word: {"x-feel": "number"}}} for word in ("a", "b"))

    found = from_schema({"oneOf": [paid, unpaid]})

    assert isinstance(found, OneOf)
    assert list(found.variants) == ["a", "b"]
    assert found.variants["b"].fields["b"] == NUMBER


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        (NUMBER, NUMBER, True),
        (NUMBER, STRING, False),
        (STRING, NULL, True),
        (ANY, STRING, True),
        (ListOf(NUMBER), ListOf(ANY), True),
        (ListOf(NUMBER), ListOf(STRING), False),
        (Record({"a": NUMBER}), Record({"a": NUMBER, "b": STRING}), False),
        (Record({"a": NUMBER}, open=True), Record({"a": NUMBER, "b": STRING}), True),
        (Record({"a": NUMBER}), Record({"a": STRING}), False),
        (text_of(["a", "b"]), text_of(["b", "c"]), True),
        (text_of(["a", "b"]), text_of(["c"]), False),
    ],
)
def test_a_type_accepts_what_could_stand_in_its_place(wanted: Type, given: Type, expected: bool) -> None:
    assert accepts(wanted, given) is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ListOf(STRING), "list of text"),
        (Record({"a": NUMBER, "b": NUMBER}), "record (a, b)"),
        (RangeOf(NUMBER), "range of number"),
        (SCOPE["validate"], "result (valid or fixable)"),
        (types.MONTHS_DURATION, "years and months duration"),
    ],
)
def test_types_are_described_in_the_words_of_the_user(kind: Type, expected: str) -> None:
    assert describe(kind) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order.total * 2", NUMBER),
        ("order.lines.sku", ListOf(STRING)),
        ("order.lines[1]", LINE),
        ("order.lines[gift_card]", ListOf(LINE)),
        ('choose[outcome = "chosen"].shipment.id', ListOf(STRING)),
        ('choose[item.outcome in ("chosen") and shipment.id != ""].shipment', ListOf(Record({"id": STRING}))),
        ("now() - order.placed", DAYS_DURATION),
        ("for l in order.lines return count(order.lines)", ListOf(NUMBER)),
        ("coalesce(validate.problems, [])", ListOf(STRING)),
        ('if order.total > 5 then "a" else null', STRING),
        ("sum(for l in order.lines return 1)", NUMBER),
        ("unknown.a.b[c > 1].d", ListOf(ANY)),
        ("max(order.lines.sku)", STRING),
        ("append(order.lines, null)", ListOf(LINE)),
        ("validate.outcome", STRING),
        ("order weight in [1..5]", BOOLEAN),
        ("{a: 1, b: a + 1}", Record({"a": NUMBER, "b": NUMBER})),
        ('date and time("2026-03-02T10:00:00Z") + duration("P1D")', DATE_TIME),
    ],
)
def test_the_type_of_a_formula_follows_from_its_names(text: str, expected: Type) -> None:
    assert type_of(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "at", "help_"),
    [
        ("ordr.total", "R101", "ordr", "did you mean `order`?"),
        ("order.totl", "R102", "totl", "did you mean `total`?"),
        ("order.name.first", "R102", "first", None),
        ("some l in order.lines satisfies l.gift_crd", "R102", "gift_crd", "did you mean `gift_card`?"),
        ("order.lines[skuu = \"x\"]", "R101", "skuu", "did you mean `sku`?"),
        ("lenght(order.name)", "R104", "lenght", "did you mean `string length`?"),
        ("coalesce(fix.docment, 1)", "R102", "docment", "did you mean `document`?"),
        ('choose[outcome = "chosn"]', "R111", '"chosn"', "did you mean `chosen`?"),
        ('validate.outcome = "vlid"', "E102", '"vlid"', "did you mean `valid`?"),
        ('order.lines[reason in ("damagd")]', "E102", '"damagd"', "did you mean `damaged`?"),
        ('order.total > "5"', "E101", 'order.total > "5"',
         "a number stands without quotes; `number(…)` makes one of a text"),
        ("order.name * 2", "E103", "order.name * 2", "make a number of the text with `number(order.name)`"),
        ('"5" * 2', "E103", '"5" * 2', "a number stands without quotes"),
        ("order.paid > 5", "E101", "order.paid > 5", "its figure is `order.paid.amount`"),
        ("order.paid + 5", "E103", "order.paid + 5", "its figure is `order.paid.amount`"),
        ('date("2026-13-01")', "E112", '"2026-13-01"', 'for example `date("2026-03-02")`'),
        ("date(2026, 13, 1)", "E112", "2026, 13, 1", 'for example `date("2026-03-02")`'),
        ('date and time(2026, 1, 1, 9, 0, 0, "Europe/Osl")', "E112", '2026, 1, 1, 9, 0, 0, "Europe/Osl"',
         'for example `date and time("2026-03-02T14:30:00Z")`'),
        ('time("25:00:00")', "E112", '"25:00:00"', 'for example `time("14:30:00Z")`'),
        ('date and time(from: "x")', "E112", '"x"', 'for example `date and time("2026-03-02T14:30:00Z")`'),
        ('order.placed + duration("3 days")', "E112", '"3 days"', 'write `"P3D"`'),
        ('duration("2 weeks")', "E112", '"2 weeks"', 'write `"P14D"`'),
        ("substitute", "R101", "substitute", None),
        ("substitute(order.name)", "R104", "substitute", "write `replace`"),
        ('"no " + order.total', "E103", '"no " + order.total', "make a text of it with `string(…)`"),
        ("order.total and true", "E104", "order.total", None),
        ('order.total in [1.."5"]', "E105", '[1.."5"]', None),
        ("order.total instance of strng", "E106", "strng", "did you mean `string`?"),
        ("order(1)", "E107", "order", None),
        ('substring("a")', "E108", 'substring("a")', "it is `substring(string, start position, [length])`"),
        ('substring(string: "a", start: 1)', "E109", "start: 1",
         "it has `string`, `start position` and `length`"),
        ("string length(order.total)", "E110", "order.total", "`string length(string)`"),
        ("sum(order.lines.sku)", "E110", "order.lines.sku", None),
        ("order.lines[sku]", "E111", "sku", None),
    ],
)
def test_each_mistake_is_found_at_its_place(text: str, code: str, at: str, help_: str | None) -> None:
    assert findings(text) == [(code, at, help_)]


def test_money_taken_for_a_number_is_called_an_amount_of_money() -> None:
    (found,) = infer(parse("order.paid > 5", tuple(SCOPE)), SCOPE).findings

    assert found.message == (
        "`order.paid` (an amount of money, a context with amount and currency) and `5` (number) "
        "cannot be put in order"
    )


@pytest.mark.parametrize("text", ['date("2026-12-01")', "date(null)", 'duration("P3D")', "date(order.name)"])
def test_a_date_that_is_one_or_is_not_known_yet_is_no_finding(text: str) -> None:
    assert findings(text) == []


def test_a_field_that_an_outcome_lacks_is_a_finding_that_names_the_outcomes() -> None:
    (found,) = infer(parse("validate.problems"), SCOPE).findings

    assert found.message == "`validate` has no `problems` when its outcome is `valid`"
    assert found.code == "R110"
    assert found.data == {"name": "validate", "field": "problems", "having": ("fixable",), "lacking": ("valid",)}


def test_soft_reads_tolerate_a_field_that_an_outcome_lacks() -> None:
    assert findings("has(validate.problems)") == []
    assert findings("coalesce(choose.shipment, [])") == []


def test_all_findings_of_a_formula_come_at_once_and_in_order() -> None:
    assert [code for code, _, _ in findings('ordr.total + order.totl + lenght("a")')] == ["R101", "R102", "R104"]


def test_a_cell_is_checked_against_the_type_of_its_column() -> None:
    cell = parse_unary_tests('> 5, "x", order.totl', tuple(SCOPE))

    found = infer(cell, SCOPE, value=NUMBER).findings

    assert [finding.code for finding in found] == ["E101", "R102"]


def test_a_word_that_a_column_never_holds_is_found() -> None:
    cell = parse_unary_tests("damaged, unwnted", bare_words=True)

    (found,) = infer(cell, {}, value=text_of(["damaged", "unwanted"])).findings

    assert (found.code, found.help) == ("E102", "did you mean `unwanted`?")


def test_an_open_record_may_have_any_member() -> None:
    assert findings("extra.whatever + 1", extra=Record({}, open=True)) == []


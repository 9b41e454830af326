"""What a case expects against what came out: each difference is told, with what was expected, what came, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.change.scenario.judge import differences
from orderloom.change.scenario.paths import read_path, split_name
from orderloom.project import shipped
from tests.change.small import BARE, FLOW, WORLD, line_of, one, told

PAID = "[capture, look:approved, pay:paid, tell]"


def expecting(expect: str) -> str:
    return f"- {{case: it ships, expect: {{{expect}}}}}"


def test_a_path_that_differs_is_told_with_the_first_difference(tmp_path: Path) -> None:
    result = one(tmp_path, expecting("path: [capture, look:declined]"))

    [miss] = result.misses
    assert (miss.message, miss.first) == ("the path differs", 1)
    assert miss.expected == ["capture", "look:declined"]
    assert miss.actual == ["capture", "look:approved", "pay:paid", "tell"]
    assert miss.place.line == line_of(tmp_path, "look:declined")


@pytest.mark.parametrize(
    ("path", "first"), [("[capture]", 1), ("[capture, look:approved, pay:paid, tell, tell]", 4), ("[]", 0)]
)
def test_a_path_that_is_shorter_or_longer_differs_where_one_of_them_ends(tmp_path: Path, path: str, first: int) -> None:
    [miss] = one(tmp_path, expecting(f"path: {path}")).misses

    assert miss.first == first


@pytest.mark.parametrize(
    ("ends", "passes"),
    [("[tell]", True), ("[pay:paid, tell]", True), (PAID, True), ("[pay:paid]", False), ("[pay:unpaid, tell]", False)],
)
def test_the_end_of_a_path_is_compared_alone(tmp_path: Path, ends: str, passes: bool) -> None:
    assert one(tmp_path, expecting(f"path_ends: {ends}")).passed is passes


def test_a_status_that_differs_says_what_stands_in_the_way(tmp_path: Path) -> None:
    result = one(tmp_path, expecting("status: completed"), world=WORLD.replace("look: approved", ""))

    [miss] = result.misses
    assert miss.message == "the run is waiting, expected completed"
    assert miss.because == (
        "look waits for a person at the desk `orders`: say in `world:` what it answers (approved, declined)",
    )


def test_a_parked_step_is_told_with_its_message(tmp_path: Path) -> None:
    result = one(tmp_path, "- {case: c, world: {pay: raises refused}, expect: {status: completed}}")

    [miss] = result.misses
    assert miss.message == "the run is in exception, expected completed"
    assert miss.because == (f"pay refused: as the scenario says (line {line_of(tmp_path, 'raises')})",)


def test_messages_that_differ_are_told(tmp_path: Path) -> None:
    assert told(one(tmp_path, expecting("sent: []"))) == ["other messages were sent"]
    assert told(one(tmp_path, expecting("sent: [shipped]"))) == []


def test_a_message_that_reaches_nobody_is_not_sent(tmp_path: Path) -> None:
    world = WORLD.replace("notify: {message_id: m1}", "notify: {message_id: ~}")

    assert told(one(tmp_path, expecting("sent: []"), world=world)) == []


@pytest.mark.parametrize(
    ("expect", "misses"),
    [
        ("outputs: {pay.why: it was paid}", []),
        ("outputs: {pay: {payment: {status: paid}}}", []),
        ("outputs: {capture.order.lines: [{quantity: 2}]}", []),
        ('outputs: {"capture.order.lines[0].unit_price.amount": 18.5}', []),
        ('outputs: {"capture.order.lines[0].unit_price.amount": "18.50"}', []),
        ("outputs: {pay.payment.status: =capture.order.payment.status}", []),
        ("outputs: {pay.transaction: ~}", []),
        ("outputs: {pay.why: so}", ["`pay.why` is `it was paid`, expected `so`"]),
        ("outputs: {capture.order.lines: []}", None),
        ("outputs: {pay: {payment: {status: unpaid}}}", ["`pay.payment.status` is `paid`, expected `unpaid`"]),
        ("outputs: {pay.paymet: {}}", ["`pay.paymet` is missing, expected {}"]),
        ("given: {tell.data.by: it was paid}", []),
        ("given: {tell.template: shipped}", []),
        ("given: {tell.data.by: so}", ["`tell.data.by` is given as `it was paid`, expected `so`"]),
        ("holds: ['=count(capture.order.lines) = 1', =pay.why != null]", []),
        ("holds: ['=count(capture.order.lines) = 2']", ["`count(capture.order.lines) = 2` is False"]),
        ("holds: [=pay.why > 5]", ["`pay.why > 5` is null"]),
    ],
)
def test_values_are_compared_as_far_as_they_are_expected(tmp_path: Path, expect: str, misses: list[str] | None) -> None:
    found = told(one(tmp_path, expecting(expect)))

    assert found == misses if misses is not None else len(found) == 1


def test_what_a_formula_has_read_is_told(tmp_path: Path) -> None:
    [miss] = one(tmp_path, expecting("holds: ['=capture.order.order_number = pay.why']")).misses

    assert miss.help == "capture.order.order_number is `1001`, pay.why is `it was paid`"


def test_a_step_that_was_not_called_is_given_nothing(tmp_path: Path) -> None:
    found = one(
        tmp_path, "- {case: c, world: {look: declined}, expect: {given: {pay: {}}, outputs: {tell: {}}}}"
    )  # fmt: skip

    assert told(found) == ["`pay` was not called", "`tell` is not done, so it gives nothing"]


TABLE = """
    flow: small
    steps:
      capture: {use: capture}
      screen:
        use: decision
        with:
          facts: {order: =capture.order}
          table:
            inputs: {lines: {is: count(order.lines), type: number}}
            outputs: {outcome: {type: text}, reasons: {type: text}}
            rows:
              - {id: many, lines: "> 1", outcome: look, reasons: more than one line}
              - {id: one, outcome: pass, reasons: a single line}
        next: {look: ~, pass: ~}
"""


def test_a_row_that_decided_is_expected_by_its_id(tmp_path: Path) -> None:
    assert told(one(tmp_path, expecting("rows: {screen: one}"), flow=TABLE, world=BARE)) == []

    [miss] = one(tmp_path, expecting("rows: {screen: many}"), flow=TABLE, world=BARE).misses

    assert miss.message == "`screen` was decided by one, expected many"


def test_a_path_that_differs_at_a_decision_says_which_row_decided(tmp_path: Path) -> None:
    [miss] = one(tmp_path, expecting("path: [capture, screen:look]"), flow=TABLE, world=BARE).misses

    assert miss.because == ("screen, by embedded: one: always",)


def test_what_the_trigger_cannot_read_is_quarantined(tmp_path: Path) -> None:
    world = WORLD.replace("order.json}", "order.json, patch: {lines: 5}}")

    assert told(one(tmp_path, expecting("status: quarantined"), world=world)) == []

    [miss] = one(tmp_path, expecting("status: completed"), world=world).misses
    assert miss.message == "the run is quarantined, expected completed"
    assert miss.because


def test_what_was_expected_of_steps_fails_where_nothing_could_be_read(tmp_path: Path) -> None:
    world = WORLD.replace("order.json}", "order.json, patch: {lines: 5}}")

    result = one(tmp_path, expecting("holds: [=pay.why = null]"), world=world)

    assert told(result) == ["the input could not be read, so no step gives anything"]


def test_an_input_of_many_documents_is_no_case(tmp_path: Path) -> None:
    order = (shipped() / "project" / "empty" / "samples" / "order.json").read_text(encoding="utf-8")
    world = WORLD.replace("samples/order.json", "samples/two.json")

    files = {"samples/two.json": f"[{order}, {order}]"}

    result = one(tmp_path, expecting("status: completed"), world=world, files=files)

    assert told(result) == ["`samples/two.json` holds 2 documents"]


@pytest.mark.parametrize(
    ("expected", "got", "paths"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": 1, "c": 3}, {"a": 1, "b": 2}, ["x.c"]),
        ([1, 2], [1, 2], []),
        ([1, 2], [1, 2, 3], ["x"]),
        ([{"a": 1}], [{"a": 1, "b": 2}], []),
        ([1, 3], [1, 2], ["x[1]"]),
        (20, "20.00", []),
        ("20", "20.00", ["x"]),
        ("20", 20, ["x"]),
        (True, 1, ["x"]),
        (1, True, ["x"]),
        (None, None, []),
        ("02134", "2134", ["x"]),
        (5, "five", ["x"]),
    ],
)
def test_records_may_hold_more_and_lists_may_not(expected: object, got: object, paths: list[str]) -> None:
    assert [path for path, _, _ in differences(expected, got, "x")] == paths


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)), ("a.b", ("a", "b")), ("a[0].b", ("a", 0, "b")), ("[0].a", (0, "a")),
        ('a["b.c"].d', ("a", "b.c", "d")), ("", None), ("a.", None), (".a", None), ("a..b", None),
        ("a[x]", None), ("a[0", None), ("a[0]b", None),
    ],
)  # fmt: skip
def test_paths_are_read_as_they_are_written(text: str, path: tuple[str | int, ...] | None) -> None:
    assert read_path(text) == path


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("pay", "pay", ""), ("pay.payment.status", "pay", "payment.status"),
        ("choose[0].shipment", "choose", "[0].shipment"),
        ("parcels[2]/label.cost", "parcels[2]/label", "cost"), ("undo pay.payment", "undo pay", "payment"),
    ],
)  # fmt: skip
def test_the_path_of_a_value_begins_with_its_step(text: str, name: str, rest: str) -> None:
    assert split_name(text) == (name, rest)


def test_a_flow_whose_order_has_no_key_is_told(tmp_path: Path) -> None:
    flow = FLOW.replace("key: =capture.order.order_id", "key: =capture.order.external_refs[1].value")

    assert told(one(tmp_path, expecting("status: completed"), flow=flow)) == [
        "the flow's `key` gave no text for this order"
    ]

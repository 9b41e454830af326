"""The node `ask`: what it shows, what can be answered, and how it refuses what cannot be taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orderloom import AnswerRefused, Derived, ProblemsError, Wait
from orderloom.flow import check_flow, read_flow
from orderloom.model import Channel, Money, Order
from orderloom.packs import Catalogue
from orderloom.project import shipped
from orderloom.source import parse_yaml
from orderloom_nodes import NODES
from orderloom_nodes.ask import ask
from tests.nodes.making import line, order

SHIPPED_FLOWS = [file for file in sorted(shipped().rglob("*.yaml")) if "\nflow: " in f"\n{file.read_text()}"]
DOCUMENT = order(line("MUG"), line("HAT"), order_number="1001")


def settings(**given: Any) -> dict[str, Any]:
    return {"kind": "approve", "desk": "fraud", "words": None, "accept": None, **given}


def answered(said: Any, **given: Any) -> Derived:
    assert ask.answer is not None
    taken = ask.answer(said, **{"kind": "approve", "desk": "fraud", **given})
    assert isinstance(taken, Derived)
    return taken


def refused(said: Any, **given: Any) -> str:
    with pytest.raises(AnswerRefused) as refusal:
        answered(said, **given)
    return " | ".join(refusal.value.problems)


def found(**given: Any) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsError) as refusal:
        ask.outcomes(settings(**given))
    return [(problem.code, problem.message) for problem in refusal.value.problems]


def test_a_question_waits_for_a_person_with_all_that_was_given() -> None:
    waiting = ask("approve", "fraud", question="Ship 1001?", because=["first order"])

    expected = {"kind": "approve", "desk": "fraud", "question": "Ship 1001?", "because": ["first order"]}
    assert waiting == Wait("person", expected)


def test_a_question_says_what_to_do_where_the_flow_suggests_it_and_else_nothing_of_it() -> None:
    assert ask("task", "depot", suggest="Ring first.").about["suggest"] == "Ring first."
    assert "suggest" not in ask("task", "depot").about


@pytest.mark.parametrize("file", SHIPPED_FLOWS, ids=lambda file: file.stem)
def test_every_question_of_the_shipped_flows_suggests_an_action(file: Path) -> None:
    steps = yaml.safe_load(file.read_text())["steps"]

    assert [name for name, step in steps.items() if step["use"] == "ask" and "suggest" not in step["with"]] == []


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ({"kind": "approve"}, ["approved", "declined"]),
        ({"kind": "edit", "document": DOCUMENT}, ["edited", "discarded"]),
        ({"kind": "choose", "words": ["claim", "resend"]}, ["claim", "resend"]),
        ({"kind": "task"}, ["done"]),
    ],
)
def test_the_outcomes_follow_from_the_kind(given: dict[str, Any], outcomes: list[str]) -> None:
    assert list(ask.outcomes(settings(**given))) == outcomes


def test_an_edited_document_has_the_type_of_the_document_that_was_shown() -> None:
    edited = ask.outcomes(settings(kind="edit"))["edited"]

    assert edited["properties"]["document"] == {"x-same-as": "document"}
    assert "document" in edited["required"]


def test_each_word_of_a_choice_is_a_constant_that_formulas_can_read() -> None:
    claimed = ask.outcomes(settings(kind="choose", words=["claim", "resend"]))["claim"]

    assert claimed["properties"]["word"] == {"const": "claim", "type": "string"}


def test_words_for_a_kind_that_has_its_own_are_found_before_a_run() -> None:
    assert found(kind="approve", words=["yes"]) == [
        ("N301", "`words` belongs to a question of kind choose, and this one is of kind approve")
    ]


def test_a_choice_without_words_is_found_before_a_run() -> None:
    assert found(kind="choose") == [("N304", "a question of kind choose needs the `words` to choose from")]


def test_words_that_cannot_be_outcomes_are_found_before_a_run() -> None:
    codes = [code for code, _ in found(kind="choose", words=["refund now", "ok", "ok", "1st"])]

    assert codes == ["N305", "N305", "N306"]


def test_accept_without_an_edit_is_found_before_a_run() -> None:
    assert [code for code, _ in found(kind="approve", accept="validate")] == ["N302"]


def test_an_edit_without_a_document_is_found_before_a_run() -> None:
    # the checker puts in the default of what `with:` does not give
    assert [code for code, _ in found(kind="edit", document=None)] == ["N303"]


def test_check_tells_contradicting_settings_where_they_stand() -> None:
    text = """flow: small
version: 1
steps:
  capture: {use: capture}
  pick:
    use: ask
    after: capture
    with: {kind: choose, desk: returns, words: [accept, not now]}
    next: {accept: ~}
"""
    nodes = Catalogue({f"core/{name}": module for name, module in NODES.items()})

    problems = check_flow(read_flow(parse_yaml(text, "small.yaml")), nodes, []).problems

    assert [(problem.code, str(problem.place), problem.help) for problem in problems if problem.code == "N305"] == [
        ("N305", "small.yaml:8:48", "such as `not_now`")
    ]


@pytest.mark.parametrize(
    ("said", "given", "expected"),
    [
        ("approved", {}, Derived("approved", {"by": None, "note": None})),
        (" declined\n", {}, Derived("declined", {"by": None, "note": None})),
        (
            {"outcome": "approved", "by": "ann", "note": "called"}, {},
            Derived("approved", {"by": "ann", "note": "called"}),
        ),
        (
            "claim", {"kind": "choose", "words": ["claim", "resend"]},
            Derived("claim", {"word": "claim", "by": None, "note": None}),
        ),
        (
            {"word": "resend", "by": "bo"}, {"kind": "choose", "words": ["claim", "resend"]},
            Derived("resend", {"word": "resend", "by": "bo", "note": None}),
        ),
        (None, {"kind": "task"}, Derived("done", {"result": None, "by": None, "note": None})),
        (
            {"result": {"condition": "new"}}, {"kind": "task"},
            Derived("done", {"result": {"condition": "new"}, "by": None, "note": None}),
        ),
        (
            "discarded", {"kind": "edit", "document": DOCUMENT},
            Derived("discarded", {"by": None, "note": None}),
        ),
    ],
)
def test_an_answer_is_a_word_or_an_object_with_more(said: Any, given: dict[str, Any], expected: Derived) -> None:
    assert answered(said, **given) == expected


@pytest.mark.parametrize(
    ("said", "given", "sentence"),
    [
        (
            "approve", {},
            "`approve` is no answer to this question: it can be approved or declined; did you mean `approved`?",
        ),
        ({"note": "hm"}, {}, "the answer has no `outcome`: say approved or declined"),
        (7, {}, "an answer is a word, or an object with `outcome`"),
        (
            {"outcome": "approved", "nots": "x"}, {},
            "an answer to this question has no `nots`: did you mean `note`?",
        ),
        ({"outcome": "approved", "by": 7}, {}, "`by` must be text"),
        (
            {"outcome": "claim", "word": "resend"}, {"kind": "choose", "words": ["claim", "resend"]},
            "the answer says both `claim` and `resend`: say one",
        ),
        (
            "edited", {"kind": "edit", "document": DOCUMENT},
            'an edited document needs the `document`, or a `patch` such as {"lines[0].sku": "NEW"}',
        ),
        (
            {"document": {}, "patch": {}}, {"kind": "edit", "document": DOCUMENT},
            "give either the whole `document` or a `patch`, not both",
        ),
        (
            {"outcome": "discarded", "document": {}}, {"kind": "edit", "document": DOCUMENT},
            "a discarded document is not changed: leave `document` out, or say edited",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence(said: Any, given: dict[str, Any], sentence: str) -> None:
    assert refused(said, **given) == sentence


def test_an_edited_document_is_read_into_the_model_of_the_one_that_waited() -> None:
    changed = DOCUMENT.model_dump(mode="json") | {"order_number": "1002"}

    taken = answered({"document": changed}, kind="edit", document=DOCUMENT)

    assert taken.outcome == "edited"
    assert taken.fields["document"] == DOCUMENT.model_copy(update={"order_number": "1002"})


def test_a_patch_changes_just_what_its_paths_name() -> None:
    patch = {"totals.grand_total.amount": "587.00", "lines[1].sku": "CAP"}

    edited = answered({"outcome": "edited", "patch": patch}, kind="edit", document=DOCUMENT).fields["document"]

    assert isinstance(edited, Order)
    assert edited.totals.grand_total == Money.of("587.00", "USD")
    assert [one.sku for one in edited.lines] == ["MUG", "CAP"]
    assert edited.lines[0] == DOCUMENT.lines[0]


def test_a_patch_can_fill_a_field_that_was_empty() -> None:
    edited = answered({"patch": {"purchase_order_number": "PO-7"}}, kind="edit", document=DOCUMENT)

    assert edited.fields["document"].purchase_order_number == "PO-7"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("totals.grand_totl", "totals.grand_totl: totals has no `grand_totl`: did you mean `grand_total`?"),
        ("lines[2].sku", "lines[2].sku: lines has 2 items, counted from 0"),
        ("lines.sku", "lines.sku: lines has no fields: say which item, such as [0]"),
        ("order_number[0]", "order_number[0]: order_number is no list"),
        (
            "billing_address.city",
            "billing_address.city: billing_address is empty: give it as a whole, or the whole document",
        ),
        ("lines[x]", "`lines[x]` is no path: write it like lines[0].sku"),
        ("", "`` is no path: write it like lines[0].sku"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(path: str, sentence: str) -> None:
    assert refused({"patch": {path: "1"}}, kind="edit", document=DOCUMENT) == sentence


@pytest.mark.parametrize(
    ("patch", "sentence"),
    [
        ({"lines[0].quantity": "two"}, "lines[0].quantity: must be a whole number"),
        ({"currency": "DOLLAR"}, "currency: `DOLLAR` is no currency of ISO 4217: write three capitals, such as USD"),
        ({"ordered_at": "2026-11-30"}, "ordered_at: `2026-11-30` is no moment: write it as 2026-01-31T14:00:00Z"),
        ({"lines[0].line_id": "l-HAT"}, "the document: two lines have the same line_id"),
        ({"payment.status": "payed"}, "payment.status: must be one of 'unpaid', "),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_path(patch: dict[str, Any], sentence: str) -> None:
    assert refused({"patch": patch}, kind="edit", document=DOCUMENT).startswith(sentence)


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ({"order_id": "shopify:main:2"}, "order_id"),
        ({"channel.type": "amazon"}, "channel.type"),
        ({"channel.account_id": "other"}, "channel.account_id"),
        ({"lines[0].line_id": "l-CUP"}, "lines"),
        ({"lines[0].line_id": "l-HAT", "lines[1].line_id": "l-MUG"}, "lines"),
    ],
)
def test_an_edit_does_not_make_it_another_document(patch: dict[str, Any], path: str) -> None:
    waiting = DOCUMENT.model_copy(update={"channel": Channel(type="shopify", account_id="main")})

    sentence = refused({"patch": patch}, kind="edit", document=waiting)

    assert sentence.startswith(f"{path}: ")
    assert "know the" in sentence


@pytest.mark.parametrize("name", ["order_id", "return_id", "shipment_id"])
def test_the_ids_of_a_document_without_a_model_stay_too(name: str) -> None:
    assert refused({"document": {}}, kind="edit", document={name: "1"}).startswith(f"{name}: stays `1`")


def test_a_line_that_comes_back_whole_under_another_name_is_refused() -> None:
    renamed = DOCUMENT.model_copy(update={"lines": (line("MUG", line_id="new"), DOCUMENT.lines[1])})

    sentence = refused({"document": renamed}, kind="edit", document=DOCUMENT)

    assert sentence.startswith("lines: `l-MUG` must not be called `new`")


def test_lines_may_be_added_removed_and_corrected() -> None:
    lines = (line("CUP", line_id="l-MUG"), line("CAP"))

    edited = answered(
        {"document": DOCUMENT.model_copy(update={"lines": lines})}, kind="edit", document=DOCUMENT
    ).fields["document"]

    assert edited.lines == lines


def test_two_lines_may_become_alike() -> None:
    waiting = order(line("MUG", line_id="1"), line("", line_id="2"))

    edited = answered({"patch": {"lines[1].sku": "MUG"}}, kind="edit", document=waiting).fields["document"]

    assert [one.sku for one in edited.lines] == ["MUG", "MUG"]


def test_all_that_is_wrong_with_an_edited_document_is_said_at_once() -> None:
    broken = DOCUMENT.model_dump(mode="json") | {"colour": "red"}
    del broken["ordered_at"]

    said = refused({"document": broken}, kind="edit", document=DOCUMENT)

    assert "colour: is no field of this document" in said
    assert "ordered_at: is missing" in said


def test_a_document_without_a_model_is_patched_as_it_is_and_the_shown_one_stays() -> None:
    shown = {"lines": [{"sku": "A"}]}

    edited = answered({"patch": {"lines[0].sku": "B"}}, kind="edit", document=shown)

    assert edited.fields["document"] == {"lines": [{"sku": "B"}]}
    assert shown == {"lines": [{"sku": "A"}]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["approve", "edit", "choose", "task"]))
def test_whatever_is_answered_is_taken_or_refused_in_sentences(said: Any, kind: str) -> None:
    given = {"kind": kind, "words": ["claim"] if kind == "choose" else None, "document": DOCUMENT}

    try:
        said_in_words = answered(said, **given).outcome
    except AnswerRefused as refusal:
        said_in_words = "; ".join(refusal.problems)

    assert said_in_words in ask.outcomes(settings(**given)) or " " in said_in_words

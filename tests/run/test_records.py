"""What a run has recorded is what it goes on with: every value comes back with its type, digit by digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orderloom import Outcome
from orderloom.declare import Derived, Node, NodeError
from orderloom.model import Model, Money, Order
from orderloom.packs import catalogue
from orderloom.run.kept.records import Recorder, RecordError
from orderloom.run.machine.answers import normalised
from orderloom.testing import Case, arguments, make_world, read_cases
from orderloom.world.errors import ConnectionFailedError
from tests.model.test_round_trip import documents
from tests.nodes.orders import good_order
from tests.run.values import KEYS, VALUES, exactly


class Kept(Outcome, name="kept"):
    order: Order | None = None
    again: Order | None = None
    anything: Any = None


def back(*values: Any) -> list[Any]:
    """The values as a second recorder reads what a first one wrote, one after another."""
    first, second = Recorder(), Recorder()
    return [second.value(first.text(value)) for value in values]


@given(VALUES)
@example({"\1d": "1"})
@example({"\1d": Decimal(1)})
@example([{"\1\1d": {"\1D": "2026-03-02"}}, "\1d", '"\1'])
@example({"a": datetime(2026, 10, 25, 0, 30, tzinfo=UTC)})
@settings(max_examples=150)
def test_every_value_of_a_formula_comes_back_with_its_type(value: Any) -> None:
    assert exactly(back(value)[0]) == exactly(value)


@given(documents(Order), VALUES)
@settings(max_examples=40)
def test_a_document_comes_back_however_it_is_wrapped(order: Order, value: Any) -> None:
    outcome = Kept(order=order, again=order, anything={"order": order, "value": value, "list": [order, value]})

    [first, second, third] = back(order, outcome, {"again": outcome, "order": order})

    assert exactly(first) == exactly(order)
    assert exactly(second) == exactly(outcome)
    assert exactly(third) == exactly({"again": outcome, "order": order})


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.integers(0, 2))
@settings(max_examples=40)
def test_what_anybody_writes_into_an_orders_own_fields_is_data_and_no_mark_of_ours(
    metadata: dict[str, Any], depth: int
) -> None:
    order = good_order(metadata=metadata)
    wrapped: Any = order
    for _ in range(depth):
        wrapped = {"\1o": wrapped}

    assert exactly(back(wrapped)[0]) == exactly(wrapped)


class Parcel(Model):
    """A document of an integrator's own, which holds others of its kind, and anything."""

    label: Any = None
    inside: tuple[Parcel, ...] = ()
    wraps: dict[str, Wrapping] = {}  # noqa: RUF012 (a model's default is copied)


class Wrapping(Model):
    holds: Parcel | None = None


@given(VALUES)
@settings(max_examples=40)
def test_what_may_hold_anything_deep_in_a_document_keeps_what_it_holds(value: Any) -> None:
    inner = Parcel(label=value)
    parcel = Parcel(label={"order": good_order()}, inside=(inner, inner), wraps={"a": Wrapping(holds=inner)})

    assert exactly(back(parcel)[0]) == exactly(parcel)


def test_a_document_that_was_recorded_is_pointed_to_and_is_one_and_the_same_when_it_is_read() -> None:
    order, first, second = good_order(), Recorder(), Recorder()
    texts = [first.text(order), first.text(Kept(order=order, again=order))]

    read = [second.value(text) for text in texts]

    assert "MUG" in texts[0]
    assert "MUG" not in texts[1]
    assert read[1].order is read[0]
    assert read[1].again is read[0]


def test_equal_documents_that_are_two_stay_two() -> None:
    [first, second] = back(good_order(), good_order())
    assert first == second
    assert first is not second


@pytest.mark.parametrize("value", [object(), b"bytes", {"deep": [object()]}, {Decimal(1): 1}, good_order, 1j])
def test_what_cannot_be_kept_is_refused_in_a_sentence_and_leaves_the_recorder_as_it_was(value: Any) -> None:
    order, recorder, reader = good_order(), Recorder(), Recorder()
    with pytest.raises(RecordError, match="cannot be kept in the journal"):
        recorder.text([order, value])

    assert exactly(reader.value(recorder.text(order))) == exactly(order)
    assert reader.value(recorder.text(order)) == order


def test_a_document_that_no_longer_fits_its_class_is_refused_with_its_name() -> None:
    text = Recorder().text(Money(amount=Decimal(1), currency="USD")).replace("USD", "not a currency")
    with pytest.raises(RecordError, match="a recorded Money does not fit the one that is installed"):
        Recorder().value(text)


@pytest.mark.parametrize("name", ["os:system", "orderloom.model:Nothing", "nowhere:Order", "builtins:dict"])
def test_a_class_that_is_named_in_the_file_is_looked_up_and_never_imported_or_called(name: str) -> None:
    with pytest.raises(RecordError, match="which is not installed"):
        Recorder().value(f'{{"\\u0001m":["{name}",0,{{}}]}}')


def cases() -> Iterator[Any]:
    nodes = catalogue()
    for name in nodes.names():
        node = nodes.find(name)
        for case in read_cases(node.folder / "cases.yaml"):
            yield pytest.param(node, case, id=f"{name}: {case.case}")


@pytest.mark.parametrize(("node", "case"), list(cases()))
def test_what_a_node_gives_in_its_cases_comes_back(node: Node, case: Case) -> None:
    result = _result(node, case, node.folder)
    if not isinstance(result, (Outcome, Derived)):
        return
    value = normalised(result)[1]

    [read] = back(value)

    assert exactly(read) == exactly(value)


def _result(node: Node, case: Case, folder: Path) -> Any:
    try:
        return node.call(**arguments(node, case.given, folder, make_world(case.world)))
    except (NodeError, ConnectionFailedError):
        return None

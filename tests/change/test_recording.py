"""What a run came to, made the answers of a scenario: read from its events, redacted, short, and written as YAML."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.change.record.past import Past, UnrecordableError, past_of
from orderloom.change.record.redact import Redaction
from orderloom.change.record.shorten import Shortener
from orderloom.change.record.text import written
from orderloom.change.scenario.targets import Targets
from orderloom.declare import Wait
from orderloom.journal import Event
from orderloom.model import Address, Party
from orderloom.run.kept.recording import Writer
from orderloom.run.kept.records import Recorder
from orderloom.run.machine.events import Failure
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program
from orderloom.source import parse_yaml
from tests.nodes.orders import good_order
from tests.run.playing import program_of
from tests.run.small import flow, small

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
STEPS = """
  send: {use: send, after: [start], with: {given: "=start.order"}, retry: 3x 1s..2s}
  each: {use: send, for_each: "=[1, 2, 3]", after: [send], with: {given: =item}}
  ask: {use: await, after: [send], with: {given: =send.out}}
"""


def program() -> Program:
    return program_of(flow(STEPS), small())


class Run:
    """Drives a run by hand and writes down its events, as the driver with the journal does."""

    def __init__(self) -> None:
        self.writer, self.events = Writer(Recorder()), list[Event]()
        self.program = program()
        trigger: dict[str, Any] = {"outcome": "came", "order": {"order_id": "o1"}}
        self.events.append(self.writer.began("start", self.writer.recorder.text(trigger), NOW))
        self.interpreter = Interpreter(self.program, trigger, NOW)

    def calls(self) -> dict[str, Any]:
        calls = [*self.interpreter.take(), *(one.call.owner.again(one) for one in list(self.interpreter.retries))]
        return {call.label: call for call in calls}

    def done(self, call: Any, at: int = 0, **value: Any) -> None:
        moment = NOW + timedelta(hours=at)
        outcome = call.program.planned.outcomes[0]
        self.events.append(self.writer.done(call, outcome, {"outcome": outcome, **value}, None, moment))
        self.interpreter.done(call, outcome, {"outcome": outcome, **value})

    def failed(self, call: Any, error_class: str, again: bool = False) -> None:
        more = {"again_at": NOW.isoformat()} if again else {}
        self.events.append(self.writer.failed(call, Failure(error_class, "so it was"), NOW, **more))
        self.interpreter.failed(call, Failure(error_class, "so it was"))

    def past(self) -> Past:
        return past_of("r-1", "o1", self.program, self.events)

    def answer(self, step: str) -> Any:
        past, targets = self.past(), Targets(self.program)
        shortener = Shortener(Redaction(), {"send": {"out": ["ask"]}, "each": {"out": ["ask"]}}, ())
        run = past.report.state
        return shortener.answer(targets.steps[step], past.attempts[step], run.items_of(targets.steps[step].step))


def test_attempts_are_answered_one_after_the_other() -> None:
    run = Run()
    run.failed(run.calls()["send"], "unavailable", again=True)
    run.failed(run.calls()["send"], "timeout", again=True)
    run.done(run.calls()["send"], out=5)

    assert run.answer("send") == ["raises unavailable", "raises timeout", {"out": 5}]


def test_what_never_came_is_said_once() -> None:
    run = Run()
    for _ in range(3):
        run.failed(run.calls()["send"], "unavailable", again=True)
    run.failed(run.calls()["send"], "unavailable")

    assert run.answer("send") == "raises unavailable"


def test_what_was_handed_in_is_pointed_to_and_what_nobody_reads_is_left_out() -> None:
    run = Run()
    run.done(run.calls()["send"], out={"order_id": "o1"}, more="nobody reads it")

    assert run.answer("send") == {"out": "=given.given"}


def test_a_text_that_begins_as_a_formula_is_given_by_one() -> None:
    run = Run()
    run.done(run.calls()["send"], out='="x"')

    assert run.answer("send") == {"out": '="=\\"x\\""'}


def test_items_are_answered_each_by_its_own_and_those_that_wait_not_at_all() -> None:
    run = Run()
    run.done(run.calls()["send"], out=1)
    calls = run.calls()
    run.done(calls["each[1]"], out="a")
    run.failed(calls["each[3]"], "refused")

    assert run.answer("each") == {"each": [{"out": "a"}, None, "raises refused"]}


def test_a_wait_takes_as_long_as_it_took() -> None:
    run = Run()
    run.done(run.calls()["send"], out=1)
    call = run.calls()["ask"]

    run.events.append(run.writer.waits(call, Wait("event", {}), NOW))
    run.interpreter.waits(call, Wait("event", {}))
    run.done(call, at=50)

    assert run.answer("ask") == {"after": "50h", "outcome": "happened"}


def test_a_run_that_was_cancelled_from_outside_cannot_be_recorded() -> None:
    run = Run()
    run.events.append(run.writer.cancelled(NOW, by="kim"))

    with pytest.raises(UnrecordableError, match="cancelled from outside"):
        run.past()


def test_the_same_person_is_made_up_the_same_everywhere() -> None:
    order = good_order(customer=Party(first_name="Ann", last_name="Lee", email="ann@example.test"))
    redaction = Redaction()
    redaction.learn(order)

    plain = redaction.plain(order)
    told = redaction.plain({"to": "ann@example.test", "text": "Dear ann@example.test"})

    assert plain["customer"]["email"] == told["to"]
    assert told["text"] == f"Dear {told['to']}"
    assert "ann@example.test" not in str(plain)
    assert "Chestnut" not in str(plain)
    assert plain["shipping_address"]["postal_code"] == "40200"  # the area by which it is routed stays


@pytest.mark.parametrize(
    ("code", "told"),
    [("97204", "97200"), ("97204-1234", "97200-0000"), ("SW1A 1AA", "SW1A 0AA"), ("K1A 0B1", "K1A 0A0"),
     ("1012 AB", "1010 AA"), ("2100", "2100"), ("2108", "2100"), ("114 55", "114 00"), ("00-950", "00-900")],
)  # fmt: skip
def test_of_a_postal_code_the_area_stays_in_the_form_of_its_country(code: str, told: str) -> None:
    redaction = Redaction()
    redaction.learn(Address(postal_code=code))

    assert redaction.plain(Address(postal_code=code))["postal_code"] == told


def test_a_customers_id_is_made_up_and_a_number_that_happens_to_be_the_same_stays() -> None:
    redaction = Redaction()
    redaction.learn([Party(customer_id="12"), Party(customer_id="650430")])

    assert redaction.plain(Party(customer_id="12")) == {"customer_id": "customer-1"}
    assert redaction.plain({"sku": "12", "key": "1650430", "why": "650430 has 3 open orders"}) == {
        "sku": "12", "key": "1650430", "why": "customer-2 has 3 open orders",
    }  # fmt: skip


def test_what_is_personal_and_no_text_is_left_out() -> None:
    address = Address(address_lines=("1 High Street",), latitude=45.5, longitude=-122.6, original={"a": "b"})
    redaction = Redaction()
    redaction.learn(address)

    assert set(redaction.plain(address)) == {"address_lines"}


def test_a_short_name_stands_in_other_words_untouched() -> None:
    redaction = Redaction()
    redaction.learn(Party(first_name="Al"))

    assert redaction.plain("Also Al") == "Also Al"
    assert redaction.plain("Al") == "Person 1"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=x", "- a", "a: b", "#", "", "yes", "1.10", "0x1", "2026-03-02T10:00:00Z", "a\nb", "'", '"', "{", "a" * 120]
)
SCALARS = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXTS
NUMBERS = st.decimals(-1000, 1000, places=2).map(lambda number: number.normalize() + Decimal("0.25"))
VALUES = st.recursive(
    SCALARS | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS.filter(bool), VALUES, min_size=1, max_size=4))
def test_what_is_written_is_always_read_back_as_it_was(data: dict[str, Any]) -> None:
    assert parse_yaml(written(data), "made.yaml").data == data

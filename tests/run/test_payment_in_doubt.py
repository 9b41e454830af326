"""A payment gateway that does not answer, met by the shipped node: charged once, and never told unpaid."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.packs import catalogue
from orderloom.run.machine import resolving
from orderloom.world.gateway import TestGateway
from orderloom.world.shelf import Shelf
from orderloom_nodes.capture import CapturedOrder
from tests.nodes.paying import order
from tests.run.living import Living, living
from tests.run.playing import program_of

FLOW = """
flow: pay
version: 1
defaults: {retry: 2x 2s..5m}
steps:
  capture: {use: capture}
  pay:
    use: collect-payment
    with: {order: =capture.order}
    next: {paid: ~, unpaid: cancel}
    on_error: {unavailable: cancel, timeout: cancel}
    undo: {use: refund, with: {payment: =result.payment, order: =capture.order}}
  cancel: {use: cancel-order, with: {order: =capture.order}, end: cancelled}
"""
LONG = timedelta(hours=1)


class Firm:
    """A till that stays, and processes that come and go."""

    def __init__(self, folder: Path, says: Any) -> None:
        self.folder, self.shelf = folder, Shelf()
        self.says(says)
        self.program = program_of(FLOW, catalogue())

    def says(self, says: Any) -> None:
        self.gateway = TestGateway(self.shelf, {"7": says})

    def process(self) -> Any:
        return living(self.folder, self.program, catalogue(), {"payments": self.gateway}, patience=LONG)

    @property
    def charges(self) -> int:
        return self.shelf.count("charge")


@pytest.fixture
def firm(tmp_path: Path) -> Any:
    return lambda says: Firm(tmp_path, says)


def ordered(here: Living) -> Any:
    return here.order("1", CapturedOrder(order=order()))


def test_money_that_was_taken_without_an_answer_is_found_and_taken_once(firm: Any) -> None:
    one = firm("unknown_taken")
    with one.process() as here:
        told = ordered(here)

    assert (told.status, told.path[-1], one.charges) == ("completed", "pay:paid", 1)


def test_an_answer_that_never_comes_is_neither_paid_nor_unpaid(firm: Any) -> None:
    one = firm("unknown")
    with one.process() as here:
        told = ordered(here)

    assert (told.status, told.parked) == ("exception", ("pay!in_doubt",))
    assert "cancel" not in told.path, "the order is not called off while nobody knows"
    assert "nobody knows whether it took effect" in told.problems[0]["message"]


def test_a_person_has_it_tried_again_and_it_is_charged_once(firm: Any) -> None:
    one = firm("unknown")
    with one.process() as here:
        ordered(here)
    one.says("success")
    with one.process() as here:
        told = here.resume("1", _again)

    assert (told.status, one.charges) == ("completed", 1)


def _again(live: Any) -> None:
    live.notes.add(live.writer.retried("pay", None, {}, live.now()))
    resolving.retry(live.interpreter, "pay")

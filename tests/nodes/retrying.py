"""The table that says what follows a decline: the shipped one, or one of a test's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from orderloom import DecisionTable, Place
from orderloom_nodes.collect_payment.plan import RetryTable
from tests.nodes.making import FLOWS


def retry_table(written: Any = None) -> DecisionTable:
    return _shipped() if written is None else RetryTable.load_setting(written, Place("test"), [FLOWS])


@cache
def _shipped() -> DecisionTable:
    return RetryTable.load_setting("rules/payment-retry.table.yaml", Place("test"), [Path(FLOWS)])

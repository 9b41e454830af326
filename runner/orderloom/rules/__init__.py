"""Rule tables: facts in, a decision out that says which row answered and why no other did."""

from __future__ import annotations

from orderloom.rules.check import check_table
from orderloom.rules.decision import Decision
from orderloom.rules.explain import Rejection
from orderloom.rules.load import read_table
from orderloom.rules.table import DecisionTable

__all__ = ["Decision", "DecisionTable", "Rejection", "check_table", "read_table"]

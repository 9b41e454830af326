"""A table in, a proof out: its gaps, overlaps and dead rows, exact to the point, each with an example order."""

from __future__ import annotations

from orderloom.rules.prove.analysis import prove
from orderloom.rules.prove.column_axis import Cell
from orderloom.rules.prove.orders import Past
from orderloom.rules.prove.proof import Edit, Finding, Fix, Proof

__all__ = ["Cell", "Edit", "Finding", "Fix", "Past", "Proof", "prove"]

"""Many orders at once: columns of facts in, one answer for each order out, the same as single decisions give.

Needs numpy (`pip install 'orderloom[batch]'`); files are read and written by `orderloom.rules.batch.files`.
"""

from __future__ import annotations

from orderloom.rules.batch.batch import Answer, Batch, decide_batch
from orderloom.rules.batch.facts import Coded, Column, Scaled
from orderloom.rules.batch.feeding import Feeding

__all__ = ["Answer", "Batch", "Coded", "Column", "Feeding", "Scaled", "decide_batch"]

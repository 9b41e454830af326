"""Several numbers of each order in, one number for every combination of them out."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from orderloom.rules.batch.facts import Array


def combined(ids: Sequence[Array], sizes: Sequence[int]) -> Array:
    """`ids` count from nought up to `sizes`, whose product is below 2 ** 63."""
    found = ids[0]
    for one, size in zip(ids[1:], sizes[1:], strict=True):
        found = found * size + one
    return found


def distinct(ids: Sequence[Array], sizes: Sequence[int]) -> tuple[Array, Array]:
    """The first order of every combination that there is; for each order which of these its combination is."""
    keys = [combined(ids, sizes)] if prod(sizes) < 2**63 else ids
    order = np.lexsort(keys)
    begins = np.zeros(len(order), dtype=bool)
    begins[:1] = True
    for one in keys:
        begins[1:] |= one[order[1:]] != one[order[:-1]]
    which = np.empty(len(order), dtype=np.intp)
    which[order] = begins.cumsum() - 1
    return order[begins], which

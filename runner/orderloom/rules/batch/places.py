"""The ends of a column in their order, as floats or whole numbers, in; for any facts how many lie below each out."""

from __future__ import annotations

import numpy as np

from orderloom.rules.batch.facts import Array

BUCKETS_PER_END = 8
MOST_STEPS = 6  # beyond so many ends in one bucket, bisection is as quick


class Places:
    """The line of numbers in buckets of one width: a fact's bucket says where to begin, a few steps end at its place.

    To find a bucket is rounding, which keeps the order of numbers: what lies in a lower bucket is lower.
    """

    def __init__(self, ends: Array) -> None:
        self._ends = ends
        self._open = np.append(ends, np.inf if ends.dtype.kind == "f" else np.iinfo(ends.dtype).max)
        self._low, high = (float(ends[0]), float(ends[-1])) if len(ends) else (0.0, 0.0)
        self._count = BUCKETS_PER_END * len(ends)
        width = high - self._low
        self._scale = self._count / width if 0 < width < np.inf else 0.0
        in_bucket = np.bincount(self._bucket(ends), minlength=self._count + 1)
        self._starts = np.cumsum(in_bucket) - in_bucket
        self._steps = int(in_bucket.max())

    def below(self, facts: Array) -> Array:
        """As `searchsorted` on the left side; of what is no number any place."""
        if self._steps > MOST_STEPS or not np.isfinite(self._scale):
            return np.searchsorted(self._ends, facts, side="left")
        found: Array = self._starts.take(self._bucket(facts))
        for _ in range(self._steps):
            found += self._open.take(found) < facts
        return found

    def _bucket(self, facts: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):  # infinities come first or last, what is no number first
            scaled = (facts - self._low) * self._scale
        found: Array = np.fmin(np.fmax(scaled, 0), self._count).astype(np.int64)
        return found

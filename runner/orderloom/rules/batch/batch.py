"""A table and columns of facts in, an answer for each order out, with those that were refused kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

import numpy as np

from orderloom.declare import NodeError
from orderloom.rules.batch.arranging import arranged
from orderloom.rules.batch.coding import ChunkReader, Coder
from orderloom.rules.batch.combining import distinct
from orderloom.rules.batch.facts import Array, Coded, Column, fact
from orderloom.rules.batch.picking import Picking
from orderloom.rules.batch.words import Codes, words_of
from orderloom.rules.deciding import Decider
from orderloom.rules.decision import Decision, fields_of
from orderloom.rules.hit import Hit

CHUNK = 131_072  # orders that are decided together: many, so that what a block of rows needs is in cache for most


@dataclass(frozen=True, slots=True)
class Answer:
    """What one or more orders got: the ids of the rows, the outcome, and what a decision has as outputs."""

    rows: tuple[str, ...]
    outcome: str
    outputs: Mapping[str, Any] | tuple[Mapping[str, Any], ...]

    @property
    def record(self) -> Mapping[str, Any]:
        """As a table that is fed by this one reads it."""
        return {"outcome": self.outcome, **fields_of(self.outputs)}


@dataclass(frozen=True)
class Batch:
    """`answers[of[order]]` is the answer of an order; `of` is -1 for those in `refused`. Answers are shared."""

    answers: Sequence[Answer]
    of: Array
    refused: Mapping[int, NodeError]

    def answer(self, order: int) -> Answer:
        """Raises `NodeError` where a decision would."""
        if order in self.refused:
            raise self.refused[order]
        return self.answers[int(self.of[order])]


class BatchDecider:
    """A table's masks as numbers of numpy, made once and kept by the table."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self.names = [column.name for column in decider.inputs]
        engine = decider.engine
        self.by_masks = engine.exact and decider.all_fixed
        self.picks = self.by_masks and decider.hit in {Hit.FIRST, Hit.UNIQUE}
        self.places = arranged(engine.columns, engine.count) if self.picks else None
        pack = partial(words_of, count=engine.count, places=self.places)
        self.coders = [
            Coder(index, read, pack, column.kind.name == "number", column.missing.rule == "default")
            for column, index, read in zip(decider.inputs, engine.columns, decider.others, strict=True)
        ]

    @cached_property
    def alone(self) -> Sequence[Answer]:
        """What each row answers alone; a row with formulas among its answers has none here, and is not asked."""
        alone = map(self.decider.alone, range(self.decider.engine.count))
        return [Answer(one.ids, one.outcome, one.outputs or {}) for one in alone]


class _Making:
    """Answers for the orders of one batch; those of single rows are shared with all batches."""

    def __init__(self, decider: BatchDecider, columns: Mapping[str, Column], now: datetime | None, count: int) -> None:
        self._decider, self._now, self._count = decider, now, count
        self._columns = {name: columns[name] for name in decider.names if name in columns}
        self._readers = self._read() if decider.by_masks else []
        self._picking: Picking | None = None
        self.answers = list(decider.alone)
        self.of = np.full(count, -1, dtype=np.int32)
        self.refused: dict[int, NodeError] = {}

    def batch(self) -> Batch:
        for start in range(0, self._count, CHUNK):
            end = min(self._count, start + CHUNK)
            singly = self._together(start, end) if self._readers else np.ones(end - start, dtype=bool)
            for at in np.flatnonzero(singly).tolist():
                self._single(start + at)
        return Batch(self.answers, self.of, self.refused)

    def _read(self) -> list[ChunkReader]:
        nothing = Coded(np.full(self._count, -1), [])
        pairs = zip(self._decider.names, self._decider.coders, strict=True)
        return [coder.reader(self._columns.get(name, nothing)) for name, coder in pairs]

    def _together(self, start: int, end: int) -> Array:
        """Decide what the masks alone say; the other orders are marked."""
        coded = [reader(start, end) for reader in self._readers]
        odd: Array = np.logical_or.reduce([one.odd for one in coded])
        return odd | (self._picked(coded, start) if self._decider.picks else self._grouped(coded, odd, start))

    def _picked(self, coded: Sequence[Codes], start: int) -> Array:
        rows, several = self._picking_of([one.words for one in coded]).rows([one.ids for one in coded])
        self.of[start : start + len(rows)] = rows
        return (rows < 0) | several

    def _picking_of(self, words: Sequence[Array]) -> Picking:
        """The same for all chunks, as long as their columns have the same masks."""
        known = self._picking
        if known is None or not all(one is other for one, other in zip(known.words, words, strict=True)):
            only = self._decider.decider.hit is Hit.UNIQUE
            known = self._picking = Picking(words, self._count, only, self._decider.places)
        return known

    def _grouped(self, coded: Sequence[Codes], odd: Array, start: int) -> Array:
        """Orders whose facts leave the same rows get the same answer: one of them is decided."""
        firsts, which = distinct([one.ids for one in coded], [one.words.shape[1] for one in coded])
        decided = np.full(len(firsts), -1, dtype=np.int32)
        for group, first in enumerate(firsts.tolist()):
            if not odd[first]:
                with suppress(NodeError):  # each order of the group is to have its own error
                    decided[group] = self._add(self._decision(start + first))
        self.of[start : start + len(which)] = decided[which]
        return decided[which] < 0

    def _single(self, at: int) -> None:
        try:
            self.of[at] = self._add(self._decision(at))
        except NodeError as error:
            self.of[at] = -1
            self.refused[at] = error

    def _decision(self, at: int) -> Decision:
        facts = {name: fact(column, at) for name, column in self._columns.items()}
        return self._decider.decider.decide_columns(facts, self._now)

    def _add(self, decision: Decision) -> int:
        self.answers.append(Answer(decision.rows, decision.outcome, decision.outputs))
        return len(self.answers) - 1


def decide_batch(
    decider: Decider, columns: Mapping[str, Column], now: datetime | None = None, count: int | None = None
) -> Batch:
    """Decide on all orders of these columns by name; columns that are not given count as missing facts.

    `count`: how many orders there are, where no column needs to tell.
    """
    if count is None:
        count = len(next(iter(columns.values()))) if columns else 0
    if "batch" not in decider.kept:
        decider.kept["batch"] = BatchDecider(decider)
    return _Making(decider.kept["batch"], columns, now, count).batch()

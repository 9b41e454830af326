"""A table and columns of facts in, an answer for each order out, with those that were refused kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from orderloom.declare import NodeError
from orderloom.rules.batch.coding import Coder, Codes
from orderloom.rules.batch.facts import Array, Column, fact, part
from orderloom.rules.batch.words import Part, combined, first_rows
from orderloom.rules.deciding import Decider
from orderloom.rules.decision import Decision, fields_of
from orderloom.rules.hit import Hit

CHUNK = 32_768  # orders that are decided together: what they need fits into the processor's cache


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
        self._decider, self._engine = decider, decider.engine
        self._names = [column.name for column in decider.inputs]
        self._coders = [
            Coder(index, read, self._engine.count, column.kind.name == "number", column.missing.rule == "default")
            for column, index, read in zip(decider.inputs, self._engine.columns, decider.others, strict=True)
        ]
        self._by_masks = self._engine.exact and decider.all_fixed
        self._picks = self._by_masks and decider.hit in {Hit.FIRST, Hit.UNIQUE}

    def decide(self, columns: Mapping[str, Column], now: datetime | None, count: int) -> Batch:
        alone = map(self._decider.alone, range(self._engine.count))
        made = _Making(count, [Answer(one.ids, one.outcome, one.outputs or {}) for one in alone])
        for start in range(0, count, CHUNK):
            end = min(count, start + CHUNK)
            chunk = {name: part(columns[name], start, end) for name in self._names if name in columns}
            self._decide(chunk, start, end - start, now, made)
        return Batch(made.answers, made.of, made.refused)

    def _decide(self, chunk: Mapping[str, Column], start: int, count: int, now: datetime | None, made: _Making) -> None:
        singly = np.ones(count, dtype=bool)
        if self._by_masks:
            nothing = [None] * count
            coded = [
                coder.codes(chunk.get(name, nothing)) for name, coder in zip(self._names, self._coders, strict=True)
            ]
            singly = np.logical_or.reduce([one.odd for one in coded])
            if self._picks:
                singly |= self._pick(coded, start, made)
            else:
                singly |= self._group(coded, chunk, singly, start, now, made)
        for at in np.flatnonzero(singly).tolist():
            self._single(chunk, at, start, now, made)

    def _pick(self, coded: Sequence[Codes], start: int, made: _Making) -> Array:
        rows, several = first_rows(
            combined([Part(one.ids, one.words) for one in coded]), self._decider.hit is Hit.UNIQUE
        )
        made.of[start : start + len(rows)] = rows
        return (rows < 0) | several

    def _group(
        self,
        coded: Sequence[Codes],
        chunk: Mapping[str, Column],
        odd: Array,
        start: int,
        now: datetime | None,
        made: _Making,
    ) -> Array:
        """Orders whose facts leave the same rows get the same answer: one of them is decided."""
        keys = np.stack([one.ids for one in coded], axis=1)
        _, firsts, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        which = which.reshape(-1)
        decided = np.full(len(firsts), -1, dtype=np.int32)
        for group, first in enumerate(firsts.tolist()):
            if not odd[first]:
                with suppress(NodeError):  # each order of the group is to have its own error
                    decided[group] = made.add(self._decision(chunk, first, now))
        made.of[start : start + len(which)] = decided[which]
        return decided[which] < 0

    def _single(self, chunk: Mapping[str, Column], at: int, start: int, now: datetime | None, made: _Making) -> None:
        try:
            made.of[start + at] = made.add(self._decision(chunk, at, now))
        except NodeError as error:
            made.of[start + at] = -1
            made.refused[start + at] = error

    def _decision(self, chunk: Mapping[str, Column], at: int, now: datetime | None) -> Decision:
        return self._decider.decide_columns({name: fact(column, at) for name, column in chunk.items()}, now)


class _Making:
    """The answers so far; equal ones of single rows are those of the table."""

    def __init__(self, count: int, answers: list[Answer]) -> None:
        self.answers = answers
        self.of = np.full(count, -1, dtype=np.int32)
        self.refused: dict[int, NodeError] = {}

    def add(self, decision: Decision) -> int:
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
    found: Batch = decider.kept["batch"].decide(columns, now, count)
    return found

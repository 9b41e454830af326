"""The cells of a table of the standard, indexed by column: facts in, the rules that hold of them out, in their order.

A fact of a plain type is looked up among the cells that ask for constants of that type; whatever else a cell or a fact
is, FEEL is asked. The answers are those of asking every cell.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from orderloom.feel import UnaryTests
from orderloom.feel.budget import spend
from orderloom.feel.values import KINDS
from orderloom.rules.constants import Constants
from orderloom.rules.index.bits import bit, every, rows_of
from orderloom.rules.index.named import Named, index_named
from orderloom.rules.index.ordered import Ordered, index_ordered, most_stretches
from orderloom.rules.reading.cell_tree import constants_of

FEWEST = 16  # rules: below, asking each is as quick
SOON = 3  # times that a table is asked before it is indexed, which takes as long as asking all its cells a few times
# Times are compared by whole seconds, and those without a zone to none with one: FEEL is asked about them.
_ORDERED = frozenset({"number", "string", "date", "days and time duration", "years and months duration"})
_PLAIN = _ORDERED | {"boolean"}


class Cell(Protocol):
    @property
    def column(self) -> int: ...
    @property
    def tests(self) -> UnaryTests: ...


class Rule(Protocol):
    @property
    def cells(self) -> Sequence[Cell]: ...


@dataclass(frozen=True, slots=True)
class _Lookup:
    """For facts of one type. `asked` are the rules whose cell FEEL has to be asked about, also in every mask."""

    of: Named | Ordered
    asked: int


class RuleIndex:
    """Holds for any number of evaluations. A table that is asked once, or has few rules, is not indexed."""

    def __init__(self, rules: Sequence[Rule], columns: int, soon: int = SOON) -> None:
        self._rules, self._columns = rules, columns
        self._soon = soon if len(rules) >= FEWEST else sys.maxsize
        self._asked = 0
        self._indexed: _Indexed | None = None

    def holding(self, facts: Sequence[Any], scope: Mapping[str, Any]) -> Iterator[int]:
        """The places of the rules that hold, in their order."""
        self._asked += 1
        if self._asked > self._soon:
            self._indexed = self._indexed or _Indexed(self._rules, self._columns)
            return self._indexed.holding(facts, scope)
        spend(len(self._rules))
        return (
            row
            for row, rule in enumerate(self._rules)
            if all(cell.tests.matches(facts[cell.column], scope) is True for cell in rule.cells)
        )


class _Indexed:
    """Indexes are made when facts of their type come for the first time."""

    def __init__(self, rules: Sequence[Rule], columns: int) -> None:
        self._count = len(rules)
        self._cells: list[dict[int, UnaryTests]] = [{} for _ in range(columns)]
        for row, rule in enumerate(rules):
            for cell in rule.cells:
                self._cells[cell.column][row] = cell.tests
        self._full = [_bits(cells, self._count) for cells in self._cells]
        self._lookups: dict[tuple[int, str], _Lookup] = {}
        self._constants: dict[int, list[tuple[int, Constants | None]]] = {}

    def holding(self, facts: Sequence[Any], scope: Mapping[str, Any]) -> Iterator[int]:
        mask = every(self._count)
        asked: list[tuple[int, int]] = []
        for column, fact in enumerate(facts):
            may, doubt = self._narrowed(column, fact)
            mask &= may
            if doubt:
                asked.append((column, doubt))
        spend(1)
        for row in rows_of(mask, self._count):
            spend(1)
            at = bit(row, self._count)
            if all(
                self._cells[column][row].matches(facts[column], scope) is True for column, doubt in asked if doubt & at
            ):
                yield row

    def _narrowed(self, column: int, fact: Any) -> tuple[int, int]:
        """The rules that the fact may leave, and those of them whose cell has to be asked."""
        full = self._full[column]
        word = KINDS.get(type(fact), "")
        if not full or word not in _PLAIN:
            return every(self._count), full
        found = self._lookups.get((column, word))
        if found is None:
            found = self._lookups[column, word] = self._lookup(column, word)
        return found.of.mask(fact) or 0, found.asked | found.of.doubt(fact)

    def _lookup(self, column: int, word: str) -> _Lookup:
        if column not in self._constants:
            cells = self._cells[column].items()
            self._constants[column] = [(row, constants_of(tests.tree, tests.text)) for row, tests in cells]
        rows: dict[Constants, int] = {}
        asked = 0
        for row, constants in self._constants[column]:
            if constants is None or not _all_of(constants, word):
                asked |= bit(row, self._count)
            else:
                rows[constants] = rows.get(constants, 0) | bit(row, self._count)
        free = every(self._count) ^ sum(rows.values())
        return _Lookup(_indexed(list(rows.items()), free, self._count), asked)


def _bits(cells: Mapping[int, Any], count: int) -> int:
    return sum(bit(row, count) for row in cells)


def _indexed(cells: Sequence[tuple[Constants, int]], free: int, count: int) -> Named | Ordered:
    if all(constants.finite for constants, _ in cells):
        return index_named(cells, free, ())
    return index_ordered(cells, free, None, most_stretches(count))


def _all_of(constants: Constants, word: str) -> bool:
    """Whether facts of that type compare with each of them, so that Python tells what FEEL would."""
    if constants.intervals and word not in _ORDERED:
        return False
    ends = [end for one in constants.intervals for end in (one.low, one.high)]
    return all(value is None or KINDS.get(type(value)) == word for value in (*constants.values, *ends))

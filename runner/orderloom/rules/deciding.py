"""The compiled half of a table: facts are read and checked, rows asked, answers combined, a decision made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from orderloom.declare import NodeError
from orderloom.feel import NOW, FeelError
from orderloom.feel.tree import Member, Name, Node
from orderloom.rules.columns import OUTCOME, ColumnError, Input, Output
from orderloom.rules.decision import DECIDED, Decision, Fired, Rulebook, decision
from orderloom.rules.engine import Engine, Facts
from orderloom.rules.explain import Rejection, facts_in_words
from orderloom.rules.explanation import Explanation
from orderloom.rules.flat import Decide, Other, Ways, flat
from orderloom.rules.hit import Hit
from orderloom.rules.policies import Answers, Outputs, combine
from orderloom.rules.reading.literals import listed
from orderloom.rules.reading.rows import Row

NOTHING: Mapping[str, Any] = {}
Given = Outputs | tuple[Outputs, ...]


class Decider:
    """Made once for a table and shared by all calls.

    `decide_columns(values by column, now)` gives a decision. Raises `NodeError`: no_match, conflict, missing_fact,
    wrong_type, and invalid at a limit of FEEL.
    """

    def __init__(
        self, name: str, hit: Hit, inputs: tuple[Input, ...], outputs: tuple[Output, ...], rows: tuple[Row, ...]
    ) -> None:
        self._name, self.hit, self.inputs, self._outputs, self._rows = name, hit, inputs, outputs, rows
        self.engine = Engine(rows, inputs)
        self._answers = Answers(rows, outputs)
        self._book = Rulebook(name, hit, inputs, rows, self.engine)
        self._has_outcome = hit.picks and any(column.name == OUTCOME for column in outputs)
        self._has_defaults = all(column.has_default for column in outputs)
        self._missing_means_defaults = any(column.missing.rule == "default" for column in inputs)
        self._members = [(one, root) for one in inputs if (root := _root(one.formula.tree))]
        self._needs_scope = not self.engine.timeless or not self._answers.all_fixed
        self.others = [self._other(at) for at in range(len(inputs))]
        self._by_length: list[Fired | None] = [None] * (len(rows) + 1)  # rows with fixed answers that have answered
        self.all_fixed = self._answers.all_fixed
        self.kept: dict[str, Any] = {}  # what others make of the table once, for as long as it lives
        self.decide_columns: Decide = self._compiled()

    def decide(self, documents: Mapping[str, Any], columns: Mapping[str, Any], now: datetime | None) -> Decision:
        """As `decide_columns`, where columns that are not given are read from documents."""
        try:
            given = {
                one.name: columns[one.name] if one.name in columns else one.formula.evaluate(documents)
                for one in self.inputs
            }
        except FeelError as error:
            raise self._limit(error) from None
        return self.decide_columns(given, now)

    def settled(self, documents: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of the columns that are a member of one of these documents."""
        try:
            return {one.name: one.formula.evaluate(documents) for one, root in self._members if root in documents}
        except FeelError as error:
            raise self._limit(error) from None

    def explain(self, columns: Mapping[str, Any], now: datetime | None) -> tuple[Rejection, ...]:
        """Every row with its first failing cell."""
        facts, _ = self._read(columns)
        self._time(facts, now)
        return Explanation(self.inputs, self._rows, self.engine, facts, now, ()).rejected

    def _compiled(self) -> Decide:
        picks = self.hit in {Hit.FIRST, Hit.UNIQUE} and self.engine.exact and self._answers.all_fixed
        by_length = self._by_length if picks and not self._missing_means_defaults else None
        ways = Ways(self.others, self._carefully, self._finished, by_length, self.hit is Hit.UNIQUE)
        return flat(self.inputs, self.engine.columns, ways)

    def alone(self, row: int) -> Fired:
        """What the row answers where no other does."""
        fixed = self._answers.fixed[row]
        outcome = fixed[OUTCOME] if fixed is not None and self._has_outcome else DECIDED
        return Fired(self._book, (row,), outcome, fixed)

    def _kept_alone(self, row: int) -> Fired:
        """The same, kept with its words for all decisions to come."""
        at = len(self._rows) - row
        found = self._by_length[at]
        if found is None:
            found = self.alone(row)
            found.tell()
            self._by_length[at] = found
        return found

    def _other(self, at: int) -> Other:
        """Reads a value of any kind: the fact and the rows that it leaves."""
        column, index = self.inputs[at], self.engine.columns[at]

        def read(value: Any) -> tuple[Any, int]:
            try:
                fact = self._missing(column) if value is None else column.read(value)
            except ColumnError as error:
                raise NodeError("wrong_type", f"table {self._name}: {error}") from None
            return fact, index.mask(fact) or 0

        return read

    def _carefully(self, given: Mapping[str, Any], now: datetime | None) -> Decision:
        facts, mask = self._read(given)
        return self._finished(mask, facts, now)

    def _read(self, given: Mapping[str, Any]) -> tuple[Facts, int]:
        read = [other(given.get(column.name)) for column, other in zip(self.inputs, self.others, strict=True)]
        mask = -1
        for _, rows in read:
            mask &= rows
        return tuple([fact for fact, _ in read]), mask

    def _finished(self, mask: int, facts: Facts, now: datetime | None) -> Decision:
        """The rows of the mask are asked what no index knows, and answer by the hit policy."""
        if self._missing_means_defaults and any(fact is None for fact in facts):
            missing = [name for name, fact in zip(self._book.names, facts, strict=True) if fact is None]
            are = "are" if len(missing) > 1 else "is"
            return self._by_default(facts, now, f"{listed(missing)} {are} missing: the defaults answer")
        try:
            scope, day = self._time(facts, now)
            found = self._applying(mask, facts, scope, day)
            if not found:
                return self._without_rows(facts, now)
            answering, outputs = combine(self.hit, self._name, self._rows, found, self._answers, scope)
        except FeelError as error:
            raise self._limit(error) from None
        except ColumnError as error:
            raise NodeError("wrong_type", f"table {self._name}: {error}") from None
        return decision(self._fired(answering, outputs), outputs, facts, now)

    def _applying(self, mask: int, facts: Facts, scope: Mapping[str, Any], day: date | None) -> list[int]:
        applying = self.engine.applying(mask, facts, scope, day)
        return list(islice(applying, 1) if self.hit is Hit.FIRST else applying)

    def _missing(self, column: Input) -> Any:
        if column.missing.rule == "error":
            raise NodeError(
                "missing_fact",
                f"table {self._name}: column `{column.name}` has no value (`{column.formula.text}` gives nothing), "
                f"and {column.wanted} is expected",
            )
        return column.missing.value

    def _time(self, facts: Facts, now: datetime | None) -> tuple[Mapping[str, Any], date | None]:
        """The names that cells and formulas read, where any does, and the day."""
        if now is None and self.engine.dated:
            raise NodeError("missing_fact", f"table {self._name}: its rows are valid by date, and no time was given")
        scope = dict(zip(self._book.names, facts, strict=True)) if self._needs_scope else {}
        return scope if now is None else {**scope, NOW: now}, now.date() if now else None

    def _without_rows(self, facts: Facts, now: datetime | None) -> Decision:
        """What no row at all means: the defaults, an empty list, a count of nought; otherwise an error."""
        if self._has_defaults:
            return self._by_default(facts, now)
        if not self.hit.single:
            return decision(self._fired((), ()), (), facts, now)
        if self.hit is Hit.COUNT:
            outputs = {self._outputs[0].name: 0}
            return decision(self._fired((), outputs, "no row applied"), outputs, facts, now)
        named = facts_in_words(dict(zip(self._book.names, facts, strict=True)))
        raise NodeError("no_match", f"table {self._name}: no row applies to {named}")

    def _by_default(self, facts: Facts, now: datetime | None, why: str | None = None) -> Decision:
        defaults = {column.name: column.default for column in self._outputs}
        outputs: Given = defaults if self.hit.single else (defaults,)
        return decision(self._fired((), outputs, why), outputs, facts, now)

    def _fired(self, rows: Sequence[int], outputs: Given, why: str | None = None) -> Fired:
        if len(rows) == 1 and self._answers.fixed[rows[0]] is not None:
            return self._kept_alone(rows[0])
        outcome = DECIDED
        if self._has_outcome:
            assert isinstance(outputs, dict)
            outcome = outputs[OUTCOME]
            if outcome is None:
                raise NodeError("wrong_type", f"table {self._name}: the formula of `outcome` gives nothing")
        return Fired(self._book, tuple(rows), outcome, why=why)

    def _limit(self, error: FeelError) -> NodeError:
        return NodeError("invalid", f"table {self._name}: {error.message}")


def _root(node: Node) -> str | None:
    """The name that a plain path begins with; None for any other formula."""
    while isinstance(node, Member):
        node = node.base
    return node.name if isinstance(node, Name) else None

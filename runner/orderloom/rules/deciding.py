"""The compiled half of a table: facts are read and checked, rows asked, answers combined, a decision made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from orderloom.declare import NodeError
from orderloom.feel import NOW, FeelError
from orderloom.feel.tree import Member, Name, Node
from orderloom.rules.columns import OUTCOME, ColumnError, Input, Output
from orderloom.rules.decision import DECIDED, Decision, Rulebook, Story, rejections
from orderloom.rules.engine import Engine
from orderloom.rules.explain import Rejection, facts_in_words
from orderloom.rules.hit import Hit
from orderloom.rules.policies import Answers, Outputs, combine
from orderloom.rules.reading.rows import Row

NOTHING: Mapping[str, Any] = {}
Given = Outputs | tuple[Outputs, ...]


class Decider:
    """Made once for a table and shared by all calls."""

    def __init__(
        self, name: str, hit: Hit, inputs: tuple[Input, ...], outputs: tuple[Output, ...], rows: tuple[Row, ...]
    ) -> None:
        self._name, self._hit, self._inputs, self._outputs, self._rows = name, hit, inputs, outputs, rows
        self._engine = Engine(rows, [column.kind.name for column in inputs])
        self._answers = Answers(rows, outputs)
        self._book = Rulebook(hit, inputs, rows)
        self._ids = [row.id for row in rows]
        self._has_outcome = hit.picks and any(column.name == OUTCOME for column in outputs)
        self._has_defaults = all(column.has_default for column in outputs)
        self._missing_means_defaults = any(column.missing.rule == "default" for column in inputs)
        self._members = [(one, root) for one in inputs if (root := _root(one.formula.tree))]
        self._timeless = self._engine.timeless and self._answers.all_fixed

    def decide(self, documents: Mapping[str, Any] | None, columns: Mapping[str, Any], now: datetime | None) -> Decision:
        """Raises `NodeError`: no_match, conflict, missing_fact, wrong_type, and invalid at a limit of FEEL."""
        try:
            facts, gaps = self._read(documents, columns)
            scope, day = (facts, None) if self._timeless else self._time(facts, now)
            if gaps and self._missing_means_defaults:
                return self._told((), self._defaults(), facts, (self._book, scope, day))
            found = self._engine.applying(list(facts.values()), scope, day, self._hit is Hit.FIRST, gaps)
            if not found:
                return self._told((), self._without_rows(facts), facts, (self._book, scope, day))
            answering, outputs = combine(self._hit, self._name, self._rows, found, self._answers, scope)
        except FeelError as error:
            raise NodeError("invalid", f"table {self._name}: {error.message}") from None
        except ColumnError as error:
            raise NodeError("wrong_type", f"table {self._name}: {error}") from None
        return self._told(tuple([self._ids[index] for index in answering]), outputs, facts, (self._book, scope, day))

    def settled(self, documents: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of the columns that are a member of one of these documents."""
        try:
            return {one.name: one.formula.evaluate(documents) for one, root in self._members if root in documents}
        except FeelError as error:
            raise NodeError("invalid", f"table {self._name}: {error.message}") from None

    def explain(self, columns: Mapping[str, Any], now: datetime | None) -> tuple[Rejection, ...]:
        """Every row with its first failing cell."""
        try:
            facts, _ = self._read(None, columns)
        except ColumnError as error:
            raise NodeError("wrong_type", f"table {self._name}: {error}") from None
        scope, day = self._time(facts, now)
        return rejections((self._book, scope, day), facts, ())

    def _read(self, documents: Mapping[str, Any] | None, columns: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """The facts by column, checked, and whether one of them is missing."""
        facts: dict[str, Any] = {}
        gaps = False
        for column in self._inputs:
            name = column.name
            value = columns.get(name)
            if value is None and documents is not None and name not in columns:
                value = column.formula.evaluate(documents)
            if value is None:
                facts[name] = value = self._missing(column)
                gaps = gaps or value is None
            else:
                facts[name] = column.read(value)
        return facts, gaps

    def _missing(self, column: Input) -> Any:
        if column.missing.rule == "error":
            raise NodeError(
                "missing_fact",
                f"table {self._name}: column `{column.name}` has no value (`{column.formula.text}` gives nothing), "
                f"and {column.wanted} is expected",
            )
        return column.missing.value

    def _time(self, facts: dict[str, Any], now: datetime | None) -> tuple[Mapping[str, Any], date | None]:
        if now is not None:
            return {**facts, NOW: now}, now.date()
        if self._engine.dated:
            raise NodeError("missing_fact", f"table {self._name}: its rows are valid by date, and no time was given")
        return facts, None

    def _without_rows(self, facts: Mapping[str, Any]) -> Given:
        """What no row at all means: the defaults, an empty list, a count of nought; otherwise an error."""
        if self._has_defaults:
            return self._defaults()
        if not self._hit.single:
            return ()
        if self._hit is Hit.COUNT:
            return {self._outputs[0].name: 0}
        raise NodeError("no_match", f"table {self._name}: no row applies to {facts_in_words(facts)}")

    def _defaults(self) -> Given:
        outputs = {column.name: column.default for column in self._outputs}
        return outputs if self._hit.single else (outputs,)

    def _told(self, rows: tuple[str, ...], outputs: Given, facts: Mapping[str, Any], story: Story) -> Decision:
        outcome = DECIDED
        if self._has_outcome:
            assert isinstance(outputs, dict)
            outcome = outputs[OUTCOME]
            if outcome is None:
                raise NodeError("wrong_type", f"table {self._name}: the formula of `outcome` gives nothing")
        return Decision(self._name, rows, outputs, outcome, facts, story)


def _root(node: Node) -> str | None:
    """The name that a plain path begins with; None for any other formula."""
    while isinstance(node, Member):
        node = node.base
    return node.name if isinstance(node, Name) else None

"""A decision table: documents or column values in, a decision that can explain itself out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from orderloom.declare import NodeError, Schema
from orderloom.feel import NOW, FeelError
from orderloom.problems import Place
from orderloom.rules.cases import Case
from orderloom.rules.columns import OUTCOME, Input, Output
from orderloom.rules.decision import DECIDED, Decision, Rulebook, rejections
from orderloom.rules.engine import Engine
from orderloom.rules.explain import Rejection, facts_in_words
from orderloom.rules.hit import Hit
from orderloom.rules.policies import Answers, Outputs, combine
from orderloom.rules.rows import Row
from orderloom.rules.schemas import output_schema
from orderloom.rules.sources import Source
from orderloom.world import CallLog

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, eq=False)
class DecisionTable:
    """A table that was read without errors, compiled and ready to decide. Equal content has an equal `hash`."""

    name: str
    summary: str
    hit: Hit
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    cases: tuple[Case, ...]
    hash: str
    place: Place
    source: Source
    log: CallLog | None = None
    now: datetime | None = None

    setting_schema: ClassVar[Schema] = {
        "type": ["string", "object"],
        "description": "a rule table: the path of its .table.yaml, or the table itself",
    }

    def __post_init__(self) -> None:
        self._prepare()

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> DecisionTable:
        """From the path of a table file in one of `folders`, or from the table itself. Raises `ProblemsError`."""
        from orderloom.rules.load import load_table  # noqa: PLC0415 (load makes tables: it imports this module)

        return load_table(value, place, folders)

    def for_call(self, log: CallLog, now: datetime | None = None) -> DecisionTable:
        """The same table for one call of a node: decisions go into `log`, dates are judged by `now`."""
        return self._with(log=log, now=now)

    def at(self, now: datetime) -> DecisionTable:
        """The same table at a moment, for rows that are valid by date and for today()."""
        return self._with(now=now)

    def decide(self, documents: Mapping[str, Any], columns: Mapping[str, Any] = _NOTHING) -> Decision:
        """Answer for documents that the columns read by their `is:`; `columns` gives some columns directly.

        Raises `NodeError`: no_match, conflict, missing_fact, wrong_type.
        """
        return self._decide(documents, columns)

    def decide_columns(self, columns: Mapping[str, Any]) -> Decision:
        """Answer for values by column name; names that the table does not have are passed over. Raises as `decide`."""
        return self._decide(None, columns)

    def explain(self, columns: Mapping[str, Any]) -> tuple[Rejection, ...]:
        """For every row the first cell that does not fit these column values; rows that apply have no column."""
        facts = self._facts(None, columns)
        return rejections(self._book, (), facts, self._scope(None, facts), self._day(None))

    @property
    def outcome_words(self) -> tuple[str, ...]:
        """What a step that asks this table can branch on: the words of the `outcome` column, else `decided`."""
        column = self._outcome
        if column is None:
            return (DECIDED,)
        if column.values:
            return tuple(str(value) for value in column.values)
        index = self.outputs.index(column)
        given = [row.answers[index].value for row in self.rows]
        defaults = [column.default] if column.has_default else []
        return tuple(dict.fromkeys(str(word) for word in (*given, *defaults) if word is not None))

    def outcome_schemas(self) -> Mapping[str, Schema]:
        """Outcome → JSON Schema of what a decision gives with it."""
        return {word: output_schema(word, self.hit, self.outputs, self._nullable(word)) for word in self.outcome_words}

    def _nullable(self, word: str) -> frozenset[str]:
        """The outputs that may be blank with this outcome."""
        index = self.outputs.index(self._outcome) if self._outcome else None
        rows = [row for row in self.rows if index is None or row.answers[index].value in {None, word}]
        by_default = [column.name for column in self.outputs if column.has_default and column.default is None]
        return frozenset(by_default).union(
            column.name for at, column in enumerate(self.outputs) for row in rows if row.answers[at].value is None
        )

    def _decide(self, documents: Mapping[str, Any] | None, columns: Mapping[str, Any]) -> Decision:
        facts = self._facts(documents, columns)
        scope = self._scope(documents, facts)
        day = self._day(documents)
        values = list(facts.values())
        any_missing = None in values
        if any_missing and self._defaults_for_missing(facts):
            return self._told((), self._defaults(), facts, scope, day)
        try:
            found = self._engine.applying(values, scope, day, self.hit is Hit.FIRST, any_missing)
            if not found:
                return self._told((), self._without_rows(facts), facts, scope, day)
            answering, outputs = combine(self.hit, self.name, [self.rows[one] for one in found], self._answers, scope)
        except FeelError as error:
            raise NodeError("invalid", f"table {self.name}: {error.message}") from None
        return self._told(tuple([row.id for row in answering]), outputs, facts, scope, day)

    def _told(
        self,
        rows: tuple[str, ...],
        outputs: Outputs | tuple[Outputs, ...],
        facts: Mapping[str, Any],
        scope: Mapping[str, Any],
        day: date | None,
    ) -> Decision:
        outcome = DECIDED
        if self._outcome is not None:
            assert isinstance(outputs, dict)
            outcome = outputs[OUTCOME]
            if outcome is None:
                raise NodeError("wrong_type", f"table {self.name}: the formula of `outcome` gave nothing")
        decision = Decision(self.name, rows, outputs, outcome, facts, self._book, scope, day)
        if self.log is not None:
            self.log.decisions.append(decision)
        return decision

    def _facts(self, documents: Mapping[str, Any] | None, columns: Mapping[str, Any]) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for column in self.inputs:
            name = column.name
            if name in columns:
                value = columns[name]
            else:
                value = None if documents is None else column.formula.evaluate(documents)
            facts[name] = self._missing(column) if value is None else column.read(value)
        return facts

    def _missing(self, column: Input) -> Any:
        if column.missing.rule == "error":
            raise NodeError(
                "missing_fact",
                f"table {self.name}: column `{column.name}` has no value (`{column.formula.text}` gives nothing), "
                f"and {column.wanted} is expected",
            )
        return column.missing.value

    def _defaults_for_missing(self, facts: Mapping[str, Any]) -> bool:
        return any(column.missing.rule == "default" and facts[column.name] is None for column in self.inputs)

    def _without_rows(self, facts: Mapping[str, Any]) -> Outputs | tuple[Outputs, ...]:
        """What no row at all means: the defaults, an empty list, a count of nought; otherwise an error."""
        if all(column.has_default for column in self.outputs):
            return self._defaults()
        if not self.hit.single:
            return ()
        if self.hit is Hit.COUNT:
            return {self.outputs[0].name: 0}
        raise NodeError("no_match", f"table {self.name}: no row applies to {facts_in_words(facts)}")

    def _defaults(self) -> Outputs | tuple[Outputs, ...]:
        outputs = {column.name: column.default for column in self.outputs}
        return outputs if self.hit.single else (outputs,)

    def _scope(self, documents: Mapping[str, Any] | None, facts: dict[str, Any]) -> Mapping[str, Any]:
        now = self._now(documents)
        return facts if now is None else {**facts, NOW: now}

    def _day(self, documents: Mapping[str, Any] | None) -> date | None:
        if not self._engine.dated:
            return None
        now = self._now(documents)
        if now is None:
            raise NodeError("missing_fact", f"table {self.name}: its rows are valid by date, and no time was given")
        return now.date()

    def _now(self, documents: Mapping[str, Any] | None) -> datetime | None:
        return self.now or (documents.get(NOW) if documents is not None else None)

    def _prepare(self) -> None:
        """Compile now, so that copies for calls share it."""
        _ = (self._outcome, self._engine, self._answers, self._book)

    def _with(self, **changed: Any) -> DecisionTable:
        """A copy that shares what was compiled."""
        same = object.__new__(DecisionTable)
        same.__dict__.update(self.__dict__, **changed)
        return same

    @cached_property
    def _outcome(self) -> Output | None:
        if not self.hit.single or self.hit.aggregates:
            return None
        return next((column for column in self.outputs if column.name == OUTCOME), None)

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self.rows, [column.kind.name for column in self.inputs])

    @cached_property
    def _answers(self) -> Answers:
        return Answers(self.rows, self.outputs)

    @cached_property
    def _book(self) -> Rulebook:
        return Rulebook(self.hit, self.inputs, self.rows)

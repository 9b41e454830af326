"""A decision table: documents or column values in, a decision that can explain itself out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from orderloom.feel import NOW
from orderloom.problems import Place, Problem
from orderloom.rules.columns import OUTCOME, Input, Output
from orderloom.rules.deciding import NOTHING, Decider
from orderloom.rules.decision import DECIDED, Decision
from orderloom.rules.explain import Rejection
from orderloom.rules.flat import Decide
from orderloom.rules.hit import Hit
from orderloom.rules.kinds import Schema
from orderloom.rules.needs import Need, feed, in_feeding_order, reads_need
from orderloom.rules.reading.cases import Case
from orderloom.rules.reading.rows import Row
from orderloom.rules.reading.sources import Source
from orderloom.rules.schemas import output_schema
from orderloom.world import CallLog

if TYPE_CHECKING:
    from orderloom.rules.batch import Batch, Column


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
    warnings: tuple[Problem, ...] = ()  # what reading found that does not stop it
    needs: tuple[Need, ...] = ()
    log: CallLog | None = None
    now: datetime | None = None
    _decider: Decider = field(init=False, repr=False)
    _decide_columns: Decide = field(init=False, repr=False)

    setting_schema: ClassVar[Schema] = {
        "type": ["string", "object"],
        "description": "a rule table: the path of its .table.yaml, or the table itself",
    }

    file_kind: ClassVar[str] = "table"

    @classmethod
    def file_schema(cls) -> Schema:
        """What a table file may hold, for editors."""
        from orderloom.rules.file_schema import table_schema  # noqa: PLC0415 (only editors pay for it)

        return table_schema()

    def __post_init__(self) -> None:
        decider = Decider(self.name, self.hit, self.inputs, self.outputs, self.rows)
        object.__setattr__(self, "_decider", decider)  # compiled once: copies for calls share it
        object.__setattr__(self, "_decide_columns", decider.decide_columns)
        if self.log is None and self.now is None:  # nothing to do beside it: the method would only cost a call
            object.__setattr__(self, "decide_columns", decider.decide_columns)

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

    def decide(self, documents: Mapping[str, Any], columns: Mapping[str, Any] = NOTHING) -> Decision:
        """Answer for documents that the columns read by their `is:`; `columns` gives some columns directly.

        Raises `NodeError`: no_match, conflict, missing_fact, wrong_type.
        """
        now, documents = self._at_moment(documents)
        if self.needs and self._reads_needs(columns):
            fed = feed(self._feeders, self, documents, now)
            decision = fed.told(self._decider.decide({**documents, **fed.records}, columns, now))
        else:
            decision = self._decider.decide(documents, columns, now)
        if self.log is not None:
            self.log.decisions.append(decision)
        return decision

    def decide_fed(self, documents: Mapping[str, Any], now: datetime | None) -> Decision:
        """Answer where the answers of the tables that this one needs are among the documents. Raises as `decide`."""
        return self._decider.decide(documents, NOTHING, now)

    def settled(self, documents: Mapping[str, Any]) -> Mapping[str, Any]:
        """The columns that read a member of one of these documents: `columns` for many decisions that share them.

        Raises `NodeError` (invalid) at a limit of FEEL.
        """
        return self._decider.settled(self._at_moment(documents)[1])

    def decide_columns(self, columns: Mapping[str, Any]) -> Decision:
        """Answer for values by column name; names that the table does not have are passed over. Raises as `decide`."""
        decision = self._decide_columns(columns, self.now)
        if self.log is not None:
            self.log.decisions.append(decision)
        return decision

    def decide_batch(self, columns: Mapping[str, Column]) -> Batch:
        """Answers for many orders at once, from columns of facts by name: lists, numpy arrays, `Coded`, `Scaled`.

        Needs the extra `batch`. What a single decision would raise is kept with its order. Tables that this one needs
        are asked first, from columns of their facts. Raises `ProblemsError` where one of ours reads other facts too.
        """
        if not self.needs:
            return self.decide_batch_fed(columns, self.now)
        from orderloom.rules.batch import Feeding  # noqa: PLC0415 (numpy is an extra)

        return Feeding(self).decide(columns, self.now)

    def decide_batch_fed(self, columns: Mapping[str, Column], now: datetime | None, count: int | None = None) -> Batch:
        """The same, where the columns that other tables feed are given like all others."""
        from orderloom.rules.batch import decide_batch  # noqa: PLC0415 (numpy is an extra)

        return decide_batch(self._decider, columns, now, count)

    def explain(self, columns: Mapping[str, Any]) -> tuple[Rejection, ...]:
        """For every row the first cell that does not fit these column values; rows that apply have no column."""
        return self._decider.explain(columns, self.now)

    @property
    def facts_read(self) -> tuple[str, ...]:
        """The names that must be among the documents: what columns of this table and of those that feed it begin with,
        but for columns for which another value may stand."""
        found: dict[str, None] = {}
        for one in (self, *self._feeders):
            names = {need.name for need in one.needs}
            columns = (column for column in one.inputs if column.missing.rule != "value")
            found.update((read.path[0], None) for column in columns for read in column.formula.reads)
            found = {name: None for name in found if name not in names}
        return tuple(found)

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

    def _at_moment(self, documents: Mapping[str, Any]) -> tuple[datetime | None, Mapping[str, Any]]:
        now = self.now or documents.get(NOW)
        if now is not None and NOW not in documents:
            documents = {**documents, NOW: now}
        return now, documents

    def _with(self, **changed: Any) -> DecisionTable:
        """A copy that shares what was compiled."""
        same = object.__new__(DecisionTable)
        same.__dict__.update(self.__dict__, **changed)
        same.__dict__.pop("decide_columns", None)  # the method is needed now
        return same

    def _reads_needs(self, columns: Mapping[str, Any]) -> bool:
        """Whether a column that is not given reads the answer of another table."""
        return any(name not in columns for name in self._fed_columns)

    @cached_property
    def _fed_columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.inputs if reads_need(column, self.needs))

    @cached_property
    def _feeders(self) -> tuple[DecisionTable, ...]:
        return in_feeding_order(self)

    @cached_property
    def _outcome(self) -> Output | None:
        if not self.hit.picks:
            return None
        return next((column for column in self.outputs if column.name == OUTCOME), None)

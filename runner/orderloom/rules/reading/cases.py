"""The cases of a table: the facts given and what must come out, run against the table itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from orderloom.declare import NodeError
from orderloom.problems import Place, Problem, did_you_mean
from orderloom.rules.columns import ColumnError, Input, Output
from orderloom.rules.kinds import KINDS
from orderloom.rules.reading.findings import Findings, one_of
from orderloom.rules.reading.literals import literal, plain, shown
from orderloom.rules.reading.sources import Source
from orderloom.source import Path

if TYPE_CHECKING:
    from orderloom.rules.decision import Decision
    from orderloom.rules.table import DecisionTable

CASE_KEYS = ("case", "given", "then", "row", "error", "now")
ERRORS = ("no_match", "conflict", "missing_fact", "wrong_type")


@dataclass(frozen=True, eq=False)
class Case:
    """`then` is a part of the outputs, or a list of such for tables that answer with a list; `error` a class."""

    name: str
    given: Mapping[str, Any]
    then: tuple[Mapping[str, Any], ...]
    row: str | None
    error: str | None
    now: datetime | None
    path: Path
    source: Source

    def place(self, *inside: str | int) -> Place:
        """Where a part of the case stands."""
        return self.source.spot(*self.path, *inside).place

    def key_place(self, key: str) -> Place:
        """Where a part begins; the case itself, where it does not have that part."""
        has = key in _at(self.source.data, self.path)
        return self.source.key_spot(*self.path, key).place if has else self.place()


def read_cases(source: Source, outputs: Sequence[Output], findings: Findings) -> tuple[Case, ...]:
    """The cases under `cases:`; unknown columns in them are findings."""
    given = source.data.get("cases", [])
    if not isinstance(given, list):
        place = source.key_spot("cases").place
        findings.add("D021", "`cases` is a list", place, "for example [{given: {total: 5}, then: {outcome: pass}}]")
        return ()
    reader = _Reader(source, {column.name: column for column in outputs}, findings)
    return tuple(case for index, data in enumerate(given) if (case := reader.case(index, data)) is not None)


def run_case(table: DecisionTable, case: Case) -> Problem | None:
    """None where the case holds."""
    ids = [row.id for row in table.rows]
    if case.row is not None and case.row not in ids:
        message = f"{case.name}: no row has the id `{case.row}`"
        return Problem("D021", message, case.place("row"), did_you_mean(case.row, ids) or one_of(ids[:12]))
    asked = table.at(case.now) if case.now else table
    try:
        decision = asked.decide_columns(case.given)
    except NodeError as error:
        if error.error_class == case.error:
            return None
        message = f"{case.name} ends with the error {error.error_class}"
        return Problem("D020", message, _refused_at(table, case, error.error_class), _mend(table, case, error))
    if case.error is not None:
        found: tuple[str, Place] | None = (f"the error {case.error}, and there is none", case.place("error"))
    else:
        found = _difference(case, decision)
    return Problem("D020", f"{case.name} expects {found[0]}", found[1], f"decided by {decision.why}") if found else None


def _mend(table: DecisionTable, case: Case, error: NodeError) -> str:
    if case.now is None and any(row.valid_from or row.valid_until for row in table.rows):
        return "rows are valid by date: say when the case is, for example `now: 2026-03-02T12:00:00Z`"
    return error.message


def _refused_at(table: DecisionTable, case: Case, error_class: str) -> Place:
    """The value that its column does not take; else the facts where one is missing, else what was expected instead."""
    if error_class == "wrong_type":
        for column in table.inputs:
            if case.given.get(column.name) is not None and not _is_taken(column, case.given[column.name]):
                return case.place("given", column.name)
    if error_class == "missing_fact":
        return case.key_place("given")
    if case.error is not None:
        return case.place("error")
    return case.key_place("then" if case.then else "row")


def _is_taken(column: Input, value: Any) -> bool:
    try:
        column.read(value)
    except ColumnError:
        return False
    return True


def _difference(case: Case, decision: Decision) -> tuple[str, Place] | None:
    """What was expected and did not come out, and where it stands in the case."""
    listed = isinstance(decision.outputs, tuple)
    outputs = decision.outputs if isinstance(decision.outputs, tuple) else (decision.outputs,)
    if case.row is not None and case.row not in decision.rows:
        return f"row {case.row} to answer, and {', '.join(decision.rows) or 'none'} did", case.place("row")
    if case.then and len(case.then) != len(outputs):
        return f"{len(case.then)} results, and {len(outputs)} came out", case.key_place("then")
    for index, (expected, given) in enumerate(zip(case.then, outputs, strict=False)):
        for name, value in expected.items():
            if given[name] != value or isinstance(given[name], bool) is not isinstance(value, bool):
                at = ("then", index, name) if listed and len(case.then) > 1 else ("then", name)
                return f"{name} to be {shown(value)}, and it is {shown(given[name])}", case.place(*at)
    return None


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


class _Reader:
    def __init__(self, source: Source, outputs: Mapping[str, Output], findings: Findings) -> None:
        self._source, self._outputs, self._findings = source, outputs, findings
        self._inputs, self._declared = source.columns("inputs"), source.columns("outputs")

    def case(self, index: int, data: Any) -> Case | None:
        spot = self._source.spot("cases", index)
        if not isinstance(data, dict) or not isinstance(data.get("given"), dict):
            message = "a case has `given`, a mapping of columns to values, and `then`"
            help_ = "for example `- {given: {total: 5}, then: {outcome: standard}}`"
            self._findings.add("D021", message, spot.place, help_)
            return None
        for key in data:
            if key not in CASE_KEYS:
                self._unknown(f"a case has no key `{key}`", ("cases", index, key), key, CASE_KEYS)
        for name in data["given"]:
            if self._inputs is not None and name not in self._inputs:
                self._unknown(f"the table has no input `{name}`", ("cases", index, "given", name), name, self._inputs)
        name = data.get("case")
        return Case(
            name=f"case {index + 1} ({plain(name)})" if name is not None else f"case {index + 1}",
            given=data["given"],
            then=self._then(index, data),
            row=plain(data["row"]) if data.get("row") is not None else None,
            error=self._error(index, data.get("error")),
            now=self._now(index, data.get("now")),
            path=("cases", index),
            source=self._source,
        )

    def _then(self, index: int, data: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
        then = data.get("then")
        if isinstance(then, dict):
            return (self._outputs_of(("cases", index, "then"), then),)
        if isinstance(then, list) and all(isinstance(one, dict) for one in then):
            return tuple(self._outputs_of(("cases", index, "then", at), one) for at, one in enumerate(then))
        if then is not None or not ("error" in data or "row" in data):
            self._findings.add(
                "D021",
                "a case says what must come out: `then`, a mapping of outputs",
                self._source.spot("cases", index).place,
                "or `row: ID`, or `error: no_match`",
            )
        return ()

    def _outputs_of(self, path: tuple[str | int, ...], then: Mapping[str, Any]) -> Mapping[str, Any]:
        expected = {}
        for name, value in then.items():
            column = self._outputs.get(name)
            if column is None:
                if self._declared is not None and name not in self._declared:
                    self._unknown(f"the table has no output `{name}`", (*path, name), name, self._declared)
                continue
            read = None if value is None else literal(column.kind, value)
            if read is None and value is not None:
                read = literal(KINDS["number"], value) if isinstance(value, int) else value  # a count of texts
            expected[name] = read
        return expected

    def _error(self, index: int, given: Any) -> str | None:
        if given is None:
            return None
        if given in ERRORS:
            return plain(given)
        self._unknown(f"a table has no error `{plain(given)}`", ("cases", index, "error"), plain(given), ERRORS)
        return None

    def _now(self, index: int, given: Any) -> datetime | None:
        if given is None:
            return None
        try:
            moment = datetime.fromisoformat(plain(given))
        except ValueError:
            place = self._source.spot("cases", index, "now").place
            self._findings.add("D021", f"`{plain(given)}` is no moment", place, "write it as 2026-03-02T10:00:00Z")
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _unknown(self, message: str, path: tuple[str | int, ...], word: str, known: Any) -> None:
        place = self._source.key_spot(*path).place
        self._findings.add("D021", message, place, did_you_mean(word, known) or one_of(known))

"""A decision table of the standard in, one of our own tables out: head, rows, and where each of them stands.

Our tables have columns of plain types, so that they can be proven and edited in a spreadsheet. What they cannot say
(allowed values that are a condition, a table inside a function's body) is refused and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.formulas import within
from orderloom.dmn.hits import HIT_WORDS, hit_of
from orderloom.dmn.ours_cells import answer_in, condition_in, constant, plain_value, values_in
from orderloom.dmn.ours_names import columns_of, reads_of_cells, speaks_of_names
from orderloom.dmn.ours_settings import BLANK, dates_of, settings_of
from orderloom.dmn.ours_types import kind_word
from orderloom.dmn.reading import read_file
from orderloom.dmn.reading_parts import plain_name
from orderloom.problems import Place, ProblemsError, did_you_mean, refuse
from orderloom.rules import DecisionTable
from orderloom.rules.hit import Hit
from orderloom.rules.kinds import KINDS
from orderloom.rules.load import Parts, parts_of
from orderloom.source import Document

Row = dict[str, Any]


@dataclass
class _Table:
    """One of our tables in the making; `places` are by path, as in a document."""

    head: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    places: dict[tuple[str | int, ...], Place] = field(default_factory=dict)


def tables(definitions: model.Definitions) -> tuple[str, ...]:
    """The decisions whose logic is a decision table."""
    return tuple(node.name for node in definitions.nodes if isinstance(node, model.Decision) and _shape(node.logic))


def table_of(definitions: model.Definitions, decision: str | None = None) -> tuple[dict[str, Any], list[Row]]:
    """The head of a table of ours, without `rows`, and its rows: column → cell, as a `.table.yaml` has them.

    `decision` may be left away where the file has one table. Raises `ProblemsError` (X026, X041 to X043).
    """
    made = _converted(definitions, decision)
    return made.head, made.rows


def read_table(path: Path, decision: str | None = None) -> DecisionTable:
    """A decision of a .dmn file as one of our tables. Raises `ProblemsError`, with the places of the file's cells."""
    return read_parts(path, decision).table


def read_parts(path: Path, decision: str | None = None) -> Parts:
    """The same, with the rows as they are written."""
    made = _converted(read_file(path), decision)
    text = path.read_bytes().decode("utf-8", "replace")
    document = Document(str(path), text, {**made.head, "rows": made.rows}, dict(made.places), dict(made.places))
    return parts_of(document, str(made.head["table"]))


def table_in(definitions: model.Definitions, decision: str | None) -> tuple[model.Decision, model.Table]:
    """The decision of that name, or the one there is, and its table. Raises `ProblemsError` (X026, X041)."""
    node = _the_decision(definitions, decision)
    shape = _shape(node.logic)
    assert shape is not None
    return node, shape[0]


def _converted(definitions: model.Definitions, decision: str | None) -> _Table:
    node = _the_decision(definitions, decision)
    shape = _shape(node.logic)
    assert shape is not None
    return _Converter(definitions, node, *shape).table()


def _shape(logic: model.Boxed | None) -> tuple[model.Table, Mapping[str, str]] | None:
    """The table, and formulas by name where it is the result of a context that only gives names to formulas."""
    if isinstance(logic, model.Table):
        return logic, {}
    if not isinstance(logic, model.Context) or not logic.entries:
        return None
    *entries, last = logic.entries
    if last.variable is not None or not isinstance(last.value, model.Table):
        return None
    named: dict[str, str] = {}
    for entry in entries:
        if entry.variable is None or not isinstance(entry.value, model.Literal) or entry.value.text is None:
            return None
        named[entry.variable.name] = entry.value.text.text.strip()
    return last.value, named


def _the_decision(definitions: model.Definitions, name: str | None) -> model.Decision:
    known = {node.name: node for node in definitions.nodes if isinstance(node, model.Decision)}
    having = [node for node in known.values() if _shape(node.logic)]
    if name is None and len(having) == 1:
        return having[0]
    words = ", ".join(f"`{node.name}`" for node in having) or "none"
    if name is None:
        message = f"the file has {len(having)} decision tables: {words}"
        raise refuse("X041", message, definitions.place, "name the decision" if having else None)
    found = known.get(" ".join(name.split()))
    if found is None:
        raise refuse("X026", f"the model has no decision `{name}`", definitions.place, did_you_mean(name, known))
    if not _shape(found.logic):
        help_ = f"its decision tables are: {words}"
        raise refuse("X041", f"the logic of `{found.name}` is no decision table", found.place, help_)
    return found


class _Converter:
    def __init__(
        self, definitions: model.Definitions, node: model.Decision, table: model.Table, named: Mapping[str, str]
    ) -> None:
        self._definitions, self._node, self._table, self._named = definitions, node, table, named
        self._settings = settings_of(node)
        self._made = _Table({})
        self._columns, self._outputs = (list(map(self._settings.name, names)) for names in columns_of(node, table))
        self._inputs: list[str] = []

    def table(self) -> _Table:
        hit = hit_of(self._table.hit, self._table.aggregation)
        if hit is None:
            raise refuse("X015", f"there is no hit policy `{self._table.hit}`", self._table.place, HIT_WORDS)
        head = self._made.head
        head["table"] = self._settings.name(self._node.name)
        if self._node.notes.description:
            head["summary"] = self._node.notes.description
        if hit is not Hit.UNIQUE:
            head["hit"] = hit.word
        read = reads_of_cells(self._table, self._named)
        head["outputs"] = {}
        head["inputs"] = {}
        for number, output in enumerate(self._table.outputs, 1):
            self._output(number, output, hit)
        for column, clause in enumerate(self._table.inputs):
            self._input(column, clause, read)
        self._extra_facts(read)
        head.update(self._settings.head if self._settings.ours else {"on_missing": "no_match"})
        for number, rule in enumerate(self._table.rules):
            self._row(number, rule)
        head["inputs"], head["outputs"] = head.pop("inputs"), head.pop("outputs")
        return self._made

    def _input(self, column: int, clause: model.InputClause, read: Sequence[str]) -> None:
        expression = clause.expression.text.strip() if clause.expression else "null"
        formula = self._named.get(plain_name(expression), expression)
        name = self._columns[column]
        if plain_name(name) in read and name not in {formula, expression}:
            message = f"cells read `{name}`, which is also the label of another formula"
            raise refuse("X042", message, clause.place, "give the input another label")
        self._inputs.append(name)
        word, own = kind_word(self._definitions, clause.type)
        spec: dict[str, Any] = {} if formula == name else {"is": formula}
        spec["type"] = word
        allowed = clause.values or own
        self._allow(name, spec, allowed, clause.place, ("values", "range"))
        if word == "text" and not self._settings.ours and speaks_of_names(self._table, column):
            spec["cells"] = "feel"
        spec.update(self._settings.inputs.get(name, {}))
        self._made.head["inputs"][name] = spec
        self._mark(("inputs", name), clause.place)

    def _output(self, number: int, clause: model.OutputClause, hit: Hit) -> None:
        single = len(self._table.outputs) == 1
        name = self._outputs[number - 1]
        shared = (self._table.type or self._node.type) if single and hit.single and hit is not Hit.COUNT else None
        word, own = kind_word(self._definitions, clause.type or shared)
        if clause.type is None and word == "any":
            word = _common_word([rule.answers[number - 1] for rule in self._table.rules if len(rule.answers) >= number])
        spec: dict[str, Any] = {"type": word}
        self._allow(name, spec, clause.values or own, clause.place, ("values",))
        if clause.default is not None and clause.default.text is not None:
            spec["default"] = self._default(name, word, clause.default.text)
        spec.update(self._settings.outputs.get(name, {}))
        self._made.head["outputs"][name] = spec
        self._mark(("outputs", name), clause.place)

    def _default(self, name: str, word: str, text: model.Text) -> Any:
        known, value = constant(text.text)
        written = plain_value(KINDS[word], value, cell=False) if known and value is not None else None
        if (value is not None and written is None) or not known:
            message = f"the default of `{name}` is a formula, and a table of ours has values there"
            raise refuse("X043", message, text.place, "give the default as a constant, or as a last rule")
        return written

    def _allow(self, name: str, spec: Row, text: model.Text | None, place: Place, forms: Sequence[str]) -> None:
        if text is None or not text.text.strip():
            return
        found = values_in(KINDS[spec["type"]], text.text)
        if found is None or (found[1] and "range" not in forms):
            message = f"the allowed values of `{name}` are neither a list of values{' nor a range' * (len(forms) > 1)}"
            raise refuse("X043", message, text.place or place, "list the values, or leave them to the rules")
        values, span = found
        spec.update({"values": values} if values else {"range": span})

    def _extra_facts(self, read: Sequence[str]) -> None:
        """What cells speak of besides the columns becomes a column without conditions."""
        for name in read:
            if name not in {plain_name(one) for one in self._inputs}:
                if name in {plain_name(one) for one in self._outputs}:
                    message, help_ = f"cells read `{name}`, which is also an output", "give the output another name"
                    raise refuse("X042", message, self._table.place, help_)
                self._inputs.append(name)
                self._made.head["inputs"][name] = {"type": "any"}

    def _row(self, number: int, rule: model.Rule) -> None:
        row: Row = {"id": rule.notes.label} if rule.notes.label else {}
        specs = self._made.head
        for name, test in zip(self._inputs, rule.tests, strict=False):
            spec = specs["inputs"][name]
            cell = condition_in(KINDS[spec["type"]], spec.get("cells") != "feel", test.text)
            if cell != "":
                row[name] = cell
                self._mark(("rows", number, name), within(test, 0, len(test.text)))
        for name, answer in zip(self._outputs, rule.answers, strict=False):
            text = answer.text
            if text is None or not text.text.strip() or dict(answer.notes.foreign).get(BLANK) == "true":
                continue
            row[name] = answer_in(KINDS[specs["outputs"][name]["type"]], text.text)
            self._mark(("rows", number, name), within(text, 0, len(text.text)))
        row |= dates_of(rule)
        if note := _note(rule.annotations):
            row["note"] = note
        self._made.rows.append(row)
        self._mark(("rows", number), rule.place)

    def _mark(self, path: tuple[str | int, ...], place: Place) -> None:
        self._made.places[path] = place


def _note(annotations: Sequence[str]) -> str:
    return annotations[0] if len(annotations) == 1 else "; ".join(filter(None, map(str.strip, annotations)))


def _common_word(answers: Sequence[model.Literal]) -> str:
    """The type of an undeclared output whose answers are all constants of one type."""
    words = set()
    for answer in answers:
        known, value = constant(answer.text.text) if answer.text else (True, None)
        if not known:
            return "any"
        if value is not None:
            words.add("boolean" if isinstance(value, bool) else "text" if isinstance(value, str) else "number")
            if not isinstance(value, bool | str) and plain_value(KINDS["number"], value) is None:
                return "any"
    return words.pop() if len(words) == 1 else "any"


__all__ = ["ProblemsError", "read_parts", "read_table", "table_of", "tables"]

"""One of our tables in, a model of the standard out: a decision with a decision table, and the input data it asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.model import Notes, Text
from orderloom.dmn.ours_cells import answer_out, condition_out, value_literal, values_out
from orderloom.dmn.ours_settings import BLANK, OURS, VALID_FROM, VALID_UNTIL, Settings, odd_names, settings_element
from orderloom.dmn.ours_types import items_for, type_name
from orderloom.feel import FeelSyntaxError, parse, parse_unary_tests
from orderloom.rules.hit import Hit, read_hit
from orderloom.rules.kinds import KINDS, Kind
from orderloom.rules.reading.cell_scope import is_call
from orderloom.rules.reading.column_parts import spaced_names
from orderloom.rules.reading.literals import literal, plain

_OWN_HEAD = {"table", "summary", "hit", "inputs", "outputs", "rows"}
_OWN_INPUT = {"is", "type", "values", "range"}
_OWN_OUTPUT = {"type", "values", "default"}
_DATES = {"valid_from": VALID_FROM, "valid_until": VALID_UNTIL}
Row = Mapping[str, Any]


def definitions_of(head: Mapping[str, Any], rows: Sequence[Row], name: str = "table") -> model.Definitions:
    """The model of a table that was read without errors; `name` is for one whose head gives none."""
    return _Writer(head, rows, str(head.get("table") or name)).definitions()


class _Writer:
    def __init__(self, head: Mapping[str, Any], rows: Sequence[Row], name: str) -> None:
        self._head, self._rows, self._name = head, rows, name
        self._inputs: Mapping[str, Row] = head["inputs"]
        self._outputs: Mapping[str, Row] = head["outputs"]
        self._hit = read_hit(str(head.get("hit", "unique"))) or Hit.UNIQUE

    def definitions(self) -> model.Definitions:
        slug = _id(self._name)
        facts = self._facts()
        words = {str(spec["type"]) for spec in (*self._inputs.values(), *self._outputs.values())}
        decision = model.Decision(
            self._name,
            slug,
            model.Variable(self._name),
            self._logic(),
            tuple(model.Reference(f"#{identity}", "requiredInput") for identity, _, _ in facts),
            notes=Notes(id=slug, description=self._head.get("summary"), rest=(settings_element(self._settings()),)),
        )
        inputs = (
            model.InputData(fact, identity, model.Variable(fact, kind), notes=Notes(id=identity))
            for identity, fact, kind in facts
        )
        return model.Definitions(
            self._name,
            f"{OURS}/{slug}",
            items=items_for(words),
            nodes=(*inputs, decision),
            notes=Notes(id=f"{slug}_model"),
        )

    def _facts(self) -> list[tuple[str, str, str | None]]:
        """The names that the columns' formulas read: id, name, and the type where a column is that name."""
        kinds: dict[str, str | None] = {}
        for column, spec in self._inputs.items():
            formula = _formula(column, spec)
            if formula == column or _is_name(formula):
                kinds[formula] = type_name(str(spec["type"]))
            else:
                for fact in _read(formula):
                    kinds.setdefault(fact, None)
        return [(f"fact_{number}", name, kind) for number, (name, kind) in enumerate(kinds.items(), 1)]

    def _settings(self) -> Settings:
        return Settings(
            True,
            {key: value for key, value in self._head.items() if key not in _OWN_HEAD},
            {name: _extra(spec, _OWN_INPUT) for name, spec in self._inputs.items()},
            {name: _extra(spec, _OWN_OUTPUT) for name, spec in self._outputs.items()},
            odd_names([self._name, *self._inputs, *self._outputs]),
        )

    def _logic(self) -> model.Boxed:
        """The table alone; around it a context where cells speak of a column that is a formula."""
        named = self._named_columns()
        table = self._table(named)
        if not named:
            return table
        entries = (
            model.Entry(model.Variable(name), model.Literal(Text(_formula(name, self._inputs[name])))) for name in named
        )
        return model.Context((*entries, model.Entry(None, table)))

    def _named_columns(self) -> list[str]:
        formulas = {name for name, spec in self._inputs.items() if _formula(name, spec) != name}
        found = {name for row in self._rows for name in self._reads_of(row)} if formulas else set()
        return [name for name in self._inputs if name in found and name in formulas]

    def _reads_of(self, row: Row) -> set[str]:
        names = tuple(self._inputs)
        found: set[str] = set()
        for column, spec in self._inputs.items():
            found |= _roots(parse_unary_tests, self._condition(row, column, spec), names)
        for column, spec in self._outputs.items():
            answer = answer_out(KINDS[spec["type"]], row[column]) if column in row else None
            found |= _roots(parse, answer, names) if answer else set()
        return found

    def _table(self, named: Sequence[str]) -> model.Table:
        word, _, aggregation = self._hit.word.upper().partition(" ") if self._hit.aggregates else (
            self._hit.word.upper(), "", ""
        )  # fmt: skip
        noted = any(row.get("note") for row in self._rows)
        return model.Table(
            tuple(self._input(name, spec, name in named) for name, spec in self._inputs.items()),
            tuple(self._output(name, spec) for name, spec in self._outputs.items()),
            tuple(self._rule(number, row, noted) for number, row in enumerate(self._rows, 1)),
            word,
            aggregation or None,
            ("note",) if noted else (),
        )

    def _input(self, name: str, spec: Row, named: bool) -> model.InputClause:
        kind = KINDS[spec["type"]]
        values = values_out(kind, spec.get("values") or (), spec.get("range"))
        return model.InputClause(
            Text(name if named else _formula(name, spec)),
            type_name(str(spec["type"])),
            Text(values) if values else None,
            Notes(label=name),
        )

    def _output(self, name: str, spec: Row) -> model.OutputClause:
        kind = KINDS[spec["type"]]
        values = values_out(kind, spec.get("values") or (), None)
        default = model.Literal(Text(_default(kind, spec))) if "default" in spec else None
        return model.OutputClause(name, type_name(str(spec["type"])), Text(values) if values else None, default)

    def _rule(self, number: int, row: Row, noted: bool) -> model.Rule:
        dates = tuple(
            sorted((key, str(row[name])) for name, key in _DATES.items() if row.get(name) not in (None, "", "-"))
        )
        label = plain(row["id"]) if row.get("id") not in (None, "") else None
        return model.Rule(
            tuple(Text(self._condition(row, name, spec)) for name, spec in self._inputs.items()),
            tuple(_answer(row, name, spec) for name, spec in self._outputs.items()),
            (str(row.get("note") or ""),) if noted else (),
            Notes(id=f"rule_{number}", label=label, foreign=dates),
        )

    def _condition(self, row: Row, name: str, spec: Row) -> str:
        return condition_out(KINDS[spec["type"]], spec.get("cells") != "feel", row[name]) if name in row else "-"


def _answer(row: Row, name: str, spec: Row) -> model.Literal:
    kind = KINDS[spec["type"]]
    text = answer_out(kind, row[name]) if name in row else None
    if text is not None:
        return model.Literal(Text(text))
    if "default" in spec:
        return model.Literal(Text(_default(kind, spec)), notes=Notes(foreign=((BLANK, "true"),)))
    return model.Literal(Text(""))


def _default(kind: Kind, spec: Row) -> str:
    return value_literal(literal(kind, spec["default"]) if spec["default"] is not None else None)


def _extra(spec: Row, own: set[str]) -> Row:
    kept = {key: value for key, value in spec.items() if key not in own}
    return kept | ({"type": spec["type"]} if spec["type"] == "duration" else {})


def _formula(name: str, spec: Row) -> str:
    return str(spec["is"]).removeprefix("=").strip() if "is" in spec else name


def _is_name(formula: str) -> bool:
    return formula.isidentifier()


def _read(formula: str) -> list[str]:
    try:
        read = parse(formula, spaced_names(formula))
    except FeelSyntaxError:
        return []
    return list(dict.fromkeys(one.path[0] for one in read.reads if not is_call(formula, one)))


def _roots(read: Callable[..., Any], text: str, names: tuple[str, ...]) -> set[str]:
    try:
        return {one.path[0] for one in read(text, names).reads}
    except FeelSyntaxError:
        return set()


def _id(name: str) -> str:
    """An id that XML allows (NCName)."""
    slug = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "table"
    return slug if re.match(r"[A-Za-z_]", slug) else f"t-{slug}"

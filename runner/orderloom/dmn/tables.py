"""A decision table of the standard in, a function of the scope out that tells which rules answered and why no other.

The cells are FEEL unary tests over any value, the answers any formula, and null follows FEEL: so these tables are
evaluated for themselves. `table_of` makes one of our own tables of such a table where its columns have plain types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.answers import TableAnswer, day_of
from orderloom.dmn.formulas import Formulas, Names
from orderloom.dmn.hits import HIT_WORDS, Column, combine, hit_of, nothing, record
from orderloom.dmn.index import RuleIndex
from orderloom.dmn.log import log_of
from orderloom.dmn.nulls import telling
from orderloom.dmn.ours_settings import dates_of
from orderloom.dmn.types import ANY, Kind, Types, fitted
from orderloom.feel import UnaryTests
from orderloom.feel.tree import Tests
from orderloom.problems import Place
from orderloom.rules.engine import valid_on
from orderloom.rules.hit import Hit

Scope = Mapping[str, Any]
Run = Callable[[Scope], Any]


@dataclass(frozen=True)
class Input:
    """A column of conditions; a value outside `allowed` counts as null."""

    name: str
    run: Run
    kind: Kind
    allowed: UnaryTests | None
    place: Place


@dataclass(frozen=True)
class Cell:
    column: int
    text: str
    tests: UnaryTests


@dataclass(frozen=True)
class CompiledRule:
    id: str
    cells: tuple[Cell, ...]
    answers: tuple[Run, ...]
    place: Place
    valid_from: date | None = None  # of a table of ours: the standard has no such days
    valid_until: date | None = None


@dataclass(frozen=True, eq=False)
class CompiledTable:
    what: str
    hit: Hit
    inputs: tuple[Input, ...]
    columns: tuple[Column, ...]
    rules: tuple[CompiledRule, ...]
    index: RuleIndex
    defaults: tuple[Run | None, ...]
    place: Place

    def decide(self, scope: Scope) -> Any:
        log = log_of(scope)
        facts = [self._fact(column, scope) for column in self.inputs]
        day = day_of(scope)
        holding = (rule for row in self.index.holding(facts, scope) if valid_on(rule := self.rules[row], day))
        matched = list(islice(holding, 1) if self.hit is Hit.FIRST else holding)
        if matched:
            given = [[answer(scope) for answer in rule.answers] for rule in matched]
            order, value = combine(self.hit, self.what, matched, given, self.columns, log, self.place)
        else:
            order, value = [], self._without(scope)
        answering = tuple(matched[index].id for index in order)
        names = [column.name for column in self.inputs]
        log.table(TableAnswer(self, answering, dict(zip(names, facts, strict=True)), value, scope))
        return value

    def _fact(self, column: Input, scope: Scope) -> Any:
        value = column.run(scope)
        made = fitted(column.kind, value)
        fits = column.allowed is None or made is None or column.allowed.matches(made, scope) is True
        if value is not None and (made is None or not fits):
            message = f"{self.what}: `{column.name}` has a value that is not allowed: it counts as null"
            log_of(scope).note("X033", message, column.place)
            return None
        return made

    def _without(self, scope: Scope) -> Any:
        if any(default is not None for default in self.defaults):
            values = [default(scope) if default is not None else None for default in self.defaults]
            value = record(self.columns, values)
            return value if self.hit.single else [value]
        log_of(scope).note("X034", f"{self.what}: no rule applies, and there is no default", self.place)
        return nothing(self.hit)


def compile_table(formulas: Formulas, types: Types, what: str, table: model.Table, names: Names) -> Run:
    """Null, with findings, for a table one of whose cells cannot be read."""
    known = len(formulas.findings)
    made = _TableCompiler(formulas, types, what, names).table(table)
    broken = any(problem.severity == "error" for problem in formulas.findings[known:])
    return _null if broken or made is None else made.decide


def _null(_scope: Scope) -> Any:
    return None


class _TableCompiler:
    def __init__(self, formulas: Formulas, types: Types, what: str, names: Names) -> None:
        self._formulas, self._types, self._what, self._names = formulas, types, what, names
        self._known: dict[str, UnaryTests] = {}  # cells repeat: each text is read once

    def table(self, table: model.Table) -> CompiledTable | None:
        hit = hit_of(table.hit, table.aggregation)
        if hit is None:
            policy = f"{table.hit} {table.aggregation or ''}".strip()
            self._formulas.find("X015", f"{self._what}: there is no hit policy `{policy}`", table.place, HIT_WORDS)
            return None
        names = _named(table.rules)
        rules = tuple(self._rule(name, rule, table) for name, rule in zip(names, table.rules, strict=True))
        return CompiledTable(
            self._what,
            hit,
            tuple(self._input(number, clause) for number, clause in enumerate(table.inputs, 1)),
            tuple(self._column(number, clause) for number, clause in enumerate(table.outputs, 1)),
            rules,
            RuleIndex(rules, len(table.inputs)),
            tuple(self._formula(clause.default) if clause.default else None for clause in table.outputs),
            table.place,
        )

    def _input(self, number: int, clause: model.InputClause) -> Input:
        formula = self._formulas.expression(clause.expression, self._names)
        text = clause.expression.text.strip() if clause.expression else ""
        return Input(
            clause.notes.label or text or f"input {number}",
            telling(formula, clause.expression, self._what) if formula and clause.expression else _null,
            self._types.get_kind(clause.type, clause.place),
            self._tests(clause.values),
            clause.place,
        )

    def _column(self, number: int, clause: model.OutputClause) -> Column:
        kind = self._types.get_kind(clause.type, clause.place)
        values = self._tests(clause.values)
        ranked = values or self._tests(kind.allowed)
        return Column(clause.name or f"output {number}", kind, values, _one_by_one(ranked), clause.place)

    def _rule(self, identity: str, rule: model.Rule, table: model.Table) -> CompiledRule:
        if len(rule.tests) != len(table.inputs) or len(rule.answers) != len(table.outputs):
            self._formulas.find(
                "X016",
                f"{self._what}, rule {identity}: {len(rule.tests)} tests and {len(rule.answers)} answers stand under"
                f" {len(table.inputs)} inputs and {len(table.outputs)} outputs",
                rule.place,
                "give each column its entry; `-` asks nothing",
            )
        cells = [
            Cell(column, test.text.strip(), tests)
            for column, test in enumerate(rule.tests[: len(table.inputs)])
            if test.text.strip() not in {"", "-"} and (tests := self._tests(test)) is not None
        ]
        answers = tuple(map(self._formula, rule.answers))
        return CompiledRule(identity, tuple(cells), answers, rule.place, *self._days(identity, rule))

    def _days(self, identity: str, rule: model.Rule) -> tuple[date | None, date | None]:
        dates = dates_of(rule)
        return self._day(identity, rule, dates.get("valid_from")), self._day(identity, rule, dates.get("valid_until"))

    def _day(self, identity: str, rule: model.Rule, text: str | None) -> date | None:
        try:
            return date.fromisoformat(text) if text is not None else None
        except ValueError:
            message = f"{self._what}, rule {identity}: `{text}` is no day"
            self._formulas.find("X046", message, rule.place, "write it as 2026-03-02")
            return None

    def _formula(self, entry: model.Literal) -> Run:
        formula = self._formulas.expression(entry.text, self._names)
        kind = self._types.get_kind(entry.type, entry.place)
        if formula is None or entry.text is None:
            return _null
        evaluate = telling(formula, entry.text, self._what)
        return evaluate if kind is ANY else lambda scope: fitted(kind, evaluate(scope))

    def _tests(self, text: model.Text | None) -> UnaryTests | None:
        if text is None or not text.text.strip():
            return None
        if text.text in self._known and text.language is None:
            return self._known[text.text]
        tests = self._formulas.tests(text, self._names)
        if tests is not None:
            self._known[text.text] = tests
        return tests


def _one_by_one(tests: UnaryTests | None) -> tuple[UnaryTests, ...]:
    """`"a", "b"` as two cells, in their order."""
    if tests is None:
        return ()
    whole = tests.tree
    return tuple(replace(tests, tree=Tests(whole.start, whole.end, (one,), False)) for one in whole.tests)


def _named(rules: Sequence[model.Rule]) -> list[str]:
    """By their labels, where those tell them apart, as rows of ours are by their ids; else by their numbers."""
    names = [rule.notes.label or f"r{number}" for number, rule in enumerate(rules, 1)]
    return names if len(set(names)) == len(names) else [f"r{number}" for number in range(1, len(rules) + 1)]

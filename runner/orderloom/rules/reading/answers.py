"""A cell of an output column in, its value or formula out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from orderloom.feel import FeelSyntaxError, parse, tree
from orderloom.feel.typescope import a
from orderloom.rules.columns import Output, allowed, is_whole
from orderloom.rules.kinds import NUMBER_KIND, TEXT
from orderloom.rules.reading.cell_scope import CellScope
from orderloom.rules.reading.cells import ANY_SIGNS, Answer, Elsewhere, RawCell
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.literals import literal
from orderloom.rules.reading.raw import RawRow
from orderloom.rules.reading.reporting import CellReport

_NO_VALUES = frozenset({*ANY_SIGNS, "null"})
_COMMA = re.compile(r"-?[\d.]+,\d+")
_POINT = "write a decimal with a point, and thousands without a sign"
_WHOLE = "write a whole number, or take `whole: true` from the column"
_REFUSED = Answer(None, refused=True)


class AnswerReader:
    """Reads the output cells of one table; findings go into the list it was given."""

    def __init__(
        self,
        outputs: Sequence[Output],
        scope: CellScope,
        spreadsheet: bool,
        findings: Findings,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._outputs, self._scope, self._spreadsheet, self._findings = outputs, scope, spreadsheet, findings
        self._elsewhere = elsewhere
        self._known: list[dict[str, Answer]] = [{} for _ in outputs]  # cells repeat: each text is read once a column

    def answers(self, row: RawRow) -> list[Answer]:
        """In the order of the outputs."""
        texts, found = row.texts, []
        for column, known in zip(self._outputs, self._known, strict=True):
            text = texts.get(column.name, "=")
            unlimited = not column.values and not column.whole
            if text not in known and unlimited and text[:1] != "=" and text not in _NO_VALUES:
                self._read_value(column, text, known)
            found.append(known[text] if text in known else self._answer(column, row, known))
        return found

    def _read_value(self, column: Output, text: str, known: dict[str, Answer]) -> None:
        """A plain text that is a value needs no cell, which would only have to say where it stands."""
        value = literal(column.kind, text)
        if value is not None:
            known[text] = Answer(value)

    def _answer(self, column: Output, row: RawRow, known: dict[str, Answer]) -> Answer:
        raw = row.cells.get(column.name)
        if raw is None:
            return Answer(column.default)
        text = raw.value if isinstance(raw.value, str) and not raw.refused else None
        if text is not None and text in known:
            return known[text]
        before = len(self._findings.problems)
        elsewhere = self._elsewhere and partial(self._elsewhere, row.id, column.name)
        found = read_answer(column, raw, row.id, self._scope, self._spreadsheet, self._findings, elsewhere)
        if text is not None and len(self._findings.problems) == before:
            known[text] = found
        return found


def read_answer(
    column: Output,
    raw: RawCell,
    row: str,
    scope: CellScope,
    spreadsheet: bool,
    findings: Findings,
    elsewhere: Callable[[str], bool] | None = None,
) -> Answer:
    """A blank cell gives the column's default; `=…` a formula over the columns; text stands bare."""
    if raw.refused:
        return _REFUSED
    if raw.says_nothing:
        return Answer(column.default)
    if raw.value is None or (spreadsheet and raw.value == "null"):
        return Answer(None)
    report = CellReport(findings, raw.spot, f"row {row}, output `{column.name}`", raw.text, elsewhere)
    if raw.text.startswith("=") and isinstance(raw.value, str):
        known, constant = _written_out(column, raw.text[1:])
        if known:
            return _checked(column, constant, report)
        return _formula(column, raw.text[1:], 1, scope, report)
    value = literal(column.kind, raw.value)
    if value is None:
        return _no_literal(column, raw, scope, report)
    return _checked(column, value, report)


def _written_out(column: Output, text: str) -> tuple[bool, Any]:
    """A constant, where a column of any type or a list has one written as a formula."""
    if not column.kind.untyped and column.kind.item is None:
        return False, None
    known, constant = constant_of(text)
    value = constant if column.kind.name == "any" else literal(column.kind, constant)
    return known and (value is not None or column.kind.name == "any"), value


def constant_of(text: str) -> tuple[bool, Any]:
    """Whether a formula is a literal, and its value: in a column of any type a sheet has no other way to say 5."""
    try:
        formula = parse(text)
    except FeelSyntaxError:
        return False, None
    if not _is_literal(formula.tree):
        return False, None
    return True, formula.evaluate({})


def _is_literal(node: tree.Node) -> bool:
    if isinstance(node, tree.ListOf):
        return all(_is_literal(item) for item in node.items)
    if isinstance(node, tree.Context):
        return all(_is_literal(entry.value) for entry in node.entries)
    return isinstance(node.operand if isinstance(node, tree.Negate) else node, tree.Literal)


def _checked(column: Output, value: Any, report: CellReport) -> Answer:
    if column.whole and not is_whole(value):
        report.add("D011", f"`{report.text}` is given, a whole number is expected", _WHOLE)
    elif column.values and not allowed(column.kind, column.values, value):
        report.not_allowed(value, column.values)
    return Answer(value)


def _no_literal(column: Output, raw: RawCell, scope: CellScope, report: CellReport) -> Answer:
    """No literal of the type: in a column that is not text it may be a formula without the sign, as DMN has it."""
    if isinstance(raw.value, str) and column.kind is not TEXT:
        return _formula(column, raw.text, 0, scope, report)
    report.add("D011", f"`{raw.text}` is given, {column.kind.wanted} is expected", f"write {column.kind.wanted}")
    return _REFUSED


def _formula(column: Output, text: str, offset: int, scope: CellScope, report: CellReport) -> Answer:
    try:
        formula = parse(text, scope.names)
    except FeelSyntaxError as error:
        message = f"`{text.strip()}` is neither {column.kind.wanted} nor a formula: {error.message}"
        help_ = _POINT if column.kind is NUMBER_KIND and _COMMA.fullmatch(text.strip()) else error.help
        report.inside(error.start + offset, error.end + offset, "D010", message, help_)
        return _REFUSED
    given = scope.check(formula, column.kind, report, offset=offset)
    if report.clean and not column.kind.takes(given):
        message = f"the formula gives {a(given)}, {column.kind.wanted} is expected"
        report.inside(offset, offset + len(text), "D011", message, column.kind.mend(text.strip(), given))
    return Answer(None, formula)

"""A cell of an output column in, its value or formula out."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.feel import FeelSyntaxError, parse
from orderloom.rules.columns import Output, allowed
from orderloom.rules.kinds import TEXT
from orderloom.rules.reading.cells import Answer, RawCell
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.literals import literal
from orderloom.rules.reading.reporting import CellReport

_REFUSED = Answer(None, refused=True)


def read_answer(
    column: Output, raw: RawCell, row: str, names: Sequence[str], spreadsheet: bool, findings: Findings
) -> Answer:
    """A blank cell gives the column's default; `=…` a formula over the columns; text stands bare."""
    if raw.says_nothing:
        return Answer(column.default)
    if raw.value is None or (spreadsheet and raw.value == "null"):
        return Answer(None)
    report = CellReport(findings, raw.spot, f"row {row}, output `{column.name}`", raw.text)
    if raw.text.startswith("=") and isinstance(raw.value, str):
        if spreadsheet:
            report.add(
                "D027",
                "a cell of a CSV file cannot begin with `=`: a spreadsheet would take it for its own",
                "leave the sign away in a column that is not text, or write the row in the YAML head",
            )
            return _REFUSED
        return _formula(column, raw.text[1:], 1, names, report)
    value = literal(column.kind, raw.value)
    if value is None:
        return _no_literal(column, raw, names, report)
    if column.values and not allowed(column.kind, column.values, value):
        report.not_allowed(value, column.values)
    return Answer(value)


def _no_literal(column: Output, raw: RawCell, names: Sequence[str], report: CellReport) -> Answer:
    """No literal of the type: in a column that is not text it may be a formula without the sign, as DMN has it."""
    if isinstance(raw.value, str) and column.kind is not TEXT:
        return _formula(column, raw.text, 0, names, report)
    report.add("D011", f"`{raw.text}` is given, {column.kind.wanted} is expected")
    return _REFUSED


def _formula(column: Output, text: str, offset: int, names: Sequence[str], report: CellReport) -> Answer:
    try:
        formula = parse(text, names)
    except FeelSyntaxError as error:
        message = f"`{text.strip()}` is neither {column.kind.wanted} nor a formula: {error.message}"
        report.inside(error.start + offset, error.end + offset, "D010", message, error.help)
        return _REFUSED
    for read in formula.reads:
        if read.path[0] not in names:
            report.unknown_name(read.start + offset, read.end + offset, read.path[0], names, column.kind)
    return Answer(None, formula)

"""A table in, what is wrong with its logic out: cases that fail, rows never reached, facts of another type."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.feel import FeelSyntaxError, infer, parse
from orderloom.feel.types import ANY, NULL, STRING, Record, Type, accepts, describe
from orderloom.problems import Problem, did_you_mean
from orderloom.rules.columns import OUTCOME, Input
from orderloom.rules.hit import Hit
from orderloom.rules.reading.cases import run_case
from orderloom.rules.reading.column_parts import spaced_names
from orderloom.rules.reading.findings import Findings
from orderloom.rules.table import DecisionTable


def check_table(table: DecisionTable, facts: Mapping[str, Type] | None = None) -> list[Problem]:
    """All findings about a table; with `facts`, the types that the flow passes by name, those of each `is:` too."""
    findings = Findings()
    _find_masked(table, findings)
    _find_open_outcomes(table, findings)
    if facts is not None:
        for column in table.inputs:
            _check_fact(column, facts, findings)
    failures = (run_case(table, case) for case in table.cases)
    findings.problems.extend(failure for failure in failures if failure is not None)
    return sorted(findings.problems, key=Problem.sort_key)


def _find_masked(table: DecisionTable, findings: Findings) -> None:
    """Under `first`, a row without conditions answers everything that reaches it."""
    if table.hit is not Hit.FIRST:
        return
    last = next((row for row in table.rows if not row.conditions and not (row.valid_from or row.valid_until)), None)
    if last is None:
        return
    for row in table.rows[table.rows.index(last) + 1 :]:
        findings.add(
            "D016",
            f"row {row.id} is never reached: row {last.id} before it applies to everything",
            row.place,
            f"move row {last.id} to the end",
            "warning",
        )


def _find_open_outcomes(table: DecisionTable, findings: Findings) -> None:
    """A flow branches on the words, so they have to be known when a formula makes them."""
    for index, column in enumerate(table.outputs):
        if column.name != OUTCOME or column.values or not table.hit.single:
            continue
        for row in table.rows:
            if row.answers[index].formula is not None:
                findings.add(
                    "D022",
                    f"row {row.id} computes its `outcome`, and the words that may come out are not listed",
                    row.place,
                    "add `values: [...]` to the column",
                )


def _check_fact(column: Input, facts: Mapping[str, Type], findings: Findings) -> None:
    text = column.formula.text
    if column.missing.rule == "value" and column.formula_spot.place == column.spot.place and text not in facts:
        return  # a column without `is:` that has a substitute need not be passed
    try:
        formula = parse(text, (*facts, *spaced_names(text)))
    except FeelSyntaxError as error:
        findings.add("D023", error.message, column.formula_spot.within(text, error.start, error.end), error.help)
        return
    unknown = [read for read in formula.reads if read.path[0] not in facts]
    for read in unknown:
        place = column.formula_spot.within(text, read.start, read.end)
        message = f"column `{column.name}` reads `{read.path[0]}`, and no fact of that name is passed"
        findings.add("D015", message, place, did_you_mean(read.path[0], facts) or _passed(facts))
    if unknown:
        return
    inferred = infer(formula, facts)
    for one in inferred.findings:
        findings.add(one.code, one.message, column.formula_spot.within(text, one.start, one.end), one.help)
    if not inferred.findings and not _can_be(column, inferred.type):
        findings.add(
            "D024",
            f"column `{column.name}` wants {column.kind.wanted}, but `{text}` is {describe(inferred.type)}",
            column.formula_spot.within(text, 0, len(text)),
            _member_hint(text, inferred.type, column),
        )


def _can_be(column: Input, given: Type) -> bool:
    """Numbers, dates and the like are also read from text, as payloads write them."""
    if given in (ANY, NULL) or accepts(column.kind.feel, given):
        return True
    return column.kind.spell is not None and column.kind.name != "boolean" and accepts(STRING, given)


def _member_hint(text: str, given: Type, column: Input) -> str | None:
    """Money where its figure is wanted is the usual slip."""
    if column.kind.name == "number" and isinstance(given, Record) and "amount" in given.fields:
        return f"write `{text}.amount`"
    return None


def _passed(facts: Mapping[str, Type]) -> str:
    return f"passed are: {', '.join(facts)}" if facts else "nothing is passed"

"""A table in, what is wrong with its logic out: cases that fail, rows never reached, facts of another type."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.feel import Expression, FeelSyntaxError, infer, parse
from orderloom.feel.tree import Name
from orderloom.feel.types import ANY, Type
from orderloom.feel.typescope import a
from orderloom.problems import Problem, did_you_mean
from orderloom.rules.columns import OUTCOME, Input
from orderloom.rules.hit import Hit
from orderloom.rules.reading.cases import run_case
from orderloom.rules.reading.cell_scope import is_call
from orderloom.rules.reading.column_parts import spaced_names
from orderloom.rules.reading.findings import Findings
from orderloom.rules.table import DecisionTable


def check_table(table: DecisionTable, facts: Mapping[str, Type] | None = None) -> list[Problem]:
    """All findings about a table; with `facts`, the types that the flow passes by name, those of each `is:` too."""
    findings = Findings()
    findings.problems.extend(table.warnings)
    _find_masked(table, findings)
    _find_open_outcomes(table, findings)
    fed = _fed(table, facts or {}, findings)
    for column in table.inputs:
        if facts is None:
            _check_formula(column, column.formula, {**_unknown_types(column.formula), **fed}, findings)
        else:
            _check_fact(column, {**facts, **fed}, findings)
    failures = (run_case(table, case) for case in table.cases)
    findings.problems.extend(failure for failure in failures if failure is not None)
    return sorted(findings.problems, key=Problem.sort_key)


def _fed(table: DecisionTable, facts: Mapping[str, Type], findings: Findings) -> Mapping[str, Type]:
    """The types of the answers of the tables that feed this one; what is wrong with those is found too."""
    for need in table.needs:
        known = set(findings.problems)
        findings.problems.extend(one for one in check_table(need.table, facts or None) if one not in known)
        if need.name in facts:
            message = f"`{need.name}` is a table here, and a fact of that name is passed too"
            findings.add("D082", message, need.place, "give the table another name")
    return {need.name: need.type for need in table.needs}


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
        formula = column.formula if _is_direct(column) else parse(text, (*facts, *spaced_names(text)))
    except FeelSyntaxError as error:
        findings.add("D023", error.message, column.formula_spot.within(text, error.start, error.end), error.help)
        return
    unknown = [read for read in formula.reads if read.path[0] not in facts and not is_call(text, read)]
    for read in unknown:
        place = column.formula_spot.within(text, read.start, read.end)
        message = f"column `{column.name}` reads `{read.path[0]}`, and no fact of that name is passed"
        findings.add("D015", message, place, did_you_mean(read.path[0], facts) or _passed(facts))
    if not unknown:
        _check_formula(column, formula, facts, findings)


def _is_direct(column: Input) -> bool:
    """Without `is:` the fact is looked up under the column's name, which need not be a formula."""
    tree = column.formula.tree
    return isinstance(tree, Name) and tree.name == column.name


def _unknown_types(formula: Expression) -> Mapping[str, Type]:
    return {read.path[0]: ANY for read in formula.reads if not is_call(formula.text, read)}


def _check_formula(column: Input, formula: Expression, facts: Mapping[str, Type], findings: Findings) -> None:
    text = formula.text
    inferred = infer(formula, facts)
    for one in inferred.findings:
        findings.add(one.code, one.message, column.formula_spot.within(text, one.start, one.end), one.help)
    if not inferred.findings and not column.kind.takes(inferred.type):
        findings.add(
            "D024",
            f"column `{column.name}` wants {column.kind.wanted}, but `{text}` is {a(inferred.type)}",
            column.formula_spot.within(text, 0, len(text)),
            column.kind.mend(text, inferred.type),
        )


def _passed(facts: Mapping[str, Type]) -> str:
    return f"passed are: {', '.join(facts)}" if facts else "nothing is passed"

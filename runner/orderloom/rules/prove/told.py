"""A proof in, its errors and warnings as problems with places out: for `orderloom check`, which looks at many files."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.problems import Place, Problem, Severity
from orderloom.rules.prove.proof import Finding, Proof
from orderloom.rules.prove.wording import facts_in_words
from orderloom.rules.table import DecisionTable

MOST = 10  # findings of one table that are told among those of many files
_CODES = {"gap": "D050", "overlap": "D051", "conflict": "D052", "masked": "D016"}


def problems_of(
    table: DecisionTable, proof: Proof, gaps: Severity = "error", most: int | None = MOST
) -> Iterator[Problem]:
    """The findings that are no mere information, `most` of them; `gaps` is how serious a gap is taken."""
    serious = [finding for finding in proof.findings if finding.severity != "info"]
    for finding in serious[:most]:
        severity: Severity = gaps if finding.kind == "gap" else "error" if finding.severity == "error" else "warning"
        yield Problem(_CODES[finding.kind], _message(finding), _place(table, finding), _help(finding), severity)
    if most is not None and len(serious) > most:
        message = f"{len(serious) - most:,} more findings; `orderloom rules check {proof.table}` lists them"
        yield Problem(_CODES[serious[most].kind], message, table.place, None, "warning")
    if proof.unanalysed and not proof.complete and not proof.failed:
        rows = ", ".join(proof.except_rows)
        message = f"whether every fact is answered could not be proven: it rests on rows with cells to compute: {rows}"
        yield Problem("D053", message, table.place, f"`orderloom rules check {proof.table}` names the cells", "warning")


def _message(finding: Finding) -> str:
    if finding.example is None:
        return finding.message
    return f"{finding.message}; for example {facts_in_words(finding.example)}"


def _help(finding: Finding) -> str | None:
    if finding.fix is not None:
        return f"{finding.fix}: {finding.fix.effect}" if finding.fix.certain else f"for example {finding.fix}"
    return "add a row for it, or a `default` to every output" if finding.kind == "gap" else None


def _place(table: DecisionTable, finding: Finding) -> Place:
    """The row that is to be changed; of a gap that no edit closes, the table."""
    rows = [edit.row for edit in finding.fix.edits] if finding.fix else [*reversed(finding.rows[:2])]
    wanted = rows[0] if rows and finding.kind != "masked" else next(iter(finding.rows), None)
    return next((row.place for row in table.rows if row.id == wanted), table.place)

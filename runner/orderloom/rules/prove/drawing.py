"""A proof in, its text out: finding by finding, with where it is, an example, and the edit that mends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from orderloom.rules.prove.proof import Finding, Proof
from orderloom.rules.prove.wording import facts_in_words

_SHOWN_WIDTH = 24  # columns of a region before what is said about its edges
_BY_COLUMN = frozenset({"gap", "default"})  # findings that a sentence would say less well
_QUIET = frozenset({"overlap"})  # information that is counted, and listed when asked for


def draw(proof: Proof, everything: bool = False) -> str:
    """The findings, then what was assumed and left open; `everything` lists overlaps that the policy settles too."""
    shown = [one for one in proof.findings if everything or one.severity != "info" or one.kind not in _QUIET]
    totals = Counter(one.kind for one in shown)
    numbers: Counter[str] = Counter()
    blocks = []
    for finding in shown:
        numbers[finding.kind] += 1
        of = totals[finding.kind] + proof.omitted.get(finding.kind, 0)
        blocks.append("\n".join(_block(finding, numbers[finding.kind], of, proof)))
    notes = "\n".join(_notes(proof, shown, everything))
    return "\n\n".join([*blocks, *([notes] if notes else [])])


def verdict(proof: Proof) -> str:
    """`shipping: not complete, 2 gaps`: one line."""
    serious = Counter(one.kind for one in proof.findings if one.severity != "info")
    counts = [_counted(number + proof.omitted.get(kind, 0), kind) for kind, number in serious.items()]
    rows = f"{proof.rows:,} row{'s' * (proof.rows != 1)}"
    return f"{proof.table}: {', '.join([_complete(proof), rows, *counts])}"


def _complete(proof: Proof) -> str:
    if proof.complete:
        return "complete"
    if not proof.failed and proof.except_rows:
        return f"complete except {_rows(proof.except_rows)}"
    return "not complete" if proof.failed else "not proven complete"


def _block(finding: Finding, number: int, of: int, proof: Proof) -> Iterator[str]:
    heading = f"{finding.kind.replace('_', ' ').upper()} {number} of {of:,}"
    yield f"{heading}{_share(finding, proof)}"
    by_column = finding.region if finding.kind in _BY_COLUMN else {}
    if not by_column:
        yield f"  {finding.message}"
    width = max(map(len, by_column), default=0)
    for name, text in by_column.items():
        yield f"  {name.ljust(width)}  {text.ljust(_SHOWN_WIDTH)} {finding.edges.get(name, '')}".rstrip()
    if finding.example is not None:
        day = f" on {finding.day}" if finding.day else ""
        yield f"  e.g. {f'order {finding.order}: ' if finding.order else ''}{facts_in_words(finding.example)}{day}"
    if finding.fix is not None:
        doubt = "" if finding.fix.certain else " (for you to decide)"
        yield f"  fix: {finding.fix}    {finding.fix.effect}{doubt}"


def _share(finding: Finding, proof: Proof) -> str:
    if finding.count is None or proof.orders is None:
        return ""
    if not proof.orders:
        return "   no orders were given"
    return f"   {finding.count:,} of {proof.orders:,} orders ({finding.count / proof.orders:.2%})".replace("%", " %")


def _notes(proof: Proof, shown: Sequence[Finding], everything: bool) -> Iterator[str]:
    listed: Counter[str] = Counter(one.kind for one in shown)
    found: Counter[str] = Counter(one.kind for one in proof.findings)
    found += Counter(proof.omitted)
    for kind, number in found.items():
        if number > listed[kind]:
            hidden = number - listed[kind]
            how = "" if proof.omitted.get(kind) else "; --all lists them"
            yield f"{hidden:,} more: {kind.replace('_', ' ')}{how}"
    for cell in proof.unanalysed:
        yield f"not analysed: row {cell.row}, {cell.column} `{cell.text}`"
    yield from (*proof.stopped, *(f"assumed: {one}" for one in proof.assumptions))
    if everything:
        yield from (f"a missing fact: {one}" for one in proof.missing)
    if proof.unread:
        yield f"{proof.unread:,} of {proof.orders or 0:,} orders have facts that the table does not take"


def _rows(rows: Sequence[str]) -> str:
    if len(rows) == 1:
        return f"row {rows[0]}"
    return f"rows {', '.join(rows[:-1])} and {rows[-1]}"


def _counted(number: int, kind: str) -> str:
    words = {"masked": "masked row"}.get(kind, kind)
    return f"{number:,} {words}{'s' * (number != 1)}"



"""A table file, or a table inside a flow, in; a DecisionTable out, or all that is wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from orderloom.problems import Place, refuse
from orderloom.rules.reading.cases import read_cases
from orderloom.rules.reading.cell_scope import CellScope
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.head import read_head
from orderloom.rules.reading.rows import RawRows, raw_rows, read_rows
from orderloom.rules.reading.sources import Source
from orderloom.rules.table import DecisionTable
from orderloom.source import find_file, read_document

SUFFIX = ".table.yaml"


def read_table(path: Path) -> DecisionTable:
    """The table in a file. Raises `ProblemsError` with all findings."""
    document = read_document(path)
    name = path.name.removesuffix(SUFFIX)
    return _read(Source.of(document), name, [path.parent])


def load_table(value: Any, place: Place, folders: Sequence[Path]) -> DecisionTable:
    """What stands in `with:`: the path of a table in one of the folders, or the table itself."""
    if isinstance(value, dict):
        return _read(Source.inline(value, place), "embedded", list(folders))
    if not isinstance(value, str):
        raise refuse("D005", "a table is the path of its file, or stands here as a mapping", place)
    path = find_file(value, folders)
    if path is None:
        raise refuse(
            "D005",
            f"there is no table file `{value}`",
            place,
            "the path is relative to the flow's folder or the project",
        )
    return read_table(path)


def _read(source: Source, name: str, folders: Sequence[Path]) -> DecisionTable:
    findings = Findings()
    if not isinstance(source.data, dict):
        raise refuse("D002", "a table is a mapping: inputs, outputs, rows", source.spot().place)
    head = read_head(source, name, findings)
    raw = raw_rows(source, _declared(source), folders, findings)
    scope = CellScope.of(source.columns("inputs"), head.inputs)
    rows = read_rows(raw, head.inputs, head.outputs, scope, findings)
    cases = read_cases(source, head.outputs, findings)
    findings.raise_errors()
    return DecisionTable(
        name=head.name,
        summary=head.summary,
        hit=head.hit,
        inputs=head.inputs,
        outputs=head.outputs,
        rows=rows,
        cases=cases,
        hash=_hash(source.data, raw),
        place=source.spot().place,
        source=source,
    )


def _declared(source: Source) -> tuple[str, ...] | None:
    """All columns that the head names, those with faults too: a cell under one is no unknown column."""
    inputs, outputs = source.columns("inputs"), source.columns("outputs")
    return None if inputs is None or outputs is None else (*inputs, *outputs)


def _hash(data: Any, raw: RawRows) -> str:
    text = json.dumps(data, default=_spelt, ensure_ascii=False) + "\0" + raw.text
    return hashlib.sha256(text.encode()).hexdigest()


def _spelt(value: Any) -> list[str]:
    assert isinstance(value, Decimal)
    return ["decimal", str(value)]

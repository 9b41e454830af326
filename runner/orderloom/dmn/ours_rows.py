"""A head of ours and the decision table of a model that it names in, the rows of that table out, as they stand there.

The head says what the columns are. Columns go by their name, or by what they read: `is: order.total`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from orderloom.dmn import model
from orderloom.dmn.formulas import within
from orderloom.dmn.hits import hit_of
from orderloom.dmn.ours import table_in
from orderloom.dmn.ours_cells import answer_in, condition_in
from orderloom.dmn.ours_names import columns_of
from orderloom.dmn.ours_settings import BLANK, dates_of
from orderloom.dmn.reading import read_file
from orderloom.problems import Place, ProblemsError
from orderloom.rules.hit import read_hit
from orderloom.rules.kinds import KINDS, Kind
from orderloom.rules.reading.cells import RawCell
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.raw import RawRow, RawRows, Types, unknown_column
from orderloom.rules.reading.sources import Source, Spot


def raw_rows(path: Path, decision: str | None, source: Source, findings: Findings) -> RawRows:
    """What cannot be read, and where the model says otherwise than the head, is found."""
    try:
        node, table = table_in(read_file(path), decision)
    except ProblemsError as error:
        findings.problems.extend(error.problems)
        return RawRows()
    types = source.types()
    if types is None:
        return RawRows()
    reader = _Reader(node, table, source, types, findings)
    rows = tuple(reader.row(number, rule) for number, rule in enumerate(table.rules, 1))
    return RawRows(rows, path.read_bytes().decode("utf-8", "replace"))


class _Reader:
    def __init__(
        self, node: model.Decision, table: model.Table, source: Source, types: Types, findings: Findings
    ) -> None:
        inputs, outputs = columns_of(node, table)
        self._types, self._source = types, source
        self._inputs = [self._own_name(name, clause) for name, clause in zip(inputs, table.inputs, strict=True)]
        self._outputs = outputs
        places = [clause.place for clause in table.inputs] + [clause.place for clause in table.outputs]
        for name, place in zip((*self._inputs, *outputs), places, strict=True):
            unknown_column(name, Spot(place), types, findings)
        _find_otherwise(table, source, findings)

    def _own_name(self, name: str, clause: model.InputClause) -> str:
        """The head's name for an input that reads the same."""
        text = clause.expression.text.strip() if clause.expression else ""
        reading = [
            own for own, spec in self._specs("inputs") if str(spec.get("is", "")).removeprefix("=").strip() == text
        ]
        return reading[0] if name not in self._types and len(reading) == 1 else name

    def _specs(self, part: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((str(name), spec) for name, spec in self._source.data[part].items() if isinstance(spec, dict))

    def row(self, number: int, rule: model.Rule) -> RawRow:
        cells = {
            name: RawCell(value, Spot(place, written))
            for name, value, place, written in (*self._conditions(rule), *self._answers(rule))
        }
        spot = Spot(rule.place)
        if rule.notes.label:
            cells["id"] = RawCell(rule.notes.label, spot)
        own = {**dates_of(rule), "note": "; ".join(filter(None, map(str.strip, rule.annotations)))}
        cells.update({name: RawCell(text, spot) for name, text in own.items() if text})
        return RawRow(rule.notes.label or f"r{number}", cells, spot)

    def _conditions(self, rule: model.Rule) -> Iterator[tuple[str, Any, Place, str]]:
        specs = dict(self._specs("inputs"))
        for name, test in zip(self._inputs, rule.tests, strict=False):
            cell = condition_in(self._kind(name), specs.get(name, {}).get("cells") != "feel", test.text)
            if cell != "":
                yield name, cell, within(test, 0, len(test.text)), test.text

    def _answers(self, rule: model.Rule) -> Iterator[tuple[str, Any, Place, str]]:
        for name, answer in zip(self._outputs, rule.answers, strict=False):
            text = answer.text
            if text is not None and text.text.strip() and dict(answer.notes.foreign).get(BLANK) != "true":
                yield name, answer_in(self._kind(name), text.text), within(text, 0, len(text.text)), text.text

    def _kind(self, name: str) -> Kind:
        return KINDS.get(self._types.get(name, "any"), KINDS["any"])


def _find_otherwise(table: model.Table, source: Source, findings: Findings) -> None:
    """What both say has to be the same: else one of the two would count without a word."""
    given = source.data.get("hit", "unique")
    theirs, mine = hit_of(table.hit, table.aggregation), read_hit(given) if isinstance(given, str) else None
    if theirs is not None and mine is not None and theirs is not mine:
        message = f"the hit policy is `{mine.word}` here, and `{theirs.word}` in the model"
        place = source.spot("hit").place if "hit" in source.data else source.key_spot("rows").place
        findings.add("D083", message, place, f"write `hit: {theirs.word}`, or change the model")
    for clause in table.outputs:
        spec = source.data["outputs"].get(clause.name)
        if clause.default is not None and isinstance(spec, dict) and "default" not in spec:
            message = f"the model has a default for `{clause.name}`, and the head has none"
            findings.add(
                "D083", message, source.key_spot("outputs", str(clause.name)).place, "add `default:` to the column"
            )

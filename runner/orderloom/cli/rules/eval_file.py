"""A table and a file of orders in, a file of decided orders out; what was refused is told and kept beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orderloom.cli import render
from orderloom.cli.failure import refused
from orderloom.cli.progress import Progress
from orderloom.problems import COMMAND_LINE, Place, Problem, ProblemsError, did_you_mean, refuse
from orderloom.rules.batch import Batch, Feeding
from orderloom.rules.batch.facts import Column, fact, facts
from orderloom.rules.batch.files import FORMATS, READ, Chunk, CsvWriter, Writer, chunks, form_of
from orderloom.rules.decision import json_output, json_outputs
from orderloom.rules.kinds import BOOLEAN_KIND, Kind
from orderloom.source.absent import meant
from orderloom.source.replacing import refuse_misplaced, unwritable

if TYPE_CHECKING:
    from orderloom.rules import DecisionTable

TOLD = 20
CODES = {"no_match": "D030", "conflict": "D031", "missing_fact": "D032", "wrong_type": "D033"}


def evaluate_file(table: DecisionTable, given: Path, out: Path) -> None:
    """Decide on every order of `given`. Ends the command with 1 where an order was refused or nothing could be done."""
    try:
        _check(given, out)
        run = _Run(table, given, out)
        run.all()
    except ProblemsError as error:
        refused(error.problems)
    render.show([*run.notes, *run.told])
    more = f", {run.refused - len(run.told):,} of them not shown" if run.refused > len(run.told) else ""
    kept = f"; {run.refused:,} refused{more}: see {run.aside.name}" if run.refused else ""
    click.echo(f"{run.decided:,} orders decided in {out}{kept}", err=True)
    if run.refused:
        raise click.exceptions.Exit(1)


def _check(given: Path, out: Path) -> None:
    """Raises click's UsageError, or `ProblemsError` (Y001) where the file of orders is not there."""
    if not given.exists():
        raise refuse("Y001", f"there is no file `{given}`", COMMAND_LINE, meant(given, READ))
    if given.is_dir():
        raise refuse("Y001", "the file cannot be opened: it is a folder", Place(str(given)), "name one file of orders")
    suffixes = given.suffix.lower(), out.suffix.lower()
    if suffixes[0] not in READ:
        raise click.UsageError(f"orders are read from {_listed(READ)}, and {given} is none of these")
    if suffixes[1] not in FORMATS:
        raise click.UsageError(f"decided orders are written as {_listed(FORMATS)}, and {out} is none of these")
    if suffixes[1] == ".parquet" != suffixes[0]:
        raise click.UsageError(
            "only orders of a Parquet file are written as Parquet: write .csv or .jsonl, or give the orders as .parquet"
        )
    refuse_misplaced(out)
    if out.resolve() == given.resolve():
        raise click.UsageError("the orders themselves would be overwritten: give --out another name")


def _listed(suffixes: Sequence[str]) -> str:
    return f"{', '.join(suffixes[:-1])} and {suffixes[-1]}"


class _Run:
    """One pass over a file. What is written is complete or not there: it gets its name at the end."""

    def __init__(self, table: DecisionTable, given: Path, out: Path) -> None:
        self._table, self._given, self._out = table, given, out
        self.aside = out.with_name(f"{out.stem}.refused.jsonl")
        self._form = form_of(given)
        self.notes = [self._form.note] if self._form and self._form.note else []
        self.told: list[Problem] = []
        self.decided = self.refused = 0
        self._kinds = {"row": "text"} | {column.name: column.kind.name for column in table.outputs}
        self._feeding = Feeding(table)
        self._single = table.hit.single
        if not self._single:
            self._kinds = {"row": "text", "matches": "text"}
        if table.hit.letter == "C#":
            self._kinds[table.outputs[0].name] = "number"

    def all(self) -> None:
        """Raises `ProblemsError`; then what stood under these names before stands there still."""
        partial, beside = (path.with_name(f".{path.name}.part") for path in (self._out, self.aside))
        try:
            self._write(partial, beside)
            if partial.exists():
                partial.replace(self._out)
            if self.refused:
                beside.replace(self.aside)
            else:
                self.aside.unlink(missing_ok=True)  # of an earlier run: what it tells is true no longer
        except OSError as error:
            raise unwritable(self._out, error) from error
        finally:
            partial.unlink(missing_ok=True)
            beside.unlink(missing_ok=True)

    def _write(self, partial: Path, beside: Path) -> None:
        with closing(self._writer(partial)) as writer, closing(Writer(beside)) as aside, Progress() as progress:
            for chunk in chunks(self._given, form=self._form):
                self._chunk(chunk, writer, aside)
                progress.step(len(chunk.lines))

    def _writer(self, partial: Path) -> Any:
        suffix = self._out.suffix.lower()
        if suffix == ".parquet":
            return _parquet_writer(partial)
        if suffix != ".csv":
            return Writer(partial)
        separator = self._form.separator if self._form else ","  # a spreadsheet wants back what it wrote
        return CsvWriter(partial, separator, self._out)

    def _chunk(self, chunk: Chunk, writer: Any, aside: Writer) -> None:
        self._check_names(chunk)
        wanted = self._feeding.wanted(chunk.columns)
        kinds = {name: one.column.kind for one in wanted if (name := one.given(chunk.columns))}
        columns = {name: self._as_meant(kind, chunk.columns[name]) for name, kind in kinds.items()}
        batch = self._table.decide_batch({**chunk.columns, **columns})  # the others say how many orders there are
        kept = [at for at in range(len(chunk.lines)) if at not in batch.refused]
        decided = self._decided(batch, kept)
        if chunk.source is not None and not isinstance(writer, Writer | CsvWriter):
            writer.write(chunk.source.take(kept), decided, self._kinds)
        elif chunk.columns:
            given = {name: facts(column) for name, column in chunk.columns.items()}
            writer.write({name: [_told(values[at]) for at in kept] for name, values in given.items()} | decided)
        self.decided += len(kept)
        for line, refusal in sorted(self._refusals(chunk, batch), key=itemgetter(0)):
            self._refuse(aside, line, *refusal)

    def _refusals(self, chunk: Chunk, batch: Batch) -> Iterator[tuple[int, tuple[str, str, Any]]]:
        """The line of each order that got no answer, with the class of the error, its message and the order."""
        yield from ((line, ("wrong_type", wrong, raw)) for line, wrong, raw in chunk.broken)
        for at, error in batch.refused.items():
            order = {name: _told(fact(column, at)) for name, column in chunk.columns.items()}
            yield chunk.lines[at], (error.error_class, error.message, order)

    def _as_meant(self, kind: Kind, column: Column) -> Column:
        """In a CSV all is text; true and false are words there."""
        if self._form is None or kind is not BOOLEAN_KIND:
            return column
        words = {word: BOOLEAN_KIND.spell(word) if BOOLEAN_KIND.spell else None for word in set(facts(column)) if word}
        return [word if words.get(word) is None else words[word] for word in facts(column)]

    def _decided(self, batch: Batch, kept: Sequence[int]) -> dict[str, list[Any]]:
        """The columns beside the order: the rows that answered, and the outputs."""
        of = batch.of.tolist()
        answers = [batch.answers[of[at]] for at in kept]
        found: dict[str, list[Any]] = {"row": [", ".join(answer.rows) for answer in answers]}
        if not self._single:
            return found | {
                "matches": [json.dumps([json_outputs(one) for one in answer.outputs]) for answer in answers]
            }
        for name in list(self._kinds)[1:]:
            found[name] = [_told(answer.outputs[name]) for answer in answers]
        return found

    def _check_names(self, chunk: Chunk) -> None:
        clash = next((name for name in chunk.columns if name in self._kinds), None)
        if clash is not None:
            message = f"the orders have a column `{clash}`, and so has the answer"
            raise refuse("D035", message, Place(str(self._given)), "rename the column of the orders")
        for one in self._feeding.wanted(chunk.columns):
            if chunk.columns and not one.given(chunk.columns) and one.column.missing.rule == "error":
                name = one.names[-1]
                help_ = did_you_mean(name, chunk.columns) or f"its columns are: {', '.join(chunk.columns)}"
                reader = f", which table {one.table} reads" if one.table != self._table.name else ""
                raise refuse("D035", f"the orders have no column `{name}`{reader}", Place(str(self._given)), help_)

    def _refuse(self, aside: Writer, line: int, error_class: str, message: str, order: Any) -> None:
        self.refused += 1
        aside.write({"line": [line], "error": [error_class], "message": [message], "order": [order]})
        if len(self.told) < TOLD:
            self.told.append(Problem(CODES.get(error_class, "D034"), message, Place(str(self._given), line, 1)))


def _parquet_writer(path: Path) -> Any:
    from orderloom.rules.batch.parquet import ParquetWriter  # noqa: PLC0415 (pyarrow is an extra)

    return ParquetWriter(path)


def _told(value: Any) -> Any:
    """As files hold it: a decimal with its digits, dates and durations as ISO text, lists and contexts as in JSON."""
    return value if isinstance(value, Decimal) else json_output(value)

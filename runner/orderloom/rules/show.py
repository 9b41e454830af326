"""A table in, its drawing out: plain columns of text, a coloured grid for a terminal, or line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderloom.rules.columns import Input, Output
from orderloom.rules.explain import reason
from orderloom.rules.reading.literals import listed, plain
from orderloom.rules.reading.rows import Row
from orderloom.rules.table import DecisionTable

if TYPE_CHECKING:
    from rich.table import Table

_ANY = "-"


@dataclass(frozen=True)
class Grid:
    """Title and texts of a table; the first `inputs` columns after the id are conditions."""

    title: str
    header: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    inputs: int
    notes: tuple[str, ...]


def grid_of(table: DecisionTable) -> Grid:
    """What both drawings show."""
    noted = any(row.note for row in table.rows)
    dated = any(row.valid_from or row.valid_until for row in table.rows)
    extra = (*(("valid",) if dated else ()), *(("note",) if noted else ()))
    columns: tuple[Input | Output, ...] = (*table.inputs, *table.outputs)
    return Grid(
        title=f"{table.name}  ({table.hit.word}, {len(table.rows)} {'row' if len(table.rows) == 1 else 'rows'})",
        header=("", *(column.name for column in columns), *extra),
        kinds=("", *(_kind(column) for column in columns), *("" for _ in extra)),
        rows=tuple(_row(row, table, dated, noted) for row in table.rows),
        inputs=len(table.inputs),
        notes=tuple(_notes(table)),
    )


def draw_plain(grid: Grid) -> str:
    """Columns of text with a bar between conditions and answers; nothing is cut."""
    lines = [grid.header, grid.kinds, *grid.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(grid.header))]
    drawn = [_line(line, widths, grid.inputs) for line in lines]
    rule = _line(["─" * width for width in widths], widths, grid.inputs).replace(" │ ", "─┼─").replace("  ", "──")
    return (
        "\n".join([grid.title, *grid.notes[:1], "", *drawn[:2], rule, *drawn[2:], *("", *grid.notes[1:])]).rstrip()
        + "\n"
    )


def fits(grid: Grid, width: int) -> bool:
    """Whether a terminal of that width can show the grid without breaking words."""
    lines = (grid.header, grid.kinds, *grid.rows)
    words = [max(len(word) for line in lines for word in ("", *line[at].split())) for at in range(len(grid.header))]
    return sum(words) + 3 * len(words) + 1 <= width


def draw_lines(table: DecisionTable) -> str:
    """Row by row, for a narrow terminal: what each asks, and below it what it answers."""
    grid = grid_of(table)
    answers = grid.header[grid.inputs + 1 :]
    lines = [grid.title, *grid.notes, ""]
    for row, cells in zip(table.rows, grid.rows, strict=True):
        given = zip(answers, cells[grid.inputs + 1 :], strict=True)
        lines.append(reason(row, table.inputs, table.hit, table.rows))
        lines.append("    → " + ", ".join(f"{name} = {cell or 'nothing'}" for name, cell in given))
    return "\n".join(lines) + "\n"


def draw_rich(grid: Grid) -> Table:
    """For a terminal that is wide enough: cells wrap, answers stand out."""
    from rich.table import Table  # noqa: PLC0415 (slow to import, and only drawing needs it)
    from rich.text import Text  # noqa: PLC0415

    title, notes = Text(grid.title), Text("\n".join(grid.notes))  # as texts, so that brackets are no markup
    drawing = Table(title=title, title_justify="left", caption=notes, caption_justify="left")
    for index, (name, kind) in enumerate(zip(grid.header, grid.kinds, strict=True)):
        answer = index > grid.inputs
        heading = Text.assemble((name, "bold"), "\n", (kind, "dim"))
        drawing.add_column(heading, style="green" if answer else "", overflow="fold")
    for row in grid.rows:
        drawing.add_row(*(Text(cell, style="dim" if cell == _ANY else "") for cell in row))
    return drawing


def _line(cells: Sequence[str], widths: Sequence[int], inputs: int) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return f"{'  '.join(padded[: inputs + 1])} │ {'  '.join(padded[inputs + 1 :])}".rstrip()


def _kind(column: Input | Output) -> str:
    return f"{column.kind.name}, {column.unit}" if column.unit else column.kind.name


def _row(row: Row, table: DecisionTable, dated: bool, noted: bool) -> tuple[str, ...]:
    asked = {one.column: one.text for one in row.conditions}
    conditions = [asked.get(index, _ANY) for index in range(len(table.inputs))]
    answers = [_answer(one.value, one.formula.text if one.formula else None) for one in row.answers]
    dates = f"{row.valid_from or ''}..{row.valid_until or ''}"
    valid = [dates.strip(".") and dates] if dated else []
    return (row.id, *conditions, *answers, *valid, *([row.note] if noted else []))


def _answer(value: object, formula: str | None) -> str:
    if formula is not None:
        return f"={formula}"
    return "" if value is None else plain(value)


def _notes(table: DecisionTable) -> Iterator[str]:
    yield table.summary
    for column in table.inputs:
        yield f"{column.name}: {column.formula.text}{_limits(column)}"
    for output in table.outputs:
        default = f", {plain(output.default)} where nothing is said" if output.default is not None else ""
        about = f" ({output.about})" if output.about else ""
        if output.values or default or about:
            yield f"{output.name}: {listed(output.values) or output.kind.name}{default}{about}"


def _limits(column: Input) -> str:
    limits = f", within {column.bounds}" if column.bounds else ""
    if column.values:
        limits = f", one of {listed(column.values)}"
    missing = {
        "error": "",
        "no_match": ", where missing no row that tests it applies",
        "default": ", where missing the defaults answer",
        "value": f", {plain(column.missing.value)} where missing",
    }
    return limits + missing[column.missing.rule]

"""The texts of a table in, its drawing out: plain columns, a coloured grid for a terminal, or row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from orderloom.rules.explain import reason
from orderloom.rules.grid import ANY, Grid, grid_of
from orderloom.rules.table import DecisionTable
from orderloom.widths import columns_of

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

_WHOLE = 28  # columns of a terminal; a column of the table no wider than that is never wrapped
_NARROWEST = 14  # what a wider one may be wrapped to, where its words are no longer


def draw_plain(grid: Grid) -> str:
    """Columns of text with a bar between conditions and answers; nothing is cut, a break in a cell is `⏎`."""
    rows = [[" ⏎ ".join(cell.splitlines()) for cell in row] for row in grid.rows]
    lines = [grid.header, grid.kinds, *rows]
    widths = [max(columns_of(line[column]) for line in lines) for column in range(len(grid.header))]
    drawn = [_line(line, widths, grid.inputs) for line in lines]
    rule = _line(["─" * width for width in widths], widths, grid.inputs).replace(" │ ", "─┼─").replace("  ", "──")
    return "\n".join([grid.title, grid.summary, "", *drawn[:2], rule, *drawn[2:], "", *grid.notes]).rstrip() + "\n"


def fits(grid: Grid, width: int) -> bool:
    """Whether a terminal of that width can show the grid so that it reads well."""
    return _drawn_width([_narrowest(*measure) for measure in _measures(grid)]) <= width


def draw_rich(grid: Grid, width: int) -> Table:
    """For a terminal that is wide enough: long cells wrap, answers stand out."""
    from rich import box  # noqa: PLC0415 (slow to import, and only drawing needs it)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    title = Text.assemble((grid.title, "bold"), f"\n{grid.summary}" if grid.summary else "")
    notes = Text("\n".join(grid.notes))  # as texts, so that brackets are no markup
    drawing = Table(
        title=title, title_justify="left", title_style="", caption=notes, caption_justify="left", box=box.ROUNDED
    )
    measures = _measures(grid)
    for index, (name, kind) in enumerate(zip(grid.header, grid.kinds, strict=True)):
        colour = "green" if grid.is_answer(index) else "cyan" if index <= grid.inputs else "none"
        heading = Text.assemble((name, f"bold {colour}"), "\n", (kind, "dim"))
        style = "green" if grid.is_answer(index) else ""
        whole = measures[index][0] <= _WHOLE
        least = _narrowest(*measures[index])
        drawing.add_column(heading, style=style, overflow="fold", no_wrap=whole, min_width=least)
    for row in grid.rows:
        drawing.add_row(*(Text(cell, style="dim" if cell == ANY else "") for cell in row))
    drawing.show_lines = _drawn_width([widest for widest, _ in measures]) > width
    return drawing


def draw_narrow(table: DecisionTable) -> Group:
    """Row by row, for a narrow terminal: what each asks, and below it what it answers."""
    from rich.console import Group  # noqa: PLC0415 (slow to import, and only drawing needs it)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = grid_of(table)
    lines = Table.grid(padding=(0, 1))
    lines.add_column(style="bold", no_wrap=True)
    lines.add_column(overflow="fold")
    for row, cells in zip(table.rows, grid.rows, strict=True):
        asked = reason(row, table.inputs, table.hit, table.rows).removeprefix(f"{row.id}: ")
        lines.add_row(Text(row.id), Text(asked))
        for told in _told(grid, cells):
            lines.add_row("", told)
    notes = [Text(note, style="dim") for note in ("", *grid.notes)]
    return Group(Text(grid.title, style="bold"), Text(grid.summary), "", lines, *notes)


def _told(grid: Grid, cells: Sequence[str]) -> Iterator[Text]:
    """What a row answers, and its days and note."""
    from rich.text import Text  # noqa: PLC0415 (slow to import, and only drawing needs it)

    last = grid.inputs + grid.answers
    answers = [(grid.header[at], cells[at]) for at in range(grid.inputs + 1, last + 1) if cells[at]]
    for name, cell in answers or [("nothing", "")]:
        yield Text.assemble(("→ ", "dim"), name, (" = " if cell else ""), (cell, "green"))
    for name, cell in zip(grid.header[last + 1 :], cells[last + 1 :], strict=True):
        if cell:
            yield Text(f"  {name}: {cell}", style="dim")


def _narrowest(widest: int, longest: int) -> int:
    return widest if widest <= _WHOLE else min(max(longest, _NARROWEST), _WHOLE)


def _drawn_width(columns: Sequence[int]) -> int:
    """With the lines and blanks between them."""
    return sum(columns) + 3 * len(columns) + 1


def _measures(grid: Grid) -> list[tuple[int, int]]:
    """Of each column how wide its widest line and its longest word are."""
    lines = (grid.header, grid.kinds, *grid.rows)
    return [
        (
            max(columns_of(part) for line in lines for part in ("", *line[at].splitlines())),
            max(columns_of(word) for line in lines for word in ("", *line[at].split())),
        )
        for at in range(len(grid.header))
    ]


def _line(cells: Sequence[str], widths: Sequence[int], inputs: int) -> str:
    padded = [cell + " " * (width - columns_of(cell)) for cell, width in zip(cells, widths, strict=True)]
    return f"{'  '.join(padded[: inputs + 1])} │ {'  '.join(padded[inputs + 1 :])}".rstrip()

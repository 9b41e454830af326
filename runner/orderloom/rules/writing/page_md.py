"""A table in, a Markdown page out: its head as front matter, its rows as a table that GitHub shows as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orderloom.rules.writing.table_yaml import case_lines, head_lines
from orderloom.rules.writing.written import WrittenTable
from orderloom.widths import columns_of

_WIDEST_PADDING = 40  # columns; a cell longer than that does not widen all the others
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_ALONE = re.compile(r"(?<=\s)\*(?=\s)")  # a star between blanks is no emphasis
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # one inside a word is none either


def page_md(table: WrittenTable) -> str:
    """The whole table."""
    title, summary = _shown(table.name), _shown(str(table.head.get("summary", "")))
    heading = [f"# {title}", *(["", summary] if summary else [])]
    return "\n".join(["---", *head_lines(table), *case_lines(table), "---", "", *heading, "", rows_md(table)])


def rows_md(table: WrittenTable) -> str:
    """The rows alone."""
    columns = table.columns
    lines = [[cell_md(name) for name in columns]]
    lines += [[cell_md(row.get(name, "")) for name in columns] for row in table.rows]
    widths = [max(3, *(min(columns_of(line[at]), _WIDEST_PADDING) for line in lines)) for at in range(len(columns))]
    right = [table.kinds.get(name) == "number" for name in columns]
    rule = [("-" * (width - 1)) + (":" if at else "-") for width, at in zip(widths, right, strict=True)]
    drawn = [lines[0], rule, *lines[1:]]
    return "".join(f"| {' | '.join(_padded(line, widths, right))} |\n" for line in drawn)


def cell_md(text: str) -> str:
    """The text of one cell, so that a page shows it as it is."""
    text = text.replace("\\", "\\\\").replace("`", "\\`").replace("~", "\\~").replace("|", "\\|")
    text = _UNDERSCORE.sub(r"\\_", _TAG.sub(r"\\<", _ENTITY.sub(r"\\&", text)))
    text = "".join(_ALONE.sub("\0", f" {text} ")[1:-1]).replace("*", "\\*").replace("\0", "*")
    if "](" in text:
        text = text.replace("[", "\\[")
    return text.replace("\r", "&#13;").replace("\t", "&#9;").replace("\n", "<br>")


def _shown(text: str) -> str:
    return cell_md(" ".join(text.split()))


def _padded(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    for cell, width, to_the_right in zip(cells, widths, right, strict=True):
        blanks = " " * (width - columns_of(cell))
        yield blanks + cell if to_the_right else cell + blanks

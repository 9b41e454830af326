"""A table and where it is to be written in, the contents of the files out."""

from __future__ import annotations

from pathlib import Path

from orderloom.problems import Place, refuse
from orderloom.rules.writing.book_xlsx import book_xlsx
from orderloom.rules.writing.page_md import page_md, rows_md
from orderloom.rules.writing.rows_csv import rows_csv
from orderloom.rules.writing.table_yaml import table_yaml
from orderloom.rules.writing.written import WrittenTable

Contents = dict[Path, bytes]
SUFFIXES = (".table.yaml", ".csv", ".xlsx", ".md", ".dmn")


def contents_of(table: WrittenTable, path: Path, rows: str | None = None) -> Contents:
    """The file of that name, after those it needs: rows beside a head. A `.csv` gets a `.table.yaml` beside it.

    Raises `ProblemsError` (D074) for a form that is none, or that has its rows elsewhere.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return _with_rows(table, path.with_name(path.stem + ".table.yaml"), path.name)
    if suffix in {".yaml", ".yml"}:
        return _with_rows(table, path, rows) if rows is not None else {path: table_yaml(table).encode()}
    if rows is not None:
        message = "only a .table.yaml has its rows in a file beside it"
        raise refuse("D074", message, Place(str(path)), "leave --rows out, or write a .table.yaml")
    if suffix == ".xlsx":
        return {path: book_xlsx(table, str(path))}
    if suffix == ".md":
        return {path: page_md(table).encode()}
    raise refuse("D074", f"a table cannot be written as `{path.name}`", Place(str(path)), _forms(SUFFIXES))


def _with_rows(table: WrittenTable, head: Path, rows: str) -> Contents:
    beside = head.with_name(rows)
    suffix = beside.suffix.lower()
    if suffix == ".csv":
        content = rows_csv(table).encode()
    elif suffix == ".xlsx":
        content = book_xlsx(table, str(beside), whole=False)
    elif suffix == ".md":
        content = rows_md(table).encode()
    else:
        raise refuse(
            "D074", f"rows cannot be written as `{rows}`", Place(str(beside)), _forms((".csv", ".xlsx", ".md"))
        )
    return {beside: content, head: table_yaml(table, rows).encode()}


def _forms(suffixes: tuple[str, ...]) -> str:
    return f"its name ends in {', '.join(suffixes[:-1])} or {suffixes[-1]}"

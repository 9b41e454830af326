"""A table file and the name of another in, that other file out: read back and compared before it takes its place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from orderloom.problems import Place, ProblemsError, refuse
from orderloom.rules.load import Parts, read_parts
from orderloom.rules.needs import in_feeding_order
from orderloom.rules.reading.heads import heads_of
from orderloom.rules.writing.forms import Contents, contents_of
from orderloom.rules.writing.meaning import meaning
from orderloom.rules.writing.table_yaml import plain_row
from orderloom.rules.writing.written import WrittenTable, differences, written
from orderloom.source.replacing import refuse_misplaced, write_files


def convert(
    source: Path, target: Path, rows: str | None = None, force: bool = False, decision: str | None = None
) -> WrittenTable:
    """Raises `ProblemsError`: what is wrong with the table, D071 where the form cannot hold it, Y008 where a file is
    there already."""
    refuse_misplaced(target)
    parts = read_parts(_with_head(source), decision)
    table = written(parts)
    contents = contents_in_form(table, target, rows)
    _refuse_loss(parts, target, contents)
    write_files(contents, force)
    return table


def contents_in_form(table: WrittenTable, target: Path, rows: str | None = None) -> Contents:
    """As `contents_of`, and models of the DMN standard besides: what that has no words for travels as extension
    elements of ours."""
    if target.suffix.lower() != ".dmn" or rows is not None:
        return contents_of(table, target, rows)
    from orderloom import dmn  # noqa: PLC0415 (models are slow to import, and few are written)

    return {target: dmn.write(dmn.definitions_of(table.head, [plain_row(table, row) for row in table.rows])).encode()}


def losses(source: Path) -> Iterator[str]:
    """What no form but YAML can carry, and no table means."""
    if source.suffix.lower() in {".yaml", ".yml"} and _has_comments(source.read_text(encoding="utf-8-sig")):
        yield "comments of the YAML file are not carried over; `note` of a row and `about` of a column are"


def _with_head(source: Path) -> Path:
    """A CSV stands for the one head that names it, or is named alike."""
    if source.suffix.lower() != ".csv":
        return source
    alike = source.with_name(source.stem + ".table.yaml")
    heads = [alike] if alike.is_file() else heads_of(source)
    return heads[0] if len(heads) == 1 else source


def _refuse_loss(parts: Parts, target: Path, contents: Mapping[Path, bytes]) -> None:
    with tempfile.TemporaryDirectory(prefix="orderloom-") as folder:
        for path, content in contents.items():
            (Path(folder) / path.name).write_bytes(content)
        for name in _needed(parts):
            _copy_needed(name, target, Path(folder))
        lost = _lost(parts, Path(folder) / list(contents)[-1].name)
    if lost:
        message = f"this form cannot hold the table: {lost[0]}"
        raise refuse("D071", message, Place(str(target)), "choose another form, or write that part in another way")


def _needed(parts: Parts) -> Iterator[Path]:
    """The files of the tables that this one needs, which stand beside it or below."""
    home = Path(parts.table.place.file).parent
    for table in in_feeding_order(parts.table):
        if table is parts.table:
            continue
        file, rows = Path(table.place.file), table.source.data.get("rows")
        for one in (file, *([file.with_name(rows)] if isinstance(rows, str) else [])):
            yield one.relative_to(home)


def _copy_needed(name: Path, target: Path, folder: Path) -> None:
    """What is needed is looked for where it will be: from the folder that the table is written into."""
    there, copied = target.parent / name, folder / name
    if copied.exists():
        return
    if not there.is_file():
        message, help_ = f"the table needs `{name.as_posix()}`, which is not there", "convert or copy that file first"
        raise refuse("D071", message, Place(str(target)), help_)
    copied.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(there, copied)


def _lost(parts: Parts, path: Path) -> list[str]:
    """What came back as something else; another spelling of the same value is no loss."""
    try:
        back = read_parts(path)
    except ProblemsError as error:
        return [f"{problem.message} when read back" for problem in error.problems]
    lost = differences(written(parts), written(back))
    return lost if lost and meaning(parts.table) != meaning(back.table) else []


def _has_comments(text: str) -> bool:
    """Whether a `#` stands outside every value."""
    inside = [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text, Loader=yaml.SafeLoader)
        if isinstance(token, yaml.ScalarToken)
    ]
    at = iter(inside)
    start, end = next(at, (len(text), len(text)))
    for position in (index for index, sign in enumerate(text) if sign == "#"):
        while end <= position:
            start, end = next(at, (len(text), len(text)))
        if position < start:
            return True
    return False

"""Where editors find the schemas of a project: they are written there, and looked at again when nodes have changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orderloom.editors.every import schema_text
from orderloom.problems import Place, refuse
from orderloom.shapes import Schema

FOLDER = ".schemas"


def write_schemas(folder: Path, schemas: Mapping[str, Schema]) -> list[Path]:
    """A file for each kind; gives the files. Raises `ProblemsError` (F969) where one cannot be written."""
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, schema in schemas.items():
            _replace(folder / f"{kind}.json", schema_text(schema))
            files.append(folder / f"{kind}.json")
    except OSError as error:
        file, why = error.filename or folder, error.strerror or "the system refused"
        mend = "give another folder with -o DIR"
        raise refuse("F969", f"{file} cannot be written: {why}", Place(str(folder)), mend) from error
    return files


def outdated(folder: Path, schemas: Mapping[str, Schema]) -> list[str]:
    """The kinds whose file there is missing, or says something else than it would say now."""
    return [kind for kind, schema in schemas.items() if _read(folder / f"{kind}.json") != schema_text(schema)]


def _replace(file: Path, text: str) -> None:
    """An editor may read it at any time: it finds the old text or the new one, and never half of one."""
    half = file.with_name(f"{file.name}.new")
    half.write_text(text, encoding="utf-8")
    half.replace(file)


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None

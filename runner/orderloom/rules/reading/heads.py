"""A file of rows in, the heads beside it or one folder above that name it out."""

from __future__ import annotations

from pathlib import Path

from orderloom.problems import Place, ProblemsError, refuse
from orderloom.source import read_document

_HEADS = ("*.table.yaml", "*.table.yml")


def heads_of(rows: Path) -> list[Path]:
    """As the path of the rows is written, so that the names can be typed again."""
    folders = [rows.parent, rows.parent.parent if rows.parent.name else rows.parent / ".."]
    found = (head for folder in folders for pattern in _HEADS for head in sorted(folder.glob(pattern)))
    return [head for head in found if _names(head, rows)]


def no_head(rows: Place, message: str, otherwise: str) -> ProblemsError:
    """The refusal (D073) of rows that were named in place of their table; `otherwise` is the mend where no head is."""
    heads = " or ".join(f"`{head}`" for head in heads_of(Path(rows.file)))
    return refuse("D073", message, rows, f"name {heads}, whose rows these are" if heads else otherwise)


def _names(head: Path, rows: Path) -> bool:
    try:
        data = read_document(head).data
    except ProblemsError:
        return False
    named = data.get("rows") if isinstance(data, dict) else None
    if not isinstance(named, str):
        return False
    file = named.rpartition("#")[0] if "#" in named and not (head.parent / named).is_file() else named
    return (head.parent / file).resolve() == rows.resolve()

"""What a trigger could not read, kept with its problems: one JSON file per document, named by its content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from orderloom.declare import Payload, Unreadable
from orderloom.source.writing import replace_file
from orderloom.world.forgetting import Person, blanked


def forget(folder: Path, person: Person, *, doing: bool) -> int:
    """Of documents that name the person it is left where and why they could not be read; how many those were."""
    theirs = [file for file in sorted(folder.glob("*.json")) if person.is_named_in(file.read_text("utf-8"))]
    for file in theirs if doing else ():
        kept = json.loads(file.read_text("utf-8"))
        problems = [{name: one[name] for name in ("code", "line", "column")} for one in kept.get("problems", ())]
        _write(file, {"from": blanked(kept.get("from"), person), "problems": problems, "document": None})
    return len(theirs)


def keep(unreadable: Unreadable, payload: Payload, folder: Path) -> Path:
    """Write the document and its problems; the same document again is the same file."""
    document = unreadable.document or payload.data.decode("utf-8", errors="replace")
    file = folder / f"{sha256(document.encode()).hexdigest()[:16]}.json"
    problems = [
        {
            "code": p.code,
            "message": p.message,
            "file": p.place.file,
            "line": p.place.line,
            "column": p.place.column,
            "help": p.help,
        }
        for p in unreadable.problems
    ]
    folder.mkdir(parents=True, exist_ok=True)
    _write(file, {"from": payload.name, "problems": problems, "document": document})
    return file


def _write(file: Path, kept: Mapping[str, Any]) -> None:
    replace_file(file, json.dumps(kept, indent=2).encode())  # a reader never sees half of it

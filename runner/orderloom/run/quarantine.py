"""What a trigger could not read, kept with its problems: one JSON file per document, named by its content."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from orderloom.declare import Payload, Unreadable


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
    part = file.with_suffix(".part")
    part.write_text(
        json.dumps({"from": payload.name, "problems": problems, "document": document}, indent=2), encoding="utf-8"
    )
    part.replace(file)  # a reader never sees half of it
    return file

"""The schema of orderloom.yaml, the marker of a project, out."""

from __future__ import annotations

from orderloom.editors.words import SCALAR, told
from orderloom.shapes import Schema


def project_schema() -> Schema:
    """Any file is a marker, an empty one too; what it may say is the project's name, and how long history is kept."""
    span = {"type": "string", "pattern": r"^[1-9][0-9]{0,3}[dwy]$"}
    keep = {
        "payloads": told(span, "so long after its end a run keeps what its steps gave: 90d"),
        "runs": told(span, "so long after its end a run keeps its history: 2y"),
    }
    named = {
        "project": told(SCALAR, "the name of the project"),
        "keep": {"type": ["object", "null"], "properties": keep, "additionalProperties": False},
    }
    return {"type": ["object", "null"], "properties": named, "additionalProperties": False}

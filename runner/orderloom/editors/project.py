"""The schema of orderloom.yaml, the marker of a project, out."""

from __future__ import annotations

from orderloom.editors.words import SCALAR, told
from orderloom.shapes import Schema


def project_schema() -> Schema:
    """Any file is a marker, an empty one too; what is known of it is the project's name."""
    named = {"project": told(SCALAR, "the name of the project")}
    return {"type": ["object", "null"], "properties": named}

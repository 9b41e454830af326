"""Installed nodes in, JSON Schemas (draft-07) of every file of a project out, for editors that complete and underline.

What passes `orderloom check` passes its schema; a schema refuses what can be told from one file alone: misspelt nodes,
settings, outcomes, types. What needs more than that (formulas, tables, other steps) is for the check.
"""

from orderloom.editors.every import every_schema, schema_text
from orderloom.editors.folder import FOLDER, outdated, write_schemas

__all__ = ["FOLDER", "every_schema", "outdated", "schema_text", "write_schemas"]

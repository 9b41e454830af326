"""Field mappings: a tree of fields, literals and formulas in; a record made out of documents out."""

from orderloom.mappings.fields import Fields, Formula, read_fields
from orderloom.mappings.mapping import FieldMapping

__all__ = ["FieldMapping", "Fields", "Formula", "read_fields"]

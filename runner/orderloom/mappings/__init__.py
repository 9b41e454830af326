"""Field mappings: a tree of fields, literals and formulas in; a record made out of documents out."""

from orderloom.mappings.fields import Fields, read_fields
from orderloom.mappings.mapping import FieldMapping

__all__ = ["FieldMapping", "Fields", "read_fields"]

"""Models of the DMN standard (OMG, 1.1 to 1.6): XML in, decisions that explain themselves out, and XML again."""

from __future__ import annotations

from orderloom.dmn.answers import TableAnswer
from orderloom.dmn.evaluation import Answer, Model
from orderloom.dmn.model import Decision, Definitions, InputData, KnowledgeModel, Service
from orderloom.dmn.ours import read_table, table_of, tables
from orderloom.dmn.ours_out import definitions_of
from orderloom.dmn.reading import read_file
from orderloom.dmn.writing import write

__all__ = [
    "Answer",
    "Decision",
    "Definitions",
    "InputData",
    "KnowledgeModel",
    "Model",
    "Service",
    "TableAnswer",
    "definitions_of",
    "read_file",
    "read_table",
    "table_of",
    "tables",
    "write",
]

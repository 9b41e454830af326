"""Models of the DMN standard (OMG, 1.1 to 1.6): XML in, decisions that explain themselves out, and XML again."""

from __future__ import annotations

from orderloom.dmn.answers import TableAnswer
from orderloom.dmn.evaluation import Answer, Model
from orderloom.dmn.model import Decision, Definitions, InputData, KnowledgeModel, Service

__all__ = ["Answer", "Decision", "Definitions", "InputData", "KnowledgeModel", "Model", "Service", "TableAnswer"]

"""Flows: a `Document` in; a `Flow`, its findings and its plan out.

read_flow(document)                         what the file says, or every finding about its shape
check_flow(flow, catalogue, folders)        every finding about its meaning, and the plan where there is no error
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderloom.flow.check import Checked, check_flow
    from orderloom.flow.read import read_flow

__all__ = ["Checked", "check_flow", "read_flow"]

_HOMES = {"read_flow": "orderloom.flow.read", "check_flow": "orderloom.flow.check", "Checked": "orderloom.flow.check"}


def __getattr__(name: str) -> Any:
    # on first use: the model alone must not bring the planner's networkx along
    if name not in _HOMES:
        raise AttributeError(f"orderloom.flow has no `{name}`")
    return getattr(importlib.import_module(_HOMES[name]), name)

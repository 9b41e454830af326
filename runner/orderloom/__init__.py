"""The author's surface: what a node imports. Nothing else of orderloom is promised to node packs.

Names load on first use, so that `import orderloom` (and with it every command) stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderloom.declare import (
        AnswerRefused,
        Derived,
        Later,
        Node,
        NodeError,
        Outcome,
        PassedOver,
        Payload,
        Resource,
        Revising,
        Setting,
        Template,
        Unreadable,
        Wait,
        node,
    )
    from orderloom.feel.types import ANY
    from orderloom.flow.subflow import SubFlow
    from orderloom.mappings import FieldMapping, Fields, Formula, read_fields
    from orderloom.problems import Place, Problem, ProblemsError, did_you_mean, refuse
    from orderloom.rules import Decision, DecisionTable
    from orderloom.source import (
        Document,
        file_meant,
        find_file,
        parse_json,
        parse_yaml,
        read_bytes,
        read_document,
        spell,
    )
    from orderloom.source.encoding import decode_exported
    from orderloom.source.workbooks import load_workbook
    from orderloom.source.xml import Element, parse_xml
    from orderloom.world import (
        AnswerLinks,
        CallLog,
        Documents,
        FixedClock,
        GiftCards,
        HoldingPayments,
        Http,
        LabelPrinting,
        Labels,
        Mail,
        Orders,
        Parcels,
        Payments,
        Rates,
        Reply,
        Sent,
        Shop,
        Stock,
        StockKeeper,
        World,
    )
    from orderloom.world.errors import ConnectionFailedError
    from orderloom.world.http.statuses import status_failure
    from orderloom.world.protocols import Numbers

_HOMES = {
    "orderloom.declare": (
        "AnswerRefused",
        "Derived",
        "Later",
        "Node",
        "NodeError",
        "Outcome",
        "PassedOver",
        "Payload",
        "Resource",
        "Revising",
        "Setting",
        "Template",
        "Unreadable",
        "Wait",
        "node",
    ),
    "orderloom.feel.types": ("ANY",),
    "orderloom.flow.subflow": ("SubFlow",),
    "orderloom.mappings": ("FieldMapping", "Fields", "Formula", "read_fields"),
    "orderloom.problems": ("Place", "Problem", "ProblemsError", "did_you_mean", "refuse"),
    "orderloom.rules": ("Decision", "DecisionTable"),
    "orderloom.source": (
        "Document",
        "file_meant",
        "find_file",
        "parse_json",
        "parse_yaml",
        "read_bytes",
        "read_document",
        "spell",
    ),
    "orderloom.source.encoding": ("decode_exported",),
    "orderloom.source.workbooks": ("load_workbook",),
    "orderloom.source.xml": ("Element", "parse_xml"),
    "orderloom.world": (
        "AnswerLinks",
        "CallLog",
        "Documents",
        "FixedClock",
        "GiftCards",
        "HoldingPayments",
        "Http",
        "LabelPrinting",
        "Labels",
        "Mail",
        "Orders",
        "Parcels",
        "Payments",
        "Rates",
        "Reply",
        "Sent",
        "Shop",
        "Stock",
        "StockKeeper",
        "World",
    ),
    "orderloom.world.errors": ("ConnectionFailedError",),
    "orderloom.world.protocols": ("Numbers",),
    "orderloom.world.http.statuses": ("status_failure",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ANY",
    "AnswerLinks",
    "AnswerRefused",
    "CallLog",
    "ConnectionFailedError",
    "Decision",
    "DecisionTable",
    "Derived",
    "Document",
    "Documents",
    "Element",
    "FieldMapping",
    "Fields",
    "FixedClock",
    "Formula",
    "GiftCards",
    "HoldingPayments",
    "Http",
    "LabelPrinting",
    "Labels",
    "Later",
    "Mail",
    "Node",
    "NodeError",
    "Numbers",
    "Orders",
    "Outcome",
    "Parcels",
    "PassedOver",
    "Payload",
    "Payments",
    "Place",
    "Problem",
    "ProblemsError",
    "Rates",
    "Reply",
    "Resource",
    "Revising",
    "Sent",
    "Setting",
    "Shop",
    "Stock",
    "StockKeeper",
    "SubFlow",
    "Template",
    "Unreadable",
    "Wait",
    "World",
    "decode_exported",
    "did_you_mean",
    "file_meant",
    "find_file",
    "load_workbook",
    "node",
    "parse_json",
    "parse_xml",
    "parse_yaml",
    "read_bytes",
    "read_document",
    "read_fields",
    "refuse",
    "spell",
    "status_failure",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"orderloom promises no `{name}`")
    found = getattr(importlib.import_module(_HOME_OF[name]), name)
    globals()[name] = found
    return found

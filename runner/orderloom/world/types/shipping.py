"""Connections that make labels and keep papers: `test-labels` and `folder`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.paper.gs1 import TRIAL_PREFIX
from orderloom.world.connection_types import ConnectionType, Key, Unfit, folder, reader, shelf_file
from orderloom.world.labels import TestLabels
from orderloom.world.papers import Folder
from orderloom.world.shelf import shelf_at


@reader(enum=["pdf", "zpl"])
def _form(value: Any) -> str | Unfit:
    return value if value in {"pdf", "zpl"} else Unfit("is pdf or zpl", "zpl is for label printers")


@reader(type="string", pattern="^[0-9]{4,12}$")
def _prefix(value: Any) -> str | Unfit:
    if isinstance(value, str) and value.isascii() and value.isdigit() and 4 <= len(value) <= 12:
        return value
    return Unfit("is the company prefix that GS1 gave you: 4 to 12 digits", 'in quotes, such as "4012345"')


def _open_labels(values: Mapping[str, Any], base: Path) -> object:
    papers = Folder(base / values.get("folder", "documents"))
    form, prefix = values.get("format", "pdf"), values.get("gs1_prefix", TRIAL_PREFIX)
    return TestLabels(shelf_at(base, values), papers, form, prefix)


def _open_folder(values: Mapping[str, Any], base: Path) -> object:
    return Folder(base / values.get("folder", "documents"))


TYPES = (
    ConnectionType(
        "test-labels",
        {"folder": Key(folder, "documents"), "file": Key(shelf_file, ".orderloom/world.sqlite"),
         "format": Key(_form, "zpl"), "gs1_prefix": Key(_prefix, '"4012345"')},
        _open_labels,
    ),
    ConnectionType("folder", {"folder": Key(folder, "documents")}, _open_folder),
)

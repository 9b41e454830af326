"""A folder in; the folders of nodes and of packs that lie in it and below, found by what stands in their files.

    nodes/wrap/__init__.py     a folder of a project's nodes/ is a node's, whatever it holds
    gifts/__init__.py          a pack's, where it sets `NODES`; the folders of its nodes are its own
    card/__init__.py           elsewhere a node's, where it declares one or a description lies there
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from orderloom.packs import DESCRIPTION
from orderloom.packs.astray import astray
from orderloom.packs.declared import declared_in
from orderloom.packs.homes import MODULE
from orderloom.project import MARKER, Project

NAMES = "NODES"
PASSED = frozenset({"__pycache__", "node_modules", "site-packages"})


def places_in(folder: Path) -> Iterator[Path]:
    """The file by which each node or pack is known, and what lies in `nodes/` and should be a node and is none."""
    if is_pack(folder) or is_node(folder) or ((folder / MODULE).is_file() and declared_in(folder)):
        yield node_file(folder)
        return
    for inner in _entries(folder):
        if is_node(inner) or is_pack(inner):
            yield node_file(inner)
        elif is_project_nodes(folder) and astray(inner):
            yield inner
        elif inner.is_dir():
            yield from places_in(inner)


def is_pack(folder: Path) -> bool:
    """Whether its module sets `NODES`."""
    file = folder / MODULE
    if not file.is_file() or NAMES.encode() not in (content := file.read_bytes()):
        return False
    try:
        lines = ast.parse(content).body
    except (SyntaxError, ValueError):
        return False
    targets = [line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)] for line in lines]
    return any(isinstance(one, ast.Name) and one.id == NAMES for line in targets for one in line)


def is_node(folder: Path) -> bool:
    if (folder / DESCRIPTION).is_file():
        return True
    file = folder / MODULE
    return file.is_file() and (is_project_nodes(folder.parent) or bool(declared_in(file)))


def is_project_nodes(folder: Path) -> bool:
    there = folder.resolve()
    return (there.parent / MARKER).is_file() and there == Project(there.parent).nodes


def node_file(folder: Path) -> Path:
    """The file that makes a folder a node's."""
    return folder / MODULE if (folder / MODULE).is_file() else folder / DESCRIPTION


def _entries(folder: Path) -> list[Path]:
    with os.scandir(folder) as found:
        inside = sorted(found, key=lambda one: one.name)
    shown = [one for one in inside if not one.name.startswith(".") and one.name not in PASSED]
    return [folder / one.name for one in shown if one.is_dir(follow_symlinks=False) or one.name.endswith(".py")]

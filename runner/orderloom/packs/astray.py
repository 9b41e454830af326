"""What lies in a project's `nodes/` and makes no node, though it was meant to: the finding out (N010, N012, N014)."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from orderloom.packs import DESCRIPTION
from orderloom.packs.declared import Declared, declared_in
from orderloom.packs.homes import MODULE
from orderloom.packs.modules import NO_PYTHON
from orderloom.problems import Place, Problem

CASES = "cases.yaml"
_NEARLY = 0.77  # as `init.py` is to `__init__.py`


def astray(where: Path) -> list[Problem]:
    """Of a file, or of a folder without a module and without a description; what is no node's is left alone."""
    declared = declared_in(where)
    if declared:
        return [_elsewhere(where, one) for one in declared]
    return [*_unread(where)] or [*_nameless(where)]


def _elsewhere(where: Path, one: Declared) -> Problem:
    folder = where if where.is_dir() else where.parent
    if where.is_dir() and one.name.replace("-", "_") == where.name and one.file.parent == where:
        mend = f"name the file {MODULE}, or add a {MODULE} with: from .{one.file.stem} import {one.function}"
    else:
        nodes = folder.parent if where.is_dir() else folder
        mend = f"move it to a folder of its own: {nodes.name}/{one.name.replace('-', '_')}/{MODULE}"
    return Problem("N014", f"no flow would find `{one.name}`: a node is a folder with a {MODULE}", one.place, mend)


def _unread(where: Path) -> Iterator[Problem]:
    """A file that is no Python and yet speaks of a node."""
    for file in sorted(where.rglob("*.py")) if where.is_dir() else [where]:
        content = file.read_bytes()
        try:
            compile(content, str(file), "exec", dont_inherit=True)
        except SyntaxError as error:
            if b"@node" in content:
                place = Place(str(file), error.lineno or 0, error.offset or 1)
                yield Problem("N012", f"the module does not load: this is no Python: {error.msg}", place, NO_PYTHON)
        except ValueError:  # zero bytes: no text at all
            continue


def _nameless(where: Path) -> Iterator[Problem]:
    """A folder with the cases of a node, or with a file that is nearly its description."""
    names = [file.name for file in sorted(where.iterdir())] if where.is_dir() else []
    for name in names:
        near = get_close_matches(name, [DESCRIPTION, MODULE], n=1, cutoff=_NEARLY)
        if name == CASES or near:
            message = f"the folder of node `{where.name.replace('_', '-')}` declares no node"
            mend = f"rename it: {near[0]}" if near else f"it needs {MODULE} or {DESCRIPTION}"
            yield Problem("N010", message, Place(str(where / name)), mend)
            return

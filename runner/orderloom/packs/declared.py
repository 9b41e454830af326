"""A folder of Python in; every `@node` that stands in it out, read as text: also of modules that nobody imports.

Python itself would not tell: of two functions of one name only the last is left, and a file that is not imported is
as if it were not there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orderloom.problems import Place

MARK, HOMES = "node", frozenset({"orderloom", "orderloom.declare"})


@dataclass(frozen=True)
class Declared:
    """One `@node("name")`: the name, the function below it, and the line of the mark."""

    name: str
    function: str
    place: Place

    @property
    def file(self) -> Path:
        return Path(self.place.file)


def declared_in(where: Path) -> list[Declared]:
    """What is declared in a file, or in the files of a folder and below; tests are left out, and what is no Python.

    What stands in a branch or in a function may never come to be, and is not counted.
    """
    files = [file for file in sorted(where.rglob("*.py")) if not _is_test(file, where)] if where.is_dir() else [where]
    return [one for file in files for one in _in_file(file)]


def _is_test(file: Path, folder: Path) -> bool:
    return file.name.startswith(("test_", "conftest.")) or "tests" in file.relative_to(folder).parts


def _in_file(file: Path) -> Iterator[Declared]:
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError, OSError, RecursionError):  # told where it is imported (N012)
        return
    marks = frozenset(_marks(tree))
    for function in tree.body if marks else ():
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for call in function.decorator_list:
                if isinstance(call, ast.Call) and _dotted(call.func) in marks and (name := _name(call)):
                    yield Declared(name, function.name, Place(str(file), call.lineno, 1))


def _marks(tree: ast.AST) -> Iterator[str]:
    """What the file calls `orderloom.node`."""
    for line in ast.walk(tree):
        if isinstance(line, ast.ImportFrom) and line.module in HOMES and not line.level:
            yield from (known.asname or known.name for known in line.names if known.name == MARK)
        elif isinstance(line, ast.Import):
            yield from (f"{known.asname or known.name}.{MARK}" for known in line.names if known.name in HOMES)


def _dotted(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return f"{_dotted(called.value)}.{called.attr}"
    return called.id if isinstance(called, ast.Name) else ""


def _name(call: ast.Call) -> str | None:
    """The name as it stands there; None where it is computed."""
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "name")]
    if len(given) == 1 and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
        return given[0].value
    return None

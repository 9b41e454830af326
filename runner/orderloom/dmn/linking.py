"""The files of a model in, what each reference means out: imports are followed within the folder of the first file.

Nothing is fetched: an import is found by its `locationURI` where that names a file of the folder, else by its namespace
among the folder's `.dmn` files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from orderloom.dmn.model import Definitions, Import, Node
from orderloom.dmn.namespaces import MODEL
from orderloom.dmn.reading import read_file
from orderloom.problems import Place, Problem, ProblemsError, refuse
from orderloom.source import find_file

_HEAD_BYTES = 100_000
_NAMESPACE = re.compile(rb"<(?:[\w.-]+:)?definitions\b[^>]*?\snamespace\s*=\s*([\"'])(.*?)\1", re.DOTALL)


@dataclass(eq=False)
class Linked:
    """One file and, by the names that it gives them, those it imports."""

    definitions: Definitions
    file: str
    number: int
    imports: list[tuple[Import, Linked]] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    findings: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        for node in self.definitions.nodes:
            if node.id in self.by_id:
                message = f"two elements have the id `{node.id}`"
                self.findings.append(Problem("X020", message, node.place, "a reference must lead to one element"))
            self.by_id.setdefault(node.id, node)

    def key(self, node: Node) -> str:
        """One name for each element of all files."""
        return f"{self.number}#{node.id}"

    def resolve(self, href: str) -> tuple[tuple[str, ...], Linked, Node] | None:
        """What a reference means, with the names of the imports on the way; None where it leads nowhere."""
        target, _, identity = href.rpartition("#")
        for path, linked in self.reachable():
            mine = linked is self and not target
            node = linked.by_id.get(identity)
            if node is not None and (
                mine or target == linked.definitions.namespace or self._is_location(target, linked)
            ):
                return path, linked, node
        return None

    def _is_location(self, target: str, linked: Linked) -> bool:
        return any(one.location == target and other is linked for one, other in self.imports)

    def reachable(self) -> Iterator[tuple[tuple[str, ...], Linked]]:
        """This file, then those that it imports, then what they import, each once."""
        seen: list[Linked] = []
        level: list[tuple[tuple[str, ...], Linked]] = [((), self)]
        while level:
            below: list[tuple[tuple[str, ...], Linked]] = []
            for path, linked in level:
                if linked not in seen:
                    seen.append(linked)
                    yield path, linked
                    below += [((*path, one.name) if one.name else path, other) for one, other in linked.imports]
            level = below


def link(path: Path) -> Linked:
    """The model in a file with all that it imports. Raises `ProblemsError`."""
    return _Linker(path.parent).open(path, ())


def link_definitions(definitions: Definitions, file: str) -> Linked:
    """A model that was read from elsewhere; its imports are looked for in the working directory."""
    return _Linker(Path()).add(definitions, file, ())


class _Linker:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: dict[Path, Linked] = {}
        self._count = 0
        self._namespaces: dict[str, Path] | None = None

    def open(self, path: Path, above: tuple[Path, ...]) -> Linked:
        resolved = path.resolve()
        if resolved not in self._opened:
            self._opened[resolved] = self.add(read_file(path), str(path), (*above, resolved))
        return self._opened[resolved]

    def add(self, definitions: Definitions, file: str, above: tuple[Path, ...]) -> Linked:
        made = Linked(definitions, file, self._count)
        self._count += 1
        for one in definitions.imports:
            if one.kind == MODEL or not one.kind:
                found = self._find(one, Path(file).parent)
                self._refuse_circle(found, above, one.place)
                made.imports.append((one, self.open(found, above)))
            else:
                made.findings.append(
                    Problem(
                        "X023",
                        f"what is imported is no DMN model but `{one.kind}`",
                        one.place,
                        "declare its types as item definitions",
                        "warning",
                    )
                )
        return made

    def _refuse_circle(self, found: Path, above: tuple[Path, ...], place: Place) -> None:
        resolved = found.resolve()
        if resolved in above:
            circle = [*above[above.index(resolved) :], resolved]
            path = " → ".join(one.name for one in circle)
            raise refuse("X022", f"the files import one another: {path}", place, "take one of the imports away")

    def _find(self, one: Import, folder: Path) -> Path:
        location = unquote(one.location or "").removeprefix("./")
        beside = find_file(location, [folder, self._folder]) if location and "://" not in location else None
        found = beside or self._by_namespace().get(one.namespace)
        if found is None:
            named = f"`{one.location}`" if one.location else f"namespace `{one.namespace}`"
            raise refuse(
                "X021",
                f"the import `{one.name}` is not found: no .dmn file beside this one is {named}",
                one.place,
                "put the file beside this one; nothing is fetched from elsewhere",
            )
        return found

    def _by_namespace(self) -> dict[str, Path]:
        if self._namespaces is None:
            self._namespaces = {}
            inside = (*self._folder.glob("*.dmn"), *self._folder.glob("*/*.dmn"))
            for path in sorted(one for one in inside if find_file(str(one.relative_to(self._folder)), [self._folder])):
                with path.open("rb") as stream:
                    found = _NAMESPACE.search(stream.read(_HEAD_BYTES))
                if found:
                    self._namespaces.setdefault(found[2].decode("utf-8", "replace"), path)
        return self._namespaces


__all__ = ["Linked", "ProblemsError", "link", "link_definitions"]

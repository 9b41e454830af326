"""A node's module in; the one node that is meant out, or what is wrong with what is declared there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from orderloom.declare import Node
from orderloom.packs.declared import Declared, declared_in
from orderloom.packs.modules import file_of
from orderloom.problems import Place, Problem, ProblemsError, did_you_mean

MODULE = "__init__.py"
OWN = "project"  # the pack of a project's own nodes
Source = str | Path  # the name of a module, or a folder


@dataclass(frozen=True)
class Home:
    """Where the node of that name is looked for; `names` are all of its pack, with where each is."""

    name: str
    source: Source
    pack: str
    names: Mapping[str, Source]

    @cached_property
    def found(self) -> frozenset[str]:
        """The names of the nodes that flows find here: several may share a module, or lie below it."""
        return frozenset(name for name, other in self.names.items() if _is_below(other, self.source))

    @cached_property
    def where(self) -> Path | None:
        """The folder of a package, or the file of a module; None where there is none."""
        if isinstance(self.source, Path):
            return self.source
        file = file_of(self.source)
        return file.parent if file and file.name == MODULE else file


def node_in(module: ModuleType, home: Home) -> Node:
    """The node that is meant. Raises `ProblemsError`: none (N010), two of it (N013), one that no flow finds (N014)."""
    where = _where(module)
    nodes = _each_once(item for item in vars(module).values() if isinstance(item, Node))
    own = [one for one in nodes if where and _lies_in(one.place, where)]
    meant = [one for one in own if one.name == home.name] or [one for one in nodes if one.name == home.name]
    lost = [_lost(home, one) for one in own if one.name not in {home.name, *home.found}]
    if problems := [*_twice(meant), *lost] if meant else [_none(home, own, where)]:
        raise ProblemsError(problems)
    return meant[0]


def not_found(home: Home, told: Sequence[Problem] = ()) -> Iterator[Problem]:
    """The same of what stands in the files and did not come to be: not imported, or put aside by its own namesake.

    What was told already is not told again; nor is more said of a module that gives no node at all.
    """
    if {problem.code for problem in told} - {"N013", "N014"}:
        return
    seen = {_line(problem.place) for problem in told}
    declared = declared_in(home.where) if home.where else []
    for one in declared:
        if one.name not in home.found and _line(one.place) not in seen:
            yield _lost(home, one)
    if "N013" not in {problem.code for problem in told}:
        for name in home.found:
            yield from _twice([one for one in declared if one.name == name])


def _is_below(source: Source, around: Source) -> bool:
    if isinstance(source, Path) and isinstance(around, Path):
        return source.is_relative_to(around)
    return f"{source}.".startswith(f"{around}.")


def _where(module: ModuleType) -> Path | None:
    """The folder of a package, or the file of a module."""
    if paths := list(getattr(module, "__path__", [])):
        return Path(paths[0])
    return Path(module.__file__) if module.__file__ else None


def _each_once(nodes: Iterable[Node]) -> list[Node]:
    """A module may give the same node several names."""
    return list({id(node): node for node in nodes}.values())


def _lies_in(place: Place, where: Path) -> bool:
    return Path(place.file).resolve().is_relative_to(where.resolve())


def _line(place: Place) -> tuple[Path, int]:
    return Path(place.file).resolve(), place.line


def _twice(found: Sequence[Node | Declared]) -> Iterator[Problem]:
    if len(found) < 2:
        return
    places = sorted(one.place for one in found)
    if len({place.file for place in places}) == 1:
        lines = "lines " + " and ".join(str(place.line) for place in places)
    else:
        lines = " and ".join(f"{Path(place.file).name}:{place.line}" for place in places)
    yield Problem("N013", f"two nodes here are named `{found[0].name}`: {lines}", places[-1], "rename one of them")


def _lost(home: Home, one: Node | Declared) -> Problem:
    message = f"no flow would find `{one.name}`: it is declared in the folder of `{home.name}`"
    return Problem("N014", message, one.place, _room(home, one.name))


def _room(home: Home, name: str) -> str:
    if name in home.names:
        return f"remove it, or name it otherwise: `{name}` is in {home.names[name]}"
    if home.pack == OWN and isinstance(home.source, Path):
        return f"move it to a folder of its own: {home.source.parent.name}/{name.replace('-', '_')}/{MODULE}"
    return f'name it in the `NODES` of the pack: "{name}": "{home.source}"'


def _none(home: Home, own: Sequence[Node], where: Path | None) -> Problem:
    """No node of that name came to be; where the files say why, that is told."""
    declared = declared_in(where) if where else []
    for one in declared:
        if one.name == home.name and where:
            return _unused(one, where)
    others = sorted({one.name for one in own} | {one.name for one in declared})
    listed = f"it declares: {', '.join(others)}" if others else f'put @node("{home.name}") above its function'
    place = Place(str(where / MODULE if where.is_dir() else where) if where else str(home.source))
    message = f"the folder of node `{home.name}` declares no node of that name"
    return Problem("N010", message, place, did_you_mean(home.name, others) or listed)


def _unused(one: Declared, where: Path) -> Problem:
    first = where / MODULE if where.is_dir() else where
    if one.file.resolve() == first.resolve():
        message = f"`{one.name}` is declared here, and further down `{one.function}` is something else"
        return Problem("N010", message, one.place, "give the other one another name")
    parts = one.file.resolve().relative_to(where.resolve()).with_suffix("").parts
    module = ".".join(part for part in parts if part != Path(MODULE).stem)
    message = f"`{one.name}` is declared in a file that {MODULE} does not import"
    return Problem("N010", message, one.place, f"add to {MODULE}: from .{module} import {one.function}")

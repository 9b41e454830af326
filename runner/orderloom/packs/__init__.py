"""Finding nodes: from installed packs (entry points) and from a project's own `nodes/` folder.

UnknownNodeError(Exception)     nothing has that name

modules.py      loading a folder with Python in it
homes.py        which of the nodes that are declared there is meant, and which no flow would find
declared.py     the same as text, without loading it
described.py    a node's folder with a description alone: a service over HTTP does the work
examined.py     what else can be wrong with a node's folder
places.py       where nodes and packs lie in a folder and below
astray.py       what is in `nodes/` and makes no node
pack.py         a pack's folder as a whole
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from orderloom.declare import Node
from orderloom.packs.homes import MODULE, OWN, Home, Source, node_in
from orderloom.packs.modules import load_module
from orderloom.problems import Place, Problem, ProblemsError, did_you_mean, refuse

GROUP = "orderloom.packs"
DESCRIPTION = "node.schema.json"


class UnknownNodeError(Exception):
    """No installed pack and no project folder has this node (or not in that major version)."""

    def __init__(self, use: str, known: tuple[str, ...]) -> None:
        self.use, self.known = use, known
        super().__init__(f"no node is named `{use}`")


@dataclass
class Catalogue:
    """Node names and where they come from; a node's module is imported when it is first asked for.

    `sources` maps `pack/name` to a module name or a folder. `problems` are packs that cannot be used at all.
    """

    sources: Mapping[str, Source]
    _nodes: dict[str, Node] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def names(self) -> list[str]:
        """The plain names, sorted."""
        return sorted(key.partition("/")[2] for key in self.sources)

    def own(self) -> list[str]:
        """The names of the project's own nodes, sorted."""
        return sorted(key.partition("/")[2] for key in self.sources if key.startswith(f"{OWN}/"))

    def find(self, use: str) -> Node:
        """The node that `use:` names: `name` or `pack/name`, optionally `@major`.

        Raises `UnknownNodeError`, and `ProblemsError` where the node's folder is wrong.
        """
        wanted, _, major = use.partition("@")
        key = wanted if "/" in wanted else self._qualified(wanted)
        if key not in self.sources:
            raise UnknownNodeError(use, tuple(self.names()))
        found = self._nodes.get(key) or self._load(key)
        if major and major != str(found.version):
            raise UnknownNodeError(use, (f"{wanted}@{found.version}",))
        return found

    def _qualified(self, name: str) -> str:
        return next((key for key in self.sources if key.partition("/")[2] == name), name)

    def home(self, use: str) -> Home:
        """Where a node is looked for, and what else its pack has."""
        key = use if "/" in use else self._qualified(use)
        pack, _, name = key.partition("/")
        keys = [other.partition("/") for other in self.sources]
        same = {other: self.sources[f"{pack}/{other}"] for of, _, other in keys if of == pack}
        return Home(name, self.sources[key], pack, same)

    def _load(self, key: str) -> Node:
        pack = key.partition("/")[0]
        found = _loaded(self.home(key))
        self._nodes[key] = found if found.pack == pack else replace(found, pack=pack)
        return self._nodes[key]


def catalogue(project_nodes: Path | None = None) -> Catalogue:
    """All nodes there are. Raises `ProblemsError` where one name stands in two places."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            for name, source in _nodes_of(entry).items():
                _add(sources, f"{entry.name}/{name}", source)
        except ProblemsError as error:
            if any(problem.code == "N011" for problem in error.problems):
                raise
            problems += error.problems
    for folder in node_folders(project_nodes):
        _add(sources, f"{OWN}/{folder.name.replace('_', '-')}", folder)
    return Catalogue(sources, problems=tuple(problems))


def node_folders(project_nodes: Path | None) -> Iterator[Path]:
    """The folders of a project's own nodes, by name: those that hold a module or a description."""
    for folder in sorted(project_nodes.iterdir()) if project_nodes and project_nodes.is_dir() else []:
        if (folder / MODULE).is_file() or (folder / DESCRIPTION).is_file():
            yield folder


def _loaded(home: Home) -> Node:
    if isinstance(home.source, Path) and not (home.source / MODULE).is_file():
        from orderloom.packs.described import described_node  # noqa: PLC0415 (brings jsonschema along)

        return described_node(home.source / DESCRIPTION, home.name)
    return node_in(load_module(home.source), home)


def _nodes_of(entry: EntryPoint) -> Mapping[str, Source]:
    """What a pack says it has. Raises `ProblemsError` where it cannot be imported, or says nothing that is of use."""
    place = Place(f"{GROUP}: {entry.name} = {entry.value}")
    return named_by(load_module(entry.module, place), entry.name, place)


def named_by(module: ModuleType, pack: str, place: Place) -> Mapping[str, Source]:
    """The `NODES` of a pack's module. Raises `ProblemsError` (N502) where they are none."""
    nodes, own = getattr(module, "NODES", None), Place(str(module.__file__ or place.file))
    if not isinstance(nodes, Mapping) or not all(isinstance(name, str) for name in nodes):
        near = did_you_mean("NODES", [name for name in vars(module) if name.isidentifier()])
        mend = near or 'it holds `NODES = {"gift-wrap": f"{__name__}.gift_wrap"}`'
        raise refuse("N502", f"the pack `{pack}` names no nodes", own, mend)
    for name, source in nodes.items():
        if not isinstance(source, (str, Path)):
            message = f"the pack `{pack}` names no module and no folder for `{name}`"
            raise refuse("N502", message, own, "a module's name, or a Path")
    return dict(nodes)


def _add(sources: dict[str, Source], key: str, source: Source) -> None:
    name = key.partition("/")[2]
    for other, where in sources.items():
        if other.partition("/")[2] == name:
            raise refuse(
                "N011",
                f"two nodes are named `{name}`",
                Place(str(source)),
                f"the other one is {where}: rename one of them",
            )
    sources[key] = source

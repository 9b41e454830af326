"""Finding nodes: from installed packs (entry points) and from a project's own `nodes/` folder.

UnknownNodeError(Exception)     nothing has that name
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.metadata import entry_points
from pathlib import Path
from traceback import walk_tb
from types import ModuleType

from orderloom.declare import Node
from orderloom.problems import Place, refuse

GROUP = "orderloom.packs"


class UnknownNodeError(Exception):
    """No installed pack and no project folder has this node (or not in that major version)."""

    def __init__(self, use: str, known: tuple[str, ...]) -> None:
        self.use, self.known = use, known
        super().__init__(f"no node is named `{use}`")


@dataclass
class Catalogue:
    """Node names and where they come from; a node's module is imported when it is first asked for.

    `sources` maps `pack/name` to a module name (installed packs) or a folder (a project's own).
    """

    sources: Mapping[str, str | Path]
    _nodes: dict[str, Node] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The plain names, sorted."""
        return sorted(key.partition("/")[2] for key in self.sources)

    def find(self, use: str) -> Node:
        """The node that `use:` names: `name` or `pack/name`, optionally `@major`. Raises `UnknownNodeError`."""
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

    def _load(self, key: str) -> Node:
        source = self.sources[key]
        module = importlib.import_module(source) if isinstance(source, str) else _project_module(source)
        pack, _, name = key.partition("/")
        found = next((item for item in vars(module).values() if isinstance(item, Node) and item.name == name), None)
        if found is None:
            raise refuse("N010", f"the folder of node `{name}` declares no node of that name", Place(str(source)))
        self._nodes[key] = found if found.pack == pack else replace(found, pack=pack)
        return self._nodes[key]


def catalogue(project_nodes: Path | None = None) -> Catalogue:
    """All nodes there are. Raises `ProblemsError` where one name stands in two places."""
    sources: dict[str, str | Path] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        pack = entry.load()
        for name, module in pack.NODES.items():
            _add(sources, f"{entry.name}/{name}", module)
    for folder in sorted(project_nodes.iterdir()) if project_nodes and project_nodes.is_dir() else []:
        if (folder / "__init__.py").is_file():
            _add(sources, f"project/{folder.name.replace('_', '-')}", folder)
    return Catalogue(sources)


def _add(sources: dict[str, str | Path], key: str, source: str | Path) -> None:
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


def _project_module(folder: Path) -> ModuleType:
    # a private name: nothing is put on sys.path, and two projects in one process do not meet
    name = f"_orderloom_project_{sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise refuse("N010", "the node folder cannot be loaded", Place(str(folder)))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise refuse("N012", f"the node's module does not load: {error}", _place(error, folder)) from error
    return module


def _place(error: Exception, folder: Path) -> Place:
    """The last line of the folder's own code that was reached, or that could not be read as Python."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return Place(error.filename, error.lineno or 0, error.offset or 1)
    own = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    reached = [Place(file, line, 1) for file, line in own if Path(file).is_relative_to(folder)]
    return reached[-1] if reached else Place(str(folder / "__init__.py"))

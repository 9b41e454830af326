"""A pack's folder in; the catalogue of its nodes out, and what is wrong with each and with the pack as a whole."""

from __future__ import annotations

import tomllib
from importlib.metadata import entry_points
from pathlib import Path

from orderloom.packs import GROUP, Catalogue, named_by
from orderloom.packs.declared import declared_in
from orderloom.packs.examined import examine
from orderloom.packs.homes import MODULE, OWN, Source
from orderloom.packs.modules import folder_of, load_module
from orderloom.packs.places import is_pack
from orderloom.problems import Place, Problem, ProblemsError


def pack_problems(folder: Path) -> list[Problem]:
    """Everything wrong with a pack and with its nodes."""
    try:
        nodes = pack_at(folder)
    except ProblemsError as error:
        return list(error.problems)
    found = [problem for name in nodes.names() for problem in examine(nodes, name, home_folder(nodes, name))]
    told = {(Path(problem.place.file).resolve(), problem.place.line) for problem in found}
    for one in declared_in(folder):
        if one.name not in nodes.names() and (one.file.resolve(), one.place.line) not in told:
            message = f"no flow would find `{one.name}`: the pack does not name it"
            module = one.file.parent.name if one.file.name == MODULE else one.file.stem
            mend = f'add to `NODES`: "{one.name}": f"{{__name__}}.{module}"'
            found.append(Problem("N014", message, one.place, mend))
    return found


def pack_at(folder: Path) -> Catalogue:
    """The nodes of the pack; where it is installed, they are those that flows use. Raises `ProblemsError`."""
    pack, source = _known(folder)
    nodes = named_by(load_module(source), pack, Place(str(folder / MODULE)))
    return Catalogue({f"{pack}/{name}": where for name, where in nodes.items()})


def looked_up(folder: Path, known: Catalogue) -> tuple[Catalogue, str]:
    """Where the node of a folder is looked for, and its name: all nodes, those of its pack, or just this one.

    Raises `ProblemsError` where its pack is broken.
    """
    there = folder.resolve()
    around = next((one for one in there.parents if is_pack(one)), None)
    for nodes in (known, *([pack_at(around)] if around else ())):
        for key in nodes.sources:
            if home_folder(nodes, key).resolve() == there:
                return nodes, key
    name = there.name.replace("_", "-")
    return Catalogue({f"{OWN}/{name}": folder}), name


def home_folder(nodes: Catalogue, use: str) -> Path:
    """Where the files of a node lie."""
    source = nodes.home(use).source
    return source if isinstance(source, Path) else folder_of(source) or Path(source)


def _known(folder: Path) -> tuple[str, Source]:
    """The pack's name, and its module by name where that is installed."""
    for entry in entry_points(group=GROUP):
        found = folder_of(entry.module)
        if found and found.resolve() == folder.resolve():
            return entry.name, entry.module
    return _announced(folder.resolve()), folder


def _announced(folder: Path) -> str:
    """The name under which the pack will be installed, by the `pyproject.toml` around it."""
    file = next((there for one in folder.parents if (there := one / "pyproject.toml").is_file()), None)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8")) if file else {}
        entries = dict(data["project"]["entry-points"][GROUP])
    except (KeyError, TypeError, ValueError):  # there is none, or it is no TOML
        entries = {}
    return next((name for name, module in entries.items() if module == folder.name), folder.name)
